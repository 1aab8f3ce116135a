"""The coordinators' board: pages under /matching/board. Every page works without a script; htmx only shows a run's progress by itself.

`desk.py` says who asks and about which edition; each page has a module of its own; `codes.py` holds the words for codes.
"""

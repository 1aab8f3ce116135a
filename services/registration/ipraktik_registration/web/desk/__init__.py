"""Coordinators' pages of registration: all sign-ups, one sign-up and its acts, on behalf, import, editions.

Start reading in `routes.py`; what a row of a list or a field of the dense form is called stands in `columns.py`.
"""

"""The sign-up as short question pages: a draft that grows page by page, and is sent by the same use case as the JSON route.

Start reading in `flow.py` (which pages, in which order) and `question_pages.py` (a page is shown, a page is answered).
"""

"""Where each page lies and how one leads to another. All links are relative, so the folder works from a disk and at any address."""

import posixpath
from typing import Final

from ...events import Event

NAVIGATION: Final[tuple[tuple[str, str], ...]] = (
    ("index.html", "Start"),
    ("subscribe.html", "Subscribe"),
    ("topics.html", "Topics"),
    ("events/index.html", "Events"),
    ("states.html", "States"),
    ("promise.html", "Promise"),
    ("rules.html", "Rules"),
    ("http.html", "HTTP"),
    ("codes.html", "Codes"),
    ("deprecation.html", "Deprecation"),
    ("changelog.html", "Changes"),
    ("glossary.html", "Glossary"),
    ("files.html", "Files"),
)
"""The pages that every page leads to, with the short name in the menu."""


def page_of(event_class: type[Event]) -> str:
    """The page of an event."""
    return f"events/{event_class.__name__}.html"


def relative(target: str, *, page: str) -> str:
    """The link from a page to a path below the site; a fragment stays behind it."""
    path, mark, fragment = target.partition("#")
    if not path:
        return target
    return posixpath.relpath(path, posixpath.dirname(page) or ".") + mark + fragment


def section_of(page: str) -> str:
    """The entry of the menu that a page belongs to."""
    return "events/index.html" if page.startswith("events/") else page

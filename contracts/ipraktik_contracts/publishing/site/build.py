"""Every file of the site, made at once: path below `contracts/site` and text. Nothing here depends on the clock or on the machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...classification import CLASSES
from ...lifecycle import LIFECYCLES
from ...rights import of_agency
from ...topics import TOPICS
from ...version import VERSION
from ..drawing import drawing_of
from ..tree import documents
from .changes import CHANGELOG, Release, releases
from .event_view import EventView, event_views
from .glossary import GLOSSARY
from .header_table import header_rows
from .lists import code_lists, municipality_rows, region_rows
from .promise import promise
from .rendering import HERE, render, text_file

_COPIED: Final = ("style.css", "icon.svg")
_FOLDERS: Final = ("schemas", "examples", "diagrams")
_SINGLE: Final = ("asyncapi/innovationspraktik.json", "registry.json")
"""The AsyncAPI document of the internal topics stays at home."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it lies, which template makes it, and what it is given."""

    path: str
    title: str
    template: str
    given: Mapping[str, Any]


def site_files() -> Mapping[str, str]:
    """All files of the site."""
    told = releases(CHANGELOG.read_text(encoding="utf-8"))
    made = {
        page.path: render(page.template, page=page.path, title=page.title, version=VERSION, **page.given)
        for page in _pages(told)
    }
    made |= {name: (HERE / "templates" / name).read_text(encoding="utf-8") for name in _COPIED}
    made |= dict(_documents())
    return made


def _pages(told: tuple[Release, ...]) -> Iterator[Page]:
    views = event_views(told=told)
    public = [view for view in views if view.public]
    yield Page(
        "index.html",
        "Events you can build on",
        "front.html",
        {"text": text_file("front.md"), "danish": text_file("front.da.md"), "events": public},
    )
    yield _text("subscribe.html", "Subscribe in 15 minutes", "subscribe.md")
    yield Page(
        "topics.html",
        "Topics",
        "topics.html",
        {"topics": TOPICS, "views": views, "envelope": header_rows(), "agency": of_agency("skat")},
    )
    yield Page("events/index.html", "Events", "events.html", {"topics": TOPICS, "views": views})
    yield from (_event(view, views) for view in views)
    yield Page(
        "states.html",
        "States and transitions",
        "states.html",
        {
            "lifecycles": LIFECYCLES,
            "svg_of": drawing_of,
        },
    )
    yield Page(
        "promise.html",
        "The delivery promise",
        "promise.html",
        {"promise": promise()},
    )
    yield _text("rules.html", "Rules for subscribers", "rules.md")
    yield _text("http.html", "HTTP feed and webhooks", "http.md")
    yield Page(
        "codes.html",
        "Code lists and regions",
        "codes.html",
        {
            "classes": CLASSES.values(),
            "lists": code_lists(),
            "regions": region_rows(),
            "municipalities": municipality_rows(),
        },
    )
    yield _text("deprecation.html", "Deprecation policy", "deprecation.md")
    yield Page("changelog.html", "Changelog", "changelog.html", {"releases": told})
    yield Page("glossary.html", "Glossary", "glossary.html", {"subjects": GLOSSARY})
    yield Page("files.html", "Files", "files.html", {"views": views, "lifecycles": LIFECYCLES})


def _text(path: str, title: str, name: str) -> Page:
    return Page(path, title, "text.html", {"text": text_file(name)})


def _event(view: EventView, views: tuple[EventView, ...]) -> Page:
    beside = [one for one in views if one.event_class.TOPIC == view.event_class.TOPIC]
    return Page(view.page, view.name, "event.html", {"event": view, "beside": beside})


def _documents() -> Iterator[tuple[str, str]]:
    """What programs read, beside the pages: so the folder is whole wherever it is put, and at its host every `$id` resolves."""
    for path, text in documents().items():
        folder = path.partition("/")[0]
        if folder in _FOLDERS or path in _SINGLE:
            yield path, text

"""A page as the tests read it: parsed strictly, with the few questions that several of them ask."""

import posixpath
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from justhtml import JustHTML

from ipraktik_contracts.publishing.site import site_files

LOADING: Final = {
    "link": "href",
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "embed": "src",
    "image": "href",
    "use": "href",
}
"""Elements that make a browser fetch something, and the attribute that says what."""


@cache
def files() -> Mapping[str, str]:
    """The site as it is made now."""
    return site_files()


def pages() -> list[str]:
    """The paths of all pages."""
    return sorted(path for path in files() if path.endswith(".html"))


@cache
def parsed(path: str) -> Any:
    """The page as a tree. A parse error of any kind is raised."""
    return JustHTML(files()[path], strict=True, sanitize=False)


def elements(path: str, selector: str = "*") -> list[Any]:
    """The elements of a page, in document order."""
    found: list[Any] = parsed(path).query(selector)
    return found


def attribute(element: Any, name: str) -> str | None:
    """An attribute's value."""
    value: str | None = (element.attrs or {}).get(name)
    return value


def words(element: Any) -> str:
    """The text within an element, on one line."""
    return " ".join(str(element.to_text(separator="", strip=False)).split())


def ids(path: str) -> list[str]:
    """All ids of a page."""
    return [value for one in elements(path) if (value := attribute(one, "id")) is not None]


def links(path: str) -> Iterator[str]:
    """Where the page's links lead, as written."""
    for one in elements(path, "a"):
        target = attribute(one, "href")
        assert target, f"{path}: a link without a target"
        yield target


def destination(path: str, link: str) -> tuple[str, str]:
    """The file below the site that a link of a page leads to, and the fragment."""
    target, _, fragment = link.partition("#")
    if not target:
        return path, fragment
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target)), fragment

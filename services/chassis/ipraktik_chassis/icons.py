"""The icons of the design system, written into the page: no request, and nothing that a strict policy would forbid."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from markupsafe import Markup, escape

from .static_files import FOLDER

_SYMBOL: Final = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)


@cache
def _sprite() -> Mapping[str, tuple[str, str]]:
    text = (FOLDER / "dkfds" / "img" / "all-svg-icons.svg").read_text("utf-8")
    return {name: (box, drawing) for name, box, drawing in _SYMBOL.findall(text)}


@cache
def icon(name: str, classes: str = "", label: str = "") -> Markup:
    """An icon; `label` where it stands for words. Raises KeyError for a name that the sprite has not."""
    box, drawing = _sprite()[name]
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 - the drawing is our own file's, the label is escaped
        f'<svg class="icon-svg {escape(classes)}" focusable="false" {said} viewBox="{box}">{drawing}</svg>'
    )

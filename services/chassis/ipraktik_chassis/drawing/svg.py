"""The parts that all drawings share: the frame with title and description, escaped texts, hatches.

Invariant: an attribute or text from outside goes through `escape` here, and nothing else writes markup from values.
"""

import hashlib
import textwrap
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 320
"""Units from left to right in every drawing: about the pixels of the narrowest phone that must do."""
TEXT: Final = 14
"""Height of texts in units; `.drawing-text` in drawing.css must say the same."""
LINE: Final = 18
_CHARS: Final = 40
"""What of a label goes on one line: 14 units high, a letter is about 7.5 wide."""


def lines_of(label: str, *, chars: int = _CHARS) -> Sequence[str]:
    """A label in lines that fit the width; a word that is too long is broken."""
    return textwrap.wrap(label, width=chars, break_long_words=True) or [""]


def text(words: str, *, x: float, y: float, kind: str = "", end: bool = False, middle: bool = False) -> str:
    """One line of text with its foot at y."""
    place = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
    extra = f" {kind}" if kind else ""
    return (
        f'<text class="drawing-text{extra}" x="{_number(x)}" y="{_number(y)}"{place}>{escape(words)}</text>'
    )


def box(
    *, x: float, y: float, width: float, height: float, kind: str, fill: str = "", words: str = ""
) -> str:
    """A rectangle with its class; `fill` is the id of a hatch, `words` what a pointer is told."""
    told = f"<title>{escape(words)}</title>" if words else ""
    hatch = f' fill="url(#{fill})"' if fill else ""
    size = f'width="{_number(width)}" height="{_number(height)}"'
    return f'<rect class="{kind}" x="{_number(x)}" y="{_number(y)}" {size}{hatch}>{told}</rect>'


def shape(path: str, *, kind: str, fill: str = "", words: str = "") -> str:
    """Any outline with its class, as `box` is for rectangles; `path` is of our own making."""
    told = f"<title>{escape(words)}</title>" if words else ""
    hatch = f' fill="url(#{fill})"' if fill else ""
    return f'<path class="{kind}" fill-rule="evenodd" d="{escape(path)}"{hatch}>{told}</path>'


def hatch(name: str, *, kind: str, path: str, size: int = 6) -> str:
    """A pattern over a ground; the stylesheet colours both."""
    return (
        f'<pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect class="{kind}-ground" width="{size}" height="{size}"/><path class="{kind}-lines" d="{path}"/></pattern>'
    )


DIAGONAL: Final = "M-1 1L1 -1M0 6L6 0M5 7L7 5"


def silent_hatch(name: str) -> str:
    """The hatch of what is not said."""
    return hatch(name, kind="drawing-silent", path=DIAGONAL)


def name_of(*parts: str) -> str:
    """A prefix for the ids of one drawing: the same for the same content, another for any other."""
    return "d" + hashlib.blake2s("\0".join(parts).encode(), digest_size=5).hexdigest()


def drawing(
    body: Sequence[str],
    *,
    name: str,
    kind: str,
    title: str,
    description: str,
    height: float,
    defs: Sequence[str] = (),
    role: str = "img",
    width: float = WIDTH,
) -> Markup:
    """The finished drawing."""
    patterns = f"<defs>{''.join(defs)}</defs>" if defs else ""
    return Markup(  # noqa: S704  every value in it went through escape above
        f'<svg class="drawing {kind}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'role="{role}" aria-labelledby="{name}-title" aria-describedby="{name}-description">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-description">{escape(description)}</desc>'
        f"{patterns}{''.join(body)}</svg>"
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

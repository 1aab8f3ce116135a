"""Drawings for pages: a map of the municipalities and three kinds of bars, as SVG made here and nowhere else.

What must stay true: every drawing is one `<svg role="img">` with a title (the finding) and a description; it carries classes and
no inline style, so that the strict content policy holds; colour is never alone (a hatch, a text or a position says the same); text
is at least 13 units in a picture 320 units wide, so that it can be read on the narrowest phone; every text from outside is
escaped. A drawing knows no language: all its words come from the caller, who also puts a table beside it.
"""

from markupsafe import Markup as Drawing

from .bars import Bar, bars
from .map import municipality_map
from .mirrored import Two, mirrored
from .outlines import MapSettings, Outlines
from .printed import printed
from .stacked import Stack, stacked
from .tiles import TILES

__all__ = [
    "TILES",
    "Bar",
    "Drawing",
    "MapSettings",
    "Outlines",
    "Stack",
    "Two",
    "bars",
    "mirrored",
    "municipality_map",
    "printed",
    "stacked",
]

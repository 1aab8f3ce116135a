"""What a report is made of for readers: sections with sentences, drawings and tables, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ipraktik_chassis.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Table:
    """A table with words in its cells; the first cell of each row is its heading."""

    name: str
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A table, and the drawing that shows the same, where there is one. `print_drawing` says that it also goes into the PDF."""

    table: Table
    drawing: Drawing | None = None
    heading: str = ""
    print_drawing: bool = False
    drawing_words: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A classic share: the sentence, and what one must know to trust it, as (label, words)."""

    heading: str
    sentence: str
    facts: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under its heading."""

    name: str
    heading: str
    paragraphs: Sequence[str] = ()
    shares: Sequence[Share] = ()
    figures: Sequence[Figure] = field(default=())

"""Bars from one side, the label above each, so that long Danish names fit a narrow phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from .svg import LINE, WIDTH, box, drawing, lines_of, name_of, silent_hatch, text

_THICK: Final = 16
_GAP: Final = 14
_VALUE: Final = 84
"""Room for the value's text at the right end."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `value` is None where it is not said; `text` says so in words, or gives the value as people read it."""

    label: str
    value: float | None
    text: str


def bars(rows: Sequence[Bar], *, title: str, description: str, most: float | None = None) -> Markup:
    """Bars as long as their values; `most` is the value of a full bar (the largest one if left out; 1 for shares)."""
    name = name_of("bars", title, description, *(f"{row.label}\0{row.text}\0{row.value}" for row in rows))
    full = most or max((row.value or 0 for row in rows), default=0) or 1
    inside = all(len(row.text) * 8 <= _VALUE for row in rows)
    track = WIDTH - _VALUE if inside else WIDTH
    body: list[str] = []
    y = 0.0
    for row in rows:
        for line in lines_of(row.label):
            y += LINE
            body.append(text(line, x=0, y=y - 4))
        body.append(box(x=0.5, y=y, width=track - 1, height=_THICK, kind="drawing-track"))
        if row.value is None:
            kind, length = "drawing-silent", float(track - 1)
        else:
            kind, length = "drawing-bar", max(0.0, min(1.0, row.value / full)) * (track - 1)
        fill = f"{name}-silent" if row.value is None else ""
        body.append(box(x=0.5, y=y, width=length, height=_THICK, kind=kind, fill=fill))
        if inside:
            body.append(text(row.text, x=WIDTH, y=y + 13, kind="drawing-value", end=True))
            y += _THICK + _GAP
        else:
            y += _THICK
            for line in lines_of(row.text):
                y += LINE
                body.append(text(line, x=0, y=y - 3, kind="drawing-value"))
            y += _GAP
    defs = [silent_hatch(f"{name}-silent")] if any(row.value is None for row in rows) else []
    return drawing(
        body,
        name=name,
        kind="drawing-bars",
        title=title,
        description=description,
        height=max(y - _GAP, 1) + 2,
        defs=defs,
    )

"""Two numbers against each other from a line in the middle: wishes and places, say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from .svg import LINE, WIDTH, box, drawing, hatch, lines_of, name_of, silent_hatch, text

_THICK: Final = 16
_GAP: Final = 12
_VALUE: Final = 40
_UPRIGHT: Final = "M3 0V6"
"""Lines of another direction than those of what is not said."""
_MIDDLE: Final = WIDTH / 2


@dataclass(frozen=True, slots=True)
class Two:
    """One row; a side is None where its number is not said."""

    label: str
    left: int | None
    right: int | None


def mirrored(
    rows: Sequence[Two], *, left: str, right: str, title: str, description: str, silent: str = "?"
) -> Markup:
    """Rows with two bars; `left` and `right` are the headings, `silent` stands (in words) where a number is not said."""
    name = name_of("mirrored", title, description, *(f"{row.label}\0{row.left}\0{row.right}" for row in rows))
    full = max((max(row.left or 0, row.right or 0) for row in rows), default=0) or 1
    room = _MIDDLE - _VALUE
    body = [
        box(x=0, y=4, width=12, height=12, kind="drawing-left"),
        text(left, x=18, y=15, kind="drawing-value"),
        box(
            x=WIDTH - 12,
            y=4 + LINE,
            width=12,
            height=12,
            kind="drawing-right",
            fill=f"{name}-right",
        ),
        text(right, x=WIDTH - 18, y=15 + LINE, kind="drawing-value", end=True),
    ]
    y = float(2 * LINE + 8)
    for row in rows:
        for line in lines_of(row.label):
            y += LINE
            body.append(text(line, x=_MIDDLE, y=y - 4, middle=True))
        for value, sign, kind in ((row.left, -1, "drawing-left"), (row.right, 1, "drawing-right")):
            length = room if value is None else room * value / full
            shade = f"{name}-silent" if value is None else f"{name}-right" if sign == 1 else ""
            body.append(
                box(
                    x=_MIDDLE - length if sign == -1 else _MIDDLE,
                    y=y,
                    width=length,
                    height=_THICK,
                    kind="drawing-silent" if value is None else kind,
                    fill=shade,
                )
            )
            foot = _MIDDLE + sign * (length + 4)
            words = silent if value is None else str(value)
            body.append(text(words, x=foot, y=y + 13, kind="drawing-value", end=sign == -1))
        body.append(
            f'<line class="drawing-axis" x1="{_MIDDLE:g}" x2="{_MIDDLE:g}" y1="{y - 2:g}" y2="{y + _THICK + 2:g}"/>'
        )
        y += _THICK + _GAP
    return drawing(
        body,
        name=name,
        kind="drawing-mirrored",
        title=title,
        description=description,
        height=y - _GAP + 4,
        defs=[
            silent_hatch(f"{name}-silent"),
            hatch(f"{name}-right", kind="drawing-right", path=_UPRIGHT),
        ],
    )

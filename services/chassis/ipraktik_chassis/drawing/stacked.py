"""Shares of a whole side by side in one bar: the answers to a question, say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from .svg import DIAGONAL, LINE, WIDTH, box, drawing, hatch, lines_of, name_of, silent_hatch, text

_THICK: Final = 26
_GAP: Final = 14
_PATHS: Final = ("", "", DIAGONAL, "M0 3H6", "M1 1h2v2h-2zM4 4h2v2h-2z", "M0 3H6M3 0V6")
"""What is drawn over each part's ground: the first two are plain dark and plain light, the rest differ without colour too."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar: parts as (name, share from 0 to 1 or None where it is not said, text). An empty text is not written."""

    label: str
    parts: Sequence[tuple[str, float | None, str]]


def stacked(rows: Sequence[Stack], *, title: str, description: str) -> Markup:
    """Bars of one length with a legend; at most six names of parts, the same in all bars."""
    name = name_of("stacked", title, description, *(f"{row.label}\0{row.parts}" for row in rows))
    names: list[str] = []
    for row in rows:
        names.extend(part for part, share, _ in row.parts if share is not None and part not in names)
    if len(names) > len(_PATHS):
        raise ValueError(f"A stacked drawing has at most {len(_PATHS)} parts, not {len(names)}.")
    body: list[str] = []
    y = 0.0
    for index, part in enumerate(names):
        lines = lines_of(part, chars=36)
        body.append(
            box(
                x=0.5,
                y=y + 3,
                width=14,
                height=13,
                kind=f"drawing-part drawing-part-{index}",
                fill=f"{name}-{index}" if _PATHS[index] else "",
            )
        )
        for line in lines:
            y += LINE
            body.append(text(line, x=22, y=y - 4))
    y += 6 if names else 0
    for row in rows:
        for line in lines_of(row.label):
            y += LINE
            body.append(text(line, x=0, y=y - 4))
        y = _bar(body, row, names=names, name=name, y=y) + _GAP
    return drawing(
        body,
        name=name,
        kind="drawing-stacked",
        title=title,
        description=description,
        height=max(y - _GAP, 1) + 2,
        defs=[
            silent_hatch(f"{name}-silent"),
            *(
                hatch(f"{name}-{index}", kind=f"drawing-part-{index}", path=path)
                for index, path in enumerate(_PATHS[: len(names)])
                if path
            ),
        ],
    )


def _bar(body: list[str], row: Stack, *, names: Sequence[str], name: str, y: float) -> float:
    """Draw one bar at y and the words that found no room in it; the foot of all that."""
    body.append(box(x=0.5, y=y, width=WIDTH - 1, height=_THICK, kind="drawing-track"))
    x = 0.5
    full = WIDTH - 1
    outside: list[str] = []
    for part, share, words in row.parts:
        if share is None:
            body.append(
                box(
                    x=x,
                    y=y,
                    width=max(0.0, full + 0.5 - x),
                    height=_THICK,
                    kind="drawing-silent",
                    fill=f"{name}-silent",
                    words=f"{part}: {words}" if part else words,
                )
            )
            outside.append(f"{part}: {words}" if part else words)
            break
        index = names.index(part)
        width = max(0.0, min(share, 1.0)) * full
        fill = f"{name}-{index}" if _PATHS[index] else ""
        kind = f"drawing-part drawing-part-{index}"
        told = f"{part}: {words}" if words else part
        body.append(box(x=x, y=y, width=width, height=_THICK, kind=kind, fill=fill, words=told))
        if not words:
            x += width
            continue
        needed = len(words) * 8 + 10
        if width >= needed:
            middle = x + width / 2
            body.append(
                box(
                    x=middle - needed / 2 + 2,
                    y=y + 4,
                    width=needed - 4,
                    height=_THICK - 8,
                    kind="drawing-plate",
                )
            )
            body.append(text(words, x=middle, y=y + 18, kind="drawing-value", middle=True))
        elif share > 0:
            outside.append(f"{part} {words}")
        x += width
    y += _THICK
    for words in outside:
        for line in lines_of(words):
            y += LINE
            body.append(text(line, x=0, y=y - 2))
    return y

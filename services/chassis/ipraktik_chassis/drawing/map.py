"""How many there are in each municipality, on the tiles."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from ipraktik_contracts.municipalities import MUNICIPALITIES

from .svg import LINE, box, drawing, name_of, silent_hatch, text
from .tiles import APART, COLUMNS, ROWS, TILES

_TILE: Final = 18
_CLASSES: Final = 4
_WIDTH: Final = COLUMNS * _TILE + 6


def classes_of(values: Mapping[str, int | None]) -> list[tuple[int, int]]:
    """At most four classes (lowest, highest) that hold about as many municipalities each; none where nothing is counted."""
    counted = sorted(value for value in values.values() if value)
    if not counted:
        return []
    upper = sorted(
        {counted[min(len(counted) - 1, len(counted) * (k + 1) // _CLASSES)] for k in range(_CLASSES - 1)}
        | {counted[-1]}
    )
    classes: list[tuple[int, int]] = []
    lowest = counted[0]
    for highest in upper:
        classes.append((lowest, highest))
        lowest = min((value for value in counted if value > highest), default=highest + 1)
    return classes


def tile_map(
    values: Mapping[str, int | None],
    *,
    title: str,
    description: str,
    unit: str,
    hrefs: Mapping[str, str] | None = None,
    nobody: str = "Ingen",
    silent: str = "Vises ikke (for få)",
) -> Markup:
    """The map. A municipality that is missing in `values` has none (`nobody`); None is a number that is not said (`silent`).

    With `hrefs` tiles are links and the drawing is a group; tiles are small on a phone, so the same links must stand in a table.
    """
    links = hrefs or {}
    unknown = sorted((set(values) | set(links)) - set(TILES))
    if unknown:
        raise ValueError(f"No municipality of Denmark has code {unknown[0]!r}.")
    name = name_of("map", title, description, unit, repr(sorted(values.items())), repr(sorted(links.items())))
    classes = classes_of(values)
    body = [_tile(code, values, classes, name=name, unit=unit, links=links, silent=silent) for code in TILES]
    column, row = TILES[APART]
    body.append(
        f'<rect class="drawing-apart" x="{(column - 0.25) * _TILE:g}" y="{(row - 0.25) * _TILE:g}" '
        f'width="{1.5 * _TILE:g}" height="{1.5 * _TILE:g}"/>'
    )
    y = ROWS * _TILE + 8.0
    legend = [
        (f"drawing-class drawing-class-{_shade(index, len(classes))}", "", _between(low, high, unit))
        for index, (low, high) in enumerate(classes)
    ]
    legend.append(("drawing-nobody", "", nobody))
    if any(value is None for value in values.values()):
        legend.append(("drawing-silent", f"{name}-silent", silent))
    for kind, fill, words in legend:
        body.append(box(x=1, y=y, width=14, height=14, kind=kind, fill=fill))
        body.append(text(words, x=22, y=y + 12))
        y += LINE
    return drawing(
        body,
        name=name,
        kind="drawing-map",
        title=title,
        description=description,
        height=y + 2,
        defs=[silent_hatch(f"{name}-silent")],
        role="group" if links else "img",
        width=_WIDTH,
    )


def _tile(
    code: str,
    values: Mapping[str, int | None],
    classes: list[tuple[int, int]],
    *,
    name: str,
    unit: str,
    links: Mapping[str, str],
    silent: str,
) -> str:
    column, row = TILES[code]
    value = values.get(code, 0)
    fill = ""
    if value is None:
        kind, fill, words = "drawing-silent", f"{name}-silent", silent
    elif value == 0:
        kind, words = "drawing-nobody", f"0 {unit}"
    else:
        index = next(i for i, (_, high) in enumerate(classes) if value <= high)
        kind, words = f"drawing-class drawing-class-{_shade(index, len(classes))}", f"{value} {unit}"
    told = f"{MUNICIPALITIES[code]}: {words}"
    square = box(
        x=column * _TILE + 1,
        y=row * _TILE + 1,
        width=_TILE - 2,
        height=_TILE - 2,
        kind=f"drawing-tile {kind}",
        fill=fill,
        words=told,
    )
    if code not in links:
        return square
    return f'<a class="drawing-link" href="{escape(links[code])}" aria-label="{escape(told)}">{square}</a>'


def _shade(index: int, count: int) -> int:
    """Fewer classes than four still run from the palest to the darkest."""
    return _CLASSES if count == 1 else 1 + round(index * (_CLASSES - 1) / (count - 1))


def _between(low: int, high: int, unit: str) -> str:
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"

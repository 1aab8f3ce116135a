"""How many there are in each municipality: on tiles, or inside the real outlines where the organiser supplied them."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from ipraktik_contracts.municipalities import MUNICIPALITIES

from .outlines import Outlines
from .svg import LINE, box, drawing, name_of, shape, silent_hatch, text
from .tiles import APART, COLUMNS, ROWS, TILES

_TILE: Final = 18
_CLASSES: Final = 4
_WIDTH: Final = COLUMNS * _TILE + 6
_TILE_APART: Final = (
    (TILES[APART][0] - 0.25) * _TILE,
    (TILES[APART][1] - 0.25) * _TILE,
    1.5 * _TILE,
    1.5 * _TILE,
)


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


def municipality_map(
    values: Mapping[str, int | None],
    *,
    title: str,
    description: str,
    unit: str,
    hrefs: Mapping[str, str] | None = None,
    nobody: str = "Ingen",
    silent: str = "Vises ikke (for få)",
    outlines: Outlines | None = None,
) -> Markup:
    """The map, of tiles unless there are `outlines`. A municipality that is missing in `values` has none (`nobody`); None is a number that is not said (`silent`).

    With `hrefs` tiles are links and the drawing is a group; tiles are small on a phone, so the same links must stand in a table.
    """
    links = hrefs or {}
    unknown = sorted((set(values) | set(links)) - set(TILES))
    if unknown:
        raise ValueError(f"No municipality of Denmark has code {unknown[0]!r}.")
    name = name_of("map", title, description, unit, repr(sorted(values.items())), repr(sorted(links.items())))
    classes = classes_of(values)
    body = [
        _place(code, values, classes, name=name, unit=unit, links=links, silent=silent, outlines=outlines)
        for code in TILES
    ]
    left, top, wide, high = _TILE_APART if outlines is None else outlines.apart
    body.append(f'<rect class="drawing-apart" x="{left:g}" y="{top:g}" width="{wide:g}" height="{high:g}"/>')
    y = (ROWS * _TILE if outlines is None else outlines.height) + 8.0
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
        width=_WIDTH if outlines is None else outlines.width,
    )


def _place(
    code: str,
    values: Mapping[str, int | None],
    classes: list[tuple[int, int]],
    *,
    name: str,
    unit: str,
    links: Mapping[str, str],
    silent: str,
    outlines: Outlines | None,
) -> str:
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
    kind = f"drawing-tile {kind}"
    if outlines is not None:
        place = shape(outlines.paths[code], kind=kind, fill=fill, words=told)
    else:
        column, row = TILES[code]
        x, y, side = column * _TILE + 1, row * _TILE + 1, _TILE - 2
        place = box(x=x, y=y, width=side, height=side, kind=kind, fill=fill, words=told)
    if code not in links:
        return place
    return f'<a class="drawing-link" href="{escape(links[code])}" aria-label="{escape(told)}">{place}</a>'


def _shade(index: int, count: int) -> int:
    """Fewer classes than four still run from the palest to the darkest."""
    return _CLASSES if count == 1 else 1 + round(index * (_CLASSES - 1) / (count - 1))


def _between(low: int, high: int, unit: str) -> str:
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"

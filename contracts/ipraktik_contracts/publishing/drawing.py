"""A lifecycle as an SVG picture that needs nothing beside it: no script, no font, no style sheet, no other tool.

Readable on a screen and on paper; whoever cannot see it gets every transition in words from its description.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from ..lifecycle import Lifecycle
from .layout import LINE, Box, Lane, Layout, Row, laid_out

_STYLE: Final = """
    text { font: 13px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: #1a1a1a; }
    .title { font-size: 18px; font-weight: 600; }
    .state { font-size: 14px; font-weight: 600; }
    .small { font-size: 12px; fill: #3d3d3d; }
    .box { fill: #eef4fb; stroke: #1d4f91; stroke-width: 1.5; }
    .end { fill: #f4f4f4; stroke: #4a4a4a; stroke-width: 1.5; }
    .inner { fill: none; stroke: #4a4a4a; stroke-width: 1; }
    .way { fill: none; stroke: #4a4a4a; stroke-width: 1.5; }
    .dot { fill: #1a1a1a; }
"""


def drawing_of(lifecycle: Lifecycle) -> str:
    """The picture, as text."""
    layout = laid_out(lifecycle)
    name = lifecycle.aggregate
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width:.0f}" height="{layout.height:.0f}" '
        f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" role="img" '
        f'aria-labelledby="{name}-title {name}-words">',
        f'  <title id="{name}-title">The states of a {name} and the event behind every transition</title>',
        f'  <desc id="{name}-words">{escape(" ".join(_in_words(lifecycle)))}</desc>',
        f"  <style>{_STYLE}  </style>",
        f'  <defs><marker id="{name}-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#4a4a4a"/></marker></defs>',
        f'  <rect width="{layout.width:.0f}" height="{layout.height:.0f}" fill="#ffffff"/>',
        _text(24, 30, name, "title"),
        _text(24, 48, f"{lifecycle.topic}, key {lifecycle.key}", "small"),
        *_drawn(layout, name),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _in_words(lifecycle: Lifecycle) -> Iterator[str]:
    for step in lifecycle.transitions:
        where = "First" if step.before is None else f"From {step.before}"
        said = f" ({step.said})" if step.said else ""
        yield f"{where}, {step.event.__name__}{said} leads to {step.after}."
    if lifecycle.finals:
        yield f"Final: {', '.join(state for state in lifecycle.meanings if state in lifecycle.finals)}."


def _drawn(layout: Layout, name: str) -> Iterator[str]:
    for place, row in enumerate(layout.rows):
        if row.down:
            yield from _down(row, layout.rows[place + 1], name)
        yield from _beside(row, name)
        yield from _box(row.box)
    for lane in layout.lanes:
        yield from _lane(lane, layout.rows, name)


def _box(box: Box) -> Iterator[str]:
    if box.state is None:
        yield f'  <circle cx="{box.x + 9:.1f}" cy="{box.middle:.1f}" r="9" class="dot"/>'
        return
    shape = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="8"'
    yield f'  <rect {shape} class="{"end" if box.final else "box"}"/>'
    if box.final:
        yield (
            f'  <rect x="{box.x + 3:.1f}" y="{box.y + 3:.1f}" width="{box.width - 6:.1f}" '
            f'height="{box.height - 6:.1f}" rx="6" class="inner"/>'
        )
    top = box.middle - LINE * len(box.meaning) / 2 + 3
    yield _text(box.x + 14, top, box.state, "state")
    for number, line in enumerate(box.meaning, start=1):
        yield _text(box.x + 14, top + LINE * number + 2, line, "small")


def _down(row: Row, below: Row, name: str) -> Iterator[str]:
    x = row.box.x + row.box.width / 2
    start, end = row.box.y + row.box.height, below.box.y
    yield _way(f"M{x:.1f} {start:.1f}V{end - 2:.1f}", name)
    yield from _label(x + 10, (start + end) / 2, row.down)


def _beside(row: Row, name: str) -> Iterator[str]:
    right = row.box.x + row.box.width
    if row.loop:
        top, turn = row.loop_y + 6, right + 26
        yield _way(f"M{right:.1f} {top:.1f}H{turn - 8:.1f}a8 8 0 0 1 0 16H{right + 2:.1f}", name)
        yield from _label(turn + 8, top + 8, row.loop)
    for label, end in row.ends:
        yield _way(f"M{right:.1f} {end.middle:.1f}H{end.x - 2:.1f}", name)
        yield _text(right + 12, end.middle - 6, label[0])
        for number, line in enumerate(label[1:], start=1):
            yield _text(right + 12, end.middle + LINE * number, line, "small")
        yield from _box(end)


def _lane(lane: Lane, rows: list[Row], name: str) -> Iterator[str]:
    start, end = rows[lane.start].box, rows[lane.end].box
    down = 1 if lane.arrives > lane.leaves else -1
    bend = 8 * down
    yield _way(
        f"M{start.x:.1f} {lane.leaves:.1f}H{lane.x + 8:.1f}q-8 0 -8 {bend}"
        f"V{lane.arrives - bend:.1f}q0 {bend} 8 {bend}H{end.x - 2:.1f}",
        name,
    )
    middle = (lane.leaves + lane.arrives) / 2
    yield from _label(lane.x - 8, middle, lane.label, anchor="end")


def _label(x: float, middle: float, lines: list[str], *, anchor: str = "start") -> Iterator[str]:
    top = middle - LINE * len(lines) / 2 + 11
    for number, line in enumerate(lines):
        yield _text(x, top + LINE * number, line, "small" if line.startswith("(") else "", anchor)


def _way(path: str, name: str) -> str:
    return f'  <path d="{path}" class="way" marker-end="url(#{name}-arrow)"/>'


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    marks = f' class="{kind}"' if kind else ""
    if anchor != "start":
        marks += f' text-anchor="{anchor}"'
    return f'  <text x="{x:.1f}" y="{y:.1f}"{marks}>{escape(words)}</text>'

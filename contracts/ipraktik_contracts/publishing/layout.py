"""Where everything of a lifecycle's drawing lies: measured, not yet drawn.

States with a way on stand below each other in their order. Straight on goes downwards; what stays (a loop) and what ends lies to
the right of its state; what skips or goes back runs on the left, in lanes that never cross a state or a label. An end that is
reached from several states is shown at each of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..lifecycle import Lifecycle, Transition

LINE: Final = 15
"""Height of a line of small text."""
_LETTER: Final = 6.9
"""Width to reckon with for a letter of a label; a little more than usual, since fonts differ."""
_MARGIN: Final = 24
_HEAD: Final = 64
_STATE_WIDTH: Final = 228
_END_WIDTH: Final = 228
_WORDS: Final = 30
"""Letters of a meaning on one line."""
_GAP: Final = 12


def wrapped(text: str, letters: int = _WORDS) -> list[str]:
    """The text in lines of so many letters at most, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def label_lines(steps: Iterable[Transition]) -> list[str]:
    """What stands beside an arrow: the event, and below it the condition."""
    lines: list[str] = []
    for step in steps:
        lines.append(step.event.__name__)
        if step.said:
            lines.append(f"({step.said})")
    return lines


def width_of(lines: Sequence[str]) -> float:
    """The width of the longest line of a label."""
    return max(len(line) for line in lines) * _LETTER


@dataclass
class Box:
    """A state, or the dot of the beginning (`state` is None)."""

    state: str | None
    meaning: list[str]
    x: float = 0
    y: float = 0
    width: float = _STATE_WIDTH
    height: float = 0
    final: bool = False

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.y + self.height / 2


@dataclass
class Row:
    """A state with everything to its right: the loop back to itself, and the ends that it leads to."""

    box: Box
    loop: list[str] = field(default_factory=list)
    loop_y: float = 0
    ends: list[tuple[list[str], Box]] = field(default_factory=list)
    down: list[str] = field(default_factory=list)


@dataclass
class Lane:
    """A way that skips states or goes back: from one row to another, on the left."""

    start: int
    end: int
    label: list[str]
    x: float = 0
    leaves: float = 0
    arrives: float = 0


@dataclass
class Layout:
    """The whole drawing."""

    width: float
    height: float
    rows: list[Row]
    lanes: list[Lane]


def laid_out(lifecycle: Lifecycle) -> Layout:
    """Measure the lifecycle."""
    order: list[str | None] = [None, *(one for one in lifecycle.meanings if one not in lifecycle.finals)]
    rows = [_row(lifecycle, state, order) for state in order]
    lanes = [
        Lane(start, end, label_lines(steps))
        for start, state in enumerate(order)
        for end, other in enumerate(order)
        if end not in (start, start + 1)
        and (steps := [one for one in lifecycle.steps_from(state) if one.after == other])
    ]
    left = _MARGIN + _place_lanes(lanes)
    between = _between(rows)
    y: float = _HEAD
    for row in rows:
        y = _place(row, left=left, between=between, y=y)
    for lane in lanes:
        lane.x = left - lane.x
    _ports(rows, lanes)
    has_ends = any(row.ends for row in rows)
    right = left + _STATE_WIDTH + between + (_END_WIDTH if has_ends else 0)
    title = len(f"{lifecycle.topic}, key {lifecycle.key}") * _LETTER
    return Layout(max(right, title + _MARGIN) + _MARGIN, y + _MARGIN, rows, lanes)


def _row(lifecycle: Lifecycle, state: str | None, order: Sequence[str | None]) -> Row:
    steps = lifecycle.steps_from(state)
    if state is None:
        row = Row(Box(None, [], width=18, height=18))
    else:
        row = Row(Box(state, wrapped(lifecycle.meanings[state])))
        row.box.height = 34 + LINE * len(row.box.meaning)
    row.loop = label_lines(one for one in steps if one.after == state)
    for step in steps:
        if step.after in lifecycle.finals:
            end = Box(step.after, wrapped(lifecycle.meanings[step.after]), width=_END_WIDTH, final=True)
            end.height = 32 + LINE * len(end.meaning)
            row.ends.append((label_lines([step]), end))
    place = list(order).index(state)
    if place + 1 < len(order):
        row.down = label_lines(one for one in steps if one.after == order[place + 1])
    return row


def _between(rows: Sequence[Row]) -> float:
    """The width between states and ends, so that every label there has room."""
    labels = [label for row in rows for label, _ in row.ends]
    loops = [row.loop for row in rows if row.loop]
    widest = max((width_of(label) for label in labels), default=0.0)
    return max(widest + 44, max((width_of(loop) + 52 for loop in loops), default=0.0), 60)


def _place(row: Row, *, left: float, between: float, y: float) -> float:
    """Put the row at this height; gives back where the next one begins."""
    box = row.box
    loop = max(30, LINE * len(row.loop)) if row.loop else 0
    ends = sum(end.height + _GAP for _, end in row.ends)
    beside = loop + (_GAP if loop and ends else 0) + ends
    if box.state is not None:
        box.height = max(box.height, beside + _GAP if beside else 0)
    box.x = left + (_STATE_WIDTH - box.width) / 2
    box.y = y
    at = y + _GAP / 2 + (max(box.height, beside) - beside - _GAP) / 2
    row.loop_y = at
    at += loop + (_GAP if loop and ends else 0)
    for _, end in row.ends:
        end.x, end.y = left + _STATE_WIDTH + between, at
        at += end.height + _GAP
    if box.state is None and row.ends:
        box.y = row.ends[0][1].middle - box.height / 2
    bottom = max(box.y + box.height, at - _GAP if beside else 0)
    return bottom + (max(40, 26 + LINE * len(row.down)) if row.down else 0)


def _place_lanes(lanes: list[Lane]) -> float:
    """Give each lane its distance from the states, the short ones inside; gives back the width that they take."""
    lanes.sort(key=lambda lane: abs(lane.start - lane.end))
    taken: list[tuple[float, set[int]]] = []
    widest = 0.0
    for lane in lanes:
        rows = set(range(min(lane.start, lane.end), max(lane.start, lane.end) + 1))
        inside = [reach for reach, others in taken if len(rows & others) > 1]
        lane.x = max(inside, default=0.0) + 26
        reach = lane.x + width_of(lane.label) + 10
        taken.append((reach, rows))
        widest = max(widest, reach)
    return widest


def _ports(rows: Sequence[Row], lanes: Iterable[Lane]) -> None:
    """Where each lane leaves and arrives, so that no two cross: to near above, far above, far below, near below."""
    for place, row in enumerate(rows):
        here = [(lane, lane.end - place, True) for lane in lanes if lane.start == place]
        here += [(lane, lane.start - place, False) for lane in lanes if lane.end == place]
        here.sort(key=lambda one: (one[1] > 0, -one[1]))
        for number, (lane, _, leaving) in enumerate(here, start=1):
            y = row.box.y + row.box.height * number / (len(here) + 1)
            if leaving:
                lane.leaves = y
            else:
                lane.arrives = y

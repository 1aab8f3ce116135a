"""The page of figures. What stands between markers is written anew by every run that measures it; what stands around them is
people's. Pages and operations have a place of their own each, since they are measured apart from the others.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from bench.figures import Comparison, Memory, Noted, Operated

BEGIN = "<!-- figures: written by `make bench` -->"
END = "<!-- figures end -->"
OPERATIONS_BEGIN = "<!-- operations: written by `make bench`, also with ROWS=operations -->"
OPERATIONS_END = "<!-- operations end -->"
PAGES_BEGIN = "<!-- pages: written by `make bench`, also with ROWS=pages -->"
PAGES_END = "<!-- pages end -->"
MATCHING_BEGIN = "<!-- matching: written by `make bench-matching` -->"
MATCHING_END = "<!-- matching end -->"
PLACES = (
    (BEGIN, END),
    (PAGES_BEGIN, PAGES_END),
    (OPERATIONS_BEGIN, OPERATIONS_END),
    (MATCHING_BEGIN, MATCHING_END),
)
_NOTHING: Mapping[str, Mapping[str, float]] = MappingProxyType({})
_PACKAGES = (
    "aiokafka",
    "faststream",
    "asyncpg",
    "pydantic",
    "fastapi",
    "starlette",
    "uvicorn",
    "uvloop",
    "cloudevents",
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was measured on."""

    cores: int
    busy: float
    """Load average per core when the run began: other work bends every figure."""
    versions: Sequence[str]


def surroundings(*, kafka: str, postgres: str) -> Surroundings:
    """This machine, and what is installed in it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    versions = [f"Python {platform.python_version()}", f"Apache Kafka {kafka}", f"PostgreSQL {postgres}"]
    return Surroundings(
        cores, os.getloadavg()[0] / cores, [*versions, *(f"{name} {version(name)}" for name in _PACKAGES)]
    )


def rendered(
    *,
    around: Surroundings,
    size: str,
    repeats: int,
    compared: Sequence[Comparison],
    memory: Sequence[Memory],
    imports: Mapping[str, Mapping[str, float]] = _NOTHING,
) -> str:
    """The text between the markers, markers included."""
    lines = [BEGIN, _measured(around, size, repeats), *_table(compared)]
    if memory:
        lines += [
            "",
            "| resident memory, MiB | left alone | its own alone | aim | most under load | aim | reached |",
            "|---|---|---|---|---|---|---|",
            *(
                f"| {one.process} | {one.idle:.0f} | {one.own:.0f} | {one.idle_aim:.0f} | {one.loaded:.0f} | "
                f"{one.loaded_aim:.0f} | {_yes(one.met)} |"
                for one in memory
            ),
        ]
    lines += _goes_to(compared, level="##")
    if imports:
        lines += ["", "## What a process holds before it does anything", "", "In MiB, for registration:", ""]
        for room, parts in imports.items():
            held = ", ".join(f"{part} {mib:.1f}" for part, mib in parts.items())
            lines.append(f"- **{room}**, {sum(parts.values()):.0f} together: {held}.")
    return "\n".join([*lines, END])


def rendered_pages(*, around: Surroundings, size: str, repeats: int, compared: Sequence[Comparison]) -> str:
    """The same for the pages that people see."""
    lines = [PAGES_BEGIN, _measured(around, size, repeats), *_table(compared)]
    return "\n".join([*lines, *_goes_to(compared, level="###"), PAGES_END])


def rendered_operations(*, around: Surroundings, size: str, repeats: int, operated: Operated) -> str:
    """The same for what was found about operations."""
    lines = [OPERATIONS_BEGIN, _measured(around, size, repeats), *_table(operated.compared)]
    lines += _all_noted(operated.noted)
    if operated.facts:
        lines += ["", "Shown in the same run:", "", *(f"- {fact}" for fact in operated.facts)]
    return "\n".join([*lines, *_goes_to(operated.compared, level="###"), OPERATIONS_END])


def rendered_matching(
    *,
    around: Surroundings,
    size: str,
    repeats: int,
    compared: Sequence[Comparison],
    noted: Sequence[Noted],
) -> str:
    """The same for the solver beside others."""
    lines = [MATCHING_BEGIN, _measured(around, size, repeats), *_table(compared), *_all_noted(noted)]
    return "\n".join([*lines, *_goes_to(compared, level="###"), MATCHING_END])


def _all_noted(noted: Sequence[Noted]) -> list[str]:
    if not noted:
        return []
    return [
        "",
        "| on this machine, no ratio | min | median | max | unit | beside |",
        "|---|---|---|---|---|---|",
        *(_noted(one) for one in noted),
    ]


def _measured(around: Surroundings, size: str, repeats: int) -> str:
    return (
        f"Measured on {around.cores} cores, load average {around.busy:.1f} per core at the start, `SIZE={size}`, "
        f"{repeats} interleaved repeat{'s' if repeats > 1 else ''}. {', '.join(around.versions)}."
    )


def _table(compared: Sequence[Comparison]) -> list[str]:
    if not compared:
        return []
    return [
        "",
        "| ours | beside | min | median | max | aim | reached |",
        "|---|---|---|---|---|---|---|",
        *(_row(one) for one in compared),
    ]


def _goes_to(compared: Sequence[Comparison], *, level: str) -> list[str]:
    missed = _told([one for one in compared if not one.met])
    reached = [line for line in _told([one for one in compared if one.met]) if line not in missed]
    lines = []
    for title, told in (
        ("What the time goes to where an aim is missed", missed),
        ("What the time goes to elsewhere", reached),
    ):
        if told:
            lines += ["", f"{level} {title}", "", *told]
    return lines


def rewritten(page: str, figures: str) -> str:
    """The page with fresh figures, in the place that they name themselves. Raises ValueError where it has no such markers."""
    begin, end = next(place for place in PLACES if figures.startswith(place[0]))
    before, begun, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"the page has no place for figures; put {begin} and {end} into it")
    return before + figures + after


def rewrite(path: Path, figures: str) -> None:
    """Write the page anew. One that does not exist yet begins with the figures alone."""
    empty = "# Benchmarks\n" + "".join(f"\n{begin}\n{end}\n" for begin, end in PLACES)
    page = path.read_text("utf-8") if path.exists() else empty
    path.write_text(rewritten(page, figures), "utf-8")


def _row(one: Comparison) -> str:
    least, median, most = one.spread
    aim = "" if one.aim is None else f"{'at most' if one.less_is_better else 'at least'} {one.aim:g}"
    reached = "" if one.aim is None else _yes(one.met)
    return f"| {one.ours} | {one.bare} | {least:.2f} | {median:.2f} | {most:.2f} | {aim} | {reached} |"


def _noted(one: Noted) -> str:
    least, median, most = one.spread
    return f"| {one.what} | {least:.2f} | {median:.2f} | {most:.2f} | {one.unit} | {one.beside} |"


def _told(compared: Sequence[Comparison]) -> list[str]:
    """A line per comparison; rows that share what is ours share the line."""
    told = []
    for one in compared:
        if one.goes_to:
            parts = ", ".join(f"{part} {share:.0%}" for part, share in one.goes_to.items())
            told.append(f"- **{one.ours}**: {parts}. {one.remark}".rstrip())
    return list(dict.fromkeys(told))


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"

"""What the command line answers about a plan: why here, what would place who is left, where a newcomer could go.

Each answer is data first (`--json` prints it as it is) and sentences second.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ipraktik_matching.puzzle.format import canonical
from ipraktik_matching.puzzle.pieces import Puzzle, PuzzleError
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.plan_format import plan_to_json

SECTORS = ("municipal", "regional", "state", "private", "association")
_ADVISED = 10

Answer = tuple[object, list[str]]
Told = Callable[[argparse.Namespace, Puzzle, Plan], Answer]


def add_questions(command: Callable[[str, str], argparse.ArgumentParser]) -> dict[str, Told]:
    """Add the questions; what answers each."""
    for name, says, who in (
        ("why", "say why somebody is where they are, or is left, and what it would take to change it", True),
        ("advice", "say what would place who is left, and which hosts to look for", False),
        ("insert", "say where a newcomer of the puzzle could go, given a plan of the others", True),
    ):
        one = command(name, says)
        one.add_argument("puzzle", help="a JSON file, or - for standard input")
        one.add_argument(
            "plan", help="a plan of this puzzle (insert: of the same puzzle without them), as JSON"
        )
        if who:
            one.add_argument("person", help="the intern's id")
        if name == "why":
            one.add_argument("--host", help="what it would take to have the person at this host instead")
        one.add_argument("--json", action="store_true", help="as JSON instead of sentences")
    return {"why": _why, "advice": _advice, "insert": _insert}


def as_text(answer: Answer, as_json: bool) -> str:
    """The answer as it is printed."""
    data, sentences = answer
    return canonical(plain(data)) + "\n" if as_json else "".join(f"{one}\n" for one in sentences)


def plain(value: object) -> Any:
    """Dataclasses and mappings all the way down as JSON knows them."""
    if isinstance(value, Plan):
        return json.loads(plan_to_json(value))
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(one) for one in value]
    return value


def _why(asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
    from ipraktik_matching.puzzle.elsewhere import at_host, standing_of, why_here

    person, host_id = asked.person, asked.host
    _must_know(person, (one.id for one in puzzle.interns), "intern")
    standing = dict(puzzle.fixed)
    if person in standing:
        return {"fixed": standing[person]}, [f"{person} has a fixed placement at {standing[person]}."]
    tables = standing_of(puzzle, plan)
    if host_id is not None:
        _must_know(host_id, (one.id for one in puzzle.hosts), "host")
        found = at_host(tables, person, host_id)
        return found, [_instead(f"At {host_id}", found)]
    if any(one.intern_id == person for one in plan.unplaced):
        return _left(puzzle, plan, [person])
    here = why_here(tables, person)
    sentences = [f"{person} is at {here.host_id} with {here.fit.total} points: {_parts(here.fit.parts)}."]
    if here.held is not None:
        sentences.append(
            {
                "pinned": "A coordinator wants them there.",
                "companion": "Their companion stands there.",
                "only_host": "No other host comes into question.",
            }[here.held]
        )
    else:
        sentences.append(_instead("The next best plan without this", here.next_best))
        if here.suits_most != here.next_best:
            sentences.append(_instead("The other host that suits them most", here.suits_most))
    return here, sentences


def _left(puzzle: Puzzle, plan: Plan, who: list[str] | None) -> Answer:
    from ipraktik_matching.puzzle.giving_up import why_left

    answers = why_left(puzzle, plan, who)
    sentences = []
    for one in answers:
        sentences.append(f"{one.intern_id} is left: {one.reason}.")
        for found in one.helps:
            days = f" ({found.days.min} to {found.days.max})" if found.days else ""
            sentences.append(_instead(f"  Giving up {found.thing}{days}", found.there))
        if not one.helps:
            sentences.append("  Nothing they could give up alone would help; only another host does.")
    return answers, sentences


def _advice(_asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
    from ipraktik_matching.puzzle.advice import hosts_to_look_for

    answers, sentences = _left(puzzle, plan, None)
    wanted = hosts_to_look_for(puzzle, SECTORS)[:_ADVISED]
    sentences += [
        f"A seat in {one.field}, {one.sector}, region {one.region}: {one.places} more placed, at most {one.fit} points."
        for one in wanted
    ]
    return {"left": answers, "hosts": wanted}, sentences


def _insert(asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
    from ipraktik_matching.puzzle.latecomer import Way, ways_in

    person = asked.person
    known = {one.id for one in puzzle.interns}
    _must_know(person, known, "intern")
    hosts = {one.id for one in puzzle.hosts}
    where = {one.intern_id: one.host_id for one in plan.placements if one.intern_id in known}
    for host_id in sorted(set(where.values())):
        _must_know(host_id, hosts, "host")
    if person in dict(puzzle.fixed):
        raise PuzzleError([f"Intern {person} has a fixed placement already."])
    try:
        ways = ways_in(puzzle, where, person)
    except ValueError as error:
        raise PuzzleError([str(error)]) from None

    def sentence(what: str, way: Way | None) -> str:
        if way is None:
            return f"{what}: no."
        moves = ", ".join(f"{who} from {old} to {new or 'nowhere'}" for who, old, new in way.moves)
        return f"{what}: at {way.host_id}, {way.gain:+} points{'; ' + moves if moves else ''}."

    return ways, [
        sentence("Nobody moves", ways.nobody_moves),
        sentence("One person moves", ways.one_moves),
        sentence("Laid anew", ways.anew),
    ]


def _instead(what: str, found: Any) -> str:
    if found is None:
        return f"{what}: no plan allows it."
    moves = ", ".join(
        f"{one.intern_id} from {one.from_host or 'nowhere'} to {one.to_host or 'nowhere'}"
        for one in found.moves
    )
    sure = "" if found.proven else " (the best that was found)"
    return (
        f"{what}: at {found.host_id} with {found.fit.total} points; {found.places:+} placed and"
        f" {found.gain:+} points in all{sure}; who moves: {moves or 'nobody else'}."
    )


def _parts(parts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {points}" for name, points in parts.items() if points)


def _must_know(one: str, known: Iterable[str], what: str) -> None:
    if one not in set(known):
        raise PuzzleError([f"The puzzle has no {what} {one}."])

"""What the command line answers about a puzzle as a whole: how fair it can be, common weeks, what if, the price of staying."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import replace

from ipraktik_matching.puzzle.asking import Answer, Told
from ipraktik_matching.puzzle.elsewhere import Move, same_puzzle
from ipraktik_matching.puzzle.pieces import Puzzle, PuzzleError
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.plan_format import plan_to_json

_NAMED = 20


def add_weighings(
    command: Callable[[str, str], argparse.ArgumentParser], write: Callable[[str, str], int]
) -> dict[str, Told]:
    """Add the commands; what answers each. `write` puts a text where it was asked for."""
    says = {
        "fair": "prove that nobody can be above some fit without placing fewer",
        "together": "hold the stays of each host's interns in a common week, where possible",
        "what-if": "lay the puzzle with other hosts, seats or weights and compare",
        "stability": "say what it costs that proposals stand where they can",
    }
    for name, text in says.items():
        one = command(name, text)
        one.add_argument("puzzle", help="a JSON file, or - for standard input")
        one.add_argument("plan", help="the best plan of this puzzle, as JSON")
        one.add_argument("--json", action="store_true", help="as JSON instead of sentences")
        if name == "together":
            one.add_argument("--out", help="where the plan with these dates goes")
        if name == "what-if":
            one.add_argument("--remove", action="append", default=[], metavar="HOST")
            one.add_argument("--seats", action="append", default=[], metavar="HOST=SEATS")
            one.add_argument("--weight", action="append", default=[], metavar="PART=POINTS")
            one.add_argument("--add", metavar="PUZZLE", help="a puzzle whose hosts are added, as JSON")

    def together(asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
        found, answer = _together(puzzle, plan)
        if asked.out is not None and write(asked.out, plan_to_json(found)):
            raise PuzzleError(["The plan with the common weeks is not written."])
        return answer

    return {"fair": _fair, "together": together, "what-if": _what_if, "stability": _stability}


def _fair(_asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
    from ipraktik_matching.puzzle.fairest import fairest, problems_with

    same_puzzle(puzzle, plan)
    found = fairest(puzzle, plan)
    if found.least is None:
        return found, ["Nobody is placed whom this could be about."]
    sentences = [
        f"Nobody can be above {found.least} without placing fewer."
        if found.proven
        else f"A plan has everybody at {found.least} or more; whether one could have more is not proven.",
        f"The plan as it is has somebody at {found.now}; the one that has nobody below {found.least} fits"
        f" {found.plan.stats.total_fit - plan.stats.total_fit:+} points in all.",
    ]
    if found.next_value is None:
        sentences.append("Nobody could have more anywhere.")
    elif found.fewer is not None and found.fewer.certificate is not None:
        sentences.append(
            f"Above it {found.fewer.stats.placed} of {plan.stats.placed} would be placed; at most"
            f" {found.fewer.certificate.most} by the prices of its certificate."
        )
    problems = problems_with(puzzle, found) if found.proven else []
    return found, [
        *sentences,
        *(problems or ["Both plans and the proof were checked apart from the search."]),
    ]


def _together(puzzle: Puzzle, plan: Plan) -> tuple[Plan, Answer]:
    from ipraktik_matching.puzzle.together import in_common_weeks

    same_puzzle(puzzle, plan)
    found, weeks = in_common_weeks(puzzle, plan)
    sentences = []
    for one in weeks:
        if one.monday is None:
            sentences.append(f"{one.host_id}: no common week for {', '.join(one.apart)}.")
            continue
        apart = f"; apart: {', '.join(one.apart)}" if one.apart else ""
        sentences.append(
            f"{one.host_id}: week of {one.monday}, {', '.join(one.together)} with {one.days} days in common{apart}."
        )
    return found, (weeks, sentences or ["No host receives more than one party."])


def _what_if(asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
    from ipraktik_matching.puzzle.what_if import Change, beside

    same_puzzle(puzzle, plan)
    weights = dict(puzzle.policy.weights) | _numbers(asked.weight)
    added = asked.read_puzzle(asked.add).hosts if asked.add else ()
    change = Change(
        add_hosts=added,
        remove_hosts=frozenset(asked.remove),
        seats=_numbers(asked.seats),
        policy=replace(puzzle.policy, weights=weights),
    )
    found = beside(puzzle, change, plan=plan)
    first = f"{found.places:+} persons with a place and {found.gain:+} points, by the weights as they are."
    return found, [first, *_moves(found.moves)]


def _stability(_asked: argparse.Namespace, puzzle: Puzzle, plan: Plan) -> Answer:
    from ipraktik_matching.puzzle.what_if import price_of_stability

    same_puzzle(puzzle, plan)
    found = price_of_stability(puzzle, plan=plan)
    first = (
        f"Keeping people where they are costs {found.price} points and no place;"
        f" {len(found.moved)} with a proposal move instead of {len(found.moved_without)}."
    )
    return found, [first, *_moves(found.moved)]


def _moves(moves: Iterable[Move]) -> list[str]:
    said = [
        f"  {one.intern_id}: from {one.from_host or 'nowhere'} to {one.to_host or 'nowhere'}" for one in moves
    ]
    return said if len(said) <= _NAMED else [*said[:_NAMED], f"  and {len(said) - _NAMED} more"]


def _numbers(given: list[str]) -> dict[str, int]:
    found, problems = {}, []
    for one in given:
        name, _, number = one.rpartition("=")
        if name and number.isascii() and number.isdigit() and len(number) < 9:
            found[name] = int(number)
        else:
            problems.append(f"{one[:60]!r} is not a name, = and a whole number.")
    if problems:
        raise PuzzleError(problems)
    return found

"""What if: hosts added or removed, other seats, other weights, and both plans beside each other; and what staying costs.

Both plans are measured with the same rule, that of the puzzle as it is, and without the points for keeping people where they
are; so another weight or a bonus never looks like a gain. Who has a fixed placement counts as having a place in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ipraktik_matching.puzzle.elsewhere import Move
from ipraktik_matching.puzzle.pieces import Host, Pair, Policy, Puzzle, PuzzleError
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.points import fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would be different. `seats`: host to its new number; `policy` takes the old one's place as a whole."""

    add_hosts: tuple[Host, ...] = ()
    remove_hosts: frozenset[str] = frozenset()
    seats: Mapping[str, int] = field(default_factory=dict)
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Two plans. `places` and `gain`: what the second has more, in persons and in fit; `moves`: who is elsewhere in it."""

    now: Plan
    then: Plan
    places: int
    gain: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """The plan with the points for keeping people, beside the best without them.

    `price`: the fit given up so that people stay, never below 0 while `fit_proven`; `moved` and `moved_without`: who of those
    with a proposal is elsewhere or left, in each. Neither places fewer.
    """

    plan: Plan
    without: Plan
    price: int
    moved: tuple[Move, ...]
    moved_without: tuple[Move, ...]


def changed(puzzle: Puzzle, change: Change) -> Puzzle:
    """The puzzle with the change made. What stood at a host that is removed falls, and its interns are to be placed anew.

    Raises PuzzleError with a sentence for each problem: hosts that are not there, seats fewer than stand, an id in use.
    """
    known = {one.id for one in puzzle.hosts}
    missing = sorted((change.remove_hosts | change.seats.keys()) - known)
    missing += sorted(change.remove_hosts & change.seats.keys())
    if missing:
        raise PuzzleError([f"There is no host {one} to change." for one in missing])
    hosts = [
        replace(one, capacity=change.seats.get(one.id, one.capacity))
        for one in puzzle.hosts
        if one.id not in change.remove_hosts
    ]

    def still(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        return tuple(pair for pair in pairs if pair[1] not in change.remove_hosts)

    return replace(
        puzzle,
        hosts=(*hosts, *change.add_hosts),
        fixed=still(puzzle.fixed),
        forbidden=frozenset(still(tuple(puzzle.forbidden))),
        pinned=still(puzzle.pinned),
        open=still(puzzle.open),
        drafts=still(puzzle.drafts),
        policy=change.policy or puzzle.policy,
    )


def beside(puzzle: Puzzle, change: Change, *, plan: Plan | None = None) -> Beside:
    """The plan as it is and as it would be; `plan`: the best of the puzzle, where it is at hand."""
    from ipraktik_matching.puzzle.solving import solve

    other = changed(puzzle, change)
    now = solve(puzzle) if plan is None else plan
    then = solve(other)
    hosts = {one.id: one for one in (*puzzle.hosts, *other.hosts)}
    before, after = _where(puzzle, now), _where(other, then)
    return Beside(
        now,
        then,
        len(after) - len(before),
        _worth(puzzle, hosts, other, then) - _worth(puzzle, hosts, puzzle, now),
        _moves(before, after),
    )


def price_of_stability(puzzle: Puzzle, *, plan: Plan | None = None) -> Stability:
    """What it costs that proposals stand where they can; `plan`: the best of the puzzle, where it is at hand."""
    from ipraktik_matching.puzzle.solving import solve

    kept = solve(puzzle) if plan is None else plan
    free = replace(puzzle, policy=replace(puzzle.policy, keep_open=0, keep_draft=0))
    without = solve(free)
    hosts = {one.id: one for one in puzzle.hosts}
    stood = dict((*puzzle.open, *puzzle.drafts))
    return Stability(
        kept,
        without,
        _worth(puzzle, hosts, free, without) - _worth(puzzle, hosts, puzzle, kept),
        _moved(stood, _where(puzzle, kept)),
        _moved(stood, _where(free, without)),
    )


def _where(puzzle: Puzzle, plan: Plan) -> dict[str, str]:
    return dict(puzzle.fixed) | {one.intern_id: one.host_id for one in plan.placements}


def _moves(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Move, ...]:
    return tuple(
        Move(one, before.get(one), after.get(one))
        for one in sorted(before.keys() | after.keys())
        if before.get(one) != after.get(one)
    )


def _moved(stood: Mapping[str, str], after: Mapping[str, str]) -> tuple[Move, ...]:
    return _moves(stood, {one: host for one, host in after.items() if one in stood})


def _worth(rule: Puzzle, hosts: Mapping[str, Host], puzzle: Puzzle, plan: Plan) -> int:
    """The plan's fit by the rule of this puzzle, standing placements included and without what keeping people gives."""
    interns = {one.id: one for one in puzzle.interns}
    days = {one.intern_id: one.days for one in plan.placements}
    total = 0
    for intern_id, host_id in _where(puzzle, plan).items():
        # Of a placement that stands nobody says the days here; it has those that the two would agree on.
        points = fit(interns[intern_id], hosts[host_id], puzzle=rule, days=days.get(intern_id))
        total += points.total - points.parts.get("kept", 0)
    return total

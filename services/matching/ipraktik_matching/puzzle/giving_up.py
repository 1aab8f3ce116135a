"""Who is left: why, and the smallest single thing whose giving up would place them and one more person with them.

Only hard rules keep people from seats, so they alone can be given up; and a seat that somebody else loses for it is no help.
So something helps where the best of all plans with the person in it, that one thing given up, places more persons than the
plan that stands (a pinned person needs no more than to be let in). First the prices say for whom nothing can help; then a
chain of single travellers who move up mostly says for whom something does; the rest is asked exactly (`elsewhere.instead`).
What companions give up they give up both. Nothing helps = only another host does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ipraktik_matching.puzzle.elsewhere import Elsewhere, Standing, by_chain, instead, standing_of, weight_of
from ipraktik_matching.puzzle.groups import groups_of
from ipraktik_matching.puzzle.pieces import Days, Intern, Puzzle
from ipraktik_matching.puzzle.plan import Plan
from ipraktik_matching.puzzle.stay import MOST_DAYS

if TYPE_CHECKING:
    from ipraktik_matching.puzzle.columns import Yes

THINGS: Final = ("days", "dates", "own_organisation", "companion", "must")
"""The smallest first: the number of days, the dates, staying out of the own house, going together; and a coordinator's must."""


@dataclass(frozen=True, slots=True)
class Help:
    """One thing to give up, where the person would then go, and who moves up for it. `days`: the least that must be given."""

    thing: str
    there: Elsewhere
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class WhyLeft:
    """Somebody without a place, one of REASONS_LEFT, and everything that alone would help, the smallest first."""

    intern_id: str
    reason: str
    helps: tuple[Help, ...]


def why_left(puzzle: Puzzle, plan: Plan, intern_ids: Sequence[str] | None = None) -> tuple[WhyLeft, ...]:
    """For each of these (None = everybody) whom the plan leaves: why, and what would place them.

    Raises PlanError where the plan is of another puzzle.
    """
    standing = standing_of(puzzle, plan)
    asked = [one for one in plan.unplaced if intern_ids is None or one.intern_id in intern_ids]
    hopeful = _hopeful(standing, [one.intern_id for one in asked])
    return tuple(
        WhyLeft(
            one.intern_id,
            one.reason,
            tuple(
                help_
                for thing in THINGS
                if one.intern_id in hopeful[thing]
                and (help_ := _help(standing, one.intern_id, thing)) is not None
            ),
        )
        for one in asked
    )


def given_up(puzzle: Puzzle, intern_id: str, thing: str, *, days: int = MOST_DAYS) -> Puzzle:
    """The same puzzle when this person, with a companion, has given that up; of `days` no more than so many either way."""
    who = next(group.members for group in groups_of(puzzle) if intern_id in {one.id for one in group.members})
    ids = {one.id for one in who}
    if thing == "must":
        return replace(puzzle, pinned=tuple(pair for pair in puzzle.pinned if pair[0] not in ids))
    return replace(
        puzzle, interns=tuple(without(one, thing, days) if one.id in ids else one for one in puzzle.interns)
    )


def without(one: Intern, thing: str, days: int = MOST_DAYS) -> Intern:
    """The same person, who has given that up."""
    if thing == "days":
        return replace(one, days=Days(max(1, one.days.min - days), min(MOST_DAYS, one.days.max + days)))
    if thing == "dates":
        return replace(one, available=())
    if thing == "companion":
        return replace(one, companion_id=None)
    return replace(one, own_organisation=True)


def _help(standing: Standing, intern_id: str, thing: str) -> Help | None:
    there = _after(standing, intern_id, thing, MOST_DAYS)
    if there is None or thing != "days":
        return None if there is None else Help(thing, there)
    for less in range(1, MOST_DAYS + 1):
        smaller = _after(standing, intern_id, thing, less)
        if smaller is not None:
            me = next(one for one in standing.puzzle.interns if one.id == intern_id)
            return Help(thing, smaller, without(me, thing, less).days)
    return Help(thing, there)


def _after(standing: Standing, intern_id: str, thing: str, days: int) -> Elsewhere | None:
    """Where the person would be in the best plan once that is given up, if it helps."""
    import numpy as np

    from ipraktik_matching.puzzle.columns import columns_of

    puzzle = given_up(standing.puzzle, intern_id, thing, days=days)
    columns = columns_of(puzzle)
    row_of = {one.id: row for row, group in enumerate(columns.groups) for one in group.members}
    chosen = np.full(len(columns.groups), -1, dtype=np.int64)
    for other, row in standing.row_of.items():
        chosen[row_of[other]] = standing.chosen[row]
    row = row_of[intern_id]
    pinned = columns.pinned[row] >= 0
    if pinned:
        columns = replace(columns, pinned=np.where(np.arange(len(chosen)) == row, -1, columns.pinned))
    parted = tuple(
        row_of[other] for other, its in standing.row_of.items() if its == standing.row_of[intern_id]
    )
    still = tuple(one for one in parted if one != row)
    after = Standing(puzzle, columns, weight_of(columns), chosen, row_of, still)
    if not pinned and columns.sizes[row] == 1:
        quick = by_chain(after, row, columns.allowed[row])
        if quick is not None and (quick >= 0).sum() > (chosen >= 0).sum():
            return instead(after, intern_id, columns.allowed[row], by=quick)
    found = instead(after, intern_id, columns.allowed[row])
    return found if found is not None and (pinned or found.places > 0) else None


def _hopeful(standing: Standing, left: Sequence[str]) -> dict[str, set[str]]:
    """For each thing those whom giving it up could help, by the prices of the persons; nobody else can be helped by it."""
    from ipraktik_matching.puzzle.columns import columns_of

    columns = standing.columns
    by_id = {one.id: (row, group) for row, group in enumerate(columns.groups) for one in group.members}
    for_one, for_two = _roomy(standing)
    pinned = {intern_id for intern_id, _ in standing.puzzle.pinned}
    found: dict[str, set[str]] = {thing: set() for thing in THINGS}
    for thing in THINGS:
        puzzle = standing.puzzle
        for intern_id in left:
            puzzle = given_up(puzzle, intern_id, thing)
        open_to = columns_of(puzzle)
        row_of = {one.id: row for row, group in enumerate(open_to.groups) for one in group.members}
        for intern_id in left:
            row, group = by_id[intern_id]
            members = {one.id for one in group.members}
            rows = [row_of[one] for one in members]
            if thing == "companion":
                changed, hosts = len(members) == 2 or group.joins is not None, for_one
            else:
                changed = (open_to.allowed[rows[0]] != columns.allowed[row]).any()
                hosts = for_two if len(members) == 2 else for_one
            if changed and (members & pinned or (open_to.allowed[rows] & hosts).any()):
                found[thing].add(intern_id)
    return found


def _roomy(standing: Standing) -> tuple[Yes, Yes]:
    """Hosts at which one more person, or two companions more, might be one more (two more) in all, by the prices."""
    import numpy as np

    from ipraktik_matching.puzzle.certificate import room_beside_pins
    from ipraktik_matching.puzzle.lots import lot_numbers
    from ipraktik_matching.puzzle.network.settling import first_columns, settle
    from ipraktik_matching.puzzle.network.tables import tables_of

    columns = standing.columns
    lots = lot_numbers(columns, 0)
    tables = tables_of(room_beside_pins(columns, columns.pinned), columns.fit, lots)
    split = np.full(len(tables.seats), -1, dtype=np.int64)
    seated = settle(tables, split, first_columns(tables, lots))[0]
    general = (tables.seats >= 2) & (seated.taken[0::2] == 0)
    single = (tables.seats % 2 == 1) & (seated.taken[1::2] == 0)
    held = int(columns.sizes[columns.pinned >= 0].sum())
    if seated.placed + held > int(columns.sizes[standing.chosen >= 0].sum()):
        # Half a pair sits somewhere: these prices promise more than any plan holds, and say nothing about who is left.
        return tables.seats >= 0, tables.seats >= 0
    return general | single, general

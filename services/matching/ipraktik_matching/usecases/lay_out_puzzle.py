"""The puzzle of an edition as the tables stand now: who takes part, what stands, what was tried.

Placements that stand hold their seats and take their interns out; where the policy lets unanswered proposals be moved, those are in
the puzzle with what leaving them is worth, as are the places of a plan that nobody was told of yet. Whoever said no, let it run out
or was taken back is not proposed to the same party again. A coordinator's never joins these; a must is laid out as a pin as long as
it can mean something, and what it cannot is remarked. A standing placement whose intern has left since still holds its seat.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_contracts.codes import FIELD_GROUPS
from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_contracts.municipalities import MUNICIPALITIES, region_of
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.policies import USUAL, RunPolicy
from ipraktik_matching.puzzle.limits import too_many
from ipraktik_matching.puzzle.pieces import Days, Host, Intern, Pair, Puzzle, PuzzleError, Window, Wishes
from ipraktik_matching.store import editions, pair_rules, participants, placements, runs
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.store.pair_rules import PairRule
from ipraktik_matching.store.placements import Seat
from ipraktik_matching.store.runs import Remark
from ipraktik_matching.usecases.common_stay import ANY_JOURNEY, open_dates

_MOST_SEATS = 3
_GROUP_OF = {field: group for group, fields in FIELD_GROUPS.items() for field in fields}


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The puzzle, and what a coordinator's words could not mean in it."""

    puzzle: Puzzle
    remarks: tuple[Remark, ...]


async def lay_out_puzzle(conn: Any, *, edition_id: UUID, now: datetime, policy: RunPolicy = USUAL) -> LaidOut:
    """The puzzle, read in the caller's one snapshot. Raises Refused where the edition is unknown or over, and PuzzleError.

    An edition too large for a puzzle is refused by its numbers, before anybody is read.
    """
    edition = await editions.find(conn, edition_id=edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    dates = open_dates(edition, now=now)
    if dates[1] < dates[0]:
        raise Refused("edition_over")
    interns, hosts = await participants.how_many(conn, edition_id=edition_id)
    too_large = too_many(interns=interns, hosts=hosts)
    if too_large is not None:
        raise PuzzleError([too_large])
    rules = await pair_rules.in_force(conn, edition_id=edition_id)
    return await asyncio.to_thread(
        puzzle_of,
        edition=edition,
        dates=dates,
        bodies=await participants.registered(conn, edition_id=edition_id),
        seats=await placements.seats(conn, edition_id=edition_id),
        rules=rules,
        drafted=await runs.drafted(conn, edition_id=edition_id),
        policy=policy,
    )


def puzzle_of(
    *,
    edition: Edition,
    dates: Window,
    bodies: Mapping[UUID, ParticipantUpdated],
    seats: Sequence[Seat],
    rules: Sequence[PairRule] = (),
    drafted: Sequence[tuple[UUID, UUID]] = (),
    policy: RunPolicy = USUAL,
) -> LaidOut:
    """The pieces, in the order of ids. Raises PuzzleError."""
    movable = movable_seats(seats, bodies.keys()) if policy.move_open else {}
    taken = [seat for seat in seats if seat.taken and seat.placement_id not in movable]
    fixed = [seat for seat in taken if seat.intern_id in bodies and seat.host_id in bodies]
    elsewhere = Counter(seat.host_id for seat in taken if seat.intern_id not in bodies)
    held = Counter(seat.host_id for seat in fixed)
    # An intern who sits at a host that has left is out of the puzzle all the same.
    seated = {seat.intern_id for seat in taken} - {seat.intern_id for seat in fixed}
    interns = [
        _intern(body)
        for body in bodies.values()
        if body.role == "intern" and body.participant_id not in seated
    ]
    hosts = []
    for body in bodies.values():
        if body.role != "host":
            continue
        capacity = max((body.capacity or 1) - elsewhere[body.participant_id], held[body.participant_id])
        if capacity > 0:
            hosts.append(_host(body, min(capacity, _MOST_SEATS)))
    present = {intern.id for intern in interns} | {host.id for host in hosts}
    pairs = {(str(seat.intern_id), str(seat.host_id)) for seat in fixed}
    tried = {(str(seat.intern_id), str(seat.host_id)) for seat in seats if seat.forbids}
    never = {(str(rule.intern_id), str(rule.host_id)) for rule in rules if rule.kind == "never"}
    must = {(str(rule.intern_id), str(rule.host_id)) for rule in rules if rule.kind == "must"}
    # A must whose pair was tried has had its day, whoever sits has a seat already, and some have left since.
    standing = {intern_id for intern_id, _ in pairs}
    pinned = {pair for pair in must - tried - never if pair[0] not in standing and present.issuperset(pair)}
    open_pairs = {(str(one.intern_id), str(one.host_id)) for one in movable.values()}
    somewhere = standing | {intern_id for intern_id, _ in open_pairs}
    drafts = {(str(intern_id), str(host_id)) for intern_id, host_id in drafted}
    puzzle = Puzzle(
        interns=tuple(interns),
        hosts=tuple(hosts),
        dates=dates,
        fixed=tuple(sorted(pairs)),
        forbidden=frozenset(pair for pair in (tried | never) - pairs if present.issuperset(pair)),
        pinned=tuple(sorted(pinned)),
        open=tuple(sorted(pair for pair in open_pairs if present.issuperset(pair))),
        drafts=tuple(
            sorted(pair for pair in drafts if pair[0] not in somewhere and present.issuperset(pair))
        ),
        policy=policy.of_engine,
        region_of={
            code: region
            for code in MUNICIPALITIES
            if (region := region_of(code, edition.first_day)) is not None
        },
        group_of=_GROUP_OF,
    )
    return LaidOut(puzzle, tuple(_remarks(must, pairs=pairs, tried=tried, never=never, present=present)))


def movable_seats(seats: Sequence[Seat], registered: AbstractSet[UUID]) -> dict[UUID, Seat]:
    """Proposals that nobody has answered, by id; companions' only where both wait, and nobody's who has left."""
    answered = {seat.group_id for seat in seats if seat.taken and not seat.unanswered}
    return {
        seat.placement_id: seat
        for seat in seats
        if seat.unanswered
        and (seat.group_id is None or seat.group_id not in answered)
        and {seat.intern_id, seat.host_id} <= registered
    }


def _remarks(
    must: AbstractSet[Pair],
    *,
    pairs: AbstractSet[Pair],
    tried: AbstractSet[Pair],
    never: AbstractSet[Pair],
    present: set[str],
) -> list[Remark]:
    """What became of each must that is no pin."""
    standing = {intern_id for intern_id, _ in pairs}
    found = []
    for pair in sorted(must - pairs):
        code = None
        if pair in never:
            code = "must_and_never"
        elif pair in tried:
            code = "must_of_tried"
        elif pair[0] in standing:
            code = "must_of_seated"
        elif not present.issuperset(pair):
            code = "must_of_left"
        if code is not None:
            found.append(Remark(code, (UUID(pair[0]), UUID(pair[1]))))
    return found


def _intern(body: ParticipantUpdated) -> Intern:
    place = body.workplace
    return Intern(
        id=str(body.participant_id),
        organisation_id=str(place.organisation_id),
        workplace_id=str(place.workplace_id),
        field=body.field,
        sector=place.sector,
        lot=body.lot,
        days=Days(body.days.min, body.days.max),
        journey_type=body.journey_type or ANY_JOURNEY,
        municipality_code=place.municipality_code,
        country=place.country,
        wishes=_wishes(body),
        own_organisation=body.wishes.own_organisation,
        available=_available(body),
        companion_id=None if body.companion_id is None else str(body.companion_id),
        host_in_mind_id=None if body.host_in_mind_id is None else str(body.host_in_mind_id),
        unplaced_before=body.unplaced_before,
    )


def _host(body: ParticipantUpdated, capacity: int) -> Host:
    place = body.workplace
    return Host(
        id=str(body.participant_id),
        organisation_id=str(place.organisation_id),
        workplace_id=str(place.workplace_id),
        field=body.field,
        sector=place.sector,
        lot=body.lot,
        days=Days(body.days.min, body.days.max),
        capacity=capacity,
        municipality_code=place.municipality_code,
        country=place.country,
        wishes=_wishes(body),
        available=_available(body),
    )


def _wishes(body: ParticipantUpdated) -> Wishes:
    wishes = body.wishes
    return Wishes(fields=wishes.fields, sectors=wishes.sectors, areas=wishes.areas)


def _available(body: ParticipantUpdated) -> tuple[Window, ...]:
    return tuple((one.first_day, one.last_day) for one in body.available)

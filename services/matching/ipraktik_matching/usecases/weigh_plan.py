"""Which of a plan's proposals still hold: the world may have moved since the snapshot that the plan was laid from.

Weighed under the edition's lock: both are still registered, the intern is free, the seat is free, the pair was not tried, no
coordinator rules otherwise, the days lie ahead. A proposal that nobody has answered gives way only to one that holds.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_matching import policies
from ipraktik_matching.domain.days import day_of, start_of
from ipraktik_matching.domain.placement import Change, Placement
from ipraktik_matching.domain.proposal import answer_deadline, propose
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.plans import Place, Proposals
from ipraktik_matching.puzzle.pieces import Window
from ipraktik_matching.store import editions, pair_rules, participants, placements
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.store.placements import Seat
from ipraktik_matching.store.runs import Run
from ipraktik_matching.usecases.common_stay import common_stay, in_common_week, open_dates
from ipraktik_matching.usecases.lay_out_puzzle import movable_seats


@dataclass(slots=True)
class World:
    """What a proposal is weighed against; seats are counted down as proposals are taken. `movable`: unanswered proposals by intern,
    whose rows are `locked`, with their companions', so that nobody answers meanwhile. `standing`: whose seats are held."""

    edition: Edition
    bodies: Mapping[UUID, ParticipantUpdated]
    seated: set[UUID]
    tried: set[tuple[UUID, UUID]]
    never: set[tuple[UUID, UUID]] = field(default_factory=set)
    must: dict[UUID, UUID] = field(default_factory=dict)
    taken: Counter[UUID] = field(default_factory=Counter)
    movable: dict[UUID, Seat] = field(default_factory=dict)
    locked: list[Placement] = field(default_factory=list)
    standing: list[Seat] = field(default_factory=list)


_Held = tuple[tuple[Place, ...], Window]
"""Who goes together to one host, and when."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What of the plan holds: placements that begin, what is left out, and the proposals that give way to others."""

    begin: dict[UUID, Change]
    left_out: list[dict[str, str]]
    give_way: set[UUID]


async def world_of(tx: Transaction, run: Run) -> World:
    """Everything that the run's plan is weighed against, as it stands now. Raises Refused."""
    edition_id = run.edition_id
    edition = await editions.find(tx.conn, edition_id=edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    world = World(edition, await participants.registered(tx.conn, edition_id=edition_id), set(), set())
    if policies.read(run.policy).move_open:
        await _hold_movable(tx, world)
    seats = await placements.seats(tx.conn, edition_id=edition_id)
    for seat in seats:
        if seat.taken:
            world.seated.add(seat.intern_id)
            world.taken[seat.host_id] += 1
            world.standing.append(seat)
        elif seat.forbids:
            world.tried.add((seat.intern_id, seat.host_id))
    for rule in await pair_rules.in_force(tx.conn, edition_id=edition_id):
        if rule.kind == "never":
            world.never.add((rule.intern_id, rule.host_id))
        elif (rule.intern_id, rule.host_id) not in world.tried and rule.host_id in world.bodies:
            world.must[rule.intern_id] = rule.host_id
    return world


async def _hold_movable(tx: Transaction, world: World) -> None:
    """Answers do not wait for the edition's lock, so the rows themselves are locked before anything is decided by them."""
    seats = await placements.seats(tx.conn, edition_id=world.edition.edition_id)
    asked = movable_seats(seats, world.bodies.keys())
    world.locked = await placements.lock(tx.conn, placement_ids=list(asked))
    answered = {
        one.group_id or one.placement_id
        for one in world.locked
        if one.state != "proposed" or one.accepted or one.answer_by <= tx.now
    }
    world.movable = {
        seat.intern_id: seat
        for placement_id, seat in asked.items()
        if (seat.group_id or placement_id) not in answered
    }


def weighed(tx: Transaction, *, run: Run, plan: Proposals, world: World) -> Weighed:
    """What holds. Whoever could not have the new place stays in the old one, which may cost another theirs: weighed until nothing
    of that kind is left."""
    stay: set[UUID] = set()
    while True:
        fresh = replace(world, seated=set(world.seated), taken=Counter(world.taken))
        give_way = _making_room(plan, fresh, stay=stay)
        begin, left_out = _begun(tx, run=run, plan=plan, world=fresh, moving=set(give_way))
        begun = {placement.intern_id for placement, _ in begin.values()}
        failed = give_way.keys() - begun
        if not failed:
            world.seated, world.taken = fresh.seated, fresh.taken
            return Weighed(begin, left_out, set(give_way.values()))
        stay |= failed


def _making_room(plan: Proposals, world: World, *, stay: set[UUID]) -> dict[UUID, UUID]:
    """Interns with an unanswered proposal whom the plan has elsewhere, with that proposal; their seats are free from here on."""
    give_way: dict[UUID, UUID] = {}
    companions: dict[UUID, set[UUID]] = defaultdict(set)
    for seat in world.movable.values():
        companions[seat.group_id or seat.placement_id].add(seat.intern_id)
    for members in plan.groups:
        travelling = {one.intern_id for one in members}
        seats = [world.movable[one] for one in travelling & world.movable.keys()]
        # companions move together or not at all, and with nobody who has a place of another kind
        together = all(companions[seat.group_id or seat.placement_id] <= travelling for seat in seats)
        if len(seats) < len(members) or not together or stay & travelling:
            continue
        if any(seat.host_id != members[0].host_id for seat in seats):
            for seat in seats:
                give_way[seat.intern_id] = seat.placement_id
                world.seated.discard(seat.intern_id)
                world.taken[seat.host_id] -= 1
    return give_way


def _begun(
    tx: Transaction, *, run: Run, plan: Proposals, world: World, moving: set[UUID]
) -> tuple[dict[UUID, Change], list[dict[str, str]]]:
    left_out: list[dict[str, str]] = []
    held: list[_Held] = []
    dates = open_dates(world.edition, now=tx.now)
    for members in plan.groups:
        host_id = members[0].host_id
        if all(_stays(one, world, moving=moving) for one in members):
            continue
        reason = _obstacle(members, world)
        stay = None
        if reason is None:
            stay = common_stay(
                [world.bodies[place.intern_id] for place in members],
                world.bodies[host_id],
                dates=dates,
                days=members[0].days,
            )
        if reason is None and (stay is None or start_of(stay[0]) <= tx.now):
            reason = "dates"
        if reason is not None or stay is None:
            left_out += [
                {"intern_id": str(place.intern_id), "host_id": str(host_id), "reason": reason or "dates"}
                for place in members
            ]
            continue
        for place in members:
            world.seated.add(place.intern_id)
            world.taken[host_id] += 1
        held.append((members, stay))
    changes: dict[UUID, Change] = {}
    for members, stay in _in_common_weeks(held, world, dates=dates, moving=moving):
        group_id = (
            None
            if len(members) == 1
            else derived_id("group", run.run_id, *(one.intern_id for one in members))
        )
        for place in members:
            change = _proposed(tx, run=run, place=place, stay=stay, group_id=group_id, world=world)
            changes[change[0].placement_id] = change
    return changes, left_out


def _in_common_weeks(held: Sequence[_Held], world: World, *, dates: Window, moving: set[UUID]) -> list[_Held]:
    """The same, with interns of one host in one week where they can, also with those who have a seat there already."""
    at: dict[UUID, list[int]] = defaultdict(list)
    for number, (members, _) in enumerate(held):
        at[members[0].host_id].append(number)
    standing: dict[UUID, list[Window]] = defaultdict(list)
    for seat in world.standing:
        if seat.intern_id not in moving:
            standing[seat.host_id].append((seat.first_day, seat.last_day))
    found = list(held)
    for host_id, numbers in at.items():
        parties = [
            ([world.bodies[place.intern_id] for place in held[number][0]], held[number][1])
            for number in numbers
        ]
        stays = in_common_week(parties, world.bodies[host_id], dates=dates, standing=standing[host_id])
        for number, stay in zip(numbers, stays, strict=True):
            found[number] = held[number][0], stay
    return found


def _stays(place: Place, world: World, *, moving: set[UUID]) -> bool:
    """Whether the plan leaves somebody where an unanswered proposal has them, so that there is nothing to say."""
    seat = world.movable.get(place.intern_id)
    return seat is not None and place.intern_id not in moving and seat.host_id == place.host_id


def _obstacle(members: Sequence[Place], world: World) -> str | None:
    host = world.bodies.get(members[0].host_id)
    if host is None:
        return "host_left"
    if any(place.intern_id not in world.bodies for place in members):
        return "intern_left"
    if any(place.intern_id in world.seated for place in members):
        return "intern_placed"
    if any((place.intern_id, place.host_id) in world.tried for place in members):
        return "tried_before"
    if any((place.intern_id, place.host_id) in world.never for place in members):
        return "forbidden"
    if any(world.must.get(place.intern_id, place.host_id) != place.host_id for place in members):
        return "pinned_elsewhere"
    if world.taken[host.participant_id] + len(members) > (host.capacity or 1):
        return "no_free_place"
    return None


def _proposed(
    tx: Transaction, *, run: Run, place: Place, stay: tuple[date, date], group_id: UUID | None, world: World
) -> Change:
    in_mind = world.bodies[place.intern_id].host_in_mind_id == place.host_id
    return propose(
        placement_id=derived_id("placement", run.run_id, place.intern_id),
        edition_id=run.edition_id,
        intern_id=place.intern_id,
        host_id=place.host_id,
        group_id=group_id,
        run_id=run.run_id,
        origin="host_in_mind" if in_mind else "matched",
        reasons=place.reasons,
        first_day=stay[0],
        last_day=stay[1],
        answer_by=answer_deadline(
            today=day_of(tx.now), answer_days=world.edition.answer_days, first_day=stay[0]
        ),
    )

"""A coordinator releases a solved run: its proposals become true in one act, and whoever has no place is told.

The world may have moved since the snapshot, so each proposal is weighed again under the edition's lock: both are still
registered, the intern is free, the seat is free, the pair was not tried, no coordinator rules otherwise, the days lie ahead. What no longer holds is left out
and reported; companions are proposed together or not at all. Releasing again gives the same answer and says nothing anew.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import MatchNotFound, ParticipantUpdated
from ipraktik_matching.domain.days import day_of, start_of
from ipraktik_matching.domain.placement import Change
from ipraktik_matching.domain.proposal import answer_deadline, propose
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.plans import Place, Proposals, proposals_of
from ipraktik_matching.store import editions, pair_rules, participants, placements, runs
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.store.history import Actor
from ipraktik_matching.store.runs import Run
from ipraktik_matching.usecases.common_stay import common_stay, open_dates
from ipraktik_matching.usecases.locked_placement import NoSuchThing
from ipraktik_matching.usecases.record_changes import record_changes


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did. `left_out` are pairs of the plan that no longer held, with the reason."""

    run_id: UUID
    final: bool
    proposed: int
    not_found: int
    left_out: tuple[dict[str, str], ...]


@dataclass(slots=True)
class _World:
    """What a proposal is weighed against; seats are counted down as proposals are taken."""

    edition: Edition
    bodies: Mapping[UUID, ParticipantUpdated]
    seated: set[UUID]
    tried: set[tuple[UUID, UUID]]
    never: set[tuple[UUID, UUID]] = field(default_factory=set)
    must: dict[UUID, UUID] = field(default_factory=dict)
    taken: Counter[UUID] = field(default_factory=Counter)


async def release_run(tx: Transaction, *, run_id: UUID, final: bool, by: str) -> Released:
    """Release it. Raises Refused, NoSuchThing."""
    found = await runs.find(tx.conn, run_id=run_id)
    if found is None:
        raise NoSuchThing
    await editions.lock(tx.conn, edition_id=found.edition_id)
    run = await runs.lock(tx.conn, run_id=run_id)
    if run is None:
        raise NoSuchThing
    if run.state == "released":
        if run.final != final:
            raise Refused("released_otherwise")
        return read_release(run)
    plan = proposals_of(await _plan_to_release(tx, run))
    world = await _world(tx, run.edition_id)
    changes, left_out = _weighed(tx, run=run, plan=plan, world=world)
    await record_changes(tx, locked=(), changes=changes, actor=Actor("coordinator", by))
    not_found = _not_found(run=run, plan=plan, world=world, left_out=left_out, final=final)
    await tx.emit(*not_found)
    released = Released(run_id, final, len(changes), len(not_found), tuple(left_out))
    outcome = {"proposed": len(changes), "not_found": len(not_found), "left_out": left_out}
    await runs.released(tx.conn, run_id=run_id, final=final, by=by, now=tx.now, outcome=json.dumps(outcome))
    return released


async def preview_release(tx: Transaction, *, run_id: UUID) -> Released:
    """What a release would do at this moment; nothing is written. Raises Refused, NoSuchThing."""
    run = await runs.find(tx.conn, run_id=run_id)
    if run is None:
        raise NoSuchThing
    if run.state == "released":
        return read_release(run)
    plan = proposals_of(await _plan_to_release(tx, run))
    world = await _world(tx, run.edition_id)
    changes, left_out = _weighed(tx, run=run, plan=plan, world=world)
    not_found = _not_found(run=run, plan=plan, world=world, left_out=left_out, final=False)
    return Released(run_id, False, len(changes), len(not_found), tuple(left_out))


async def _plan_to_release(tx: Transaction, run: Run) -> str:
    plan = await runs.plan_of(tx.conn, run_id=run.run_id) if run.state == "solved" else None
    if plan is None:
        raise Refused("run_not_solved")
    if run.releases_before != await runs.releases(tx.conn, edition_id=run.edition_id):
        raise Refused("run_superseded")
    return plan


async def _world(tx: Transaction, edition_id: UUID) -> _World:
    edition = await editions.find(tx.conn, edition_id=edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    world = _World(edition, await participants.registered(tx.conn, edition_id=edition_id), set(), set())
    for seat in await placements.seats(tx.conn, edition_id=edition_id):
        if seat.taken:
            world.seated.add(seat.intern_id)
            world.taken[seat.host_id] += 1
        elif seat.forbids:
            world.tried.add((seat.intern_id, seat.host_id))
    for rule in await pair_rules.in_force(tx.conn, edition_id=edition_id):
        if rule.kind == "never":
            world.never.add((rule.intern_id, rule.host_id))
        elif (rule.intern_id, rule.host_id) not in world.tried and rule.host_id in world.bodies:
            world.must[rule.intern_id] = rule.host_id
    return world


def _weighed(
    tx: Transaction, *, run: Run, plan: Proposals, world: _World
) -> tuple[dict[UUID, Change], list[dict[str, str]]]:
    changes: dict[UUID, Change] = {}
    left_out: list[dict[str, str]] = []
    dates = open_dates(world.edition, now=tx.now)
    for members in plan.groups:
        host_id = members[0].host_id
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
        group_id = (
            None
            if len(members) == 1
            else derived_id("group", run.run_id, *(one.intern_id for one in members))
        )
        for place in members:
            world.seated.add(place.intern_id)
            world.taken[host_id] += 1
            change = _proposed(tx, run=run, place=place, stay=stay, group_id=group_id, world=world)
            changes[change[0].placement_id] = change
    return changes, left_out


def _obstacle(members: Sequence[Place], world: _World) -> str | None:
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
    tx: Transaction, *, run: Run, place: Place, stay: tuple[date, date], group_id: UUID | None, world: _World
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


def _not_found(
    *, run: Run, plan: Proposals, world: _World, left_out: list[dict[str, str]], final: bool
) -> list[MatchNotFound]:
    reasons: dict[UUID, Any] = {one.intern_id: one.reason for one in plan.unplaced}
    reasons |= {UUID(one["intern_id"]): "no_free_place" for one in left_out}
    return [
        MatchNotFound(
            participant_id=intern_id,
            edition_id=run.edition_id,
            run_id=run.run_id,
            reason=reason,
            final=final,
        )
        for intern_id, reason in reasons.items()
        if intern_id in world.bodies and intern_id not in world.seated
    ]


def read_release(run: Run) -> Released:
    """What the release of a released run did."""
    outcome = json.loads(run.released or "{}")
    return Released(
        run.run_id, bool(run.final), outcome["proposed"], outcome["not_found"], tuple(outcome["left_out"])
    )

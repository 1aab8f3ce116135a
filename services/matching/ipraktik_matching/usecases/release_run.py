"""A coordinator releases a solved run: its proposals become true in one act, and whoever has no place is told.

The world may have moved since the snapshot, so each proposal is weighed again (`weigh_plan`). What no longer holds is left out and
reported; companions are proposed together or not at all. Releasing again gives the same answer and says nothing anew.

Where the run was laid out so that unanswered proposals may be moved, one that the plan has elsewhere is taken back in the same
act that proposes the new place. It is never taken back for nothing: where the new place does not hold, the old one stands.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import MatchNotFound
from ipraktik_matching.domain.leaving import moved_elsewhere
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.plans import Proposals, proposals_of
from ipraktik_matching.store import editions, runs
from ipraktik_matching.store.history import Actor
from ipraktik_matching.store.runs import Run
from ipraktik_matching.usecases.locked_placement import NoSuchThing
from ipraktik_matching.usecases.record_changes import record_changes
from ipraktik_matching.usecases.weigh_plan import World, weighed, world_of


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did. `left_out` are pairs of the plan that no longer held, with the reason; `moved` of the `proposed` had a
    proposal elsewhere that nobody had answered."""

    run_id: UUID
    final: bool
    proposed: int
    not_found: int
    left_out: tuple[dict[str, str], ...]
    moved: int = 0


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
    plan = await asyncio.to_thread(proposals_of, await _plan_to_release(tx, run))
    world = await world_of(tx, run)
    holds = weighed(tx, run=run, plan=plan, world=world)
    give_way = {
        one.placement_id: moved_elsewhere(one) for one in world.locked if one.placement_id in holds.give_way
    }
    # who gives way goes first: an intern holds one seat at a time
    changes = give_way | holds.begin
    await record_changes(tx, locked=world.locked, changes=changes, actor=Actor("coordinator", by))
    left_out = holds.left_out
    not_found = _not_found(run=run, plan=plan, world=world, left_out=left_out, final=final)
    await tx.emit(*not_found)
    released = Released(run_id, final, len(holds.begin), len(not_found), tuple(left_out), len(holds.give_way))
    outcome = {
        "proposed": released.proposed,
        "not_found": released.not_found,
        "left_out": left_out,
        "moved": released.moved,
    }
    await runs.released(tx.conn, run_id=run_id, final=final, by=by, now=tx.now, outcome=json.dumps(outcome))
    return released


async def preview_release(tx: Transaction, *, run_id: UUID) -> Released:
    """What a release would do at this moment; nothing is written. Raises Refused, NoSuchThing."""
    run = await runs.find(tx.conn, run_id=run_id)
    if run is None:
        raise NoSuchThing
    if run.state == "released":
        return read_release(run)
    plan = await asyncio.to_thread(proposals_of, await _plan_to_release(tx, run))
    world = await world_of(tx, run)
    holds = weighed(tx, run=run, plan=plan, world=world)
    not_found = _not_found(run=run, plan=plan, world=world, left_out=holds.left_out, final=False)
    return Released(
        run_id,
        False,
        len(holds.begin),
        len(not_found),
        tuple(holds.left_out),
        len(holds.give_way),
    )


async def _plan_to_release(tx: Transaction, run: Run) -> str:
    plan = await runs.plan_of(tx.conn, run_id=run.run_id) if run.state == "solved" else None
    if plan is None:
        raise Refused("run_not_solved")
    if run.releases_before != await runs.releases(tx.conn, edition_id=run.edition_id):
        raise Refused("run_superseded")
    return plan


def _not_found(
    *, run: Run, plan: Proposals, world: World, left_out: list[dict[str, str]], final: bool
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
        run.run_id,
        bool(run.final),
        outcome["proposed"],
        outcome["not_found"],
        tuple(outcome["left_out"]),
        outcome.get("moved", 0),
    )

"""Editions with answers, made quickly: what reports are made of."""

import uuid
from collections.abc import Sequence
from typing import Any

import httpx
from evaluation.facts import World, answers, browser, evaluation_id
from rig import Rig

from ipraktik_contracts.events import InternshipCompleted
from ipraktik_evaluation.domain.questions import Party
from ipraktik_evaluation.usecases.submit_evaluation import submit_evaluation

CODES = ("0101", "0751", "0751", "0265", "0461", "0851", "0400")


async def answered_round(
    rig: Rig, world: World, *, stays: int = 25, hosts: int = 6, name: str = "Uge 37"
) -> Sequence[InternshipCompleted]:
    """Completed stays; every intern and some hosts have answered right after it."""
    made = [world.completed() for _ in range(stays)]
    await rig.tell(world.edition(name=name), *made)
    for number, stay in enumerate(made):
        code = CODES[number % len(CODES)]
        state = {"sector": "state", "ministerial_area": "health", "municipality_code": "0101"}
        await rig.tell(
            world.registered(stay.intern_id, workplace={"municipality_code": code}),
            world.registered(stay.host_id, role="host", workplace=state if number % 2 else {}),
        )
        recommend = "yes" if number < 20 else "maybe"
        await answer(rig, stay, "intern", would_recommend=recommend)
        if number < hosts:
            await answer(rig, stay, "host", outcomes=["do_better"])
    return made


async def answer(rig: Rig, stay: InternshipCompleted, party: Party, **changes: Any) -> None:
    """One party answers right after the stay, without a page between."""
    async with rig.database.transaction() as tx:
        await submit_evaluation(
            tx,
            evaluation_id=evaluation_id(stay, party, "after"),
            participant_id=stay.host_id if party == "host" else stay.intern_id,
            given=answers(party, "after", **changes),
        )


async def publish(rig: Rig, world: World) -> httpx.Response:
    """By the API, as a coordinator."""
    async with browser(rig, token=rig.coordinator()) as client:
        return await client.post(f"/evaluation/api/v1/editions/{world.edition_id}/report")


async def put_report(rig: Rig, *, edition_id: uuid.UUID, revision: int, body: str) -> None:
    """A report as an older version of the service published it."""
    async with rig.database.transaction() as tx:
        await tx.conn.execute(
            "insert into report (edition_id, revision, published_at, body) values ($1, $2, $3, $4::jsonb)",
            edition_id,
            revision,
            tx.now,
            body,
        )

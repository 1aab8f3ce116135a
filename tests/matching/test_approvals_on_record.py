"""Under which name a version was approved is kept with it, filled in for what was approved before, and blanked at erasure."""

from typing import Any

import asyncpg
import pytest
from matching.cast import Cast
from matching.visiting import PARTIES, Case, a_case
from rig import Rig

from ipraktik_contracts.events import ParticipantErased
from ipraktik_matching.main import SERVICE

MIGRATION = SERVICE.migrations / "20260501000001_agreement.sql"


@pytest.fixture
async def case(cast: Cast) -> Case:
    found = await a_case(cast)
    await found.accepted()
    return found


async def on_record(rig: Rig) -> list[dict[str, Any]]:
    async with rig.database.reading() as conn:
        rows = await conn.fetch("select * from approvals order by version, party")
    return [dict(row) for row in rows]


async def test_each_approval_is_on_record_once(rig: Rig, case: Case) -> None:
    for party in (*PARTIES, "host"):
        await case.approves(party)
    rows = await on_record(rig)
    assert [(row["party"], row["name"], row["version"]) for row in rows] == [
        ("host", "Navn self host", 1),
        ("intern", "Navn self intern", 1),
        ("manager", "Navn manager intern", 1),
    ]
    assert {row["at"] for row in rows} == {rig.clock.now()}


async def test_what_was_approved_before_the_record_is_filled_in_from_the_history(
    rig: Rig, case: Case
) -> None:
    for party in PARTIES:
        await case.approves(party)
    await case.changes("host", programme="Ny plan")
    await case.approves("manager")
    before = await on_record(rig)
    assert len(before) == 4
    up, _, down = MIGRATION.read_text().partition("-- migrate:down")
    owner = await asyncpg.connect(rig.context.settings.migration_database_url)
    try:
        await owner.execute(down)
        await owner.execute(up)
        rows = await owner.fetch("select * from approvals order by version, party")
    finally:
        await owner.close()
    assert [dict(row) for row in rows] == before


@pytest.mark.parametrize("who", ["intern", "host"])
async def test_an_erased_sign_up_leaves_its_approvals_without_names(rig: Rig, case: Case, who: str) -> None:
    for party in PARTIES:
        await case.approves(party)
    erased = case.intern if who == "intern" else case.host
    await rig.tell(ParticipantErased(participant_id=erased.participant_id, edition_id=case.cast.edition_id))
    named = {row["party"] for row in await on_record(rig) if row["name"]}
    assert named == ({"host"} if who == "intern" else {"intern", "manager"})

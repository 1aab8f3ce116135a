"""How far an edition has come is counted as it happens: right after anything, without waiting, and cheap to show."""

import asyncio
from datetime import timedelta
from pathlib import Path

import asyncpg
from counting import Counting
from evaluation.facts import FOLLOW_UP_AT, World
from evaluation.rounds import answer, answered_round
from rig import Rig

import ipraktik_evaluation
from ipraktik_evaluation.store.desk import DeskEdition, desk_edition, desk_editions

_COUNTED_ANEW = """
select (select count(*) from stay where edition_id = $1), (select count(*) from stay where edition_id = $1 and not followed_up),
    count(*), count(*) filter (where state = 'submitted'), count(*) filter (where state = 'open')
from evaluation where edition_id = $1
"""
_STAYS = """
insert into stay (placement_id, edition_id, intern_id, host_id, first_day, last_day)
select md5(n::text)::uuid, $1, gen_random_uuid(), gen_random_uuid(), date '2018-09-10', date '2018-09-14'
from generate_series(1, $2::int) n
"""
_EVALUATIONS = """
insert into evaluation (evaluation_id, edition_id, placement_id, party, wave, question_set_version, answer_by)
select gen_random_uuid(), edition_id, placement_id, party, 'after', 1, $2
from stay, unnest(array['intern', 'manager', 'host']) party where edition_id = $1
"""


async def shown(rig: Rig, world: World) -> tuple[int, int, int, int, int]:
    """What the desk shows of the edition."""
    async with rig.database.reading() as conn:
        one = await desk_edition(conn, edition_id=world.edition_id)
    assert one is not None
    return numbers(one)


def numbers(one: DeskEdition) -> tuple[int, int, int, int, int]:
    return one.stays, one.to_follow_up, one.asked, one.submitted, one.open


async def counted_anew(rig: Rig, world: World) -> tuple[int, ...]:
    async with rig.database.reading() as conn:
        return tuple((await conn.fetchrow(_COUNTED_ANEW, world.edition_id)).values())


async def test_what_is_shown_is_what_one_counts_through_a_whole_course(rig: Rig, world: World) -> None:
    other = World()
    await rig.tell(other.edition(name="En anden"))
    stays = await answered_round(rig, world, stays=6, hosts=2)
    await answered_round(rig, other, stays=2, hosts=1)
    assert await shown(rig, world) == (6, 6, 18, 8, 10) == await counted_anew(rig, world)
    await rig.tell(world.erased(stays[0].intern_id))
    assert await shown(rig, world) == await counted_anew(rig, world)
    rig.clock.instant = FOLLOW_UP_AT + timedelta(hours=1)
    await rig.run_jobs()
    assert await shown(rig, world) == await counted_anew(rig, world)
    assert (await shown(rig, world))[1] == 0
    rig.clock.instant += timedelta(days=90)
    await rig.run_jobs()
    assert (await shown(rig, world))[4] == 0
    async with rig.database.transaction() as tx:
        await tx.conn.execute("delete from free_text")
        await tx.conn.execute("delete from evaluation where wave = 'follow_up'")
        await tx.conn.execute("update evaluation set edition_id = $1", world.edition_id)
    assert await shown(rig, world) == await counted_anew(rig, world)
    assert await shown(rig, other) == await counted_anew(rig, other)


async def test_two_who_answer_at_once_wait_for_nobody_and_both_count(rig: Rig, world: World) -> None:
    stays = await answered_round(rig, world, stays=3, hosts=0)
    async with asyncio.timeout(20), rig.database.transaction() as held:
        await held.conn.execute(
            "update evaluation set state = 'expired', closed_at = $1 where placement_id = $2 and party = 'host'",
            held.now,
            stays[0].placement_id,
        )
        await answer(rig, stays[1], "host")
        assert await shown(rig, world) == (3, 3, 9, 4, 5)
    assert await shown(rig, world) == (3, 3, 9, 4, 4)
    await answer(rig, stays[2], "host")
    async with rig.database.reading() as conn:
        assert await conn.fetchval("select count(*) from edition_progress") == 2


async def test_the_list_reads_as_little_of_a_long_edition_as_of_a_short_one(rig: Rig, world: World) -> None:
    async def blocks() -> int:
        async with rig.database.reading() as conn:
            counting = Counting(conn)
            await desk_editions(counting)
        return counting.blocks

    await rig.tell(world.edition())
    async with rig.database.transaction() as tx:
        await tx.conn.execute(_STAYS, world.edition_id, 5_000)
        await tx.conn.execute(_EVALUATIONS, world.edition_id, tx.now)
    assert await shown(rig, world) == (5000, 5000, 15_000, 0, 15_000)
    assert await blocks() < 40  # all stays and evaluations are several hundred


async def test_what_was_there_before_the_counts_is_counted_when_they_come(rig: Rig, world: World) -> None:
    [file] = (Path(ipraktik_evaluation.__file__).parent / "migrations").glob("*_progress.sql")
    up, down = file.read_text("utf-8").split("-- migrate:down")
    owner = await asyncpg.connect(str(rig.context.settings.migration_database_url))
    try:
        await owner.execute(down)
        await answered_round(rig, world, stays=4, hosts=2)
        await owner.execute(up)
    finally:
        await owner.close()
    assert await shown(rig, world) == (4, 4, 12, 6, 6)

"""What the operator does with parked records, through the command that the runbooks name."""

import asyncio
import uuid
from pathlib import Path

import asyncpg
import pytest
from chassis.facts import accepted, declined, proposed
from chassis.listening import Bus, fault, heard, mend, parked
from chassis.processes import TallyProcess, command
from chassis.tally.work import WAIT_LOCK
from chassis.waiting import until
from chassis.wire import wired
from rig import Rig

from ipraktik_chassis import parked as parking
from ipraktik_chassis.replaying import replay, replay_what_is_known_now
from ipraktik_contracts.envelope import MAX_BODY_BYTES


async def run(tally: Rig, *arguments: str) -> tuple[int, list[str], str]:
    """`python -m … parked …`: status, lines of output, errors."""
    done = await asyncio.to_thread(command, "parked", *arguments, DATABASE_URL=tally.database_url)
    return done.returncode, done.stdout.splitlines(), done.stderr


async def numbers(tally: Rig) -> list[int]:
    """The numbers of what is parked, oldest first."""
    async with tally.database.reading() as conn:
        return [row["id"] for row in await conn.fetch("select id from parked order by id")]


async def older_build_parked(tally: Rig, kind: str, *records: object) -> None:
    """Park records as a build that did not know the first one's type would have."""
    async with tally.database.transaction() as tx:
        for place, record in enumerate(records):
            await parking.park(
                tx.conn,
                consumer="tally",
                record=record,  # type: ignore[arg-type]
                kind=kind if place == 0 else "behind",
                reason="not known",
                now=tx.now,
            )


async def test_list_shows_what_is_parked_and_why_but_not_what_it_says(tally: Rig) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    await tally.tell(accepted(bad), declined(bad))
    status, lines, errors = await run(tally, "list")
    first, second = await numbers(tally)
    assert (status, errors) == (0, "")
    assert lines[0].split("\t") == [
        str(first),
        "2018-04-09T08:00:00+00:00",
        "failed",
        "innovationspraktik.placements.v1[0]@1",
        "Broken in its handler",
    ]
    assert lines[1].split("\t")[2] == "behind"
    assert lines[1].startswith(f"{second}\t")
    assert lines[2:] == ["2 parked"]
    assert str(bad) not in "".join(lines)


async def park_many(tally: Rig) -> None:
    """Park 1,100 records that never go."""
    async with tally.database.transaction() as tx:
        await tx.conn.execute(
            "insert into parked (consumer, topic, partition, position, key, headers, body, kind, reason, parked_at) "
            "select 'tally', 'innovationspraktik.placements.v1', 0, n, n::text::bytea, '[]', '', 'malformed', 'bad', $1 "
            "from generate_series(1, 1100) n",
            tx.now,
        )


async def test_list_counts_all_that_is_parked(tally: Rig) -> None:
    await park_many(tally)
    status, lines, _ = await run(tally, "list")
    assert (status, lines[-1]) == (0, "1100 parked")


@pytest.mark.long
async def test_replay_of_all_tries_all_that_is_parked(tally: Rig) -> None:
    await park_many(tally)
    status, lines, _ = await run(tally, "replay", "--all")
    assert (status, len(lines)) == (1, 1100)


async def test_show_gives_one_record_whole(tally: Rig) -> None:
    spoilt = wired(tally.envelope(accepted())).header("ce_time", None).header("odd", b"\xff")
    await tally.intake.take([spoilt.at(1)])
    (number,) = await numbers(tally)
    status, lines, _ = await run(tally, "show", str(number))
    assert status == 0
    assert lines[0] == "malformed: header ce_time is null"
    assert "ce_time: (null)" in lines
    assert "odd: \\xff" in lines
    assert spoilt.value is not None
    assert lines[-1] == spoilt.value.decode()


async def test_show_says_so_where_there_is_no_body(tally: Rig) -> None:
    from dataclasses import replace

    await tally.intake.take([replace(wired(tally.envelope(accepted())), value=None).at(1)])
    (number,) = await numbers(tally)
    status, lines, _ = await run(tally, "show", str(number))
    assert (status, lines[-1]) == (0, "(no body)")


async def test_replay_takes_a_record_and_what_waits_behind_it_in_order(tally: Rig) -> None:
    bad, other = uuid.uuid4(), uuid.uuid4()
    await fault(tally, bad)
    await fault(tally, other)
    await tally.tell(accepted(bad), accepted(other), declined(bad))
    await tally.tell(proposed(bad))
    await mend(tally, bad)
    first, of_other, second, third = await numbers(tally)
    status, lines, _ = await run(tally, "replay", str(first))
    assert status == 0
    assert lines == [f"{number}\ttaken in" for number in (first, second, third)]
    assert await heard(tally) == {str(bad): [1, 2, 3]}
    assert await numbers(tally) == [of_other]
    # the key is free again
    await tally.tell(accepted(bad))
    assert await heard(tally) == {str(bad): [1, 2, 3, 4]}


async def test_replay_of_what_still_fails_says_why_and_keeps_it(tally: Rig) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    await tally.tell(accepted(bad), declined(bad))
    first, second = await numbers(tally)
    status, lines, _ = await run(tally, "replay", "--all")
    assert status == 1
    assert lines == [f"{first}\tstill parked: Broken in its handler"]
    assert await numbers(tally) == [first, second]


async def test_discard_gives_up_one_record_and_the_rest_of_its_line_goes_on(tally: Rig) -> None:
    key = uuid.uuid4()
    spoilt = wired(tally.envelope(accepted(key))).header("ce_time", b"yesterday")
    await tally.intake.take([spoilt.at(1000)])
    await tally.tell(declined(key), accepted(key))
    first, *_ = await numbers(tally)
    status, lines, _ = await run(tally, "discard", str(first))
    assert status == 0
    assert lines[0].startswith(f"{first} is discarded")
    status, _, _ = await run(tally, "replay", "--all")
    assert status == 0
    assert await heard(tally) == {str(key): [2, 3]}
    assert await parked(tally) == []


@pytest.mark.parametrize("act", ["show", "replay", "discard"])
async def test_a_number_that_is_not_parked_is_refused(tally: Rig, act: str) -> None:
    status, lines, errors = await run(tally, act, "4711")
    assert (status, lines) == (1, [])
    assert "nothing is parked under that number" in errors


async def test_replay_asks_which(tally: Rig) -> None:
    status, _, errors = await run(tally, "replay")
    assert status == 2
    assert "--all" in errors


async def test_what_comes_while_its_key_is_replayed_is_taken_in_too(tally: Rig) -> None:
    key = uuid.uuid4()
    await fault(tally, key)
    await tally.tell(accepted(key))
    await mend(tally, key)
    await fault(tally, key, "waits")
    holder = await asyncpg.connect(tally.database_url)
    try:
        await holder.execute("select pg_advisory_lock($1)", WAIT_LOCK)
        async with tally.database.reading() as conn:
            waiting = await parking.listed(conn, consumer="tally")
        replaying = asyncio.create_task(
            replay(database=tally.database, intake=tally.intake, consumer="tally", records=waiting)
        )

        async def under_way() -> bool:
            return bool(await holder.fetchval("select count(*) from pg_locks where not granted"))

        await until(under_way, what="the replay is under way")
        await tally.tell(declined(key))
        await holder.execute("select pg_advisory_unlock($1)", WAIT_LOCK)
        outcomes = await replaying
    finally:
        await holder.close()
    assert list(outcomes.values()) == [None, None]
    assert await heard(tally) == {str(key): [1, 2]}
    assert await parked(tally) == []


async def test_a_build_that_knows_the_type_replays_what_an_older_one_parked(tally: Rig) -> None:
    known, unknown = uuid.uuid4(), uuid.uuid4()
    line = [wired(tally.envelope(event)) for event in (proposed(known), accepted(known), declined(known))]
    await older_build_parked(tally, "unknown_type", *(record.at(n) for n, record in enumerate(line)))
    dreamt = wired(tally.envelope(accepted(unknown))).header(
        "ce_type", b"dk.innovationspraktik.MatchDreamt.v1"
    )
    await tally.intake.take([dreamt.at(10), wired(tally.envelope(accepted(unknown))).at(11)])
    replayed = await replay_what_is_known_now(database=tally.database, intake=tally.intake, consumer="tally")
    assert replayed == 3
    assert await heard(tally) == {str(known): [1, 2, 3]}
    assert [row["kind"] for row in await parked(tally)] == ["unknown_type", "behind"]


async def test_work_replays_at_its_start_what_its_build_knows(tally: Rig, bus: Bus, tmp_path: Path) -> None:
    key = uuid.uuid4()
    line = [wired(tally.envelope(accepted(key))) for _ in range(2)]
    await older_build_parked(tally, "newer_major", *(record.at(n) for n, record in enumerate(line)))
    await bus.tell(tally, accepted(key))
    with TallyProcess(
        tmp_path,
        "work",
        DATABASE_URL=tally.database_url,
        KAFKA_BOOTSTRAP=bus.bootstrap,
        TOPIC_NAMESPACE=bus.namespace,
    ) as process:

        async def all_heard() -> bool:
            assert not process.ended
            return await heard(tally) == {str(key): [1, 2, 3]}

        await until(all_heard, what="the replayed and the new are heard, in order")
    assert await parked(tally) == []


async def test_malformed_records_are_not_tried_again_at_every_start(tally: Rig) -> None:
    from dataclasses import replace

    big = replace(wired(tally.envelope(accepted())), value=b" " * (MAX_BODY_BYTES + 1))
    await tally.intake.take([big.at(1)])
    replayed = await replay_what_is_known_now(database=tally.database, intake=tally.intake, consumer="tally")
    assert replayed == 0
    assert len(await parked(tally)) == 1


async def test_replaying_all_of_nothing_is_no_error(tally: Rig) -> None:
    assert await run(tally, "replay", "--all") == (0, ["nothing is parked"], "")

"""Two members share the work while they come, go and die; a line with a hole waits, and reading again from the start fills it."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from chassis.waiting import until
from kit.expected import hash_of, placements
from kit.hostile import Stream, in_waves, without
from kit.kits import AT_ONCE, Kit
from kit.lives import Happened
from kit.members import Agency
from kit.stage import Stage

from ipraktik_contracts.topics import PARTICIPANTS, PARTITIONS, PLACEMENTS

pytestmark = pytest.mark.timeout(900)

GROUPS_OF_KITS = pytest.mark.parametrize("kits", AT_ONCE)
NewStage = Callable[[str], Stage]


async def _until(agency: Agency, count: int) -> None:
    async def there() -> bool:
        return await agency.taken() >= count

    await until(there, what=f"{agency.kit} has taken in {count} events", within=120, every=0.05)


async def _shared(stage: Stage, agencies: Sequence[Agency], members: int) -> None:
    for agency in agencies:

        async def shared(agency: Agency = agency) -> bool:
            assert all(member.running() for member in agency.members[-1:])
            return await stage.members(agency) == members

        await until(shared, what=f"{members} members share the work of {agency.kit}", within=60, every=0.1)


async def _alarmed(agency: Agency, times: int) -> None:
    await until(lambda: agency.said().count("GAP ") >= times, what="the alarm sounds", within=60)


@GROUPS_OF_KITS
async def test_members_come_go_and_die_and_nothing_is_lost_or_doubled(
    kits: tuple[Kit, ...], new_stage: NewStage, happened: Happened, stream: Stream
) -> None:
    """One works, a second joins, the first leaves in order, a third comes, the second dies; all in the middle of the stream."""
    stage = await asyncio.to_thread(new_stage, f"members-{kits[0]}")
    alone, together, leaving, comes_back, dying, rest = in_waves(stream.records, 6)
    async with stage.agencies(kits) as agencies, stage.playing() as player:
        for agency in agencies:
            agency.start()
        await _shared(stage, agencies, 1)
        await player.play(alone)
        for agency in agencies:
            agency.start()
        await _shared(stage, agencies, 2)
        await player.play(together)
        for agency in agencies:
            await _until(agency, len(Stream((*alone, *together)).events))
        await player.play(leaving)
        for agency in agencies:
            agency.members[0].ask_to_stop()
        await player.play(comes_back)
        for agency in agencies:
            assert await asyncio.to_thread(agency.members[0].status) == 0
            agency.start()
        await _shared(stage, agencies, 2)
        await player.play(dying)
        for agency in agencies:
            agency.members[1].kill()
        await player.play(rest)
        for agency in agencies:
            await _until(agency, len(stream.events))
            wanted = placements(happened, stream)
            assert await agency.rows() == wanted, agency.kit
            assert await agency.hash() == hash_of(wanted), agency.kit
            assert await agency.holes() == [], agency.kit
            assert all(member.echoed() for member in agency.members), f"{agency.kit}: a member only looked on"
            echoed = Counter(line["id"] for line in agency.echoed())
            assert [id_ for id_, times in echoed.items() if times > 1] == [], agency.kit


async def _several_wait(agency: Agency) -> None:
    async def several() -> bool:
        return agency.members[-1].running() and len(await agency.holes()) >= 10

    await until(several, what="several lines wait", within=60)


@GROUPS_OF_KITS
async def test_a_line_with_a_hole_sounds_the_alarm_and_waits_while_the_others_go_on(
    kits: tuple[Kit, ...], new_stage: NewStage, happened: Happened, stream: Stream
) -> None:
    last = stream.last_numbers()
    told = stream.events.values()
    lost = random.Random(5).choice(
        [one for one in told if one.topic == PLACEMENTS.name and 1 < one.sequence < last[one.line] - 2]
    )
    leaves = min(happened.erased, key=str)
    before_erasure = next(one for one in told if one.line == (PARTICIPANTS.name, str(leaves)))
    holed = without(stream, lost, before_erasure)
    wait = {
        (one.line, one.sequence, last[one.line]): last[one.line] - one.sequence
        for one in (lost, before_erasure)
    }
    stage = await asyncio.to_thread(new_stage, f"hole-{kits[0]}")
    async with stage.agencies(kits) as agencies, stage.playing() as player:
        await player.play(holed.records)
        for agency in agencies:
            agency.start()
        for agency in agencies:
            await _until(agency, len(holed.events) - sum(wait.values()))
            await _alarmed(agency, sum(wait.values()))
            gaps = await agency.holes()
            assert {((row[0], row[1]), row[2], row[3]) for row in gaps} == set(wait), agency.kit
            untouched = [row for row in placements(happened, stream) if row[0] != lost.line[1]]
            assert [row for row in await agency.rows() if row[0] != lost.line[1]] == untouched, agency.kit
            assert await agency.taken() == len(holed.events) - sum(wait.values()), agency.kit
            # the erasure itself comes after a hole in its line, and does not wait
            erased = await agency.ask("select participant_id from erased")
            assert {row[0] for row in erased} == happened.erased, agency.kit


@GROUPS_OF_KITS
async def test_reading_again_from_the_start_in_a_new_group_fills_every_hole(
    kits: tuple[Kit, ...], new_stage: NewStage, happened: Happened, stream: Stream
) -> None:
    """As after a database was set back to an older copy: the group's offsets are ahead of what the tables hold."""
    stage = await asyncio.to_thread(new_stage, f"ahead-{kits[0]}")
    half = in_waves(stream.records, 2)
    async with stage.agencies(kits) as agencies, stage.playing() as player:
        await player.play(half[0])
        for agency in agencies:
            await _offsets_to_the_end(stage, agency.environment["KAFKA_GROUP"])
        await player.play(half[1])
        for agency in agencies:
            agency.start()
        for agency in agencies:
            await _several_wait(agency)
            agency.members[-1].ask_to_stop()
            assert await asyncio.to_thread(agency.members[-1].status) == 0
        for agency in agencies:
            agency.start(KAFKA_GROUP=agency.environment["KAFKA_GROUP"] + "-again")
        for agency in agencies:
            await _until(agency, len(stream.events))
            assert await agency.rows() == placements(happened, stream), agency.kit
            assert await agency.holes() == [], agency.kit


async def _offsets_to_the_end(stage: Stage, group: str) -> None:
    topic = stage.namespace + PLACEMENTS.name
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(**stage.admin.aiokafka(), group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.commit(ends)
    finally:
        await consumer.stop()


@GROUPS_OF_KITS
async def test_a_wrong_password_ends_a_kit_with_a_line_that_says_so(
    kits: tuple[Kit, ...], new_stage: NewStage
) -> None:
    stage = await asyncio.to_thread(new_stage, f"wrong-{kits[0]}")
    async with stage.agencies(kits) as agencies:
        for agency in agencies:
            agency.start(KAFKA_PASSWORD="not-the-password")
        for agency in agencies:
            assert await asyncio.to_thread(agency.members[0].status, within=60) == 1, agency.kit
            assert re.search("^ERROR (gave up|could not start): ", agency.said(), re.MULTILINE), agency.kit
            assert "not-the-password" not in agency.said(), agency.kit

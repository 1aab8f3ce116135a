"""Every kit, on real Kafka with an agency's own login, killed and cut off on the way: in the end all have the same table.

The stream is played in waves with pauses. Meanwhile each subscriber is shaken: killed by SIGKILL, or all its database connections
broken, at moments drawn by chance but counted in events, not in seconds.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
from chassis.waiting import until
from kit.expected import Row, hash_of, placements
from kit.hostile import Stream, in_waves
from kit.kits import AT_ONCE, Kit
from kit.lives import Happened
from kit.members import Agency
from kit.stage import Stage

pytestmark = pytest.mark.timeout(900)

KILLS: Final = 4
WAVES: Final = 8
PAUSE_SECONDS: Final = 0.4


@dataclass(frozen=True)
class Outcome:
    """What was found when a subscriber had everything and had been asked to stop."""

    kit: Kit
    rows: list[Row]
    hash: str
    inbox: set[str]
    refused: int
    gaps: int
    erased: set[Any]
    named: set[Any]
    kills: int
    cuts: int
    status: int
    said: str
    secrets_said: list[str]
    echoed: list[dict[str, Any]]


async def _shaken(agency: Agency, stream: Stream, chance: random.Random) -> Outcome:
    everything = len(stream.events)
    moments = sorted(chance.sample(range(1, everything - 40), KILLS + 1))
    cut_at = chance.choice(moments)
    kills = cuts = 0
    since = await agency.instant()
    member = agency.start()
    for moment in moments:
        await _until_taken(agency, moment)
        if moment == cut_at:
            await _until_up(agency, since)
            cuts += await agency.lose_connections()
        else:
            member.kill()
            kills += 1
            since = await agency.instant()
            member = agency.start()
    await _until_taken(agency, everything)
    if moments[-1] != cut_at:
        await _until_up(agency, since)
    member.ask_to_stop()
    status = await asyncio.to_thread(member.status)
    return Outcome(
        kit=agency.kit,
        rows=await agency.rows(),
        hash=await agency.hash(),
        inbox={str(row[0]) for row in await agency.ask("select event_id from inbox")},
        refused=(await agency.ask("select count(*) from refused"))[0][0],
        gaps=(await agency.ask("select count(*) from gap"))[0][0],
        erased={row[0] for row in await agency.ask("select participant_id from erased")},
        named={id_ for row in await agency.ask("select intern_id, host_id from placement") for id_ in row},
        kills=kills,
        cuts=cuts,
        status=status,
        said=agency.said(),
        secrets_said=[name for name, secret in agency.secrets().items() if secret in agency.said()],
        echoed=agency.echoed(),
    )


async def _until_taken(agency: Agency, count: int) -> None:
    async def there() -> bool:
        return agency.members[-1].running() and await agency.taken() >= count

    await until(there, what=f"{agency.kit} has taken in {count} events", within=120, every=0.03)


async def _until_up(agency: Agency, since: Any) -> None:
    """The member that was started last hears what it is told; the one before may have taken in all there is."""
    await until(lambda: agency.connected(since), what=f"the last {agency.kit} is up", within=60, every=0.03)


async def _played(stage: Stage, stream: Stream) -> None:
    async with stage.playing() as player:
        for wave in in_waves(stream.records, WAVES):
            await player.play(wave)
            await asyncio.sleep(PAUSE_SECONDS)  # silence is part of the stream


async def _all_shaken(stage: Stage, kits: Sequence[Kit], stream: Stream) -> list[Outcome]:
    async with stage.agencies(kits) as agencies, asyncio.TaskGroup() as together:
        together.create_task(_played(stage, stream))
        shaken = [
            together.create_task(_shaken(agency, stream, random.Random(str(agency.kit))))
            for agency in agencies
        ]
    return [one.result() for one in shaken]


@pytest.fixture(scope="module", params=AT_ONCE)
def outcomes(
    request: pytest.FixtureRequest, new_stage: Callable[[str], Stage], stream: Stream
) -> list[Outcome]:
    """Each kit of the group, shaken while the same stream is played to all of them."""
    kits: tuple[Kit, ...] = request.param
    return asyncio.run(_all_shaken(new_stage(f"shaken-{kits[0]}"), kits, stream))


def test_all_end_with_the_table_that_the_story_itself_gives(
    outcomes: list[Outcome], happened: Happened, stream: Stream
) -> None:
    wanted = placements(happened, stream)
    assert len(wanted) > 40
    for outcome in outcomes:
        assert outcome.rows == wanted, outcome.kit
        assert outcome.hash == hash_of(wanted), outcome.kit


def test_they_were_really_killed_and_cut_off(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert outcome.kills == KILLS, outcome.kit
        assert outcome.cuts > 0, outcome.kit


def test_every_event_is_in_the_inbox_once_and_nothing_else(outcomes: list[Outcome], stream: Stream) -> None:
    for outcome in outcomes:
        assert outcome.inbox == set(stream.events), outcome.kit


def test_no_gap_is_seen_where_there_is_none(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert outcome.gaps == 0, outcome.kit
        assert "GAP" not in outcome.said, outcome.kit


def test_broken_records_are_noted_one_by_one_and_nothing_waits_for_them(
    outcomes: list[Outcome], stream: Stream
) -> None:
    for outcome in outcomes:
        assert outcome.refused == stream.refused, outcome.kit
        assert outcome.said.count("REFUSED ") >= stream.refused, outcome.kit


def test_each_type_and_major_from_the_future_is_skipped_with_a_line(
    outcomes: list[Outcome], stream: Stream
) -> None:
    for outcome in outcomes:
        assert outcome.said.count("skipped ") >= stream.unknown, outcome.kit


def test_nothing_is_kept_of_who_was_erased(outcomes: list[Outcome], happened: Happened) -> None:
    for outcome in outcomes:
        assert outcome.erased == happened.erased, outcome.kit
        assert not outcome.named & happened.erased, outcome.kit


def test_no_event_is_echoed_twice_and_each_line_in_its_order(outcomes: list[Outcome], stream: Stream) -> None:
    for outcome in outcomes:
        ids = [line["id"] for line in outcome.echoed]
        assert [id_ for id_, times in Counter(ids).items() if times > 1] == [], outcome.kit
        assert set(ids) <= set(stream.events), outcome.kit
        lines: dict[tuple[str, str], list[int]] = {}
        for line in outcome.echoed:
            lines.setdefault((line["topic"], line["key"]), []).append(line["sequence"])
        assert [numbers for numbers in lines.values() if numbers != sorted(numbers)] == [], outcome.kit


def test_asked_to_stop_they_leave_in_order(outcomes: list[Outcome]) -> None:
    assert {str(outcome.kit): outcome.status for outcome in outcomes} == {
        str(outcome.kit): 0 for outcome in outcomes
    }


def test_no_secret_is_in_a_log(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert outcome.secrets_said == [], outcome.kit

"""Records that break the contract, in a real topic: each is parked with its kind, and the partition moves on."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from chassis.facts import accepted
from chassis.listening import Bus, heard, listening, parked
from chassis.wire import Wire, wired
from rig import Rig

from ipraktik_contracts.envelope import MAX_BODY_BYTES

POISON: dict[str, tuple[Callable[[Wire], Wire], str]] = {
    "bad JSON": (lambda good: replace(good, value=b'{"placement_id": '), "malformed"),
    "header bytes that are no text": (lambda good: good.header("ce_source", b"\xff\xfe\xfd"), "malformed"),
    "null header": (lambda good: good.header("ce_time", None), "malformed"),
    "tombstone on a public topic": (lambda good: replace(good, value=None), "malformed"),
    "unknown type": (
        lambda good: good.header("ce_type", b"dk.innovationspraktik.MatchDreamt.v1"),
        "unknown_type",
    ),
    "newer major": (
        lambda good: good.header("ce_type", b"dk.innovationspraktik.MatchAccepted.v2"),
        "newer_major",
    ),
    "oversized body": (lambda good: replace(good, value=b" " * (MAX_BODY_BYTES + 1)), "malformed"),
    "fields that do not fit": (lambda good: replace(good, value=b'{"placement_id": "7"}'), "malformed"),
    "no headers at all": (lambda good: replace(good, headers=()), "malformed"),
    "another aggregate's key": (lambda good: replace(good, key=b"somebody else's"), "malformed"),
    "no key": (lambda good: replace(good, key=None), "malformed"),
}


async def test_every_poison_is_parked_with_its_kind_and_everything_around_it_takes_effect(
    tally: Rig, bus: Bus
) -> None:
    before, after = uuid.uuid4(), uuid.uuid4()
    poisoned = {name: uuid.uuid4() for name in POISON}
    good = {name: wired(tally.envelope(accepted(placement))) for name, placement in poisoned.items()}
    records = [wired(tally.envelope(accepted(before))) for _ in range(5)]
    for name, (spoil, _) in POISON.items():
        records += [wired(tally.envelope(accepted(before))), spoil(good[name])]
        records.append(wired(tally.envelope(accepted(after))))
    async with listening(tally, bus) as listener:
        await bus.publish(*records)
        await listener.caught_up()
        await bus.publish(*(wired(tally.envelope(accepted(after))) for _ in range(5)))
        await listener.caught_up()
    rounds = len(POISON)
    assert await heard(tally) == {
        str(before): list(range(1, 6 + rounds)),
        str(after): list(range(1, 6 + rounds)),
    }
    found = {(row["key"], row["body"]): row["kind"] for row in await parked(tally)}
    spoilt = {name: spoil(good[name]) for name, (spoil, _) in POISON.items()}
    assert {name: found.pop((record.key, record.value)) for name, record in spoilt.items()} == {
        name: kind for name, (_, kind) in POISON.items()
    }
    assert not found


@pytest.mark.parametrize("name", list(POISON))
async def test_what_comes_later_waits_behind_poison_under_the_same_key(tally: Rig, name: str) -> None:
    spoil, kind = POISON[name]
    good, later = (wired(tally.envelope(event)) for event in [accepted(uuid.uuid4())] * 2)
    spoilt = spoil(good)
    await tally.intake.take([spoilt.at(1)])
    await tally.intake.take([later.at(2)])
    if spoilt.key == later.key:
        assert [row["kind"] for row in await parked(tally)] == [kind, "behind"]
        assert await heard(tally) == {}
    else:
        assert [row["kind"] for row in await parked(tally)] == [kind]
        assert list((await heard(tally)).values()) == [[2]]


async def test_a_header_that_nobody_reads_may_hold_anything(tally: Rig, bus: Bus) -> None:
    record = wired(tally.envelope(accepted())).header("x-trace", None).header("x-noise", b"\xff")
    async with listening(tally, bus) as listener:
        await bus.publish(record)
        await listener.caught_up()
    assert len(await heard(tally)) == 1
    assert await parked(tally) == []


async def test_what_is_parked_is_the_record_as_it_came(tally: Rig, bus: Bus) -> None:
    from ipraktik_chassis import parked as parking

    record = wired(tally.envelope(accepted())).header("ce_source", b"\xff\x00\xfe").header("ce_time", None)
    async with listening(tally, bus) as listener:
        await bus.publish(record)
        await listener.caught_up()
    async with tally.database.reading() as conn:
        (kept,) = await parking.listed(conn, consumer="tally")
    assert (kept.record.topic, kept.record.key, kept.record.headers, kept.record.body) == (
        record.topic,
        record.key,
        record.headers,
        record.value,
    )

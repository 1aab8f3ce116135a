"""Saying what has happened: in the transaction of the state, numbered without a gap, in order per aggregate."""

import asyncio
import uuid
from typing import Any

import pytest
from chassis.facts import accepted, contact, declined, expired
from chassis.waiting import until
from rig import Rig

from ipraktik_chassis.cause import because_of, new_cause
from ipraktik_chassis.outbox import unpack_headers
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent, TooLarge, decode
from ipraktik_contracts.events import ContactChanged, MatchAccepted, ReportPublished
from ipraktik_contracts.topics import CONTACTS, PLACEMENTS


async def outbox(tally: Rig) -> list[tuple[int, CloudEvent]]:
    """What waits to be sent, by id."""
    async with tally.database.reading() as conn:
        rows = await conn.fetch("select id, headers, body from outbox where body is not null order by id")
    return [(row["id"], decode(unpack_headers(row["headers"]), row["body"])) for row in rows]


def numbers(said: list[tuple[int, CloudEvent]]) -> dict[str, list[int]]:
    """Per aggregate, the sequence numbers in the order of the ids."""
    found: dict[str, list[int]] = {}
    for _, event in said:
        found.setdefault(event.key, []).append(event.sequence)
    return found


async def test_twenty_transactions_at_once_number_the_same_aggregates_without_a_gap(tally: Rig) -> None:
    keys = [uuid.uuid4() for _ in range(4)]
    database = tally.database

    async def use_case(number: int) -> None:
        turned = keys[number % 4 :] + keys[: number % 4]
        async with database.transaction() as tx:
            # several aggregates in one call, each use case with another order of them
            await tx.emit(*(accepted(key) for key in turned), declined(turned[0]))

    await asyncio.gather(*(use_case(number) for number in range(20)))
    said = await outbox(tally)
    assert numbers(said) == {str(key): list(range(1, 26)) for key in keys}
    assert len({event.id for _, event in said}) == 100
    ids = [id for id, _ in said]
    assert ids == sorted(set(ids))


async def test_a_transaction_that_is_rolled_back_leaves_neither_event_nor_gap(tally: Rig) -> None:
    key = uuid.uuid4()

    class ChangedMind(Exception):
        pass

    async with tally.database.transaction() as tx:
        await tx.emit(accepted(key))
    with pytest.raises(ChangedMind):
        async with tally.database.transaction() as tx:
            await tx.emit(declined(key), expired(key))
            raise ChangedMind
    async with tally.database.transaction() as tx:
        await tx.emit(expired(key))
    assert numbers(await outbox(tally)) == {str(key): [1, 2]}


async def test_events_of_one_call_keep_the_order_in_which_they_are_said(tally: Rig) -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    order = [accepted(one), declined(two), declined(one), accepted(two), expired(one)]
    async with tally.database.transaction() as tx:
        await tx.emit(*order)
    assert [event.data for _, event in await outbox(tally)] == order


async def test_the_same_key_on_two_topics_is_counted_apart(tally: Rig) -> None:
    same = uuid.uuid4()
    async with tally.database.transaction() as tx:
        await tx.emit(accepted(same), contact(same), accepted(same))
    assert [event.sequence for _, event in await outbox(tally)] == [1, 1, 2]


async def test_the_second_of_two_transactions_on_an_aggregate_waits_for_the_first(tally: Rig) -> None:
    key = uuid.uuid4()
    async with tally.database.transaction() as first:
        await first.emit(accepted(key))
        saying = asyncio.create_task(in_a_transaction(tally, accepted(key)))
        await until(lambda: somebody_waits(tally), what="the second waits")
        await first.emit(declined(key))
    await saying
    said = await outbox(tally)
    assert [type(event.data).__name__ for _, event in said] == [
        "MatchAccepted",
        "MatchDeclined",
        "MatchAccepted",
    ]
    assert numbers(said) == {str(key): [1, 2, 3]}


async def test_an_erasure_waits_for_what_is_being_said_of_the_same_contact(tally: Rig) -> None:
    gone = uuid.uuid4()

    async def erase() -> None:
        async with tally.database.transaction() as tx:
            await tx.erase(ContactChanged, gone)

    async with tally.database.transaction() as first:
        await first.emit(contact(gone))
        erasing = asyncio.create_task(erase())
        await until(lambda: somebody_waits(tally), what="the erasure waits")
        await first.emit(contact(gone, name="later"))
    await erasing
    async with tally.database.reading() as conn:
        rows = await conn.fetch("select body from outbox order by id")
    # the tombstone is the last word: a contact that came after it would be alive again
    assert [row["body"] is None for row in rows] == [False, False, True]


async def test_an_erasure_is_a_tombstone_under_the_contacts_key(tally: Rig) -> None:
    gone = uuid.uuid4()
    async with tally.database.transaction() as tx:
        await tx.erase(ContactChanged, gone)
    async with tally.database.reading() as conn:
        (row,) = await conn.fetch("select topic, key, headers, body from outbox")
    assert tuple(row) == (CONTACTS.name, str(gone).encode(), b"", None)


async def test_erasing_nobody_writes_nothing(tally: Rig) -> None:
    async with tally.database.transaction() as tx:
        await tx.erase(ContactChanged)
        await tx.emit()
    async with tally.database.reading() as conn:
        assert await conn.fetchval("select count(*) from outbox") == 0


@pytest.mark.parametrize("event_class", [MatchAccepted, ReportPublished])
async def test_a_public_topic_takes_no_tombstone(tally: Rig, event_class: Any) -> None:
    async with tally.database.transaction() as tx:
        with pytest.raises(ValueError, match="is public"):
            await tx.erase(event_class, uuid.uuid4())


async def test_an_event_that_is_too_large_undoes_its_use_case(tally: Rig) -> None:
    key = uuid.uuid4()
    large = accepted(key).model_copy(update={"party": "x" * 70_000})
    with pytest.raises(TooLarge):
        async with tally.database.transaction() as tx:
            await tx.emit(accepted(key))
            await tx.emit(large)
    assert await outbox(tally) == []


async def test_an_event_says_where_it_comes_from_and_because_of_what(tally: Rig) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with because_of(new_cause(correlation_id="sign-up-7", causation_id="before", parent=trace)):
        await in_a_transaction(tally, accepted())
    ((_, event),) = await outbox(tally)
    assert event.source == "urn:innovationspraktik:coi:tally"
    assert event.time == tally.clock.now()
    assert (event.correlation_id, event.causation_id) == ("sign-up-7", "before")
    assert event.traceparent is not None
    assert event.traceparent.split("-")[1] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert event.traceparent != trace
    assert event.id.version == 7


async def test_what_a_handler_says_is_caused_by_what_it_heard(tally: Rig) -> None:
    from chassis.facts import proposed

    (heard,) = await tally.tell(proposed())
    ((_, said),) = await outbox(tally)
    assert said.causation_id == str(heard.id)
    assert said.correlation_id is not None


async def test_topics_are_written_in_the_services_namespace(tally: Rig) -> None:
    from ipraktik_chassis.transaction import Origin

    async with tally.database.reading() as conn, conn.transaction():
        tx = Transaction(
            conn=conn, now=tally.clock.now(), origin=Origin("urn:innovationspraktik:coi:tally", "t9.")
        )
        await tx.emit(accepted())
        await tx.erase(ContactChanged, uuid.uuid4())
        rows = await conn.fetch("select topic from outbox order by id")
    assert [row["topic"] for row in rows] == ["t9." + PLACEMENTS.name, "t9." + CONTACTS.name]


async def in_a_transaction(tally: Rig, *events: Any) -> None:
    async with tally.database.transaction() as tx:
        await tx.emit(*events)


async def somebody_waits(tally: Rig) -> bool:
    async with tally.database.reading() as conn:
        return bool(
            await conn.fetchval(
                "select count(*) from pg_locks where not granted and pid in "
                "(select pid from pg_stat_activity where datname = current_database())"
            )
        )

"""The outbox takes records in the order given, as bytes, and refuses what could never be sent."""

import asyncpg
import pytest
from chassis.relay import bus
from chassis.relay.bus import OutboxDatabase
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_chassis import outbox
from ipraktik_chassis.outbox import OutboxRecord, outbox_columns, pack_headers, unpack_headers

NAMES = st.text(min_size=1, max_size=20).filter(lambda name: "\0" not in name)
VALUES = st.binary(max_size=40).filter(lambda value: b"\0" not in value)
HEADERS = st.lists(st.tuples(NAMES.filter(lambda name: name.isprintable()), VALUES), max_size=15)


@given(HEADERS)
def test_headers_survive_packing(headers: list[tuple[str, bytes]]) -> None:
    assert unpack_headers(pack_headers(headers)) == headers


@pytest.mark.parametrize(
    "headers", [[("ce_id", b"a\0b")], [("ce\0id", b"a")], [("ce_id", b""), ("", b"a")], [("", b"")]]
)
def test_headers_that_could_not_be_taken_apart_again_are_refused(headers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(ValueError, match="header"):
        pack_headers(headers)


@pytest.mark.parametrize("topic", ["", "no such name", "æbler", "..", "t" * 250])
def test_a_topic_that_kafka_would_never_take_is_refused_when_it_is_written(topic: str) -> None:
    record = OutboxRecord(topic, b"key", (), b"{}", bus.event("t", "key", 1).event_id)
    with pytest.raises(ValueError, match="topic name"):
        outbox_columns(record, now=bus.NOW)


async def test_ids_rise_in_the_order_of_the_records(database: OutboxDatabase) -> None:
    records = [bus.event("participants.v1", f"participant-{n % 50}", n) for n in range(1000)]
    await outbox.append(database.conn, records, now=bus.NOW)
    rows = await database.conn.fetch("select event_id from outbox order by id")
    assert [row["event_id"] for row in rows] == [record.event_id for record in records]


async def test_nothing_is_said_when_the_transaction_fails(database: OutboxDatabase) -> None:
    with pytest.raises(RuntimeError):
        async with database.conn.transaction():
            await bus.say(database.conn, "participants.v1", {"participant-1": [1, 2]})
            raise RuntimeError
    assert await outbox.backlog(database.conn) == outbox.Backlog(0, None)


async def test_a_statement_of_its_own_writes_the_same_row(database: OutboxDatabase) -> None:
    record = bus.event("participants.v1", "participant-1", 1)
    await outbox.append(database.conn, [record], now=bus.NOW)
    await database.conn.execute(
        f"insert into outbox ({outbox.COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *outbox_columns(record, now=bus.NOW),
    )
    first, second = await database.conn.fetch(f"select {outbox.COLUMNS} from outbox order by id")
    assert first == second


async def test_the_backlog_is_counted_from_its_oldest(database: OutboxDatabase) -> None:
    await bus.say(database.conn, "participants.v1", {"participant-1": [1, 2, 3]})
    assert await outbox.backlog(database.conn) == outbox.Backlog(3, bus.NOW)


async def test_appending_nothing_asks_nothing(database: OutboxDatabase) -> None:
    await database.conn.close()
    await outbox.append(database.conn, [], now=bus.NOW)
    with pytest.raises(asyncpg.InterfaceError):
        await outbox.append(database.conn, [bus.event("t", "k", 1)], now=bus.NOW)

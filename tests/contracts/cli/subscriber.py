"""A subscriber to be checked, good or bad in one way: `python subscriber.py <fault>`. It keeps what it takes in in SQLite, and its
echo in ECHO_FILE, or in a topic where ECHO_TOPIC names one.

good, to a topic, drops, repeats, early, stops, reorders, ignores. Everything else about them is right.
"""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

TOPICS = [f"innovationspraktik.{name}.v1" for name in ("participants", "placements", "evaluations")]
KNOWN = Path(__file__).resolve().parents[3] / "contracts" / "examples"


class Kept:
    """The database and the echo."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        echo = Path(os.environ["ECHO_FILE"])
        self.database = sqlite3.connect(echo.with_suffix(".db"), isolation_level=None)
        self.database.execute("create table if not exists inbox (id text primary key)")
        self.echo = echo.open("a", encoding="utf-8")
        self.known = {f"dk.innovationspraktik.{path.stem}" for path in KNOWN.glob("*.v1.json")}

    def take_in(self, records: Iterable[Any]) -> list[tuple[bytes, bytes]]:
        """In one transaction; shown after it. Gives key and line of what was shown."""
        shown: list[tuple[bytes, dict[str, Any]]] = []
        self.database.execute("begin")
        for record in records:
            headers = {name: raw.decode() for name, raw in record.headers}
            if headers["ce_type"] not in self.known:
                continue
            if self.fault == "drops" and headers["ce_id"].endswith(("0", "8")):
                continue
            new = self.database.execute("insert or ignore into inbox values (?)", (headers["ce_id"],))
            if new.rowcount or self.fault == "repeats":
                line = {"id": headers["ce_id"], "sequence": int(headers["ce_sequence"])}
                shown.append((record.key, line))
        self.database.execute("commit")
        self.echo.writelines(json.dumps(line) + "\n" for _, line in shown)
        self.echo.flush()
        return [(key, json.dumps(line).encode()) for key, line in shown]


async def main(fault: str) -> None:
    """Listen until killed."""
    namespace, kept = os.environ["TOPIC_NAMESPACE"], Kept(fault)
    consumer = AIOKafkaConsumer(
        *(namespace + topic for topic in TOPICS),
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"],
        group_id=os.environ["KAFKA_GROUP"],
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=1000,
    )
    await consumer.start()
    try:
        while True:
            batches = await consumer.getmany(timeout_ms=100, max_records=300)
            for partition, records in batches.items():
                await one_batch(consumer, kept, partition, records)
    finally:
        await consumer.stop()


async def one_batch(consumer: Any, kept: Kept, partition: Any, records: list[Any]) -> None:
    end = records[-1].offset + 1
    match kept.fault:
        case "ignores" if partition == TopicPartition(os.environ["TOPIC_NAMESPACE"] + TOPICS[2], 3):
            return
        case "early":
            await consumer.commit({partition: end})
            await asyncio.sleep(1.0)
            kept.take_in(records)
            return
        case "stops":
            for record in records:
                if dict(record.headers)["ce_type"].decode() not in kept.known:
                    await consumer.commit({partition: record.offset})
                    await asyncio.Event().wait()
                kept.take_in([record])
        case "reorders":
            kept.take_in(records[::-1])
        case "to a topic":
            async with AIOKafkaProducer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"]) as producer:
                for key, line in kept.take_in(records):
                    await producer.send_and_wait(os.environ["ECHO_TOPIC"], line, key=key)
        case _:
            kept.take_in(records)
    await consumer.commit({partition: end})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

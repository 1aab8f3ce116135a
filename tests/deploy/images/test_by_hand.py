"""The scripts that an operator pipes into a container's Python, on real servers."""

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from registration.desk import Desk, host
from rig import Databases, Rig, rig_of

from deploy.image_root import ROOT
from ipraktik_chassis import outbox, outbox_dead
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_contracts.events import ParticipantErased
from ipraktik_contracts.topics import PARTICIPANTS, REQUESTS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.topics import create_topics, describe_topics
from ipraktik_registration.main import SERVICE

BY_HAND = ROOT / "deploy" / "by_hand"


@pytest.fixture(scope="module")
def databases(postgres: Any) -> Databases:
    return Databases(postgres)


@pytest.fixture
async def rig(databases: Databases) -> AsyncIterator[Rig]:
    async with rig_of(SERVICE, databases) as made:
        yield made


async def piped(rig: Rig, script: str, *arguments: str, kafka: str = "127.0.0.1:1") -> tuple[int, str]:
    """`python - ARGUMENTS < SCRIPT` with the running role; exit status and what it said."""
    own = {"DATABASE_URL": rig.database_url, "KAFKA_BOOTSTRAP": kafka}
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-", *arguments],
        env={**{name: value for name, value in os.environ.items() if name == "PATH"}, **own},
        input=(BY_HAND / script).read_text("utf-8"),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    return ended.returncode, ended.stdout + ended.stderr


async def test_a_sign_up_is_erased_for_somebody_who_cannot_do_it(rig: Rig) -> None:
    async with Desk.open(rig) as desk:
        await desk.open_edition()
        participant_id = await desk.register(host())
        await rig.said()

        assert await piped(rig, "erase_sign_up.py", str(participant_id)) == (
            0,
            f"{participant_id} is erased\n",
        )
        assert [event.participant_id for event in await rig.said(ParticipantErased)] == [participant_id]
        assert await desk.state(participant_id) == "erased"
        assert (await piped(rig, "erase_sign_up.py", str(uuid.uuid4())))[0] == 1


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        ("erase_sign_up.py", ()),
        ("erase_sign_up.py", ("ida@example.org",)),
        ("dead_rows.py", ()),
        ("dead_rows.py", ("registration", "discard", "topic", "key")),
        ("dead_rows.py", ("registration", "retry", "topic")),
        ("refill_kafka.py", ()),
    ],
)
async def test_a_script_that_is_called_otherwise_says_how(
    rig: Rig, script: str, arguments: tuple[str, ...]
) -> None:
    status, said = await piped(rig, script, *arguments)

    assert status == 1
    assert said.startswith("`python - ")
    assert "Traceback" not in said


async def test_refused_rows_are_listed_and_go_back_whole(rig: Rig) -> None:
    topic, key = PARTICIPANTS.name, str(uuid.uuid4())
    async with rig.database.transaction() as tx:
        records = [OutboxRecord(topic, key.encode(), (("a", b"b"),), b"{}", uuid.uuid4()) for _ in range(2)]
        await outbox.append(tx.conn, records, now=tx.now)
        rows = await tx.conn.fetch("select * from outbox order by id")
        await outbox_dead.bury(tx.conn, refused=[(rows[0], "too_large")], behind=[rows[1]])

    status, said = await piped(rig, "dead_rows.py", "registration", "retry", "topic", "nobody")
    assert (status, "nothing is held under that topic and key" in said) == (1, True)
    status, said = await piped(rig, "dead_rows.py", "registration", "list")
    assert status == 0
    assert [line.split("\t")[:3] for line in said.splitlines()[:2]] == [
        [topic, key, "too_large"],
        [topic, key, "behind"],
    ]
    assert said.splitlines()[2] == "2 cannot be sent"
    assert await piped(rig, "dead_rows.py", "registration", "retry", topic, key) == (
        0,
        "2 rows are in the outbox again\n",
    )
    assert await rig.database.pool.fetchval("select count(*) from outbox") == 2


async def test_an_empty_kafka_is_filled_from_the_history_and_a_filled_one_only_by_name(
    rig: Rig, kafka: KafkaServer, topic_namespace: str
) -> None:
    await asyncio.to_thread(create_topics, kafka.bootstrap, topic_namespace)
    participants, requests = (
        PARTICIPANTS.in_namespace(topic_namespace),
        REQUESTS.in_namespace(topic_namespace),
    )
    async with rig.database.transaction() as tx:
        for topic in (participants, requests):
            record = OutboxRecord(topic, b"key", (("a", b"b"),), b"{}", uuid.uuid4())
            await outbox.append(tx.conn, [record], now=tx.now)
        await tx.conn.execute("insert into published select * from outbox")
        await tx.conn.execute("delete from outbox")

    assert await piped(rig, "refill_kafka.py", "registration", kafka=kafka.bootstrap) == (
        0,
        f"{requests}\t1\n{participants}\t1\n",
    )
    status, said = await piped(rig, "refill_kafka.py", "registration", kafka=kafka.bootstrap)
    assert (status, "not empty" in said) == (1, True)
    assert await piped(rig, "refill_kafka.py", "registration", requests, kafka=kafka.bootstrap) == (
        0,
        f"{requests}\t1\n",
    )
    states = await asyncio.to_thread(describe_topics, kafka.bootstrap, topic_namespace)
    assert {state.name: state.records for state in states if state.records} == {participants: 1, requests: 2}

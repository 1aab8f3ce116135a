"""The kits and the command `ipraktik-events` speak of the same: its check passes them, and its hash is theirs."""

import asyncio
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from chassis.waiting import until
from kit.hostile import Stream
from kit.kits import AIOKAFKA, FASTSTREAM, JVM, NODEJS, Kit
from kit.members import new_database
from kit.stage import Stage

from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer

pytestmark = pytest.mark.timeout(600)

LONG = pytest.mark.long


def ipraktik_events(*words: str, env: Mapping[str, str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the command."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "JAVA_HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "ipraktik_contracts.cli", *words],
        env={**kept, **env, "KAFKA_SESSION_TIMEOUT_MS": "6000", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    "kit",
    [
        AIOKAFKA,
        pytest.param(FASTSTREAM, marks=LONG),
        pytest.param(NODEJS, marks=LONG),
        pytest.param(JVM, marks=LONG),
    ],
    ids=str,
)
async def test_every_kit_passes_the_check(
    kit: Kit,
    kafka: KafkaServer,
    postgres: PostgresServer,
    topic_namespace: str,
    servers_home: Path,
    home: Path,
) -> None:
    command, folder = await asyncio.to_thread(kit.build, servers_home / "kit")
    log = home / "subscriber.log"
    words = [
        *(
            "check",
            "--group",
            f"{topic_namespace}agency.skat.{kit}",
            "--echo",
            str(home / "echo"),
            "--unknown-within",
        ),
        *(
            "--run",
            shlex.join(command),
            "--run-log",
            str(log),
            "--restarts",
            "1",
            "--participants",
            "30",
            "--json",
        ),
    ]
    env = {
        "KAFKA_BOOTSTRAP": kafka.bootstrap,
        "TOPIC_NAMESPACE": topic_namespace,
        "DATABASE_URL": await new_database(postgres),
    }
    ended = await asyncio.to_thread(ipraktik_events, *words, env=env, folder=folder)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}\n{log.read_text('utf-8')[-3000:]}"


async def test_a_kit_s_hash_is_the_one_that_the_command_makes_from_the_topics(
    new_stage: Callable[[str], Stage], stream: Stream
) -> None:
    legal = [record for record in stream.records if record.id is not None]
    stage = await asyncio.to_thread(new_stage, "hash")
    async with stage.agencies([AIOKAFKA]) as (agency,), stage.playing() as player:
        await player.play(legal)
        agency.start()

        async def all_in() -> bool:
            return await agency.taken() >= len(stream.events)

        await until(all_in, what="everything is in", within=60)
        words = ("state", "--aggregate", "placement", "--without-erased", "--json")
        told = await asyncio.to_thread(ipraktik_events, *words, env=agency.environment, folder=stage.home)
        assert told.returncode == 0, told.stdout[-2000:] + told.stderr
        summary = json.loads(told.stdout.splitlines()[-1])["summary"]
        assert summary["hashes"]["placement"] == await agency.hash()

"""The sandbox keeps its pace, and leaves nothing behind when it is ended."""

import asyncio
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from chassis.waiting import until
from contracts.cli.running import command, environment, run, said

from ipraktik_local.kafka import KafkaServer

WITHIN = 60.0


def folders() -> set[str]:
    """What sandboxes have lying about."""
    return {path.name for path in Path(tempfile.gettempdir()).glob("ipraktik-sandbox-*")}


async def topics(bootstrap: str) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return set(await admin.list_topics())
    finally:
        await admin.close()


async def started(*words: str, **env: str) -> tuple[asyncio.subprocess.Process, dict[str, str]]:
    """A sandbox, once everything is played."""
    child = await asyncio.create_subprocess_exec(
        *command("sandbox", *words),
        env=environment(**env),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    told: dict[str, str] = {}
    async with asyncio.timeout(WITHIN):
        for _ in range(2):
            name, _, value = (await child.stdout.readline()).decode().strip().partition("=")
            told[name] = value
        while b"Ctrl-C" not in (line := await child.stderr.readline()):
            assert line, "it ended before everything was played"
    return child, told


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_on_a_given_broker_its_topics_are_gone_afterwards(
    kafka: KafkaServer, topic_namespace: str, sign: signal.Signals
) -> None:
    child, told = await started(
        "--participants", "5", "--peaceful", KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace
    )
    assert told == {"KAFKA_BOOTSTRAP": kafka.bootstrap, "TOPIC_NAMESPACE": topic_namespace}
    made = {name for name in await topics(kafka.bootstrap) if name.startswith(topic_namespace)}
    assert len(made) == 3
    proved = run("verify", env=environment(**told))
    assert proved.returncode == 0, said(proved)
    child.send_signal(sign)
    assert await asyncio.wait_for(child.wait(), WITHIN) == 0
    assert not made & await topics(kafka.bootstrap)


async def test_ended_while_it_plays_it_leaves_nothing_either(
    kafka: KafkaServer, topic_namespace: str
) -> None:
    child = await asyncio.create_subprocess_exec(
        *command("sandbox", "--speed", "real"),
        env=environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace),
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    await asyncio.wait_for(child.stdout.readline(), WITHIN)
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGINT)  # an impatient person; the clearing up goes on
    assert await asyncio.wait_for(child.wait(), WITHIN) == 0
    assert not {name for name in await topics(kafka.bootstrap) if name.startswith(topic_namespace)}


async def test_an_interrupted_check_leaves_neither_topics_nor_the_subscriber(
    kafka: KafkaServer, topic_namespace: str, tmp_path: Path
) -> None:
    running = tmp_path / "running"
    sleeper = f"import os, pathlib, time; pathlib.Path({str(running)!r}).write_text(str(os.getpid())); time.sleep(600)"
    child = await asyncio.create_subprocess_exec(
        *command("check", "--group", "g", "--echo", str(tmp_path / "echo"), "--participants", "3"),
        *("--run", shlex.join([sys.executable, "-c", sleeper])),
        env=environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace),
        stderr=asyncio.subprocess.PIPE,
    )
    await until(lambda: running.exists() and running.read_text(), what="the subscriber runs", within=WITHIN)
    child.send_signal(signal.SIGINT)
    _, err = await asyncio.wait_for(child.communicate(), WITHIN)
    assert child.returncode == 130, err.decode()
    assert not psutil.pid_exists(int(running.read_text()))
    assert not {name for name in await topics(kafka.bootstrap) if name.startswith(topic_namespace)}


@pytest.mark.long
async def test_with_a_broker_of_its_own_nothing_is_left() -> None:
    before = folders()
    child, told = await started("--participants", "5", "--own", KAFKA_BOOTSTRAP="127.0.0.1:1")
    assert told["TOPIC_NAMESPACE"] == ""
    assert told["KAFKA_BOOTSTRAP"] != "127.0.0.1:1"
    proved = await asyncio.to_thread(run, "verify", env=environment(**told))
    assert proved.returncode == 0, said(proved)
    family = psutil.Process(child.pid).children(recursive=True)
    assert any("java" in one.name() for one in family)
    child.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(child.wait(), WITHIN) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    assert folders() == before


def test_a_pace_is_kept(kafka: KafkaServer, topic_namespace: str) -> None:
    env = environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace)
    # from two weeks before sign-up opens to the last erasure there are eleven months at least
    speed = 330 * 86_400 / 2
    began = time.monotonic()
    ended = run("sandbox", "--participants", "3", "--peaceful", "--no-stay", "--speed", str(speed), env=env)
    assert ended.returncode == 0, said(ended)
    assert time.monotonic() - began > 1.9


def test_topics_that_were_there_stay(kafka: KafkaServer, topic_namespace: str) -> None:
    env = environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace)
    for words in (["--seed", "1", "--keep"], ["--seed", "2"], ["--seed", "2"]):
        ended = run("sandbox", "--participants", "5", "--no-stay", "--pauses", "0", *words, env=env)
        assert ended.returncode == 0, said(ended)
        assert b"removed" not in ended.stderr
    proved = run("verify", env=env)
    assert proved.returncode == 0, said(proved)
    assert b"state: edition 2: open 2" in proved.stdout

"""check passes a good subscriber and fails six bad ones, each for what is wrong with it."""

import asyncio
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bench.topics import declared_topic
from contracts.cli.running import command, environment, run, said

from ipraktik_local.kafka import KafkaServer

SUBSCRIBER = Path(__file__).with_name("subscriber.py")
QUICK: Mapping[str, str] = {"repeats": "twice", "reorders": "out of order", "stops": "stuck"}
SLOW: Mapping[str, str] = {"early": "missed", "drops": "missed", "ignores": "stuck"}
"""In these the group waits for members that were killed, or for what never comes."""
AT_ONCE = 3
"""Checks side by side: each waits more than it works."""


@dataclass(frozen=True)
class Checked:
    """How a check ended."""

    status: int
    verdict: dict[str, Any]
    said: str

    @property
    def failures(self) -> dict[str, dict[str, Any]]:
        """By what is wrong."""
        return {one["what"]: one for one in self.verdict["failures"]}


async def check(bootstrap: str, folder: Path, fault: str, *words: str) -> Checked:
    """Play to a subscriber with this fault, which the check starts."""
    name = f"{fault}-{secrets.token_hex(4)}"
    child = await asyncio.create_subprocess_exec(
        *command("check", "--group", name, "--echo", str(folder / f"{name}.echo"), "--json"),
        *("--run", f"{sys.executable} {SUBSCRIBER} {fault}", "--run-log", str(folder / f"{name}.log")),
        *("--participants", "24", "--seed", "5", *words),
        env=environment(KAFKA_BOOTSTRAP=bootstrap, TOPIC_NAMESPACE=f"{name}."),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(child.communicate(), 110)
    log = (folder / f"{name}.log").read_text("utf-8", "replace")[-3000:]
    return Checked(child.returncode or 0, json.loads(out or b"{}"), out.decode() + err.decode() + log)


def checked(bootstrap: str, folder: Path, faults: Sequence[str]) -> dict[str, Checked]:
    """All of these, some side by side."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(fault: str) -> Checked:
        async with gate:
            # the group waits six seconds for one that was killed; for one that stands still any time is too long
            patience = "5" if "stuck" in (QUICK.get(fault), SLOW.get(fault)) else "20"
            words = ("--patience", patience, "--restarts", "1" if fault == "good" else "0")
            return await check(bootstrap, folder, fault, *words)

    async def every() -> list[Checked]:
        return await asyncio.gather(*map(one, faults))

    return dict(zip(faults, asyncio.run(every()), strict=True))


@pytest.fixture(scope="module")
def quick(kafka: KafkaServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checked]:
    """A good subscriber and some bad ones."""
    return checked(kafka.bootstrap, tmp_path_factory.mktemp("echoes"), ["good", *QUICK])


@pytest.fixture(scope="module")
def slow(kafka: KafkaServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checked]:
    """The other bad ones."""
    return checked(kafka.bootstrap, tmp_path_factory.mktemp("echoes"), list(SLOW))


def fails_for(bad: Checked, what: str) -> None:
    assert bad.status == 1, bad.said
    assert list(bad.failures) == [what], bad.said
    assert "removed: " in bad.said


@pytest.mark.timeout(240)
def test_a_good_subscriber_passes_though_it_is_killed_on_the_way(quick: dict[str, Checked]) -> None:
    good = quick["good"]
    assert good.status == 0, good.said
    assert good.verdict["passed"]
    assert good.verdict["restarts"] == 1
    assert good.verdict["events"] > 200
    assert good.verdict["repeats"] > 10
    assert good.verdict["unknown"] > 5
    assert "removed: " in good.said


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("fault", "what"), QUICK.items())
def test_a_bad_subscriber_fails_for_what_is_wrong_with_it(
    quick: dict[str, Checked], fault: str, what: str
) -> None:
    fails_for(quick[fault], what)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("fault", "what"), SLOW.items())
def test_so_do_those_that_take_longer_to_find(slow: dict[str, Checked], fault: str, what: str) -> None:
    bad = slow[fault]
    if fault == "early" and "early" in bad.failures:
        assert set(bad.failures) == {"early", "missed"}, (
            bad.said
        )  # one batch was lost, another only in danger
    else:
        fails_for(bad, what)


@pytest.mark.timeout(240)
def test_who_stands_still_is_shown_the_record_that_stopped_it(quick: dict[str, Checked]) -> None:
    assert "a type it does not know" in quick["stops"].failures["stuck"]["cases"][0]


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_failures_point_at_their_cause(slow: dict[str, Checked]) -> None:
    assert "evaluations.v1[3] was never committed" in slow["ignores"].failures["stuck"]["cases"][0]
    assert "committed and not shown when it was killed" in slow["early"].failures["missed"]["hint"]


async def test_a_group_that_nobody_is_in_is_told_of(kafka: KafkaServer, tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        *command("check", "--group", "nobody", "--echo", str(tmp_path / "echo"), "--patience", "2"),
        *("--participants", "3"),
        env=environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=f"{secrets.token_hex(4)}."),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == 1
    assert b"the group has never committed anything" in out
    assert b"FAIL: stuck" in out


async def test_a_subscriber_that_ends_by_itself_is_told_of(kafka: KafkaServer, tmp_path: Path) -> None:
    ended = await asyncio.create_subprocess_exec(
        *command("check", "--group", "g", "--echo", str(tmp_path / "echo"), "--participants", "3"),
        *("--run", f"{sys.executable} -c 'raise SystemExit(3)'"),
        env=environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=f"{secrets.token_hex(4)}."),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(ended.communicate(), 60)
    assert ended.returncode == 1
    assert b"exit status 3" in out


async def test_one_that_runs_by_itself_and_has_read_before_is_checked_by_its_topic(
    kafka: KafkaServer, tmp_path: Path, topic_namespace: str
) -> None:
    echo_topic = f"{topic_namespace}echo"
    env = environment(
        KAFKA_BOOTSTRAP=kafka.bootstrap,
        TOPIC_NAMESPACE=topic_namespace,
        KAFKA_GROUP="by-itself",
        ECHO_FILE=str(tmp_path / "echo"),
        ECHO_TOPIC=echo_topic,
    )
    played = run("sandbox", "--participants", "5", "--no-stay", "--keep", "--pauses", "0", env=env)
    assert played.returncode == 0, said(played)
    await declared_topic(kafka.bootstrap, echo_topic)
    subscriber = await asyncio.create_subprocess_exec(sys.executable, SUBSCRIBER, "to a topic", env=env)
    try:
        for seed in ("1", "2"):
            child = await asyncio.create_subprocess_exec(
                *command("check", "--group", "by-itself", "--echo-topic", echo_topic, "--seed", seed),
                *("--participants", "6", "--patience", "30", "--json"),
                env=env,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, err = await asyncio.wait_for(child.communicate(), 90)
            assert child.returncode == 0, out.decode() + err.decode()
            assert json.loads(out)["events"] > 20
            assert b"removed" not in err
        again = await asyncio.to_thread(
            run,
            "check",
            "--group",
            "by-itself",
            "--echo-topic",
            echo_topic,
            "--seed",
            "2",
            "--participants",
            "6",
            env=env,
        )
        assert again.returncode == 2
        assert b"give another --seed" in again.stderr
    finally:
        subscriber.kill()
        await subscriber.wait()

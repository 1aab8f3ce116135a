"""Resident memory of the eight processes of the four services: left alone after their start, and the most while they work.

The load reaches all of them: sign-ups through `serve` (relayed, heard and mailed), pages of the other three, and a backlog of
events from elsewhere that every consumer finds at once.
"""

import asyncio
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

import httpx
import psutil
import uvloop
from aiokafka import AIOKafkaProducer
from bench.figures import MIB, Memory
from bench.listening import ORIGIN
from bench.load import Pressed, press
from bench.part import Part
from bench.signing_up import PATH, host_and_port, intern_body, open_edition
from bench.sizes import Size

from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.ids import new_id
from ipraktik_contracts.envelope import CloudEvent, encode
from ipraktik_contracts.events import Event, InternshipCompleted, MatchAccepted, ParticipantUpdated
from ipraktik_contracts.examples import example_envelopes
from ipraktik_local.stack import Stack

_LOOK_SECONDS = 0.1
_QUIET_WITHIN = 240.0
_PRESSED_WITHIN = 240.0
_BACKLOG = (ParticipantUpdated, MatchAccepted, InternshipCompleted)
"""One of each: matching and evaluation hear the first, registration and notify the second, evaluation also the third."""


class _Watch(threading.Thread):
    """Looks at the processes ten times a second and keeps the most it saw of each."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        super().__init__(daemon=True)
        self._pids = pids
        self._over = threading.Event()
        self.most: dict[str, float] = dict.fromkeys(pids, 0.0)

    def run(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            for name, seen in _resident(self._pids).items():
                self.most[name] = max(self.most[name], seen)

    def end(self) -> dict[str, float]:
        self._over.set()
        self.join()
        return self.most


def measure_memory(*, stack: Stack, size: Size) -> Sequence[Memory]:
    """A line per process. `stack` is whole and freshly started."""
    running = [process for process in stack.processes if process.ops_url is not None]
    pids = {process.name: process.pid for process in running}
    time.sleep(size.settle_seconds)
    idle, own = _resident(pids), _own(pids)
    watch = _Watch(pids)
    watch.start()
    try:
        _load(stack, size)
        _until_quiet([process.ops_url for process in running if process.ops_url is not None])
    finally:
        most = watch.end()
    still = {process.name: process.pid for process in stack.processes if process.name in pids}
    if still != pids:
        raise RuntimeError(f"a process ended under load: {pids} became {still}")
    return [Memory(name, idle[name], most[name], own[name]) for name in sorted(pids)]


def _load(stack: Stack, size: Size) -> None:
    token = stack.env["COORDINATOR_TOKEN"]
    edition_id = open_edition(stack.env["REGISTRATION_URL"], token=token)
    uvloop.run(_publish(stack.env["KAFKA_BOOTSTRAP"], edition_id, each=size.memory_events))
    pressing: list[tuple[str, str, str, bytes]] = [
        ("registration", "POST", PATH, intern_body()),
        ("matching", "GET", f"/matching/api/v1/editions/{edition_id}/placements", b""),
        ("notify", "GET", "/notify/api/v1/mails", b""),
        ("evaluation", "GET", "/evaluation/api/v1/question-sets/1", b""),
    ]
    for service, method, path, body in pressing:
        host, port = host_and_port(stack.env[f"{service.upper()}_URL"])
        with Part(
            press,
            host=host,
            port=port,
            path=path,
            method=method,
            body=body,
            headers=f"authorization: Bearer {token}\r\n".encode(),
            seconds=_PRESSED_WITHIN,
            most=size.memory_sign_ups,
        ) as load:
            load.go()
            pressed: Pressed = load.result(within=_PRESSED_WITHIN + 90)
        if set(pressed.statuses) - {200, 201}:
            raise RuntimeError(f"{service} answered {pressed.statuses}")


async def _publish(bootstrap: str, edition_id: str, *, each: int) -> None:
    """A backlog from elsewhere, so many of each kind."""
    examples: dict[type[Event], CloudEvent] = {type(one.data): one for one in example_envelopes()}
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        sent = []
        for _ in range(each):
            for kind in _BACKLOG:
                record = encode(_fresh(examples[kind], edition_id=uuid.UUID(edition_id)))
                sent.append(
                    await producer.send(
                        record.topic, key=record.key, value=record.value, headers=list(record.headers)
                    )
                )
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


def _fresh(example: CloudEvent, *, edition_id: uuid.UUID) -> CloudEvent:
    """The example, of somebody else."""
    changed: dict[str, Any] = {"edition_id": edition_id, type(example.data).KEY: uuid.uuid4()}
    if "intern_id" in type(example.data).model_fields:
        changed |= {"intern_id": uuid.uuid4(), "host_id": uuid.uuid4()}
    now = SystemClock().now()
    return CloudEvent(
        id=new_id(now),
        source=ORIGIN.source,
        time=now,
        sequence=1,
        data=example.data.model_copy(update=changed),
    )


def _until_quiet(ops_urls: Sequence[str]) -> None:
    """Until nobody has anything under way; jobs that wait for another day do not count."""
    deadline = time.monotonic() + _QUIET_WITHIN
    with httpx.Client(timeout=30) as client:
        restless = list(ops_urls)
        while restless:
            restless = [url for url in restless if _works(client, url)]
            if restless and time.monotonic() > deadline:
                raise TimeoutError(f"still at work after {_QUIET_WITHIN:g} s: {restless}")
            time.sleep(0.1)


def _works(client: httpx.Client, url: str) -> bool:
    answer = client.get(url + "/quiet")
    return answer.status_code != 200 or not cast(bool, answer.json()["quiet"])


def _resident(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: psutil.Process(pid).memory_info().rss / MIB for name, pid in pids.items()}


def _own(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: psutil.Process(pid).memory_full_info().uss / MIB for name, pid in pids.items()}

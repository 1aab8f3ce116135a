"""Processes of the services as a cluster runs them: started, told to end, killed, raised again, any number side by side.

They stand on a stack's Kafka, PostgreSQL and mail sink. As in the manifests they have no INSTANCE: a pod of a Deployment never
comes back under its name. Invariant: none outlives the `with` that it was made in.
"""

import os
import re
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import asyncpg
import httpx
import uvloop

from ipraktik_local.kafka import KafkaServer
from ipraktik_local.mail import MailSink
from ipraktik_local.ports import HOST, Port, reserve_port
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.stack import Stack, service_command
from ipraktik_local.supervisor import Child, Supervisor

_READY_WITHIN = 90.0
_DRAINED_WITHIN = 60.0
_LOOK_SECONDS = 0.01
_ASSIGNED = re.compile(
    r"^innovationspraktik_consumer_assigned_partitions(?:\{[^}]*\})? ([\d.e+]+)$", re.MULTILINE
)


class Pods:
    """`with Pods(stack) as pods:` - whatever is started inside is gone after. The stack runs `serve` of every service named."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._supervisor = Supervisor()
        self._ports: list[Port] = []
        self._client = httpx.Client(timeout=10, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._supervisor.stop(order=[list(self._supervisor.children)], grace=20)
        self._client.close()
        for port in self._ports:
            port.release()

    def pod(self, service: str, room: str, **settings: str) -> Child:
        """One that is not started yet, on ports of its own."""
        name = f"{service}-{room}-pod-{len(self._supervisor.children) + 1}"
        env = dict(self.stack.child(service, "serve").env)
        env.pop("INSTANCE", None)
        env |= {
            "OPS_PORT": self._port(),
            **({"HTTP_PORT": self._port()} if room == "serve" else {}),
            **settings,
        }
        child = Child(
            name=name,
            command=service_command(service, room),
            env=env,
            log=self.stack.logs / f"{name}.log",
            ready_url=f"http://{HOST}:{env['OPS_PORT']}/readyz",
        )
        self._supervisor.add(child)
        return child

    def started(self, service: str, room: str, count: int = 1, **settings: str) -> list[Child]:
        """So many new ones at once, all ready."""
        pods = [self.pod(service, room, **settings) for _ in range(count)]
        for one in pods:
            one.start()
        self.ready(pods)
        return pods

    def ready(self, pods: Sequence[Child]) -> None:
        """Until each says that it is, however often it ends before."""
        names = [one.name for one in pods]
        self._supervisor.wait_until_ready(names, within=_READY_WITHIN, through_crashes=True)

    def watch(self) -> None:
        """From now on those that end unasked are started again, later each time, as a cluster does."""
        self._supervisor.watch()

    def is_ready(self, pod: Child) -> bool:
        """Whether it is now."""
        return pod.is_ready(self._client)

    def partitions(self, pods: Sequence[Child]) -> list[int]:
        """How many partitions each holds, by what it exports."""
        found = []
        for one in pods:
            text = self._client.get(one.ready_url.replace("/readyz", "/metrics")).text
            held = _ASSIGNED.search(text)
            if held is None:
                raise RuntimeError(f"{one.name} does not say how many partitions it holds")
            found.append(int(float(held[1])))
        return found

    def shared_out(self, pods: Sequence[Child], *, partitions: int) -> None:
        """Until these together hold every partition and nobody is without."""
        until(
            lambda: sum(held := self.partitions(pods)) == partitions and min(held) > 0,
            what="partitions shared out",
        )

    def end(self, pods: Sequence[Child]) -> None:
        """An orderly end of all at once."""
        for one in pods:
            one.wanted = False
            with suppress(RuntimeError):
                os.kill(one.pid, signal.SIGTERM)
        for one in pods:
            one.stop(grace=20)

    def kill_for_good(self, pod: Child) -> None:
        """Its machine is gone: nothing is said to anybody, and it does not come back."""
        pod.wanted = False
        pod.kill()

    def _port(self) -> str:
        self._ports.append(reserve_port())
        return str(self._ports[-1].number)


def drained(pod: Child) -> tuple[float, int]:
    """SIGTERM, as a cluster sends it: the seconds until it has ended, and its status."""
    assert pod.process is not None
    pod.wanted = False
    began = time.perf_counter()
    os.kill(pod.pid, signal.SIGTERM)
    status = pod.process.wait(_DRAINED_WITHIN)
    return time.perf_counter() - began, status


def signalled(pods: Sequence[Child], which: signal.Signals) -> None:
    """The same signal to each."""
    for one in pods:
        os.kill(one.pid, which)


def until(fact: Any, *, what: str, within: float = 120.0, look: float = _LOOK_SECONDS) -> float:
    """Wait for a fact; the instant at which it was seen. Raises TimeoutError with its name."""
    deadline = time.perf_counter() + within
    while not fact():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"{what}: not within {within:g} s")
        time.sleep(look)
    return time.perf_counter()


def servers_of(pods: Pods) -> tuple[KafkaServer, PostgresServer]:
    """What the pods stand on."""
    kafka, postgres = pods.stack.kafka, pods.stack.postgres
    if kafka is None or postgres is None:
        raise RuntimeError("the rows of operations break their servers, and need a stack with its own")
    return kafka, postgres


def sink_of(pods: Pods) -> MailSink:
    """Where mails end."""
    sink = pods.stack.mail
    if sink is None:
        raise RuntimeError("the rows of operations count mails, and need a stack with its own sink")
    return sink


def count(pods: Pods, service: str, query: str, *arguments: object) -> int:
    """A number that a service's database knows."""

    async def asking() -> int:
        conn = await asyncpg.connect(pods.stack.env[f"DATABASE_URL_{service.upper()}"])
        try:
            return int(await conn.fetchval(query, *arguments))
        finally:
            await conn.close()

    return uvloop.run(asking())

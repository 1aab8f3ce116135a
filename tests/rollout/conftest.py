"""Stacks in which two versions of every service stand side by side, each replica behind its service's balancer."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from rich.console import Console
from rollout.balancer import Balancer, listening
from rollout.previous import CURRENT, NoHistory, Version, previous

from ipraktik_local.environment import SERVICES
from ipraktik_local.ports import HOST
from ipraktik_local.season.calendar import Calendar, at
from ipraktik_local.season.screen import Bars
from ipraktik_local.stack import Stack

REPLICAS = 2


class Replicas:
    """The replicas of every service of a stack, and the rolling from one version to another."""

    def __init__(self, stack: Stack, balancers: dict[str, Balancer], *, version: Version) -> None:
        self.stack, self.balancers = stack, balancers
        for service, balancer in balancers.items():
            for number in range(1, REPLICAS + 1):
                balancer.put_in(self._url(service, number), version=version.name)

    def roll(self, number: int, *, to: Version, services: Sequence[str] = SERVICES) -> None:
        """Replace the replicas of this number by others of a version, as a rolling update does: out of the balancer, an orderly end,
        a new start, in again when ready."""
        for service in services:
            if service in self.balancers:
                url = self._url(service, number)
                self.balancers[service].take_out(url)
                self._replace(service, "serve", number, to)
                self.balancers[service].put_in(url, version=to.name)
            self._replace(service, "work", number, to)

    def _replace(self, service: str, room: str, number: int, to: Version) -> None:
        child = self.stack.child(service, room, number)
        self.stack.stop_process(service, room, number)
        assert child.process is not None
        ended = child.process.returncode
        assert ended == 0, f"{child.name} ended with {ended} when it was told to stop"
        child.command = to.command(service, room)
        self.stack.start_process(service, room, number)

    def _url(self, service: str, number: int) -> str:
        return f"http://{HOST}:{self.stack.child(service, 'serve', number).env['HTTP_PORT']}"

    @property
    def errors(self) -> list[str]:
        """Every answer of 500 and above, and every request that got none."""
        return [line for balancer in self.balancers.values() for line in balancer.errors]


class Staged(Bars):
    """Tells when a stage of the season begins; draws nothing."""

    def __init__(self, at_stage: dict[str, Callable[[], None]]) -> None:
        super().__init__(Console(quiet=True))
        self._at_stage = dict(at_stage)
        self.failed: list[BaseException] = []
        self._works: list[threading.Thread] = []

    def stage(self, name: str) -> None:
        super().stage(name)
        for beginning, act in list(self._at_stage.items()):
            if name.startswith(beginning):
                del self._at_stage[beginning]
                self._works.append(
                    threading.Thread(target=self._do, args=(act, list(self._works)), name=name)
                )
                self._works[-1].start()

    def _do(self, act: Callable[[], None], before: list[threading.Thread]) -> None:
        for work in before:
            work.join()
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - handed to the test, which raises it
            self.failed.append(error)

    async def done(self) -> None:
        """Until everything that a stage began has ended. Raises what failed, and an error for a stage that never came."""
        for work in self._works:
            await asyncio.to_thread(work.join)
        if self.failed:
            raise self.failed[0]
        if self._at_stage:
            raise AssertionError(f"the season never came to {', '.join(self._at_stage)}")


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """The version before this one. A clone without history has none to offer; the summary then says how to get it."""
    try:
        return previous(tmp_path_factory.mktemp("previous"))
    except NoHistory as none:
        pytest.skip(str(none))  # history is no tool that one could install; the line says how to get it


@contextmanager
def replicated(
    home: Path,
    *,
    version: Version = CURRENT,
    services: Sequence[str] = SERVICES,
    simulated: bool = True,
) -> Iterator[Replicas]:
    """Two replicas of each process, started in one version on the schema of this one."""

    def command(service: str, verb: str) -> Sequence[str]:
        return (version if verb in ("serve", "work") else CURRENT).command(service, verb)

    with ExitStack() as held:
        balancers = {service: held.enter_context(listening(Balancer(service))) for service in services}
        stack = held.enter_context(
            Stack(
                home,
                fast=True,
                fresh=True,
                services=services,
                instances={
                    f"{service}-{room}": REPLICAS for service in services for room in ("serve", "work")
                },
                simulated_from=at(Calendar().opens, 8) if simulated else None,
                settings={"POLL_SECONDS": "0.1"},
                fronts={service: balancer.url for service, balancer in balancers.items()},
                command=command,
                ready_within=180,
            )
        )
        yield Replicas(stack, balancers, version=version)

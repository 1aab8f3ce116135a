"""Seasons played by the real processes on real servers; each is played once and looked at by many tests."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from ipraktik_local.season.__main__ import play_and_reconcile
from ipraktik_local.season.calendar import Calendar, at
from ipraktik_local.season.figures import Figures
from ipraktik_local.season.play import Season
from ipraktik_local.season.reconcile import SERVICES, Reading
from ipraktik_local.season.screen import Bars
from ipraktik_local.stack import Stack

SEED = 2018
PARTICIPANTS = 142
SHAKEN = 71
"""Of the season that is killed and the one beside it: as long a season, with half as much in it."""


@dataclass
class Played:
    """A season that was played, while its stack is still up."""

    figures: Figures
    season: Season
    reading: Reading
    stack: Stack
    killed: int = 0


@contextmanager
def stack_of_season(home: Path, *, secure: bool = False) -> Iterator[Stack]:
    """A stack whose clock stands at the season's first hour."""
    with Stack(
        home,
        fast=True,
        secure=secure,
        fresh=True,
        simulated_from=at(Calendar().opens, 8),
        settings={"POLL_SECONDS": "0.1"},
        ready_within=180,
    ) as stack:
        yield stack


def _listens(stack: Stack) -> dict[str, str]:
    return {name: stack.run(name, "listens") for name in SERVICES}


def play_season(stack: Stack, *, participants: int, seed: int) -> Played:
    """Play it to its end, and reconcile."""

    async def play() -> Played:
        with Bars(Console(quiet=True)) as bars:
            figures, _, (season, reading) = await play_and_reconcile(
                env=stack.env,
                listens=_listens(stack),
                calendar=Calendar(),
                participants=participants,
                seed=seed,
                bars=bars,
            )
        return Played(figures, season, reading, stack)

    return asyncio.run(play())


@pytest.fixture(scope="package")
def calm(servers_home: Path) -> Iterator[Played]:
    """A season in which nothing dies."""
    with stack_of_season(servers_home / "calm") as stack:
        yield play_season(stack, participants=PARTICIPANTS, seed=SEED)


@asynccontextmanager
async def killing(stack: Stack, *, seed: int) -> AsyncIterator[list[str]]:
    """While the block runs, kill one process of the services after the other, each by SIGKILL at a random moment."""
    chance = random.Random(seed)
    killed: list[str] = []

    async def kill() -> None:
        rooms = [
            (service, room)
            for service in ("registration", "matching", "notify", "evaluation")
            for room in ("serve", "work")
        ]
        while True:
            chance.shuffle(rooms)
            for service, room in rooms:
                await asyncio.sleep(
                    chance.uniform(1.0, 4.0)
                )  # the random moment itself, not a wait for anything
                with suppress(ProcessLookupError):
                    await asyncio.to_thread(stack.kill, service, room)
                    killed.append(f"{service}-{room}")
                await asyncio.to_thread(stack.wait_until_ready, service, room)

    task = asyncio.create_task(kill())
    try:
        yield killed
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture(scope="module")
def undisturbed(servers_home: Path) -> Iterator[Played]:
    """What the shaken season is held against."""
    with stack_of_season(servers_home / "undisturbed") as stack:
        yield play_season(stack, participants=SHAKEN, seed=SEED)


@pytest.fixture(scope="module")
def shaken(servers_home: Path) -> Iterator[Played]:
    """That season again, while processes of every service are killed again and again."""
    with stack_of_season(servers_home / "shaken") as stack:
        listens = _listens(stack)

        async def play() -> Played:
            async with killing(stack, seed=SEED) as killed:
                with Bars(Console(quiet=True)) as bars:
                    figures, _, (season, reading) = await play_and_reconcile(
                        env=stack.env,
                        listens=listens,
                        calendar=Calendar(),
                        participants=SHAKEN,
                        seed=SEED,
                        bars=bars,
                    )
            return Played(figures, season, reading, stack, killed=len(killed))

        yield asyncio.run(play())

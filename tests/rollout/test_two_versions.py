"""The version before this one and this one of each service side by side, on this one's schema, while a season runs: forward, and back.

The services change one after the other, each while people need it most, so every service also stands in one version beside others
in the other.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import httpx
import pytest
from rollout.conftest import REPLICAS, Replicas, Staged, replicated
from rollout.previous import CURRENT, ROOT, Version, schemas_of

from ipraktik_local.environment import SERVICES
from ipraktik_local.season.__main__ import play_and_reconcile
from ipraktik_local.season.calendar import Calendar
from ipraktik_local.season.figures import Figures

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
PARTICIPANTS = 60
SEED = 2018

CHANGES: dict[str, tuple[tuple[str, int], ...]] = {
    "Sign-up": (("registration", 2),),
    "Confirmation": (("registration", 1), ("notify", 2)),
    "The puzzle, run 1": (("matching", 2),),
    "The puzzle, run 2": (("notify", 1),),
    "Week 37": (("matching", 1), ("evaluation", 2)),
    "Three months later": (("evaluation", 1),),
}
"""Which replica of which service changes its version when a stage of the season begins."""


def play(replicas: Replicas, *, into: Version) -> Figures:
    """A season during which every replica changes its version."""
    stack = replicas.stack

    def change(changes: Sequence[tuple[str, int]]) -> None:
        for service, number in changes:
            replicas.roll(number, to=into, services=[service])

    async def season() -> Figures:
        async with httpx.AsyncClient(base_url=stack.env["NOTIFY_URL"]) as reader:
            await read(reader)
            figures = await changing()
            await read(reader)
        return figures

    async def read(reader: httpx.AsyncClient) -> None:
        # by turns, so each replica is asked; a season's people read none of notify's pages
        for _ in range(REPLICAS):
            (await reader.get("/notify/preparation")).raise_for_status()

    async def changing() -> Figures:
        staged = Staged({stage: partial(change, changes) for stage, changes in CHANGES.items()})
        figures, _, _ = await play_and_reconcile(
            env=stack.env,
            listens={service: stack.run(service, "listens") for service in SERVICES},
            calendar=Calendar(),
            participants=PARTICIPANTS,
            seed=SEED,
            bars=staged,
        )
        await staged.done()
        return figures

    return asyncio.run(season())


def test_the_version_before_is_another_one(older: Version) -> None:
    assert older.folder is not None
    assert schemas_of(older.folder) < schemas_of(ROOT), (
        "the two versions have the same schemas; name an older one: PREVIOUS=<commit>"
    )


def test_every_replica_of_every_service_changes_its_version() -> None:
    every = [(service, number) for service in SERVICES for number in range(1, REPLICAS + 1)]
    assert sorted(change for stage in CHANGES.values() for change in stage) == sorted(every)


@pytest.mark.parametrize("order", ["forward", "back"])
def test_nothing_is_lost_refused_or_mailed_twice_while_versions_change(
    order: str, older: Version, home: Path
) -> None:
    first, second = (older, CURRENT) if order == "forward" else (CURRENT, older)
    with replicated(home, version=first) as replicas:
        figures = play(replicas, into=second)
        assert replicas.errors == []
        assert figures.reconciliation["findings"] == []
        assert figures.mails_sent_again == 0
        assert figures.funnel["internships completed"] > 5
        for service, balancer in replicas.balancers.items():
            for version in (first, second):
                assert balancer.answers(version.name) > 0, f"{service}: {version.name} was asked nothing"

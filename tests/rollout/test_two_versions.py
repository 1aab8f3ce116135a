"""The version before this one and this one side by side, on this one's schema, while a season runs: forward and back again.

Half of the replicas change version while people sign up, the rest when evaluation begins; all stages between are done by both.
"""

import asyncio
from pathlib import Path

import httpx
import pytest
from rollout.conftest import REPLICAS, Replicas, Staged, replicated
from rollout.previous import CURRENT, ROOT, Version, schema_of

from ipraktik_local.environment import SERVICES
from ipraktik_local.season.__main__ import play_and_reconcile
from ipraktik_local.season.calendar import Calendar
from ipraktik_local.season.figures import Figures

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
PARTICIPANTS = 60
SEED = 2018


def play(replicas: Replicas, *, into: Version) -> Figures:
    """A season during which every replica changes its version."""
    stack = replicas.stack

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
        staged = Staged(
            {
                "Sign-up": lambda: replicas.roll(2, to=into),
                "Evaluation": lambda: replicas.roll(1, to=into),
            }
        )
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
    assert any(schema_of(older.folder, service) < schema_of(ROOT, service) for service in SERVICES), (
        "the two versions have the same schemas; name an older one: PREVIOUS=<commit>"
    )


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

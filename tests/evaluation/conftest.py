"""Evaluation on a database of its own, on the Monday after the week."""

from collections.abc import AsyncIterator

import pytest
from evaluation.facts import AFTER_THE_STAY, World
from rig import Databases, Rig, rig_of

from ipraktik_evaluation.main import SERVICE
from ipraktik_local.postgres import PostgresServer


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    """Where tests get a migrated database of their own."""
    return Databases(postgres)


@pytest.fixture
async def rig(databases: Databases) -> AsyncIterator[Rig]:
    """Evaluation without its process."""
    async with rig_of(SERVICE, databases) as made:
        made.clock.instant = AFTER_THE_STAY
        yield made


@pytest.fixture
def world() -> World:
    """An edition that nobody has heard of yet."""
    return World()

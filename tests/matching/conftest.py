"""Matching on a database of its own, with an edition that is known and open."""

from collections.abc import AsyncIterator

import pytest
from matching.board_visits import Visits
from matching.cast import Cast
from rig import Databases, Rig, rig_of

from ipraktik_local.postgres import PostgresServer
from ipraktik_matching.main import SERVICE


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    """Where tests get a migrated database of their own."""
    return Databases(postgres)


@pytest.fixture
async def rig(databases: Databases) -> AsyncIterator[Rig]:
    """Matching without its process."""
    async with rig_of(SERVICE, databases) as made:
        yield made


@pytest.fixture
async def cast(rig: Rig) -> AsyncIterator[Cast]:
    """The people of an edition; the edition has been heard of."""
    made = Cast(rig)
    await rig.tell(made.edition())
    async with made.web:
        yield made


@pytest.fixture
async def board(cast: Cast) -> Visits:
    """A coordinator at the board of that edition."""
    return Visits(cast)

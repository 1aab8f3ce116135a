"""Registration on a database of its own, and a person who uses it over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from registration.desk import Desk
from rig import Databases, Rig, rig_of

from ipraktik_registration.main import SERVICE


@pytest.fixture(scope="session")
def databases(postgres: Any) -> Databases:
    return Databases(postgres)


@pytest.fixture
async def rig(databases: Databases) -> AsyncIterator[Rig]:
    async with rig_of(SERVICE, databases) as made:
        yield made


@pytest.fixture
async def desk(rig: Rig) -> AsyncIterator[Desk]:
    async with Desk.open(rig) as opened:
        yield opened

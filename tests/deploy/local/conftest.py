"""Where the stand-ins for services note their starts, and a gateway before some."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deploy.local.town import Town, standing_town


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder for what they note."""
    folder = tmp_path / "records"
    folder.mkdir()
    return folder


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """A gateway before stand-ins for services."""
    async with standing_town() as stands:
        yield stands

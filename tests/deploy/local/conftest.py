"""Where the stand-ins for services note their starts."""

from pathlib import Path

import pytest


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder for what they note."""
    folder = tmp_path / "records"
    folder.mkdir()
    return folder

"""How tests are dealt out where several processes run them: file by file, and whole folders where one costly stage serves all of it.

Each process has servers of its own, so what is dealt out shares nothing. The order is that of the collection: what takes longest in
one piece comes first, the browser's tests come last.
"""

from typing import Final

import pytest
from xdist.scheduler import LoadScopeScheduling

ONE_STAGE: Final = (
    "tests/season",
    "tests/kit",
    "tests/rights",
    "tests/contracts/cli",
    "tests/deploy/drills",
    "tests/deploy/k8s",
    "tests/rollout",
)
"""Folders whose tests share what one of them had set up for a long time."""

FIRST: Final = ("tests/season", "tests/rollout", "tests/deploy/drills", "tests/kit")
"""Pieces that would keep one process busy long after the others have ended, were they begun late."""


BY_PARAMETER: Final = (
    "tests/browser/test_every_page.py",
    "tests/browser/test_by_keyboard.py",
    "tests/browser/test_every_form.py",
    "tests/browser/test_weight.py",
)
"""Files of one test for each of several stages: what one stage serves is dealt out together."""


def piece(nodeid: str) -> str:
    """What is dealt out together with this test."""
    path, _, test = nodeid.partition("::")
    if path in BY_PARAMETER:
        return f"{path}[{test.partition('[')[2]}"
    return next((folder for folder in ONE_STAGE if path.startswith(f"{folder}/")), path)


def longest_first(items: list[pytest.Item]) -> None:
    """Bring those pieces to the front; all else stays in its order."""
    items.sort(key=lambda item: piece(item.nodeid) not in FIRST)


class PieceByPiece(LoadScopeScheduling):  # type: ignore[misc]  # it is published without types
    """Deals out pieces in their order; a process gets the next one when it is through."""

    def _split_scope(self, nodeid: str) -> str:
        return piece(nodeid)

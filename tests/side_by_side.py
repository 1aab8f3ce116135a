"""How tests are dealt out where several processes run them: file by file, and whole folders where one costly stage serves all of it.

Each process has servers of its own, so what is dealt out shares nothing. The order is that of the collection: what takes longest in
one piece comes first, the browser's tests come last.
"""

from typing import Final

import pytest

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


def piece(nodeid: str) -> str:
    """What is dealt out together with this test."""
    path = nodeid.partition("::")[0]
    return next((folder for folder in ONE_STAGE if path.startswith(f"{folder}/")), path)


def deal_out(items: list[pytest.Item]) -> None:
    """Say of every test which piece it belongs to, and bring the long pieces to the front; all else stays in its order."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(piece(item.nodeid)))
    items.sort(key=lambda item: piece(item.nodeid) not in FIRST)

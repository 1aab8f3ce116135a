"""Asking the engine from a page: one question at a time beside the loop, its answer kept, and what is too large refused beforehand.

Invariants: a page asks only what ends soon, so the size is looked at before and not the clock; an answer is kept by the question and
the digest of its puzzle, so it can never be of another one; nothing is stored and nobody is told.
"""

import asyncio
import hashlib
import json
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from fastapi import Request

from ipraktik_matching import solver

COMMAND: Final = (sys.executable, "-m", "ipraktik_matching.web.board.counsel")
MOST_KEPT: Final = 32
_CELLS: Final = 60_000
"""Interns times seats up to which a page asks, so that an answer takes seconds and the child little memory."""

_COMPILED_TIMES: Final = 4
"""A compiled core does more than that in the same time; beyond it memory is what is scarce."""

Ask = Callable[[str], Awaitable[str]]


class Counsel:
    """The child to ask, and the answers given of late."""

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask or _beside
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[str, Any] = OrderedDict()

    async def asked(self, question: Mapping[str, Any], puzzle: str) -> Any:
        """The answer. Raises SolverFailed."""
        text = f"{json.dumps(question, sort_keys=True)}\n{puzzle}"
        key = await asyncio.to_thread(lambda: hashlib.sha256(text.encode()).hexdigest())
        async with self._turn:
            if key not in self._kept:
                self._kept[key] = json.loads(await self._ask(text))
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


def counsel(request: Request) -> Counsel:
    """That of the application."""
    state = request.app.state
    if not hasattr(state, "counsel"):
        state.counsel = Counsel()
    found: Counsel = state.counsel
    return found


def too_large(*, interns: int, seats: int) -> bool:
    """Whether a page asks nothing of so large a puzzle. There are no more hosts than seats."""
    return interns * seats > _CELLS * (_COMPILED_TIMES if _compiled() else 1)


@cache
def _compiled() -> bool:
    core = find_spec("ipraktik_matching.puzzle.network.core")
    return core is not None and not (core.origin or "").endswith(".py")


async def _beside(text: str) -> str:
    return await solver.solve(text, command=COMMAND)

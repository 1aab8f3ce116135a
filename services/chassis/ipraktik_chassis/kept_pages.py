"""Public pages as they were answered last, given out again while the database says that nothing has been committed since.

Invariant: what is given out is what would be made anew. `pg_current_snapshot` names the transactions that a statement sees; while it
stays the same, no process has committed anything, so every statement would find the same rows. It is asked before a page is made: one that
saw more than its own name says is never found again. What depends on the time of day is made anew each second.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from .access import context_of
from .addresses import language_of

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of all pages together, their addresses included. What was asked for longest ago goes first."""
_PERSONAL: Final = ("cookie", "authorization")

_Address = tuple[str, str, str, bool]
_State = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Kept:
    state: _State
    body: bytes
    headers: list[tuple[bytes, bytes]]
    size: int

    def answer(self) -> Response:
        response = Response()
        response.body, response.raw_headers = self.body, list(self.headers)
        return response


class KeptPages:
    """The pages that one process keeps. Whoever says who they are, by a cookie or a token, gets theirs made anew."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[_Address, _Kept] = OrderedDict()
        self._most = most_bytes
        self.size = 0

    async def answer(self, request: Request, make: Callable[[], Awaitable[Response]]) -> Response:
        """The page at this address: the kept one while it holds, else what `make` makes."""
        if any(name in request.headers for name in _PERSONAL):
            return await make()
        context = context_of(request)
        async with context.database.reading() as conn:
            seen = await conn.fetchval("select pg_current_snapshot()::text")
        state = (seen, int(context.clock.now().timestamp()))
        squeezed = "gzip" in request.headers.get("accept-encoding", "")
        address = (request.url.path, request.url.query, language_of(request), squeezed)
        kept = self._kept.get(address)
        if kept is not None and kept.state == state:
            self._kept.move_to_end(address)
            return kept.answer()
        response = await make()
        if response.status_code == 200:
            self._keep(address, state, response)
        return response

    def _keep(self, address: _Address, state: _State, response: Response) -> None:
        before = self._kept.pop(address, None)
        self.size -= 0 if before is None else before.size
        size = len(response.body) + sum(len(part) for part in address[:2])
        if size > self._most:
            return
        self._kept[address] = _Kept(state, bytes(response.body), list(response.raw_headers), size)
        self.size += size
        while self.size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self.size -= oldest.size

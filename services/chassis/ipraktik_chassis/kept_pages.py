"""Public pages as they were answered last, given out again while the database says that nothing has been committed since.

Invariant: what is given out is what would be made anew. What a page is made of is its address, the rows (`standing.py`: asked for with
each request, before a page is made, so that one that saw more than its own name says is never found again), the clock's second,
and this build with its settings. What else a request brings must not show in the page: whoever says who they are, by a cookie or a token,
gets theirs made anew, and so does whoever asks otherwise than by GET. Nothing that a request brings alone (its host, its language, its
trace) may be written into a page that is kept. Headers that every answer carries, limits, metrics and traces belong to the frame
around this, and hold for a kept page as for any other.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from .clock import Clock
from .database import Database
from .ops import Scope, Send
from .standing import Standing, Standings

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of all pages together, their addresses included. What was asked for longest ago goes first."""
_PERSONAL: Final = (b"cookie", b"authorization")
_NOT_FOR_ALL: Final = b"set-cookie"
_STATE: Final = "ipraktik.kept_pages"
"""The place in a request's scope of what was asked before the route was looked for."""

_Address = tuple[str, bytes, bool]
_State = tuple[Standing, int]


@dataclass(frozen=True, slots=True)
class _Kept:
    state: _State
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    route: Any
    size: int

    def answer(self) -> Response:
        response = Response()
        response.body, response.raw_headers = self.body, list(self.headers)
        return response


class KeptPages:
    """The pages that one process keeps."""

    def __init__(self, *, database: Database, clock: Clock, most_bytes: int = MOST_BYTES) -> None:
        self._standings = Standings(database)
        self._clock = clock
        self._most = most_bytes
        self._kept: OrderedDict[_Address, _Kept] = OrderedDict()
        self._making: dict[tuple[_Address, _State], list[asyncio.Future[_Kept | None]]] = {}
        self.size = 0

    async def given(self, scope: Scope, send: Send) -> bool:
        """Answer with the page that is kept, before any route is looked for; False where it must be made."""
        address = _address(scope)
        if address is None or address not in self._kept:
            return False
        state = scope[_STATE] = await self._state()
        kept = self._kept.get(address)
        if kept is None or kept.state != state:
            return False
        self._kept.move_to_end(address)
        scope["route"] = kept.route  # by which the frame counts it
        await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
        await send({"type": "http.response.body", "body": kept.body})
        return True

    async def answer(self, request: Request, make: Callable[[], Awaitable[Response]]) -> Response:
        """The page at this address: the kept one while it holds, else what `make` makes, once for all who wait for it."""
        scope = request.scope
        address = _address(scope)
        state = None
        if address is not None:
            state = scope[_STATE] if _STATE in scope else await self._state()
        if address is None or state is None:
            return await make()
        kept = self._kept.get(address)
        if kept is None or kept.state != state:
            waiting = self._making.get((address, state))
            if waiting is None:
                return await self._made(address, state, make, route=scope.get("route"))
            mine: asyncio.Future[_Kept | None] = asyncio.get_running_loop().create_future()
            waiting.append(mine)
            kept = await mine
        return await make() if kept is None else kept.answer()

    async def _state(self) -> _State | None:
        standing = await self._standings.now()
        return None if standing is None else (standing, int(self._clock.now().timestamp()))

    async def _made(
        self, address: _Address, state: _State, make: Callable[[], Awaitable[Response]], *, route: Any
    ) -> Response:
        waiting = self._making[address, state] = []
        kept = None
        try:
            response = await make()
            if response.status_code == 200 and all(name != _NOT_FOR_ALL for name, _ in response.raw_headers):
                size = len(response.body) + len(address[0]) + len(address[1])
                kept = _Kept(state, bytes(response.body), tuple(response.raw_headers), route, size)
                self._keep(address, kept)
            return response
        finally:
            del self._making[address, state]
            for one in waiting:
                if not one.done():
                    one.set_result(kept)

    def _keep(self, address: _Address, kept: _Kept) -> None:
        before = self._kept.pop(address, None)
        self.size -= 0 if before is None else before.size
        if kept.size > self._most:
            return
        self._kept[address] = kept
        self.size += kept.size
        while self.size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self.size -= oldest.size


def _address(scope: Scope) -> _Address | None:
    """What a request asks for, as it says it; None where the answer is for whoever asks alone."""
    if scope["method"] != "GET":
        return None
    encodings = None
    for name, value in scope["headers"]:
        if name in _PERSONAL:
            return None
        if name == b"accept-encoding" and encodings is None:  # the first, which the page looks at too
            encodings = value
    return scope["path"], scope["query_string"], encodings is not None and b"gzip" in encodings

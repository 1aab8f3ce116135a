"""People are patient: where a service does not answer, or says that it cannot right now, they try again in a moment.

Every act of the programme may be repeated without harm, so trying again is safe; a season plays on while processes die.
"""

import asyncio
import time
from typing import Final

import httpx

PATIENCE_SECONDS: Final = 60.0
_NOT_NOW: Final = frozenset({502, 503, 504})


class PatientTransport(httpx.AsyncBaseTransport):
    """Sends a request again until it is answered, within a bound. `repeated` counts the tries that had to be repeated."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self.repeated = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The first answer that is one. Raises what the last try raised."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = 0.05
        while True:
            try:
                response = await self._transport.handle_async_request(request)
                if response.status_code not in _NOT_NOW or time.monotonic() > deadline:
                    return response
                await response.aclose()
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            self.repeated += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def aclose(self) -> None:
        """Close what it stands on."""
        await self._transport.aclose()

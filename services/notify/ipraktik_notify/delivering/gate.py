"""Before anybody is called: look the name up, and refuse it unless every address it has may be called.

Invariant: the connection goes to an address that was just checked, never to the name again, so a name that answers differently
the second time gains nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from ipraktik_notify.domain.addresses import Network, standing
from ipraktik_notify.domain.callback import Callback

LOOK_UP_SECONDS: Final = 5.0
MOST_ADDRESSES: Final = 16

_LOOKING_UP: Final = ThreadPoolExecutor(max_workers=64, thread_name_prefix="look-up")
"""Threads of their own: the loop has four, and a few names whose servers do not answer would hold up everybody's."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class MayNotCall(Exception):
    """The callback leads to where nobody may be called. `code` is one of `domain.trouble`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as this machine knows them. Raises OSError."""
    asked = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOKING_UP, asked)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Gate:
    """`named` are the networks that the operator lets in, private ones among them; only there need nothing be encrypted."""

    named: Sequence[Network] = ()
    resolve: Resolve = field(default=system_resolver)

    async def addresses(self, callback: Callback) -> list[str]:
        """The addresses to connect to, each of them checked. Raises MayNotCall."""
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await self.resolve(callback.host, callback.port)
        except (OSError, UnicodeError):  # TimeoutError is an OSError
            found = ()
        addresses = list(dict.fromkeys(found))[:MOST_ADDRESSES]
        if not addresses:
            raise MayNotCall("no_such_host", "The name of the host cannot be looked up; check it.")
        kinds = {standing(address, named=self.named) for address in addresses}
        if "refused" in kinds:
            raise MayNotCall(
                "private_address",
                "The host leads to a private, loopback or other address that is not public. Use a public one, or have the "
                "operator name your network in WEBHOOK_ALLOW_NETWORKS.",
            )
        if not callback.encrypted and kinds != {"named"}:
            raise MayNotCall(
                "not_encrypted", "Use https://; what is said over http:// can be read on the way."
            )
        return addresses

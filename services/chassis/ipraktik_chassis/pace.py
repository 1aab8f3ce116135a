"""How often a network may do something: a bucket that fills evenly, per process. Counts nobody, remembers networks only.

A network is the first 24 bits of an IPv4 address, the first 48 of an IPv6 one, so that a household or an office is one.
"""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from fastapi import Request

from .problem import Problem
from .service import Context

MOST_KEPT: Final = 10_000


class Pace:
    """At most `per_minute` in the long run, `burst` of them at once."""

    def __init__(self, *, per_minute: float, burst: int, monotonic: Callable[[], float]) -> None:
        self._every = 60.0 / per_minute
        self._depth = self._every * burst
        self._monotonic = monotonic
        self._free_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until that key may go on; 0.0, and counted, where it may now."""
        now = self._monotonic()
        free_at = max(self._free_at.get(key, now), now)
        if free_at - now > self._depth - self._every + 1e-9:
            return free_at - now - (self._depth - self._every)
        self._free_at[key] = free_at + self._every
        self._free_at.move_to_end(key)
        while len(self._free_at) > MOST_KEPT:
            self._free_at.popitem(last=False)
        return 0.0

    def pass_or_refuse(self, request: Request, key: str = "") -> None:
        """Count one act of the request's network, and of `key` beside it. Raises Problem 429."""
        seconds = self.wait(f"{network_of(request)} {key}")
        if seconds > 0:
            raise Problem(
                429,
                "Too many at once",
                "Wait a minute and try again. Nothing was saved.",
                headers={"retry-after": str(math.ceil(seconds))},
                danish=("Det gik lidt for hurtigt", "Vent et minut, og prøv igen. Der er ikke gemt noget."),
            )


def network_of(request: Request) -> str:
    """The network that a request comes from, past the proxies that PROXIES says are ours."""
    context: Context = request.app.state.context
    address = request.client.host if request.client else ""
    hops: int = context.settings.proxies
    if hops:
        passed = [one.strip() for one in request.headers.get("x-forwarded-for", "").split(",") if one.strip()]
        if len(passed) >= hops:
            address = passed[-hops]
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:50]
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    prefix = 24 if known.version == 4 else 48
    return str(ipaddress.ip_network(f"{known}/{prefix}", strict=False))

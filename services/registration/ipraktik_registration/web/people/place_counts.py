"""How many hosts each municipality has, kept for half a minute per search: the one part of the registry that grows with all hosts.

A count that is a little old does no harm; the list beside it is always fresh.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from ipraktik_registration.store import hosts_on_offer
from ipraktik_registration.store.hosts_on_offer import Wanted

KEPT_SECONDS: Final = 30.0
_MOST: Final = 200


class PlaceCounts:
    """The counts of the searches that were made of late."""

    def __init__(self, *, monotonic: Callable[[], float], seconds: float = KEPT_SECONDS) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._kept: OrderedDict[Wanted, tuple[float, dict[str | None, int]]] = OrderedDict()

    async def of(self, conn: Any, wanted: Wanted) -> dict[str | None, int]:
        """Hosts by municipality code, None for those abroad; the place that is wanted does not count."""
        key = wanted.anywhere()
        now = self._monotonic()
        known = self._kept.get(key)
        if known is not None and now - known[0] < self._seconds:
            return known[1]
        counts = await hosts_on_offer.by_place(conn, wanted=key)
        self._kept[key] = (now, counts)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return counts

"""What the frame itself says: an address that leads nowhere, a link that is fine, has run out, is broken; and the board on its first
day, before there is an edition."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from browser.stops import Stop
from rig import Rig

from ipraktik_chassis.links import Coordinator

SERVICE = "matching"


async def stops(rig: Rig) -> Sequence[Stop]:
    """A coordinator's link needs nobody else."""
    run_out = rig.minter.coordinator(Coordinator("koordinator", rig.clock.now() - timedelta(days=1)))
    return [
        Stop("nothing-here", f"/matching/{uuid.UUID(int=1)}", status=404),
        Stop("link", f"/matching/link?t={rig.coordinator()}"),
        Stop("link-run-out", f"/matching/link?t={run_out}", status=410),
        Stop("link-broken", "/matching/link?t=nonsense", status=401),
        Stop("board-first-day", "/matching/board", coordinator=True),
    ]

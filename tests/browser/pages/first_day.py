"""Registration on its first day, before there is an edition, a host or anybody: what people and coordinators meet then."""

from collections.abc import Sequence

from browser.stops import Stop
from rig import Rig

SERVICE = "registration"


async def stops(rig: Rig) -> Sequence[Stop]:
    """Nothing has to be there."""
    return [
        Stop("first-day-front", "/"),
        Stop("first-day-sign-up", "/registration/sign-up"),
        Stop("first-day-hosts", "/registration/hosts"),
        Stop("first-day-sign-ups", "/registration/desk/sign-ups", coordinator=True),
        Stop("first-day-editions", "/registration/desk/editions", coordinator=True),
        Stop("first-day-register", "/registration/desk/register", coordinator=True),
    ]

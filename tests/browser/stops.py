"""What the pages' tests look at: a stop is one page in one state, with who looks at it and what they do to bring it there.

Each area of pages has a module in `pages/` that gives its stops; whatever is listed there is checked in every way and pictured.
"""

import importlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from playwright.async_api import Page
from rig import Rig

from ipraktik_chassis.service import Service
from ipraktik_evaluation.main import SERVICE as EVALUATION
from ipraktik_matching.main import SERVICE as MATCHING
from ipraktik_notify.main import SERVICE as NOTIFY
from ipraktik_registration.main import SERVICE as REGISTRATION

SERVICES: Final[dict[str, Service]] = {one.name: one for one in (REGISTRATION, MATCHING, NOTIFY, EVALUATION)}
AREAS: Final = tuple(
    sorted(file.stem for file in (Path(__file__).parent / "pages").glob("*.py") if file.stem != "__init__")
)

Act = Callable[[Page], Awaitable[Any]]


@dataclass(frozen=True)
class Stop:
    """A page in a state.

    name: of the page and the state, for people and for the picture's file: "host-registry-empty".
    path: where it begins; `act` then fills in and sends, and the page it ends on is the stop.
    token: of the person who looks; coordinator: a signed-in one looks. status: of the answer that the stop is.
    scripted: `act` needs a script (htmx); without it, or where it works without, the stop is also looked at without scripts.
    """

    name: str
    path: str
    token: str = ""
    coordinator: bool = False
    act: Act | None = None
    status: int = 200
    scripted: bool = False


@dataclass(frozen=True)
class Area:
    """A module of stops: SERVICE (a name), optional SETTINGS, and `async def stops(rig) -> Sequence[Stop]`."""

    name: str
    module: ModuleType = field(repr=False)

    @property
    def service(self) -> Service:
        """The service whose pages these are."""
        return SERVICES[self.module.SERVICE]

    @property
    def settings(self) -> dict[str, Any]:
        """What the service is told beyond the usual."""
        return getattr(self.module, "SETTINGS", {})

    async def stops(self, rig: Rig) -> Sequence[Stop]:
        """Set the scene and list the stops."""
        found: Sequence[Stop] = await self.module.stops(rig)
        names = [one.name for one in found]
        assert len(names) == len(set(names)), "two stops have one name"
        return found


def area(name: str) -> Area:
    """The area of that name."""
    return Area(name, importlib.import_module(f"browser.pages.{name}"))

"""A service small enough to see through: it notes what it hears about placements, in order, and counts per key.

Tests of the chassis use it where they need a service. What it hears can be made to fail or to wait by rows in `faults`.
"""

from pathlib import Path
from typing import Final

from pydantic import Field

from ipraktik_chassis.service import Service
from ipraktik_chassis.settings import Settings


class TallySettings(Settings):
    """A service's own settings stand beside the common ones."""

    favourites: list[int] = Field(default=[], max_length=3, description="Numbers, as a JSON list.")


SERVICE: Final = Service(
    name="tally",
    version="1.2.3",
    settings=TallySettings,
    migrations=Path(__file__).parent / "migrations",
    web="chassis.tally.web:app",
    work="chassis.tally.work:work",
)

"""The service as the chassis runs it. Imports neither the web framework nor the bus; each room imports its own."""

from pathlib import Path
from typing import Final

from ipraktik_chassis.service import Service
from ipraktik_matching.recheck import recheck
from ipraktik_matching.settings import MatchingSettings

SERVICE: Final = Service(
    name="matching",
    version="0.1.0",
    settings=MatchingSettings,
    migrations=Path(__file__).parent / "migrations",
    web="ipraktik_matching.web.app:create",
    work="ipraktik_matching.work:compose",
    commands={"recheck": recheck},
)

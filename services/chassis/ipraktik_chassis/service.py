"""What a service declares about itself, and what its parts are given to work with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from .clock import Clock
from .database import Database
from .jobs import Job
from .links import LinkVerifier
from .schema import CHASSIS_MIGRATIONS
from .settings import Settings
from .subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of a running process, handed to the composition of web and work."""

    service: str
    settings: Any
    clock: Clock
    database: Database
    registry: CollectorRegistry
    links: LinkVerifier | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What `work` does: listen, and act by the clock. `pending` counts work under way that no job shows as due; `show` brings the
    service's own gauges up to date, given a connection and the instant, seldom enough that it may ask the database."""

    subscriptions: Subscriptions
    jobs: Sequence[Job] = ()
    pending: Callable[[Any], Awaitable[int]] | None = None
    closing: Callable[[], Awaitable[None]] | None = None
    show: Callable[[Any, datetime], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `web` and `work` are import paths `module:function`, so that `serve` never imports the bus nor `work` the web."""

    name: str
    version: str
    settings: type[Settings]
    migrations: Path
    web: str
    work: str
    commands: dict[str, Callable[[list[str]], int]] = field(default_factory=dict)
    examinations: str | None = None
    """What `doctor` is to look at beside what every service has: an import path too, see `doctor/examining.py`."""

    @property
    def schema_folders(self) -> tuple[Path, Path]:
        """Where the migrations lie that together make the service's schema."""
        return CHASSIS_MIGRATIONS, self.migrations

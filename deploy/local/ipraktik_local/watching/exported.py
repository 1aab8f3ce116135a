"""The metrics of every service, taken from the very objects that its processes are put together from; nothing is started.

Invariant: what is listed here is what a scrape of `serve` or `work` holds, so rules and dashboards may build on it and on no other name.
"""

import asyncio
import importlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, generate_latest

from ipraktik_local.environment import ROOMS, SERVICES
from ipraktik_local.keys import link_keys

_NOBODY: Final = "127.0.0.1:1"
_SUFFIXES: Final = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as a service shows it. `name` is the one that a scrape holds, without a histogram's three endings."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str
    shown_by: frozenset[tuple[str, str]]
    """Pairs of service and room."""

    @property
    def series(self) -> tuple[str, ...]:
        """The names that an expression may hold."""
        endings = _SUFFIXES["histogram"] if self.kind == "histogram" else ("",)
        return tuple(self.name + ending for ending in endings)


def exported() -> tuple[Metric, ...]:
    """Every metric of every service, by name."""
    return asyncio.run(_exported())


def exposition(service: str, room: str) -> str:
    """What a process of this room shows before anything has happened in it, as Prometheus reads it."""
    return asyncio.run(_exposition(service, room))


async def _exposition(service: str, room: str) -> str:
    return generate_latest(registry_of(service, room)).decode()


async def _exported() -> tuple[Metric, ...]:
    found: dict[str, Metric] = {}
    for service in SERVICES:
        for room in ROOMS:
            for one in _metrics_of(registry_of(service, room), place=(service, room)):
                known = found.get(one.name)
                places = one.shown_by | (known.shown_by if known else frozenset())
                found[one.name] = Metric(one.name, one.kind, one.labels, one.meaning, places)
    return tuple(found[name] for name in sorted(found))


def registry_of(service: str, room: str) -> CollectorRegistry:
    """The registry of a process that is put together and not started. Needs a running event loop."""
    # by name: this package stands on no service, and only this asks for them
    chassis = {
        name: importlib.import_module(f"ipraktik_chassis.{name}")
        for name in ("composition", "ground", "worker" if room == "work" else "web_server")
    }
    declared = importlib.import_module(f"ipraktik_{service}.main").SERVICE
    with tempfile.TemporaryDirectory() as folder:
        keys = link_keys(Path(folder))
        own = {"link_private_key_file": keys.private} if service == "notify" else {}
        settings = declared.settings(
            database_url=f"postgresql://nobody@{_NOBODY}/none",
            kafka_bootstrap=_NOBODY,
            local_stack=True,
            link_public_key_file=keys.public,
            **own,
        )
        context = chassis["composition"].open_context(declared, settings)
        ground = chassis["ground"].Ground(context=context, needed="0")
        if room == "work":
            chassis["worker"].Worker(
                service=declared, context=context, settings=settings, ground=ground.metrics
            )
        else:
            chassis["web_server"].WebServer(service=declared, context=context, settings=settings)
    registry: CollectorRegistry = context.registry
    return registry


def _metrics_of(registry: CollectorRegistry, *, place: tuple[str, str]) -> Iterator[Metric]:
    collectors: dict[str, Any] = registry._names_to_collectors
    for family in registry.collect():
        labels: Sequence[str] = getattr(collectors.get(family.name), "_labelnames", ())
        kind, name = family.type, family.name
        if kind == "counter":
            name += "_total"
        elif kind == "info":
            name += "_info"
            labels = sorted({label for sample in family.samples for label in sample.labels})
        yield Metric(name, kind, tuple(labels), family.documentation, frozenset({place}))

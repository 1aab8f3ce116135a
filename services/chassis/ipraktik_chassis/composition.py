"""Putting a service together: its surroundings, and the parts that its declaration names by import path.

Parts are named and not imported, so that `serve` never loads the bus nor `work` the web.
"""

import importlib
from typing import Any

from ipraktik_contracts.envelope import source_urn

from .database import Database
from .links import LinkVerifier
from .metrics import new_registry
from .service import Context, Service
from .settings import Settings
from .transaction import Origin


def open_context(service: Service, settings: Settings) -> Context:
    """The surroundings of a process; the database is not opened yet."""
    clock = settings.clock()
    origin = Origin(
        source=source_urn(settings.organiser, service.name), topic_namespace=settings.topic_namespace
    )
    key = settings.link_public_key_file
    return Context(
        service=service.name,
        settings=settings,
        clock=clock,
        database=Database(url=settings.database_url, clock=clock, origin=origin, size=settings.database_pool),
        registry=new_registry(service=service.name, version=service.version),
        links=LinkVerifier(key.read_bytes()) if key else None,
    )


def imported(path: str) -> Any:
    """The function at `module:function`."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)

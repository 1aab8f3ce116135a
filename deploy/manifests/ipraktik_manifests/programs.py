"""What the four programs say about themselves: the settings they read, the topics and the group they listen to, the schema they need."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ipraktik_chassis import schema
from ipraktik_chassis.composition import imported
from ipraktik_chassis.service import Service
from ipraktik_chassis.settings import Settings
from ipraktik_contracts import rights
from ipraktik_manifests.tree import SERVICES


@dataclass(frozen=True, slots=True)
class Program:
    """One service, as its code declares it."""

    service: str
    settings: type[Settings]
    reads: frozenset[str]
    """Topics, without namespace."""
    group: str

    @property
    def environment(self) -> frozenset[str]:
        """The names that it reads from its environment."""
        return frozenset(field.upper() for field in self.settings.model_fields)

    @property
    def files(self) -> frozenset[str]:
        """Those of them that name a file."""
        return frozenset(one for one in self.environment if one.endswith("_FILE"))

    def default(self, name: str) -> object:
        """What a setting is where nobody sets it."""
        return self.settings.model_fields[name.lower()].default


@cache
def program(service: str) -> Program:
    """What the code of a service declares."""
    its = rights.SERVICES[service]
    return Program(
        service=service,
        settings=declared(service).settings,
        reads=frozenset(topic.name for topic in its.reads),
        group=its.group,
    )


def programs() -> Mapping[str, Program]:
    """All four."""
    return {one: program(one) for one in SERVICES}


def declared(service: str) -> Service:
    """What a service says about itself in its `main`."""
    found: Service = imported(f"ipraktik_{service}.main:SERVICE")
    return found


def revision_of(service: str) -> str:
    """The revision of the schema that a service's code needs."""
    return schema.revision_of(declared(service).schema_folders)

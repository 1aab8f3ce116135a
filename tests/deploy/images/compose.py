"""deploy/compose.yaml as data, for the tests beside."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deploy.images.recipe import ROOT
from ruamel.yaml import YAML

from ipraktik_chassis.composition import imported
from ipraktik_chassis.service import Service

COMPOSE: Final = ROOT / "deploy" / "compose.yaml"
NAMES: Final = ("registration", "matching", "notify", "evaluation")


def service(name: str) -> Service:
    """What the service declares about itself."""
    declared: Service = imported(f"ipraktik_{name}.main:SERVICE")
    return declared


@dataclass(frozen=True, slots=True)
class Container:
    """One entry under `services`."""

    name: str
    entry: dict[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        return dict(self.entry.get("environment", {}))

    @property
    def command(self) -> list[str]:
        return [str(word) for word in self.entry.get("command", [])]

    @property
    def ports(self) -> list[tuple[str, int, int]]:
        """(address, port on this machine, port inside)."""
        return [
            (a, int(out), int(inside)) for a, out, inside in (port.split(":") for port in self.entry["ports"])
        ]

    @property
    def before(self) -> dict[str, str]:
        """What must have been reached before it starts, and how far."""
        return {name: one["condition"] for name, one in self.entry.get("depends_on", {}).items()}


def document() -> dict[str, Any]:
    """The whole file."""
    loaded: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return loaded


def containers() -> dict[str, Container]:
    """All entries under `services`."""
    return {name: Container(name, entry) for name, entry in document()["services"].items()}


def config_file(name: str) -> Path:
    """The file behind an entry under `configs`."""
    return COMPOSE.parent / str(document()["configs"][name]["file"])

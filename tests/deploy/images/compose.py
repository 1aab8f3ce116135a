"""The compose files as data, put together as Compose does it, for the tests beside."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from deploy.image_root import ROOT
from ipraktik_chassis.composition import imported
from ipraktik_chassis.service import Service

COMPOSE: Final = ROOT / "deploy" / "compose.yaml"
DEVELOPMENT: Final = ROOT / "deploy" / "compose.development.yaml"
NAMES: Final = ("registration", "matching", "notify", "evaluation")
_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::(-|\?)([^${}]*))?\}")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Files laid over each other, and what stands in for their variables."""

    name: str
    files: tuple[Path, ...]
    variables: Path


SMALL: Final = Arrangement("small", (COMPOSE,), ROOT / "deploy" / "small" / "example.env")
LOCAL: Final = Arrangement(
    "development", (COMPOSE, DEVELOPMENT), ROOT / "deploy" / "compose" / "development.env"
)


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
        found = []
        for port in self.entry.get("ports", []):
            *address, out, inside = port.split(":")
            found.append((address[0] if address else "", int(out), int(inside)))
        return found

    @property
    def before(self) -> dict[str, str]:
        """What must have been reached before it starts, and how far."""
        return {name: one["condition"] for name, one in self.entry.get("depends_on", {}).items()}

    @property
    def memory(self) -> int:
        """MiB that it may take at most."""
        limit = str(self.entry["mem_limit"])
        assert limit.endswith("m"), limit
        return int(limit.removesuffix("m"))


def variables(arrangement: Arrangement) -> dict[str, str]:
    """What the arrangement's file of variables says; an example's open passwords are filled in."""
    lines = arrangement.variables.read_text("utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {
        name: value or (f"{name.lower().replace('_', '')}0" if name.endswith("_PASSWORD") else "")
        for name, value in said.items()
    }


@cache
def document(arrangement: Arrangement = LOCAL) -> dict[str, Any]:
    """Everything, laid over each other, with its variables filled in."""
    made: dict[str, Any] = {}
    for file in arrangement.files:
        made = _laid_over(made, YAML(typ="safe").load(file))
    filled: dict[str, Any] = _filled(made, variables(arrangement))
    return filled


def containers(arrangement: Arrangement = LOCAL) -> dict[str, Container]:
    """All entries under `services`."""
    return {name: Container(name, entry) for name, entry in document(arrangement)["services"].items()}


def config_file(name: str) -> Path:
    """The file behind an entry under `configs`."""
    return COMPOSE.parent / str(document()["configs"][name]["file"])


def _laid_over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return {
            key: _laid_over(below[key], above[key]) if key in below and key in above else (below | above)[key]
            for key in [*below, *(key for key in above if key not in below)]
        }
    if isinstance(below, list) and isinstance(above, list):
        return [*below, *above]
    return above


def _filled(node: Any, said: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(value, said) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, said) for value in node]
    if not isinstance(node, str):
        return node
    text = node
    while found := _VARIABLE.search(text):
        name, sign, word = found.groups()
        value = said.get(name) or (word if sign == "-" else None)
        if value is None:
            raise KeyError(f"{name} is not set: {word or ''}")
        text = f"{text[: found.start()]}{value}{text[found.end() :]}"
    return text

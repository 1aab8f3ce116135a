"""Who may import whom. The dependency direction is contracts ◀ chassis ◀ service; inside a service the domain stands alone."""

import sys
from collections.abc import Iterable, Iterator

from architecture.tree import SERVICES, Import, Module, imports_of

STDLIB = frozenset(sys.stdlib_module_names)
SERVICE_PACKAGES = tuple(f"ipraktik_{name}" for name in SERVICES)
SOLVERS = frozenset({"highspy", "numpy"})
"""What the puzzle may stand on: mathematics and nothing of the programme."""
EXTRA_ROOMS = {
    "ipraktik_contracts.cli": frozenset({"typer", "rich", "aiokafka"}),
    "ipraktik_contracts.publishing.site": frozenset({"jinja2", "markdown_it", "markupsafe"}),
}
"""Rooms of the contracts that only an extra brings to life (`cli`, `docs`), with what that extra installs."""
ROOMS = {
    "domain": (),
    "store": ("domain",),
    "usecases": ("domain", "store"),
}
"""Rooms of a service, inside out, with the rooms that each may look into."""


def contracts_stand_alone(modules: Iterable[Module]) -> list[str]:
    """An agency installs the contracts with pydantic and nothing else; what needs an extra stays in the rooms of that extra."""
    return [
        f"{one.where}: contracts import {one.target}; only pydantic and the standard library are allowed"
        for module in modules
        for one in imports_of(module)
        if one.top not in STDLIB | {"pydantic", "ipraktik_contracts"} | _extra_of(module)
    ]


def extras_are_not_needed(modules: Iterable[Module]) -> list[str]:
    """Who installs the contracts without extras never meets a room of theirs; only publishing asks for the site, and says so."""
    return [
        f"{one.where}: {module.name} imports {one.target}, which only an extra brings to life"
        for module in modules
        for one in imports_of(module)
        for room in EXTRA_ROOMS
        if one.within(room)
        and not _inside(module.name, room)
        and not (
            _inside(room, "ipraktik_contracts.publishing")
            and _inside(module.name, "ipraktik_contracts.publishing")
        )
    ]


def _extra_of(module: Module) -> frozenset[str]:
    return next((brings for room, brings in EXTRA_ROOMS.items() if _inside(module.name, room)), frozenset())


def chassis_knows_no_service(modules: Iterable[Module]) -> list[str]:
    """The chassis is a library under every service."""
    return [
        f"{one.where}: the chassis imports {one.target}; it must know no service and no stack"
        for module in modules
        for one in imports_of(module)
        if one.within(*SERVICE_PACKAGES, "ipraktik_local")
    ]


def services_share_events_only(modules: Iterable[Module]) -> list[str]:
    """A service imports no other service, nor the local stack."""
    return [
        f"{one.where}: {module.package} imports {one.target}; services share event types and nothing else"
        for module in modules
        for one in imports_of(module)
        if one.top != module.package and one.within(*SERVICE_PACKAGES, "ipraktik_local")
    ]


def domain_is_plain(modules: Iterable[Module]) -> list[str]:
    """Rules are functions and frozen dataclasses: no framework, no database, no chassis, and no way back to the other rooms."""
    return [
        f"{one.where}: {module.name} imports {one.target}; a domain stands on the standard library and the contracts"
        for module in modules
        if _room(module) == "domain"
        for one in imports_of(module)
        if one.top not in STDLIB | {"ipraktik_contracts", module.package}
        or (one.top == "ipraktik_contracts" and one.within("ipraktik_contracts.envelope"))
    ]


def rooms_look_inwards(modules: Iterable[Module]) -> list[str]:
    """web | events | jobs -> usecases -> domain + store: nobody on this way turns back."""
    return list(_turning_back(modules))


def puzzle_stands_alone(modules: Iterable[Module]) -> list[str]:
    """The engine could be taken out and used for any other exchange."""
    return [
        f"{one.where}: the puzzle imports {one.target}; it imports nothing of the rest"
        for module in modules
        if _inside(module.name, "ipraktik_matching.puzzle")
        for one in imports_of(module)
        if one.top not in STDLIB | SOLVERS
        and not one.within("ipraktik_matching.puzzle")
        and one.target != "ipraktik_matching"
    ]


def frameworks_stay_at_the_edge(modules: Iterable[Module]) -> list[str]:
    """The bus is one module's business, the web the web rooms'."""
    return [
        f"{one.where}: {module.name} imports {one.target}; only the chassis' consumer speaks to FastStream"
        for module in modules
        for one in imports_of(module)
        if one.top == "faststream" and module.name != "ipraktik_chassis.consumer"
    ]


def _turning_back(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        room = _room(module)
        if room not in ROOMS or module.package not in SERVICE_PACKAGES:
            continue
        allowed = (room, *ROOMS[room])
        for one in imports_of(module):
            inner = _room_of(one, module.package)
            if inner in {"web", "usecases", "store", "domain", "events", "jobs", "work", "main"} - set(
                allowed
            ):
                yield f"{one.where}: {module.name} imports {one.target}; {room} looks into {allowed} only"
            elif one.top in {"fastapi", "starlette", "jinja2"} and room != "domain":
                yield f"{one.where}: {module.name} imports {one.target}; the web stays in the web room"


def _room(module: Module) -> str:
    parts = module.name.split(".")
    return parts[1] if len(parts) > 1 else ""


def _room_of(one: Import, package: str) -> str:
    parts = one.target.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == package else ""


def _inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")

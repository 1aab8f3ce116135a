"""Who imports whom, held over the whole tree; each lint is shown a broken example too."""

from collections.abc import Callable, Iterable

import pytest
from architecture import directions
from architecture.tree import PACKAGES, SERVICES, Module, all_modules, imports_of, modules_of, said

Lint = Callable[[Iterable[Module]], list[str]]
SERVICE_MODULES = [module for name in SERVICES for module in modules_of(f"ipraktik_{name}")]


@pytest.mark.parametrize(
    ("lint", "modules"),
    [
        (directions.contracts_stand_alone, modules_of("ipraktik_contracts")),
        (directions.extras_are_not_needed, modules_of("ipraktik_contracts")),
        (directions.chassis_knows_no_service, modules_of("ipraktik_chassis")),
        (directions.services_share_events_only, SERVICE_MODULES),
        (directions.domain_is_plain, SERVICE_MODULES),
        (directions.rooms_look_inwards, SERVICE_MODULES),
        (directions.puzzle_stands_alone, modules_of("ipraktik_matching")),
        (directions.frameworks_stay_at_the_edge, all_modules()),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_imports_go_one_way(lint: Lint, modules: Iterable[Module]) -> None:
    offences = lint(modules)
    assert not offences, said(offences)


@pytest.mark.parametrize(
    ("lint", "name", "text"),
    [
        (directions.contracts_stand_alone, "ipraktik_contracts.odd", "import asyncpg"),
        (directions.contracts_stand_alone, "ipraktik_contracts.odd", "from ipraktik_chassis import ids"),
        (directions.contracts_stand_alone, "ipraktik_contracts.odd", "def f():\n    import orjson"),
        (directions.contracts_stand_alone, "ipraktik_contracts.cli.odd", "import jinja2"),
        (directions.extras_are_not_needed, "ipraktik_contracts.odd", "from .cli import tail"),
        (directions.extras_are_not_needed, "ipraktik_contracts.cli.odd", "from ..publishing import site"),
        (directions.chassis_knows_no_service, "ipraktik_chassis.odd", "import ipraktik_notify.mailing"),
        (directions.chassis_knows_no_service, "ipraktik_chassis.odd", "from ipraktik_local import kafka"),
        (
            directions.chassis_knows_no_service,
            "ipraktik_chassis.odd",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ipraktik_matching.domain import places",
        ),
        (directions.services_share_events_only, "ipraktik_notify.odd", "from ipraktik_registration import x"),
        (directions.services_share_events_only, "ipraktik_notify.odd", "import ipraktik_local"),
        (directions.domain_is_plain, "ipraktik_notify.domain.odd", "import pydantic"),
        (directions.domain_is_plain, "ipraktik_notify.domain.odd", "from ipraktik_chassis import clock"),
        (
            directions.domain_is_plain,
            "ipraktik_notify.domain.odd",
            "from ipraktik_contracts.envelope import decode",
        ),
        (directions.rooms_look_inwards, "ipraktik_notify.domain.odd", "from ..store import mails"),
        (
            directions.rooms_look_inwards,
            "ipraktik_notify.store.odd",
            "from ipraktik_notify.usecases import x",
        ),
        (directions.rooms_look_inwards, "ipraktik_notify.store", "from ipraktik_notify import usecases"),
        (directions.rooms_look_inwards, "ipraktik_notify.usecases.odd", "from ..web import app"),
        (directions.rooms_look_inwards, "ipraktik_notify.usecases.odd", "import fastapi"),
        (directions.puzzle_stands_alone, "ipraktik_matching.puzzle.odd", "from ..domain import places"),
        (directions.puzzle_stands_alone, "ipraktik_matching.puzzle.odd", "import ipraktik_contracts"),
        (directions.puzzle_stands_alone, "ipraktik_matching.puzzle", "import asyncpg"),
        (
            directions.frameworks_stay_at_the_edge,
            "ipraktik_notify.odd",
            "from faststream.kafka import KafkaBroker",
        ),
    ],
)
def test_an_import_the_wrong_way_is_refused(lint: Lint, name: str, text: str) -> None:
    (offence, *_) = lint([Module(name, text)])
    assert name in offence


@pytest.mark.parametrize(
    ("lint", "name", "text"),
    [
        (
            directions.contracts_stand_alone,
            "ipraktik_contracts.good",
            "import uuid\nfrom .events import Event",
        ),
        (directions.contracts_stand_alone, "ipraktik_contracts.cli.good", "import typer"),
        (
            directions.extras_are_not_needed,
            "ipraktik_contracts.publishing.good",
            "def f():\n    from .site import pages",
        ),
        (
            directions.domain_is_plain,
            "ipraktik_notify.domain.good",
            "from ipraktik_contracts.events import Event",
        ),
        (directions.rooms_look_inwards, "ipraktik_notify.usecases.good", "from ..store import mails"),
        (
            directions.puzzle_stands_alone,
            "ipraktik_matching.puzzle.good",
            "import highspy\nfrom . import pieces",
        ),
    ],
)
def test_an_import_the_right_way_is_let_pass(lint: Lint, name: str, text: str) -> None:
    assert lint([Module(name, text)]) == []


def test_relative_imports_are_read_as_what_they_mean() -> None:
    inner = Module("a.b.c", "from . import d\nfrom ..e import f\nfrom .g.h import i")
    assert {one.target for one in imports_of(inner)} == {
        "a.b",
        "a.b.d",
        "a.e",
        "a.e.f",
        "a.b.g.h",
        "a.b.g.h.i",
    }
    package = Module("a.b", "from . import d\nfrom .. import e", is_package=True)
    assert {one.target for one in imports_of(package)} == {"a.b", "a.b.d", "a", "a.e"}


def test_the_lints_see_the_tree() -> None:
    assert {module.package for module in all_modules()} == set(PACKAGES)
    assert any(module.name.startswith("ipraktik_matching.puzzle.") for module in all_modules())
    for name in SERVICES:
        assert any(".domain." in module.name for module in modules_of(f"ipraktik_{name}"))

"""The four services on ports of their own, each started when first asked for and shared by all tests here."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from over_http import scenes
from over_http.serving import Served, served
from rig import Databases, link_keys

from ipraktik_evaluation.main import SERVICE as EVALUATION
from ipraktik_local.postgres import PostgresServer
from ipraktik_matching.main import SERVICE as MATCHING
from ipraktik_notify.main import SERVICE as NOTIFY
from ipraktik_registration.main import SERVICE as REGISTRATION

SERVICES = {one.name: one for one in (REGISTRATION, MATCHING, NOTIFY, EVALUATION)}


@pytest.fixture(scope="session", params=[*SERVICES])
def service(
    request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service, its scene set."""
    name = request.param
    settings: dict[str, Any] = {}
    if name == "notify":
        settings["webhook_allow_networks"] = "127.0.0.0/8"
        settings["link_private_key_file"] = _key_file(tmp_path_factory.mktemp("keys"))
    with ExitStack() as stack:
        yield stack.enter_context(
            served(SERVICES[name], Databases(postgres), getattr(scenes, name), **settings)
        )


def _key_file(folder: Path) -> Path:
    path = folder / "links.pem"
    path.write_bytes(link_keys()[0])
    return path

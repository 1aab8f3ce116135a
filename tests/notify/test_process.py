"""What the process refuses to start without, and the coordinator's token."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from notify.agency import FEED, Agency, say, until
from notify.conftest import Notify
from notify.facts import Story
from prometheus_client import CollectorRegistry
from rig import Databases, rig_of

from ipraktik_chassis.links import LinkVerifier
from ipraktik_chassis.settings import SettingsWrong
from ipraktik_chassis.web_server import WebServer
from ipraktik_local.ports import reserve_port
from ipraktik_notify.main import SERVICE
from ipraktik_notify.settings import NotifySettings

START = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)


def _mint(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINK_", "CLOCK_", "LOCAL_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "ipraktik_notify", "mint-coordinator", *arguments],
        env={**bare, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_a_minted_token_is_a_coordinators_and_outlives_a_played_season(
    key_pair: tuple[Path, bytes], tmp_path: Path
) -> None:
    clock = tmp_path / "now"
    clock.write_text(START.isoformat())
    done = _mint(
        "--name", "Karin", LINK_PRIVATE_KEY_FILE=str(key_pair[0]), LOCAL_STACK="1", CLOCK_FILE=str(clock)
    )
    assert done.returncode == 0, done.stderr
    coordinator = LinkVerifier(key_pair[1]).coordinator(done.stdout.strip(), now=START + timedelta(days=399))
    assert coordinator.name == "Karin"
    assert coordinator.expires_at == START + timedelta(days=400)


def test_a_token_of_real_time_holds_thirty_days_or_as_said(key_pair: tuple[Path, bytes]) -> None:
    for arguments, days in (((), 30), (("--days", "2"), 2)):
        done = _mint(*arguments, LINK_PRIVATE_KEY_FILE=str(key_pair[0]))
        token = LinkVerifier(key_pair[1]).coordinator(done.stdout.strip(), now=START)
        left = token.expires_at - datetime.now(UTC)
        assert timedelta(days=days - 1) < left <= timedelta(days=days)


def test_without_the_key_nothing_is_minted() -> None:
    done = _mint()
    assert (done.returncode, done.stdout) == (2, "")
    assert "LINK_PRIVATE_KEY_FILE" in done.stderr


async def test_work_does_not_start_without_the_signing_key(databases: Databases) -> None:
    with pytest.raises(SettingsWrong, match="LINK_PRIVATE_KEY_FILE"):
        async with rig_of(SERVICE, databases):
            pass


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LINK_PRIVATE_KEY_FILE", "", "notify signs the links in mails"),
        ("LINK_PRIVATE_KEY_FILE", "/nowhere/private.pem", "the file cannot be read: No such file"),
        ("LINK_PRIVATE_KEY_FILE", "public", "the file holds no Ed25519 private key"),
        ("MAIL_FROM", "Innovationspraktik", "it holds no address"),
    ],
)
async def test_a_setting_that_work_cannot_go_by_is_named_and_ends_it_with_2(
    databases: Databases, key_pair: tuple[Path, bytes], tmp_path: Path, name: str, value: str, says: str
) -> None:
    public = tmp_path / "public.pem"
    public.write_bytes(key_pair[1])
    url, _ = await databases.fresh(SERVICE)
    given = {"LINK_PRIVATE_KEY_FILE": str(key_pair[0]), name: str(public) if value == "public" else value}
    try:
        for command in ("work", "listens"):
            done = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-m", "ipraktik_notify", command],
                env={"PATH": os.environ.get("PATH", ""), "DATABASE_URL": url, "OPS_PORT": "0", **given},
                capture_output=True,
                text=True,
                check=False,
                timeout=30,
            )
            assert (done.returncode, done.stdout) == (2, "")
            (line,) = done.stderr.splitlines()
            assert line.startswith(f"{name}: {says}")
    finally:
        await databases.drop(url)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "database_url": "x",
        "smtp_url": "smtp://u:secret@h:25",
        "coordinator_addresses": "a@b.c",
    }
    assert "secret" not in repr(NotifySettings(**values))
    assert "a@b.c" not in repr(NotifySettings(**values))


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port that is nobody's."""
    with reserve_port() as port:
        yield port.number


async def test_a_request_that_only_waits_is_no_unfinished_work_of_the_process(
    notify: Notify, agency: Agency, free_port: int
) -> None:
    """Whoever moves the clock waits for the process to be at rest, and must not wait for a reader that waits for the clock."""
    settings = notify.rig.context.settings.model_copy(update={"http_port": free_port})
    context = replace(notify.rig.context, settings=settings, registry=CollectorRegistry())
    server = WebServer(service=SERVICE, context=context, settings=settings)
    stop = asyncio.Event()
    serving = asyncio.ensure_future(server.tasks(stop)["web"]())
    busy: list[int] = []

    async def rests() -> bool:
        busy.append((await server.quiet())["in_flight"])
        return len(busy) > 2 and busy[-1] == 0 and 1 in busy

    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{free_port}") as http:
            await until(lambda: _listens(free_port))
            waiting = asyncio.ensure_future(http.get(FEED, params={"wait": 5}, headers=agency.as_agency))
            await until(rests)  # seen at work, then seen at rest
            assert not waiting.done()
            assert await server.quiet() == {"activity": 0, "in_flight": 0}
            await say(notify, Story().edition())
            assert len((await waiting).json()) == 1

        async def counted() -> bool:
            return await server.quiet() == {"activity": 1, "in_flight": 0}

        await until(counted)
    finally:
        stop.set()
        await serving


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

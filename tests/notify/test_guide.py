"""docs/http-feed.md is what agencies build by: its code runs, and what it lists is what there is."""

import asyncio
import json
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from notify.agency import FEED, WEBHOOKS, Agency, logged, say, settled, until
from notify.conftest import Notify
from notify.facts import Story
from notify.receiver import Receiver

from ipraktik_chassis import ops
from ipraktik_notify.delivering.signing import signed_headers
from ipraktik_notify.domain.trouble import DELIVERED, TROUBLE
from ipraktik_notify.settings import NotifySettings

GUIDE = (Path(__file__).parents[2] / "docs" / "http-feed.md").read_text("utf-8")
READER, RECEIVER = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def notify_settings() -> dict[str, Any]:
    """Receivers listen on the loopback."""
    return {"webhook_allow_networks": "127.0.0.0/8"}


@asynccontextmanager
async def _served(agency: Agency) -> AsyncIterator[str]:
    """The application on a port, as `serve` has it; the address of the feed."""
    server = ops.server(agency.app, host="127.0.0.1", port=0, drain_seconds=2)
    serving = asyncio.ensure_future(server.serve())
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}{FEED}"
    finally:
        server.should_exit = True
        await serving


async def _start(url: str, agency: Agency, folder: Path) -> asyncio.subprocess.Process:
    token = agency.as_agency["authorization"].removeprefix("Bearer ")
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(folder / "reader.py"),
        env={**os.environ, "FEED_URL": url, "FEED_TOKEN": token, "FEED_DB": str(folder / "feed.db")},
        stderr=asyncio.subprocess.PIPE,
    )


def _had(folder: Path) -> dict[str, Any]:
    """What the reader has kept, by id."""
    db = sqlite3.connect(folder / "feed.db")
    try:
        return {row[0]: json.loads(row[1]) for row in db.execute("select id, data from event")}
    except sqlite3.OperationalError:
        return {}  # it has not made its table yet
    finally:
        db.close()


def test_the_reader_is_short() -> None:
    assert len([line for line in READER.splitlines() if line.strip()]) <= 24


async def test_the_reader_has_every_event_once_though_it_is_killed_on_the_way(
    notify: Notify, agency: Agency, tmp_path: Path
) -> None:
    (tmp_path / "reader.py").write_text(READER.replace('"limit": 500', '"limit": 3'))

    async def all_is_there() -> bool:
        return len(_had(tmp_path)) == len(await logged(notify))

    async with _served(agency) as url:
        for _ in range(3):
            story = Story()
            await say(notify, *story.people(), story.proposed(), story.signed())
            reader = await _start(url, agency, tmp_path)
            before = len(_had(tmp_path))
            await until(lambda before=before: len(_had(tmp_path)) > before)  # type: ignore[misc]
            reader.kill()
            await reader.wait()
        reader = await _start(url, agency, tmp_path)
        await until(all_is_there)
        await say(notify, Story().edition())
        await until(all_is_there)
        reader.kill()
        await reader.wait()
    assert _had(tmp_path) == {one["id"]: one["data"] for one in await logged(notify)}


async def test_the_reader_says_what_to_do_when_its_token_opens_nothing(
    agency: Agency, tmp_path: Path
) -> None:
    (tmp_path / "reader.py").write_text(READER)
    agency.as_agency = {"authorization": "Bearer ipf_" + "x" * 43}
    async with _served(agency) as url:
        reader = await _start(url, agency, tmp_path)
        _, said = await asyncio.wait_for(reader.communicate(), 20)
    assert reader.returncode == 1
    assert "Check that it was copied whole" in said.decode()


async def test_the_receiving_function_takes_what_is_signed_and_nothing_else(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    names: dict[str, Any] = {"json": json}
    exec(compile(RECEIVER, "guide", "exec"), names)  # noqa: S102 - our own guide
    db = sqlite3.connect(":memory:")
    (table,) = re.findall(r'db.execute\("(create table if not exists event .*?)"\)', READER)
    db.execute(table)
    webhook = await agency.webhook(receiver.url)
    await say(notify, Story().edition(), Story().signed())
    await settled(notify)
    assert len(receiver.came) == 2
    for came in [*receiver.came, receiver.came[0]]:
        # the library judges the time by the system's clock: it is signed again as if it were said now
        headers = {**came.headers, **_signed_now(webhook["secret"], came.id, came.body)}
        assert names["receive"](headers, came.body, secret=webhook["secret"], db=db) == 204
        assert names["receive"](headers, came.body + b" ", secret=webhook["secret"], db=db) == 401
    assert [row[0] for row in db.execute("select id from event order by rowid")] == receiver.ids
    db.close()


def _signed_now(secret: str, id: str, body: bytes) -> dict[str, str]:
    return signed_headers(message_id=id, at=datetime.now(UTC), body=body.decode(), secrets=[secret])


def test_what_the_guide_lists_is_what_there_is() -> None:
    for code in (DELIVERED, *TROUBLE):
        assert f"`{code}`" in GUIDE
    for name in NotifySettings.model_fields:
        if name.startswith(("webhook_", "feed_")):
            assert f"`{name.upper()}`" in GUIDE
    for act in ("pause", "resume", "test", "secret", "deliveries"):
        assert f"/{{id}}/{act}`" in GUIDE
    assert WEBHOOKS in GUIDE

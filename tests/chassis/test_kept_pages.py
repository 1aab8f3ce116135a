"""Kept pages: given out as long as nothing was committed, by anybody, and never to whoever says who they are.

On a server of their own: what other tests commit on the shared one would make every page anew.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from rig import START
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ipraktik_chassis.clock import FixedClock
from ipraktik_chassis.database import Database
from ipraktik_chassis.kept_pages import KeptPages
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_local.postgres import start_postgres


@dataclass(frozen=True)
class Place:
    """What a page is made from."""

    context: Any
    clock: FixedClock
    database_url: str


@pytest.fixture
async def place(home: Path) -> AsyncIterator[Place]:
    """An empty database, alone on its server."""
    server = start_postgres(home / "postgres", fast=True)
    made = server.create_service_database("kept")
    clock = FixedClock(START)
    database = Database(url=made.url, clock=clock, origin=Origin(source_urn("coi", "tally")), size=2)
    await database.open()
    yield Place(SimpleNamespace(database=database, clock=clock), clock, made.url)
    await database.close()
    server.close()


class Maker:
    """Makes pages that say how many were made before."""

    def __init__(self, place: Place, *, kept: KeptPages | None = None) -> None:
        self.kept = kept or KeptPages()
        self.made = 0
        self.text = ""
        self.status = 200
        self._app = SimpleNamespace(state=SimpleNamespace(context=place.context))

    async def asked(self, path: str = "/", *, query: str = "", **headers: str) -> str:
        """The page that whoever asks gets."""
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "app": self._app,
        }
        response = await self.kept.answer(Request(scope), self._make)
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["content-length"] == str(len(response.body))
        return bytes(response.body).decode()

    async def _make(self) -> Response:
        self.made += 1
        return HTMLResponse(f"{self.made}{self.text}", self.status)


async def test_a_page_stays_while_nothing_is_committed_and_goes_with_the_next_commit(place: Place) -> None:
    pages = Maker(place)
    assert [await pages.asked(), await pages.asked()] == ["1", "1"]

    other = await asyncpg.connect(place.database_url)
    try:
        async with other.transaction():
            await other.execute("create temporary table seen_by_nobody_else (n int)")
            assert await pages.asked() == "1"  # nothing is committed yet
        assert [await pages.asked(), await pages.asked()] == ["2", "2"]
    finally:
        await other.close()


async def test_time_of_day_makes_it_anew(place: Place) -> None:
    pages = Maker(place)
    await pages.asked()
    place.clock.instant += timedelta(seconds=1)
    assert await pages.asked() == "2"


@pytest.mark.parametrize("header", ["cookie", "authorization"])
async def test_whoever_says_who_they_are_gets_a_page_of_their_own(place: Place, header: str) -> None:
    pages = Maker(place)
    assert await pages.asked() == "1"
    assert await pages.asked(**{header: "somebody"}) == "2"
    assert await pages.asked() == "1"


async def test_addresses_languages_and_squeezed_pages_are_kept_apart(place: Place) -> None:
    pages = Maker(place)
    every = [
        await pages.asked(),
        await pages.asked("/other"),
        await pages.asked(query="a=1"),
        await pages.asked(query="lang=en"),
        await pages.asked(accept_encoding="gzip"),
    ]
    assert len(set(every)) == 5


async def test_what_is_no_answer_is_not_kept(place: Place) -> None:
    pages = Maker(place)
    pages.status = 410
    assert [await pages.asked(), await pages.asked()] == ["1", "2"]


async def test_what_was_asked_for_longest_ago_goes_when_it_gets_too_much(place: Place) -> None:
    pages = Maker(place, kept=KeptPages(most_bytes=320))
    pages.text = "x" * 99
    for path in ("/a", "/b", "/c"):
        await pages.asked(path)
    await pages.asked("/a")
    await pages.asked("/d")
    assert (await pages.asked("/a"))[0] == "1"
    assert (await pages.asked("/b"))[0] == "5"
    assert pages.kept.size <= 320

    pages.text = "x" * 1_000
    await pages.asked("/large")
    assert pages.kept.size <= 320

"""Kept pages: given out as long as nothing was committed, by anybody, and never to whoever says who they are.

Asked for through an application with the frame around it: what every answer promises, a kept page promises too.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from chassis.alone import alone
from chassis.tally import TallySettings
from chassis.waiting import until
from fastapi import Request
from rig import START
from starlette.responses import HTMLResponse, Response

from ipraktik_chassis import tracing
from ipraktik_chassis.clock import FixedClock
from ipraktik_chassis.database import Database
from ipraktik_chassis.kept_pages import KeptPages
from ipraktik_chassis.metrics import new_registry
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.service import Context
from ipraktik_chassis.transaction import Origin
from ipraktik_chassis.web import create_app
from ipraktik_contracts.envelope import source_urn
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase

PAGE = "/tally/page"
GZIP = {"accept-encoding": "gzip"}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server for these tests."""
    with (
        tempfile.TemporaryDirectory(prefix="ipraktik-test-", ignore_cleanup_errors=True) as folder,
        alone(Path(folder) / "postgres") as made,
    ):
        yield made


@dataclass
class Place:
    """A page that says how many were made before, and who can ask for it."""

    context: Context
    clock: FixedClock
    server: PostgresServer
    url: str
    kept: KeptPages
    made: int = 0
    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: asyncio.Event | None = None
    wrong: bool = False

    def __post_init__(self) -> None:
        app = create_app(self.context, title="Tally", version="1.2.3", kept=self.kept)
        for path in (PAGE, PAGE + "/{name}"):
            app.get(path)(self._page)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
            base_url="http://tally.test",
            headers={"accept-encoding": "identity"},
        )

    async def _page(self, request: Request) -> Response:
        return await self.kept.answer(request, self._make)

    async def _make(self) -> Response:
        self.made += 1
        mine = self.made
        if self.wait is not None:
            await self.wait.wait()
        if self.wrong:
            raise Problem(404, "Nothing", "There is nothing here.")
        return HTMLResponse(f"{mine}{self.text}", self.status, self.headers)

    async def asked(self, path: str = PAGE, **headers: str) -> str:
        """The page that whoever asks gets."""
        self.client.cookies.clear()  # nobody brings one that they were given here
        answer = await self.client.get(path, headers={n.replace("_", "-"): v for n, v in headers.items()})
        assert answer.status_code == self.status
        return answer.text

    async def begun(self) -> bool:
        """Whether the making of a page has begun."""
        return self.made > 0

    async def answers(self) -> bool:
        """Whether the database is back."""
        return (await self.client.get(PAGE)).status_code == 200

    async def commit(self) -> None:
        """Somebody commits something."""
        conn = await asyncpg.connect(self.url)
        await conn.execute("select pg_current_xact_id()")
        await conn.close()

    def counted(self, route: str) -> float:
        """Requests that the metrics show of a route."""
        labels = {"method": "GET", "route": route, "status_code": "200"}
        return (
            self.context.registry.get_sample_value("http_server_request_duration_seconds_count", labels) or 0
        )


@pytest.fixture(scope="module")
def empty(server: PostgresServer) -> ServiceDatabase:
    """A database in which there is nothing."""
    return server.create_service_database("kept")


@pytest.fixture
async def place(server: PostgresServer, empty: ServiceDatabase) -> AsyncIterator[Place]:
    """A page of a service on that server."""
    clock = FixedClock(START)
    database = Database(url=empty.url, clock=clock, origin=Origin(source_urn("coi", "tally")), size=2)
    context = Context(
        service="tally",
        settings=TallySettings(database_url=empty.url, local_stack=True),
        clock=clock,
        database=database,
        registry=new_registry(service="tally", version="test"),
    )
    await database.open()
    made = Place(context, clock, server, empty.url, KeptPages(database=database, clock=clock, most_bytes=320))
    yield made
    await made.client.aclose()
    await database.close()


async def test_a_page_stays_while_nothing_is_committed_and_goes_with_the_next_commit(place: Place) -> None:
    assert [await place.asked(), await place.asked()] == ["1", "1"]
    await place.commit()
    assert [await place.asked(), await place.asked()] == ["2", "2"]


async def test_what_was_committed_while_it_was_made_makes_it_anew(place: Place) -> None:
    """It may have seen that, or only half of it."""
    place.wait = asyncio.Event()
    first = asyncio.ensure_future(place.asked())
    await until(place.begun, what="a page is being made")
    await place.commit()
    place.wait.set()
    assert await first == "1"
    assert await place.asked() == "2"


async def test_time_of_day_makes_it_anew(place: Place) -> None:
    await place.asked()
    place.clock.advance(timedelta(seconds=1))
    assert [await place.asked(), await place.asked()] == ["2", "2"]


@pytest.mark.parametrize("header", ["cookie", "authorization"])
async def test_whoever_says_who_they_are_gets_a_page_of_their_own(place: Place, header: str) -> None:
    assert await place.asked(**{header: "somebody"}) == "1"
    assert await place.asked() == "2"
    assert await place.asked(**{header: "somebody"}) == "3"
    assert await place.asked() == "2"


async def test_addresses_languages_and_squeezed_pages_are_kept_apart(place: Place) -> None:
    every = [
        await place.asked(),
        await place.asked(f"{PAGE}/other"),
        await place.asked(f"{PAGE}?a=1"),
        await place.asked(f"{PAGE}?lang=en"),
        await place.asked(f"{PAGE}?lang=en&a=1"),
        await place.asked(**GZIP),
    ]
    assert len(set(every)) == 6


async def test_what_else_a_request_brings_makes_no_difference(place: Place) -> None:
    every = [
        await place.asked(),
        await place.asked(host="evil.example"),
        await place.asked(accept="text/html", accept_language="en", user_agent="other"),
        await place.asked(traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        await place.asked(x_forwarded_for="192.0.2.7", x_forwarded_host="evil.example"),
    ]
    assert set(every) == {"1"}


async def test_only_a_get_is_answered_from_what_is_kept_or_its_head(place: Place) -> None:
    await place.asked()
    for method in ("POST", "OPTIONS", "PUT"):
        answer = await place.client.request(method, PAGE)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
    head = await place.client.head(PAGE)
    assert (head.status_code, head.content, place.made) == (200, b"", 1)


async def test_a_kept_page_is_answered_as_the_one_that_was_made(place: Place) -> None:
    place.headers = {"vary": "accept-encoding, cookie"}
    made, kept = await place.client.get(PAGE), await place.client.get(PAGE)
    assert place.made == 1
    assert (kept.status_code, kept.content) == (made.status_code, made.content)
    assert kept.headers.multi_items() == made.headers.multi_items()
    assert kept.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in kept.headers["content-security-policy"]


async def test_a_kept_page_is_counted_and_traced_under_its_route(place: Place) -> None:
    spans: list[tracing.Span] = []
    tracing.begin(spans.append)
    try:
        for _ in range(3):
            await place.asked(f"{PAGE}/one")
    finally:
        tracing.end()
    assert place.made == 1
    assert place.counted(f"{PAGE}/{{name}}") == 3
    assert [span.name for span in spans] == [f"GET {PAGE}/{{name}}"] * 3
    assert len({span.trace_id for span in spans}) == 3


async def test_what_the_frame_refuses_it_refuses_of_a_kept_page_too(place: Place) -> None:
    await place.asked()
    assert (await place.client.get(PAGE, headers={"content-length": "99999999"})).status_code == 413


@pytest.mark.parametrize("said", [{"status": 410}, {"headers": {"set-cookie": "a=b"}}])
async def test_what_is_no_page_for_everybody_is_not_kept(place: Place, said: dict[str, object]) -> None:
    for name, value in said.items():
        setattr(place, name, value)
    assert [await place.asked(), await place.asked()] == ["1", "2"]


async def test_a_page_is_made_once_for_all_who_ask_for_it_meanwhile(place: Place) -> None:
    place.wait = asyncio.Event()
    asking = [asyncio.ensure_future(place.asked()) for _ in range(8)]
    await until(place.begun, what="a page is being made")
    await asyncio.sleep(0.05)  # all of them have asked by now; more makers would show in what they get
    place.wait.set()
    assert await asyncio.gather(*asking) == ["1"] * 8


async def test_where_it_cannot_be_made_everybody_is_told_why_and_nothing_is_kept(place: Place) -> None:
    place.wrong, place.status = True, 404
    answers = await asyncio.gather(*(place.asked() for _ in range(3)))
    assert all('"There is nothing here."' in answer for answer in answers)
    place.wrong, place.status = False, 200
    assert await place.asked() == "4"


async def test_no_page_is_given_out_while_the_database_is_away_nor_one_from_before(place: Place) -> None:
    assert await place.asked() == "1"
    place.server.stop()
    try:
        place.status = 503
        assert "Not available right now" in await place.asked()
    finally:
        place.server.start()
    place.status = 200
    await until(place.answers, what="the database is back")
    assert int(await place.asked()) > 1


async def test_a_standby_makes_every_page(place: Place) -> None:
    place.server.stop()
    signal = place.server.data / "standby.signal"
    signal.touch()
    place.server.start()
    try:
        await until(place.answers, what="the database is back")
        assert await place.asked() != await place.asked()
    finally:
        place.server.stop()
        signal.unlink()
        place.server.start()


async def test_what_was_asked_for_longest_ago_goes_when_it_gets_too_much(place: Place) -> None:
    place.text = "x" * 99
    for path in ("a", "b"):
        await place.asked(f"{PAGE}/{path}")
    await place.asked(f"{PAGE}/a")
    await place.asked(f"{PAGE}/c")
    assert (await place.asked(f"{PAGE}/a"))[0] == "1"
    assert (await place.asked(f"{PAGE}/b"))[0] == "4"
    assert place.kept.size <= 320

    place.text = "x" * 1_000
    await place.asked(f"{PAGE}/large")
    assert place.kept.size <= 320

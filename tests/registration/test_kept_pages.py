"""Public pages are kept, and nobody can tell: whatever has happened shows at once, and nothing of one visitor is shown to the next."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest
from registration.desk import Desk, host, workplace

HOSTS = "/registration/hosts"
PAGE = {"accept": "text/html"}
NOTHING: Mapping[str, str] = {}


async def page(desk: Desk, path: str, status: int = 200, *, brought: Mapping[str, str] = NOTHING) -> str:
    """A page, asked for twice: the second time it may be a kept one."""
    first, again = [await desk.client.get(path, headers=PAGE | dict(brought)) for _ in range(2)]
    assert (first.status_code, again.status_code) == (status, status)
    assert first.text == again.text
    return again.text


async def test_a_host_shows_on_every_page_as_soon_as_it_is_valid_and_is_gone_when_it_leaves(
    desk: Desk,
) -> None:
    await desk.open_edition()
    first_id = await desk.register(host())
    assert "Se den ene vært" in await page(desk, "/")
    for path in (HOSTS, f"{HOSTS}?sector=municipal"):
        assert "Kolding: 1 i kartoteket" not in await page(desk, path)
    assert "andre værter i nærheden lige nu" in await page(desk, f"{HOSTS}/{first_id}")

    other = workplace(organisation_name="Kolding Kommune", municipality_code="0621")
    other_id = await desk.register(host(workplace=other))
    assert "Se de 2 værter" in await page(desk, "/")
    for path in (HOSTS, f"{HOSTS}?sector=municipal"):
        assert "Kolding: 1 i kartoteket" in await page(desk, path)
    assert "Kolding Kommune" in await page(desk, f"{HOSTS}/{first_id}")
    assert "Kolding Kommune" in await page(desk, f"{HOSTS}/{other_id}")

    await desk.act(other_id, "withdrawal", {})
    assert "Se den ene vært" in await page(desk, "/")
    for path in (HOSTS, f"{HOSTS}?sector=municipal", f"{HOSTS}/{first_id}"):
        seen = await page(desk, path)
        assert "Kolding Kommune" not in seen
        assert "Kolding: 1 i" not in seen
    await page(desk, f"{HOSTS}/{other_id}", 410)


async def test_a_window_that_opens_or_closes_shows_at_its_second(desk: Desk) -> None:
    opens = desk.rig.clock.now() + timedelta(seconds=2)
    closes = opens + timedelta(seconds=2)
    await desk.open_edition(window={"opens_at": opens.isoformat(), "closes_at": closes.isoformat()})
    seen = []
    for _ in range(5):
        seen.append("Bliv praktikant" in await page(desk, "/"))
        desk.rig.clock.advance(timedelta(seconds=1))
    assert seen == [False, False, True, True, False]


@pytest.mark.parametrize(
    "brought",
    [
        {"host": "evil.example"},
        {"host": "evil.example/x?y="},
        {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-prefix": "/evil"},
        {"accept-language": "en-GB"},
        {"referer": "https://evil.example/"},
    ],
)
@pytest.mark.parametrize("path", ["/", HOSTS])
async def test_what_the_first_visitor_brings_is_not_shown_to_the_next(
    desk: Desk, path: str, brought: dict[str, str]
) -> None:
    await desk.open_edition()
    await desk.register(host())
    usual = await page(desk, path)
    desk.rig.clock.advance(timedelta(seconds=1))  # so that it is made by who brings this
    assert await page(desk, path, brought=brought) == usual
    assert await page(desk, path) == usual


async def test_each_language_and_each_search_has_its_own(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host())
    danish, english = await page(desk, HOSTS), await page(desk, f"{HOSTS}?lang=en")
    assert '<html lang="da">' in danish
    assert '<html lang="en">' in english
    assert "Ingen vært passer" in await page(desk, f"{HOSTS}?field=law")
    assert await page(desk, HOSTS) == danish


async def test_a_page_that_is_squeezed_is_so_for_those_who_can_read_it_alone(desk: Desk) -> None:
    await desk.open_edition()
    for encoding in ("gzip", "identity", "gzip", "identity"):
        answer: httpx.Response = await desk.client.get("/", headers=PAGE | {"accept-encoding": encoding})
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.headers["vary"] == "accept-encoding, cookie"
        assert "Forside" in answer.text

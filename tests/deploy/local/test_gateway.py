"""The one origin for people: which address leads where, what is handed on, and what is said where a service is not there."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from deploy.local.town import Service, Town, listening, plain

from ipraktik_local.gateway.answers import NOWHERE
from ipraktik_local.gateway.table import service_of


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "registration"),
        ("/favicon.ico", "registration"),
        ("/robots.txt", "registration"),
        ("/was", "registration"),
        ("/api/v1/interns", "registration"),
        ("/api/v1/hosts", "registration"),
        ("/api/v1/hosts/0193", "registration"),
        ("/api/v1/events", "notify"),
        ("/api/v1/events/feed", "notify"),
        ("/registration/sign-in", "registration"),
        ("/matching/placements/0193/answer", "matching"),
        ("/matching", "matching"),
        ("/notify/mails", "notify"),
        ("/evaluation/reports", "evaluation"),
        ("/registrations", None),
        ("/api/v1/internships", None),
        ("/api/v1", None),
        ("/was/", None),
        ("//registration", None),
        ("/elsewhere", None),
    ],
)
def test_each_public_address_leads_to_its_service_and_all_others_nowhere(
    path: str, service: str | None
) -> None:
    assert service_of(path) == service


async def test_a_request_arrives_as_it_was_sent_with_its_host_and_who_asks(town: Town) -> None:
    answer = await town.client.post(
        "/matching/placements/%C3%A6?t=a%20b&x",
        content=b"name=Ida",
        headers={
            "x-forwarded-for": "203.0.113.9",
            "forwarded": "for=203.0.113.9",
            "x-forwarded-proto": "https",
            "connection": "keep-alive, x-secret-hop",
            "x-secret-hop": "1",
            "cookie": "ipraktik=1",
        },
    )

    assert answer.text == "matching"
    (asked,) = town.matching.asked
    assert (asked.method, asked.target, asked.body) == (
        "POST",
        "/matching/placements/%C3%A6?t=a%20b&x",
        b"name=Ida",
    )
    assert asked.header("host") == [town.base]
    assert asked.header("x-forwarded-for") == ["127.0.0.1"]
    assert asked.header("x-forwarded-proto") == ["http"]
    assert asked.header("cookie") == ["ipraktik=1"]
    assert asked.header("forwarded") == asked.header("x-secret-hop") == []


async def test_an_answer_comes_back_as_it_was_given(town: Town) -> None:
    moved = await town.client.get("/registration/moved")
    same = await town.client.get("/registration/same")
    head = await town.client.head("/registration/x")

    assert moved.status_code == 303
    assert moved.headers["location"] == "/matching/next"
    assert moved.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]
    assert (same.status_code, same.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "12")
    assert len(moved.headers.get_list("date")) == 1


async def test_pieces_of_an_answer_pass_as_they_come(town: Town) -> None:
    async with town.client.stream("GET", "/registration/slow") as answer:
        pieces = answer.aiter_raw()
        assert await anext(pieces) == b"first\n"
        town.registration.go_on.set()
        assert b"".join([piece async for piece in pieces]) == b"last\n"


async def test_a_body_without_a_length_passes(town: Town) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 70_000

    answer = await town.client.post("/registration/x", content=pieces())

    assert answer.status_code == 200
    assert town.registration.asked[0].body == b"x" * 210_000


async def test_a_service_that_refuses_a_large_body_unread_is_heard(town: Town) -> None:
    answer = await town.client.post("/registration/refused-early", content=b"x" * 3_000_000)

    assert answer.status_code == 413


async def test_a_large_answer_passes_whole_also_to_a_slow_reader(town: Town) -> None:
    async with town.client.stream("GET", "/registration/large") as answer:
        size = 0
        async for piece in answer.aiter_raw(1_000_000):
            size += len(piece)
            await asyncio.sleep(0)

    assert size == 8_000_000


async def test_a_service_hears_that_a_person_has_left(town: Town) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await town.client.get("/matching/waiting", timeout=0.2)

    await asyncio.wait_for(town.matching.left.wait(), 5)


async def test_half_an_answer_is_never_taken_for_a_whole_one(town: Town) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await town.client.get("/matching/broken")


async def test_a_service_that_is_down_costs_its_own_addresses_only(town: Town) -> None:
    down = await town.client.get("/notify/preparation", headers={"accept": "text/html"})
    not_run = await town.client.get("/evaluation/reports")
    up = await town.client.get("/registration/hosts")

    assert (down.status_code, not_run.status_code, up.status_code) == (503, 503, 200)
    assert down.headers["retry-after"] == "2"
    assert 'lang="da"' in down.text
    assert "Prøv igen om et øjeblik" in down.text
    assert '<section lang="en">' in down.text
    assert "Try again in a moment" in down.text
    assert "preparation" not in down.text


async def test_a_service_that_comes_back_is_there_again(town: Town) -> None:
    assert (await town.client.get("/notify/mails")).status_code == 503
    async with listening(plain(Service("notify"), town.notify_port)):
        assert (await town.client.get("/notify/mails")).text == "notify"
    assert (await town.client.get("/notify/mails")).status_code == 503


async def test_a_program_gets_a_problem_where_a_person_gets_a_page(town: Town) -> None:
    feed = await town.client.get("/api/v1/events")
    nowhere = await town.client.get("/api/v2/interns")

    for answer, status in ((feed, 503), (nowhere, 404)):
        assert answer.status_code == answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_outside_the_table_is_a_page_that_leads_to_the_front_page(town: Town) -> None:
    answer = await town.client.get("/wp-login.php")

    assert answer.status_code == 404
    assert NOWHERE.danish[0] in answer.text
    assert 'href="/"' in answer.text
    assert town.registration.asked == town.matching.asked == []

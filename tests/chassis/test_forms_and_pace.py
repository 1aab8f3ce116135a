"""What people fill in, and how often they may."""

import dataclasses
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from chassis.asking import asking
from rig import Rig

from ipraktik_chassis.addresses import link
from ipraktik_chassis.forms import Form, day_fields, day_in
from ipraktik_chassis.pace import MOST_KEPT, Pace, network_of
from ipraktik_chassis.problem import Problem


def test_a_form_gives_the_last_value_and_all_of_them() -> None:
    form = Form({"field": ["care", "it"], "name": " Navn ", "none": []})
    assert (form["field"], form.all("field"), form.all("other")) == ("it", ("care", "it"), ())
    assert (form.get("other", "-"), form["none"], form.filled("name")) == ("-", "", "Navn")
    assert dict(form) == {"field": "it", "name": " Navn ", "none": ""}


def test_what_is_wrong_stands_beside_what_was_filled_in() -> None:
    form = Form({"name": "x"}).with_errors({"name": "Skriv dit navn"})
    assert (form["name"], form.errors) == ("x", {"name": "Skriv dit navn"})


def test_a_day_is_read_from_three_fields_and_written_into_them() -> None:
    assert day_in(Form(day_fields("first", date(2018, 9, 10))), "first") == date(2018, 9, 10)
    assert day_in(Form({"first-day": "1", "first-month": " 09 ", "first-year": "2018"}), "first") == date(
        2018, 9, 1
    )
    assert day_in(Form(), "first") is None
    assert day_fields("first", None) == {}


@pytest.mark.parametrize(
    "parts",
    [("31", "2", "2018"), ("1", "", "2018"), ("x", "9", "2018"), ("1", "9", "20188"), ("²", "9", "2018")],
)
def test_what_is_no_day_is_refused(parts: tuple[str, str, str]) -> None:
    form = Form(dict(zip(("d-day", "d-month", "d-year"), parts, strict=True)))
    with pytest.raises(ValueError):
        day_in(form, "d")


async def test_line_breaks_count_as_one_character(tally: Rig) -> None:
    async with asking(tally) as client:
        answer = await client.post("/tally/form", data={"words": "en\r\nto"})
    assert answer.json() == {"words": "en\nto"}


def test_a_network_may_go_on_at_its_pace_and_no_faster() -> None:
    now = 0.0
    pace = Pace(per_minute=6, burst=3, monotonic=lambda: now)
    assert [pace.wait("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert pace.wait("a") == pytest.approx(10.0)
    assert pace.wait("b") == 0.0, "another network has a pace of its own"
    now = 9.0
    assert pace.wait("a") == pytest.approx(1.0)
    now = 10.0
    assert pace.wait("a") == 0.0
    assert pace.wait("a") > 0.0
    now = 1_000.0
    assert [pace.wait("a") for _ in range(4)][:3] == [0.0, 0.0, 0.0]


def test_so_many_networks_are_remembered_and_no_more() -> None:
    pace = Pace(per_minute=1, burst=1, monotonic=lambda: 0.0)
    for number in range(MOST_KEPT + 1):
        assert pace.wait(str(number)) == 0.0
    assert pace.wait(str(MOST_KEPT)) > 0.0
    assert pace.wait("0") == 0.0, "the one heard of longest ago is forgotten"


def asked(*, client: str, forwarded: str = "", proxies: int = 0, **more: Any) -> Any:
    """As much of a request as the network is told by."""
    settings = SimpleNamespace(proxies=proxies)
    state = SimpleNamespace(context=SimpleNamespace(settings=settings))
    return SimpleNamespace(
        app=SimpleNamespace(state=state),
        client=SimpleNamespace(host=client),
        headers={"x-forwarded-for": forwarded} if forwarded else {},
        **more,
    )


@pytest.mark.parametrize(
    ("request_", "network"),
    [
        (asked(client="192.0.2.17"), "192.0.2.0/24"),
        (asked(client="2001:db8:1:2::3"), "2001:db8:1::/48"),
        (asked(client="::ffff:192.0.2.17"), "192.0.2.0/24"),
        # what a stranger claims does not count; what our own proxies saw does
        (asked(client="192.0.2.17", forwarded="198.51.100.1"), "192.0.2.0/24"),
        (asked(client="10.0.0.1", forwarded="198.51.100.1", proxies=1), "198.51.100.0/24"),
        (asked(client="10.0.0.1", forwarded="203.0.113.9, 198.51.100.1", proxies=1), "198.51.100.0/24"),
        (asked(client="10.0.0.1", forwarded="198.51.100.1, 10.0.0.2", proxies=2), "198.51.100.0/24"),
        (asked(client="10.0.0.1", proxies=1), "10.0.0.0/24"),
        (asked(client="testclient"), "testclient"),
    ],
)
def test_the_network_is_that_of_whoever_asks(request_: Any, network: str) -> None:
    assert network_of(request_) == network


def test_who_is_too_fast_is_told_when_to_go_on() -> None:
    pace = Pace(per_minute=1, burst=1, monotonic=lambda: 0.0)
    pace.pass_or_refuse(asked(client="192.0.2.1"), "a")
    pace.pass_or_refuse(asked(client="192.0.2.1"), "b")
    with pytest.raises(Problem) as refused:
        pace.pass_or_refuse(asked(client="192.0.2.99"), "a")
    assert (refused.value.status, refused.value.headers) == (429, {"retry-after": "60"})


async def test_addresses_of_other_services_are_at_their_public_place_and_keep_the_language(
    tally: Rig,
) -> None:
    settings = tally.context.settings.model_copy(update={"matching_public_url": "https://m.example.org/"})
    context = dataclasses.replace(tally.context, settings=settings)

    def place(path: str, query: str = "", **more: Any) -> str:
        from starlette.requests import Request

        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": "/tally/x",
            "query_string": query.encode(),
            "headers": [],
        }
        scope["app"] = SimpleNamespace(state=SimpleNamespace(context=context))
        return link(Request(scope), path, **more)

    assert place("/tally/mine") == "/tally/mine"
    assert place("/matching/board") == "https://m.example.org/matching/board"
    assert place("/tally/mine", "lang=en&page=2") == "/tally/mine?lang=en"
    assert place("/tally/mine#part", "lang=xx", sector="state", field="") == "/tally/mine?sector=state#part"
    assert place("/tally/mine?a=1", "lang=da", b=["x", "y"]) == "/tally/mine?a=1&b=x&b=y&lang=da"
    assert place("/") == settings.registration_public_url + "/"
    assert place("/api/v1/events") == settings.notify_public_url + "/api/v1/events"

"""The sign-up as question pages: the way through them, what is sent in the end, and the receipt."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from registration.desk import Desk, host, workplace
from registration.signing_up import WEEK, Walk, answers, errors_of, text_of

from ipraktik_chassis.clock import FixedClock
from ipraktik_chassis.metrics import new_registry
from ipraktik_contracts.events import ConfirmationRequested, ContactChanged
from ipraktik_registration.web.sign_up.flow import STEPS


async def test_an_intern_from_a_municipality_answers_four_pages(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    walk = Walk(desk)
    receipt = await walk.sent()
    assert walk.seen == ["you", "workplace", "stay", "time"]
    told = (await walk.bodies())["intern"]
    you, work = walk.given["you"], walk.given["workplace"]
    assert (told["name"], told["email"], told["field"]) == (you["name"], you["email"], "planning")
    assert told["workplace"]["organisation_name"] == "Aarhus Kommune"
    assert (told["workplace"]["sector"], told["workplace"]["municipality_code"]) == ("municipal", "0751")
    assert told["workplace"]["ownership"] == "public"
    assert told["manager"]["email"] == work["manager-email"]
    assert (told["journey_type"], told["days"], told["available"]) == (
        "adventurer",
        {"min": 4, "max": 5},
        [],
    )
    assert told["wishes"] == {"fields": [], "sectors": [], "areas": [], "own_organisation": False}
    assert told["reference"] in receipt
    assert you["email"] in receipt
    assert "23. april 2018 kl. 10.00" in receipt
    assert work["manager-email"] not in receipt
    [asked] = await desk.rig.said(ConfirmationRequested)
    assert str(asked.participant_id) == told["participant_id"]


async def test_a_host_answers_four_pages(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(
        desk,
        "host",
        answers(workplace={"reserve-name": "Karen", "reserve-email": "karen@example.org"}),
    )
    await walk.sent()
    assert walk.seen == ["you", "workplace", "offer", "days"]
    told = (await walk.bodies())["host"]
    assert (told["capacity"], told["days"], told["offer"]) == (
        2,
        {"min": 2, "max": 4},
        "Et skrivebord og en cykel.",
    )
    assert told["reserve"] == {"name": "Karen", "email": "karen@example.org"}


async def test_both_roles_share_their_pages_and_become_two_sign_ups(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, "both")
    receipt = await walk.sent()
    assert walk.seen == ["you", "workplace", "stay", "time", "offer", "days"]
    told = await walk.bodies()
    assert set(told) == {"intern", "host"}
    assert told["intern"]["email"] == told["host"]["email"]
    assert told["intern"]["reference"] in receipt
    assert told["host"]["reference"] in receipt
    assert "Bekræft dem begge" in receipt


async def test_wishes_people_and_place_are_asked_for_only_where_they_are_needed(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(
        desk,
        given=answers(
            workplace={"organisation": "Skattestyrelsen"},
            stay={"open": "no"},
            time={"route": "found", "companion": "yes", "dates": list(WEEK[1:])},
        ),
    )
    await walk.sent()
    assert walk.seen == ["you", "workplace", "place", "stay", "wishes", "time", "people"]
    told = (await walk.bodies())["intern"]
    people = walk.given["people"]
    assert told["workplace"]["ministerial_area"] == "taxation"
    assert told["workplace"]["municipality_code"] == "0630"
    assert told["wishes"] == {
        "fields": ["culture", "libraries"],
        "sectors": [],
        "areas": ["region:syddanmark"],
        "own_organisation": True,
    }
    assert told["available"] == [{"first_day": WEEK[1], "last_day": WEEK[4]}]
    assert told["self_found_host"]["email"] == people["host-email"]
    assert told["companion"]["email"] == people["companion-email"]
    assert told["host_in_mind"] is None


async def test_a_host_tells_its_wishes_and_whom_it_has_found(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, "host", answers(offer={"open": "no"}, days={"route": "found"}))
    await walk.sent()
    assert walk.seen == ["you", "workplace", "offer", "guests", "days", "guest"]
    told = (await walk.bodies())["host"]
    assert told["wishes"]["sectors"] == ["state"]
    assert told["self_found_intern"]["email"] == walk.given["guest"]["intern-email"]


async def test_a_host_of_the_registry_is_asked_from_its_own_page(desk: Desk) -> None:
    await desk.open_edition()
    host_id = await desk.register(host(workplace=workplace(organisation_name="Vejle Bibliotek")))
    walk = Walk(desk, given=answers(time={"route": "this"}))
    start = await walk.look(f"/registration/sign-up/intern?host={host_id}")
    assert "Vejle Bibliotek" in text_of(start)
    await walk.until("time", host=str(host_id))
    assert "Spørg Vejle Bibliotek" in text_of(await walk.get("time"))
    await walk.answer("time")
    assert "Spørg Vejle Bibliotek" in text_of(await walk.get("check"))
    await walk.send()
    rows = [row for row in await walk.rows("named") if row["kind"] == "host_in_mind"]
    assert [row["other_id"] for row in rows] == [host_id]


async def test_a_host_that_has_left_meanwhile_is_asked_about_anew(desk: Desk) -> None:
    await desk.open_edition()
    host_id = await desk.register(host())
    walk = Walk(desk, given=answers(time={"route": "this"}))
    await walk.until(host=str(host_id))
    await desk.act(host_id, "withdrawal", {"reason": "own_wish"})
    answer = await walk.send()
    page = await walk.look(answer.headers["location"])
    assert page.headers.get("location") is None
    assert errors_of(page) == {"route": "Værten tager ikke imod længere. Vælg en anden vej"}
    assert len([row for row in await walk.rows("participant") if row["role"] == "intern"]) == 0


async def test_sending_twice_or_at_once_is_one_sign_up(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    walk = Walk(desk, "both")
    await walk.until()
    fields = {"based_on": await walk.based_on()}
    sent = await asyncio.gather(*(walk.post(f"{walk.base}/check", fields) for _ in range(4)))
    again = await walk.post(f"{walk.base}/check", fields)
    assert {answer.headers["location"] for answer in [*sent, again]} == {f"{walk.base}/receipt"}
    assert len(await walk.rows("participant")) == 2
    assert len(await desk.rig.said(ConfirmationRequested)) == 2


async def test_who_goes_back_after_sending_finds_the_receipt_as_often_as_they_like(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    receipt = await walk.sent()
    for page in ("you", "time", "check", "save", "delete"):
        assert (await walk.get(page)).headers["location"] == f"{walk.base}/receipt"
    assert (await walk.answer("time")).headers["location"] == f"{walk.base}/receipt"
    assert text_of(await walk.get("receipt")) == receipt


async def test_a_receipt_says_nothing_of_people_once_they_are_erased(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.sent()
    [row] = await walk.rows("participant")
    assert (await desk.erase(row["participant_id"])).status_code == 204
    receipt = text_of(await walk.get("receipt"))
    assert walk.given["you"]["email"] not in receipt
    assert "Slettet" in receipt


async def test_answers_that_were_changed_elsewhere_are_shown_again_before_they_are_sent(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.until()
    based_on = await walk.based_on()
    await walk.answer("stay", motivation="Noget helt andet.")
    answer = await walk.post(f"{walk.base}/check", {"based_on": based_on})
    shown = text_of(await walk.look(answer.headers["location"]))
    assert "ændret et andet sted" in shown
    assert "Noget helt andet." in shown
    assert await walk.rows("participant") == []
    await walk.send()
    assert len(await walk.rows("participant")) == 1


async def test_the_answers_are_read_back_and_each_leads_to_its_page(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, "both", answers(stay={"open": "no"}, time={"companion": "yes"}))
    await walk.until()
    page = await walk.get("check")
    shown = text_of(page)
    for said in (
        walk.given["you"]["name"],
        "Aarhus Kommune",
        walk.given["workplace"]["manager-email"],
        "Eventyrer",
        "Biblioteker",
        "Region Syddanmark",
        walk.given["people"]["companion-email"],
        "Et skrivebord og en cykel.",
        "Alle dage: 10.–14. september 2018",
    ):
        assert said in shown
    for name in ("you", "workplace", "stay", "wishes", "time", "people", "offer", "days"):
        assert f'href="{walk.base}/{name}"' in page.text
        assert (await walk.get(name)).status_code == 200


async def test_who_mends_one_answer_returns_to_the_check(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.until()
    for page in ("you", "stay"):
        assert (await walk.answer(page)).headers["location"] == f"{walk.base}/check"


async def test_another_workplace_or_journey_asks_anew_only_for_what_rests_on_it(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, given=answers(time={"length": "4-4"}))
    await walk.until()
    moved = await walk.answer("workplace", organisation="Danmarks Meteorologiske Institut")
    assert moved.headers["location"] == f"{walk.base}/place"
    assert (await walk.answer("place")).headers["location"] == f"{walk.base}/check"
    shorter = await walk.answer("stay", journey="tourist")
    assert shorter.headers["location"] == f"{walk.base}/check"
    await walk.send()
    told = (await walk.bodies())["intern"]
    assert (told["workplace"]["sector"], told["days"]) == ("state", {"min": 2, "max": 2})


async def test_a_page_that_is_not_asked_yet_leads_to_the_one_that_is(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    for page in ("time", "place", "people", "check", "receipt", "saved", "nonsense"):
        assert (await walk.get(page)).headers["location"] == f"{walk.base}/workplace"
    assert (await walk.answer("time")).headers["location"] == f"{walk.base}/workplace"


async def test_each_page_says_its_step_and_the_way_back(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, "both")
    await walk.until()
    before = "/"
    for number, (page, *_) in enumerate(STEPS["both"], 1):
        shown = await walk.get(page)
        assert f"Trin {number} af 7" in text_of(shown)
        if page != "you":
            assert f'href="{before}" class="back-link"' in shown.text
        before = f"{walk.base}/{page}"


async def test_the_pages_go_on_in_the_language_that_was_chosen(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, given=answers(you={"language": "en"}))
    await walk.until()
    assert (await walk.get("check")).text.count('<html lang="en">') == 1
    assert 'lang="da"' in (await walk.look(f"{walk.base}/check?lang=da")).text.partition(">")[2]
    await walk.send()
    contacts = [one for one in await desk.rig.said(ContactChanged) if one.relation == "self"]
    assert contacts[-1].language == "en"


@pytest.mark.parametrize("key", ["x" * 22, "x", "x" * 400, "æøå"])
async def test_an_unknown_key_opens_nothing(desk: Desk, key: str) -> None:
    await desk.open_edition()
    walk = Walk(desk, key=key)
    for page in ("you", "check", "receipt", "save", "delete"):
        answer = await walk.get(page)
        assert (answer.status_code, "begynd forfra" in text_of(answer)) == (404, True)
    assert (await walk.post(f"{walk.base}/you", walk.given["you"])).status_code == 404


async def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    trapped: dict[str, Any] = {**walk.given["you"], "website": "https://example.org"}
    assert (await walk.post("/registration/sign-up/intern", trapped)).status_code == 303
    assert await walk.rows() == []
    await walk.until()
    sent = await walk.post(f"{walk.base}/check", {"based_on": await walk.based_on(), "website": "x"})
    assert (sent.status_code, await walk.rows("participant")) == (303, [])


class StandingStill(FixedClock):
    """Not even the real clock moves, so that no bucket fills meanwhile."""

    def monotonic(self) -> float:
        """Always the same."""
        return 0.0


async def test_a_network_that_begins_without_end_has_to_wait(desk: Desk) -> None:
    await desk.open_edition()
    context = replace(
        desk.rig.context,
        clock=StandingStill(desk.rig.clock.instant),
        registry=new_registry(service="registration", version="test"),
    )
    async with Desk.open(replace(desk.rig, context=context)) as still:
        walk = Walk(still)
        begun = [await walk.post("/registration/sign-up/intern", walk.given["you"]) for _ in range(61)]
    assert [one.status_code for one in begun] == [303] * 60 + [429]
    assert "Vent et minut" in text_of(begun[-1])


async def test_what_is_sent_by_pages_is_what_the_json_route_takes(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.sent()
    [row] = await walk.rows("participant")
    details = (await desk.own(row["participant_id"]))["details"]
    assert (await desk.post(details)).status_code == 201

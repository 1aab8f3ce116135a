"""A new link, the coordinators' sign-in and the way to the own page: the same answer for everybody, and not too often."""

import uuid
from datetime import timedelta

from registration.desk import Desk, everything, host, intern
from rig import START

from ipraktik_chassis.ids import derived_id
from ipraktik_contracts.events import ConfirmationRequested, LinkRequested, SignInRequested
from ipraktik_registration.web.link_request_api import A_NETWORK_A_MINUTE


def path(participant_id: uuid.UUID, act: str = "") -> str:
    return f"/registration/sign-ups/{participant_id}{act}"


async def test_a_new_link_is_asked_for_without_learning_who_is_signed_up(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.register(body)
    await desk.rig.said()
    assert (await desk.client.get("/registration/new-link")).status_code == 200
    answers = [
        await desk.client.post("/registration/new-link", data={"email": email})
        for email in (body["email"].upper(), body["email"], "nobody@example.org")
    ]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {
        (303, "/registration/link-asked")
    }
    assert [one.participant_id for one in await desk.rig.said(LinkRequested)] == [participant_id]
    asked = await desk.client.post("/registration/api/v1/link-requests", json={"email": "nobody@example.org"})
    assert asked.status_code == 202
    assert (await desk.client.get("/registration/link-asked")).status_code == 200


async def test_who_has_not_confirmed_yet_gets_the_question_again_at_most_hourly(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    await desk.rig.said()
    for minutes in (0, 59, 1):
        desk.rig.clock.advance(timedelta(minutes=minutes))
        await desk.client.post("/registration/api/v1/link-requests", json={"email": body["email"]})
    asked: list[ConfirmationRequested] = await desk.rig.said()
    assert [type(one) for one in asked] == [ConfirmationRequested] * 2
    assert {one.participant_id for one in asked} == {participant_id}
    assert {one.respond_by for one in asked} == {START + timedelta(days=14)}


async def test_an_address_that_is_none_is_kept_and_said_in_the_readers_language(desk: Desk) -> None:
    for page in ("/registration/new-link", "/registration/sign-in"):
        danish = await desk.client.post(page, data={"email": "anna på arbejde"})
        assert danish.status_code == 422
        for text in ("<title>Fejl: ", 'value="anna på arbejde"', "Skriv en e-mail", 'href="#email"'):
            assert text in danish.text, (page, text)
        english = await desk.client.post(f"{page}?lang=en", data={"email": "anna"})
        assert "<title>Error: " in english.text


async def test_a_network_that_asks_for_links_all_the_time_has_to_wait(desk: Desk) -> None:
    answers = [
        await desk.client.post("/registration/new-link", data={"email": f"n{number}@example.org"})
        for number in range(A_NETWORK_A_MINUTE + 1)
    ]
    assert [one.status_code for one in answers] == [303] * A_NETWORK_A_MINUTE + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_network_asks_for_links_no_oftener_by_program_than_by_page(desk: Desk) -> None:
    program = "/registration/api/v1/link-requests"
    for number in range(A_NETWORK_A_MINUTE):
        body = {"email": f"n{number}@example.org"}
        page = number % 2
        answer = (
            await desk.client.post("/registration/new-link", data=body)
            if page
            else await desk.client.post(program, json=body)
        )
        assert answer.status_code == (303 if page else 202)
    refused = await desk.client.post(program, json={"email": "n@example.org"})
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["detail"] == "Wait a minute and try again. Nothing was saved."
    document = (await desk.client.get("/registration/openapi.json")).json()
    assert "Retry-After" in document["paths"][program]["post"]["responses"]["429"]["headers"]


async def test_a_program_that_fills_in_everything_is_answered_and_nothing_is_sent(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    await desk.register(body)
    await desk.rig.said()
    trapped = {"email": body["email"], "website": "https://example.org"}
    for page in ("/registration/new-link", "/registration/sign-in"):
        assert (await desk.client.post(page, data=trapped)).status_code == 303
    assert await desk.rig.said() == []


async def test_signing_in_passes_on_an_id_that_is_the_same_for_every_way_of_writing_the_address(
    desk: Desk,
) -> None:
    for email in (" Koordinator@Example.org ", "nobody@example.org"):
        answer = await desk.client.post("/registration/sign-in", data={"email": email})
        assert (answer.status_code, answer.headers["location"]) == (303, "/registration/sign-in-asked")
    told = await desk.client.get("/registration/sign-in-asked")
    assert "Det virker én gang og i 30 minutter." in told.text
    asked = await desk.rig.said(SignInRequested)
    ids = [derived_id("coordinator", one) for one in ("koordinator@example.org", "nobody@example.org")]
    assert [one.contact_id for one in asked] == ids
    assert all(one.participant_id == one.aggregate_id == one.contact_id for one in asked)
    kept = "\n".join((await everything(desk.rig)).values()).lower()
    assert "koordinator@example.org" not in kept
    assert "nobody@example.org" not in kept


async def test_an_address_that_signs_in_all_the_time_is_answered_like_any_other_and_not_passed_on(
    desk: Desk,
) -> None:
    answers = [
        await desk.client.post("/registration/sign-in", data={"email": "koordinator@example.org"})
        for _ in range(4)
    ]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {
        (303, "/registration/sign-in-asked")
    }
    assert len(await desk.rig.said(SignInRequested)) == 2


async def test_the_way_to_the_own_page_goes_by_the_link_in_use(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    own, manager = await desk.link(participant_id), await desk.link(participant_id, "consent")
    for token in (own, manager):
        led = await desk.page("/registration/me", token)
        assert (led.status_code, led.headers["location"]) == (303, path(participant_id))
    await desk.erase(participant_id)
    for token in (own, "nonsense"):
        led = await desk.page("/registration/me", token)
        assert led.headers["location"] == "/registration/new-link"
    assert (await desk.client.get("/registration/me")).headers["location"] == "/registration/new-link"


async def test_signing_out_ends_both_sessions_of_the_browser(desk: Desk) -> None:
    out = await desk.page("/registration/sign-out", "anything", {})
    assert (out.status_code, out.headers["location"]) == (303, "/registration/signed-out")
    ended = [one.partition("=")[0] for one in out.headers.get_list("set-cookie") if "Max-Age=0" in one]
    assert sorted(ended) == ["ipraktik", "ipraktik-board"]
    after = (await desk.client.get(out.headers["location"])).text
    assert "Du er logget ud" in after
    assert "Gå til forsiden" in after

"""The pages: a GET changes nothing, a POST acts and leads back, in the person's language."""

import uuid
from datetime import timedelta

import pytest
from registration.desk import Desk, everything, host, intern, named
from rig import START

from ipraktik_contracts.events import (
    AgreementDrafted,
    ConfirmationRequested,
    EvaluationRequested,
    LinkRequested,
    ParticipantErased,
    ParticipantRegistered,
    ParticipantUpdated,
    ParticipantWithdrawn,
)


def path(participant_id: uuid.UUID, act: str = "") -> str:
    return f"/registration/sign-ups/{participant_id}{act}"


async def test_the_front_page_tells_when_it_is_open_and_how_many_hosts_there_are(desk: Desk) -> None:
    closed = await desk.client.get("/")
    assert "ikke åbent for tilmelding" in closed.text
    await desk.open_edition()
    await desk.register(host())
    page = await desk.client.get("/")
    assert page.status_code == 200
    for text in ("Uge 37, 2018", "9. juni 2018 kl. 00.00", "10. september 2018", "Der er 1 vært"):
        assert text in page.text


async def test_a_link_shows_a_button_and_leads_to_the_page_of_its_act(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    token = await desk.link(participant_id, "confirm")
    shown = await desk.client.get("/registration/link", params={"t": token})
    assert body["name"] in shown.text
    followed = await desk.client.post("/registration/link", data={"t": token})
    assert (followed.status_code, followed.headers["location"]) == (303, path(participant_id, "/confirm"))


async def test_confirming_and_agreeing_by_page(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    own = await desk.link(participant_id, "confirm")
    assert "Bekræft min tilmelding" in (await desk.page(path(participant_id, "/confirm"), own)).text
    posted = await desk.page(path(participant_id, "/confirm"), own, {})
    assert (posted.status_code, posted.headers["location"]) == (303, path(participant_id, "/confirm"))
    assert "Nu spørger vi din leder" in (await desk.page(path(participant_id, "/confirm"), own)).text

    manager = await desk.link(participant_id, "consent")
    assert body["name"] in (await desk.page(path(participant_id, "/consent"), manager)).text
    assert (await desk.page(path(participant_id, "/consent"), manager, {"agree": "maybe"})).status_code == 422
    assert (await desk.page(path(participant_id, "/consent"), manager, {"agree": "yes"})).status_code == 303
    assert "Du har sagt ja" in (await desk.page(path(participant_id, "/consent"), manager)).text
    assert "Du er tilmeldt" in (await desk.page(path(participant_id, "/confirm"), own)).text
    assert len(await desk.rig.said(ParticipantRegistered)) == 1
    contradiction = await desk.page(path(participant_id, "/consent"), manager, {"agree": "no"})
    assert contradiction.status_code == 409
    assert "Du har allerede svaret" in contradiction.text


async def test_a_manager_who_says_no_by_page_is_thanked(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.act(participant_id, "confirmation")
    manager = await desk.link(participant_id, "consent")
    assert (await desk.page(path(participant_id, "/consent"), manager, {"agree": "no"})).status_code == 303
    assert "Du har sagt nej" in (await desk.page(path(participant_id, "/consent"), manager)).text


async def test_who_is_signed_up_already_is_told_so(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    await desk.register(body)
    second = await desk.sign_up(body)
    token = await desk.link(second, "confirm")
    await desk.page(path(second, "/confirm"), token, {})
    assert "Du er allerede tilmeldt" in (await desk.page(path(second, "/confirm"), token)).text


async def test_pages_are_english_for_who_chose_english(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host(language="en"))
    token = await desk.link(participant_id)
    page = await desk.page(path(participant_id), token)
    assert '<html lang="en">' in page.text
    assert "You are signed up" in page.text
    await desk.act(participant_id, "withdrawal", {})
    refused = await desk.page(path(participant_id, "/pair"), await desk.link(participant_id, "pair"))
    assert "Nobody has asked" in refused.text


async def test_a_pair_is_confirmed_by_page(desk: Desk) -> None:
    await desk.open_edition()
    place, guest = host(), intern()
    place_id = await desk.register(place)
    guest_id = await desk.register({**guest, "self_found_host": named(place)})
    token = await desk.link(place_id, "pair")
    assert guest["name"] in (await desk.page(path(place_id, "/pair"), token)).text
    await desk.rig.said()
    assert (await desk.page(path(place_id, "/pair"), token, {"agree": "yes"})).status_code == 303
    assert [one.self_found_with for one in await desk.rig.said(ParticipantUpdated)] == [guest_id]
    assert "er et par" in (await desk.page(path(place_id, "/pair"), token)).text


async def test_a_companion_agrees_by_page(desk: Desk) -> None:
    await desk.open_edition()
    friend, body = intern(), intern()
    asked = await desk.register(friend)
    inviting = await desk.register({**body, "companion": named(friend)})
    token = await desk.link(asked, "invited", about=inviting)
    invitation = f"/registration/invitations/{inviting}"
    assert body["name"] in (await desk.page(invitation, token)).text
    assert (await desk.page(invitation, token, {"agree": "yes"})).status_code == 303
    assert "samme vært" in (await desk.page(invitation, token)).text
    assert (await desk.own(inviting))["mutual"] == ["companion"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (intern(companion=named(intern())), "rejsefælle"),
        (intern(self_found_host=named(host())), "besøge din arbejdsplads"),
        (intern(host_in_mind=named(host())), "besøge din arbejdsplads"),
        (host(self_found_intern=named(intern())), "vært for dig"),
    ],
)
async def test_who_is_invited_and_not_signed_up_reads_who_asks_and_how_to_sign_up(
    desk: Desk, body: dict[str, object], text: str
) -> None:
    await desk.open_edition()
    inviting = await desk.register(body)
    token = await desk.link(inviting, "invited", relation="invited")
    page = await desk.page(f"/registration/invitations/{inviting}", token)
    assert str(body["name"]) in page.text
    assert text in page.text
    assert (
        await desk.page(f"/registration/invitations/{inviting}", token, {"agree": "yes"})
    ).status_code == 409
    pair = await desk.link(inviting, "pair", relation="invited")
    led = await desk.page(path(inviting, "/pair"), pair)
    assert led.headers["location"] == f"/registration/invitations/{inviting}"
    await desk.act(inviting, "withdrawal", {})
    gone = await desk.page(f"/registration/invitations/{inviting}", token)
    assert "gælder ikke længere" in gone.text


async def test_the_overview_shows_what_was_told_and_how_far_it_has_come(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    friend = intern()
    body = intern(companion=named(friend), host_in_mind=named(host()))
    participant_id, place_id = await desk.register(body), await desk.register(host())
    placement_id = uuid.uuid4()
    now = desk.rig.clock.now()
    await desk.rig.tell(
        AgreementDrafted(
            placement_id=placement_id,
            edition_id=edition_id,
            intern_id=participant_id,
            host_id=place_id,
            group_id=None,
            version=1,
            fingerprint="0" * 64,
            first_day=now.date(),
            last_day=now.date(),
            sign_by=now,
        ),
        EvaluationRequested(
            evaluation_id=uuid.uuid4(),
            edition_id=edition_id,
            placement_id=placement_id,
            party="intern",
            wave="after",
            question_set_version=1,
            answer_by=now,
        ),
    )
    page = await desk.page(path(participant_id), await desk.link(participant_id))
    assert page.status_code == 200
    for text in (
        *(body["email"], body["motivation"], body["manager"]["name"], friend["name"]),
        *("venter på den anden", "Aftalen venter på godkendelse", "Vejle Kommune", "Venter på dit svar"),
    ):
        assert text in page.text


async def test_taking_back_asks_why_and_acts_on_the_button(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    token = await desk.link(participant_id)
    assert "Hvorfor?" in (await desk.page(path(participant_id, "/withdraw"), token)).text
    assert (await desk.page(path(participant_id, "/withdraw"), token, {})).status_code == 422
    assert (
        await desk.page(path(participant_id, "/withdraw"), token, {"reason": "workplace"})
    ).status_code == 303
    assert "Du har meldt fra" in (await desk.page(path(participant_id, "/withdraw"), token)).text
    assert [one.reason for one in await desk.rig.said(ParticipantWithdrawn)] == ["workplace"]


async def test_deleting_asks_once_more(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    token = await desk.link(participant_id)
    assert "Slet alt" in (await desk.page(path(participant_id, "/erase"), token)).text
    assert (await desk.page(path(participant_id, "/erase"), token, {})).status_code == 422
    assert await desk.rig.said(ParticipantErased) == []
    posted = await desk.page(path(participant_id, "/erase"), token, {"sure": "yes"})
    assert posted.status_code == 303
    assert "er slettet" in (await desk.client.get(posted.headers["location"])).text
    assert len(await desk.rig.said(ParticipantErased)) == 1
    gone = await desk.page(path(participant_id), token)
    assert gone.status_code == 410
    assert "gælder ikke længere" in gone.text


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
    assert (await desk.client.post("/registration/new-link", data={"email": "x"})).status_code == 422


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


async def test_no_get_changes_anything(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    place_id = await desk.register(place)
    guest_id = await desk.register(intern(self_found_host=named(place), companion=named(intern())))
    waiting = await desk.sign_up(intern())
    await desk.act(waiting, "confirmation")
    fresh = await desk.sign_up(host())
    visits = [
        *[(page, None) for page in ("/", "/registration/new-link", "/registration/erased", "/api/v1/hosts")],
        ("/registration/api/v1/editions", None),
        (path(fresh, "/confirm"), await desk.link(fresh, "confirm")),
        (path(waiting, "/consent"), await desk.link(waiting, "consent")),
        (path(place_id, "/pair"), await desk.link(place_id, "pair")),
        *[(path(guest_id, act), await desk.link(guest_id)) for act in ("", "/withdraw", "/erase")],
        (
            f"/registration/invitations/{guest_id}",
            await desk.link(guest_id, "invited", relation="invited"),
        ),
    ]
    before = await everything(desk.rig)
    for address, token in visits:
        answer = await (desk.client.get(address) if token is None else desk.page(address, token))
        assert answer.status_code == 200, address
    assert await everything(desk.rig) == before


async def test_a_form_from_another_site_is_refused(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(host())
    token = await desk.link(participant_id, "confirm")
    answer = await desk.client.post(
        path(participant_id, "/confirm"),
        data={},
        headers={"cookie": f"ipraktik-registration={token}", "sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert await desk.state(participant_id) == "unconfirmed"

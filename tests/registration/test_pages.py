"""The pages that mails lead to: a GET changes nothing, a POST acts and leads back, in the person's language."""

import uuid

import pytest
from registration.desk import Desk, everything, host, intern, named

from ipraktik_contracts.events import ParticipantRegistered, ParticipantUpdated
from ipraktik_local.season import acting
from ipraktik_local.season.browsing import Browser

PUBLIC = (
    *("/", "/registration/new-link", "/registration/erased", "/registration/sign-in", "/registration/hosts"),
    *("/registration/address-changed", "/registration/signed-out", "/api/v1/hosts"),
)


OWN = ("/withdraw", "/erase", "/update", "/calendar.ics")


def path(participant_id: uuid.UUID, act: str = "") -> str:
    return f"/registration/sign-ups/{participant_id}{act}"


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
    again = await desk.page(path(participant_id, "/consent"), manager, {"agree": "yes"})
    assert again.status_code == 303
    contradiction = await desk.page(path(participant_id, "/consent"), manager, {"agree": "no"})
    assert contradiction.status_code == 409
    assert "Du har allerede svaret" in contradiction.text


async def test_a_manager_of_the_played_season_says_no_by_what_the_pages_offer(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.act(participant_id, "confirmation")
    browser = Browser(desk.client)
    page = await browser.open_link(f"/registration/link?t={await desk.link(participant_id, 'consent')}")
    await acting.refuse_consent(browser, page)
    assert await desk.state(participant_id) == "refused"


async def test_a_manager_who_says_no_by_page_is_thanked(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.act(participant_id, "confirmation")
    manager = await desk.link(participant_id, "consent")
    question = await desk.page(path(participant_id, "/consent"), manager)
    for known in ("Uge 37, 2018", "10.–14. september 2018", "4 til 5 dage", "Eventyrer"):
        assert known in question.text, known
    assert 'value="no"' not in question.text, "one tap ends nothing"
    sure = await desk.page(path(participant_id, "/consent?no=yes"), manager)
    assert "Siger du nej til" in sure.text
    assert 'value="no"' in sure.text
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


async def test_no_get_changes_anything(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    place_id = await desk.register(place)
    guest_id = await desk.register(intern(self_found_host=named(place), companion=named(intern())))
    waiting = await desk.sign_up(intern())
    await desk.act(waiting, "confirmation")
    fresh = await desk.sign_up(host())
    visits = [
        *[(page, None) for page in PUBLIC],
        ("/registration/api/v1/editions", None),
        (path(fresh, "/confirm"), await desk.link(fresh, "confirm")),
        (path(waiting, "/consent"), await desk.link(waiting, "consent")),
        (path(place_id, "/pair"), await desk.link(place_id, "pair")),
        *[(path(guest_id, act), await desk.link(guest_id)) for act in ("", *OWN)],
        (f"/registration/hosts/{place_id}", None),
        ("/registration/my-data", await desk.link(guest_id)),
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
        headers={"cookie": f"ipraktik={token}", "sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert await desk.state(participant_id) == "unconfirmed"


async def test_a_link_that_a_scanner_opens_leaves_everything_as_it_was(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    token = await desk.link(participant_id, "confirm")
    before = await everything(desk.rig)
    for _ in range(3):
        assert (await desk.client.get("/registration/link", params={"t": token})).status_code == 200
        assert (await desk.page(path(participant_id, "/confirm"), token)).status_code == 200
    assert await everything(desk.rig) == before


async def test_a_link_to_the_own_page_answers_what_others_ask_too(desk: Desk) -> None:
    await desk.open_edition()
    place, friend = host(), intern()
    place_id, friend_id = await desk.register(place), await desk.register(friend)
    guest_id = await desk.register(intern(self_found_host=named(place), companion=named(friend)))
    pair = await desk.page(path(place_id, "/pair"), await desk.link(place_id), {"agree": "yes"})
    assert pair.status_code == 303
    own = await desk.link(friend_id)
    assert "vil gerne rejse sammen" in (await desk.page(f"/registration/invitations/{guest_id}", own)).text
    together = await desk.page(f"/registration/invitations/{guest_id}", own, {"agree": "yes"})
    assert together.status_code == 303
    assert sorted((await desk.own(guest_id))["mutual"]) == ["companion", "self_found"]


async def test_nobody_learns_a_name_by_an_id(desk: Desk) -> None:
    await desk.open_edition()
    stranger = intern()
    mine, other = await desk.register(intern()), await desk.register(stranger)
    page = await desk.page(f"/registration/invitations/{other}", await desk.link(mine))
    assert page.status_code == 409
    assert stranger["name"] not in page.text


async def test_a_forwarded_link_shows_whose_it_is_and_does_not_open_another_sign_up(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    mine, other = await desk.register(body), await desk.register(intern())
    token = await desk.link(mine)
    shown = await desk.client.get("/registration/link", params={"t": token})
    assert body["name"] in shown.text
    assert "Er det ikke dig?" in shown.text
    for act in ("", *OWN, "/confirm", "/pair"):
        answer = await desk.page(path(other, act), token)
        assert answer.status_code == 403, act


async def test_pages_ask_again_where_neither_yes_nor_no_came(desk: Desk) -> None:
    await desk.open_edition()
    place, friend = host(), intern()
    place_id, friend_id = await desk.register(place), await desk.register(friend)
    guest_id = await desk.register(intern(self_found_host=named(place), companion=named(friend)))
    pages = [
        (path(place_id, "/pair"), await desk.link(place_id, "pair")),
        (f"/registration/invitations/{guest_id}", await desk.link(friend_id, "invited", about=guest_id)),
    ]
    for address, token in pages:
        asked = await desk.page(address, token, {})
        assert asked.status_code == 422
        assert "Vælg ja eller nej" in asked.text

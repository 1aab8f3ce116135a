"""One sign-up at the desk: everything that is held, what a coordinator does for its people, and who did what when."""

import uuid
from datetime import timedelta

import asyncpg
import pytest
from registration.counter import HERE, history, see, send, words
from registration.desk import Desk, bearer, everything, host, intern, named

from ipraktik_contracts.events import (
    ConfirmationRequested,
    ConsentRequested,
    ContactChanged,
    Event,
    LinkRequested,
    MatchProposed,
    ParticipantErased,
    ParticipantUpdated,
    ParticipantWithdrawn,
)


def at(participant_id: uuid.UUID, act: str = "") -> str:
    return f"sign-ups/{participant_id}{act}"


async def test_everything_that_is_held_is_shown(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    friend = intern()
    body = intern(
        companion=named(friend),
        available=[{"first_day": "2018-09-10", "last_day": "2018-09-12"}],
        wishes={
            "fields": ["law"],
            "sectors": ["state"],
            "areas": ["region:syddanmark"],
            "own_organisation": True,
        },
    )
    participant_id = await desk.register(body)
    place = await desk.register(host())
    now = desk.rig.clock.now()
    await desk.rig.tell(
        MatchProposed(
            placement_id=uuid.uuid4(),
            edition_id=edition_id,
            intern_id=participant_id,
            host_id=place,
            group_id=None,
            run_id=None,
            origin="matched",
            first_day=now.date(),
            last_day=now.date(),
            answer_by=now,
            reasons=(),
        )
    )
    said = words(await see(desk, at(participant_id)))
    for text in (
        *(body["name"], body["email"], body["job_title"], body["motivation"], "Uge 37, 2018", "Tilmeldt"),
        *(body["manager"]["name"], body["manager"]["email"], friend["name"], friend["email"]),
        *("Aarhus Kommune", "Teknik og Miljø", "Plan og byudvikling", "10.–12. september 2018", "Eventyrer"),
        *("Jura og tilsyn", "Stat", "Region Syddanmark", "Må gerne være i egen organisation"),
        *("Ikke tilmeldt endnu", "Foreslået", "Vejle Kommune", "9. april 2018 kl. 10.00"),
    ):
        assert text in said, text
    assert f"/matching/board/cases?participant={participant_id}" in (await see(desk, at(participant_id))).text


async def test_a_naming_says_whether_both_say_it_and_leads_to_the_other(desk: Desk) -> None:
    await desk.open_edition()
    first, second = intern(), intern()
    one = await desk.register(first | {"companion": named(second)})
    two = await desk.register(second)
    assert "Kun den ene siger det" in words(await see(desk, at(one)))
    assert "Peger på denne tilmelding" in words(await see(desk, at(two)))
    await desk.answer_invitation(two, one, agree=True)
    page = await see(desk, at(one))
    assert "Begge siger det" in words(page)
    assert f'href="{HERE}/sign-ups/{two}"' in page.text
    assert [act for act, *_ in await history(desk, two)] == ["confirmed", "consented", "naming_agreed"]


async def test_the_history_says_who_did_what(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.register(body)
    await desk.put(participant_id, {**body, "field": "law"})
    await desk.put(participant_id, {**body, "field": "law"})
    await desk.act(participant_id, "withdrawal", {"reason": "new_job"})
    assert await history(desk, participant_id) == [
        ("confirmed", "person", None, None),
        ("consented", "manager", None, None),
        ("changed", "person", None, None),
        ("withdrawn", "person", None, "new_job"),
    ]
    said = words(await see(desk, at(participant_id)))
    assert "Personen selv Tilmeldte sig" in said
    assert "Lederen Sagde ja til praktikken" in said
    assert "Meldte fra: Nyt job" in said


async def test_the_clock_is_an_actor_too(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.pass_time(days=14)
    await desk.pass_time(days=7)
    assert [(act, actor) for act, actor, *_ in await history(desk, participant_id)] == [
        ("expired", "clock"),
        ("forgotten", "clock"),
    ]
    said = words(await see(desk, at(participant_id)))
    assert "Systemet Fristen udløb" in said
    assert "Personerne er glemt" in said


async def test_nobody_rewrites_the_history(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host())
    async with desk.rig.database.reading() as conn:
        for statement in ("update sign_up_history set act = 'other'", "delete from sign_up_history"):
            with pytest.raises(asyncpg.RaiseError, match="append-only"):
                await conn.execute(statement)


async def test_withdrawing_on_behalf_says_why_and_by_whom(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    await desk.rig.said()
    refused = await send(desk, at(participant_id, "/withdraw"))
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    for _ in range(2):
        sent = await send(desk, at(participant_id, "/withdraw"), {"reason": "coordinator"})
        assert sent.headers["location"] == f"{HERE}/sign-ups/{participant_id}?done=withdrawn"
    assert [one.reason for one in await desk.rig.said(ParticipantWithdrawn)] == ["coordinator"]
    assert (await history(desk, participant_id))[-1] == (
        "withdrawn",
        "coordinator",
        "coordinator",
        "coordinator",
    )
    page = await see(desk, f"{at(participant_id)}?done=withdrawn")
    assert "Tilmeldingen er meldt fra." in words(page)
    assert "Meld personen fra" not in words(page)


async def test_a_person_cannot_give_the_coordinators_reason(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    assert (await desk.act(participant_id, "withdrawal", {"reason": "coordinator"})).status_code == 422


async def test_an_address_that_bounced_is_mended_before_it_is_confirmed(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    old = await desk.link(participant_id, "confirm")
    await desk.rig.said()
    await desk.pass_time(days=10)
    sent = await send(desk, at(participant_id, "/address"), {"relation": "self", "email": "ret@example.org"})
    assert sent.headers["location"].endswith("?done=address")
    contact, asked = await desk.rig.said(Event)
    assert isinstance(contact, ContactChanged)
    assert (contact.email, contact.epoch) == ("ret@example.org", 2)
    assert isinstance(asked, ConfirmationRequested)
    assert asked.respond_by == desk.rig.clock.now() + timedelta(days=14)
    path = f"/registration/api/v1/sign-ups/{participant_id}/confirmation"
    assert (await desk.client.post(path, headers=bearer(old))).status_code == 410
    assert (await desk.act(participant_id, "confirmation")).json()["state"] == "awaiting_consent"
    assert (await history(desk, participant_id))[0] == (
        "address_changed",
        "coordinator",
        "coordinator",
        "self",
    )


async def test_a_new_address_of_somebody_valid_ties_those_who_name_it(desk: Desk) -> None:
    await desk.open_edition()
    waiting = await desk.register(intern(companion={"name": "Ven", "email": "ven@example.org"}))
    friend = await desk.register(intern())
    await desk.rig.said()
    form = {"relation": "self", "email": "ven@example.org"}
    assert (await send(desk, at(friend, "/address"), form)).status_code == 303
    assert (await send(desk, at(friend, "/address"), form)).status_code == 303
    said = await desk.rig.said(Event)
    assert [one.companion_id for one in said if isinstance(one, ParticipantUpdated)] == [friend]
    assert len([one for one in said if isinstance(one, LinkRequested)]) == 1
    assert [act for act, *_ in await history(desk, friend)].count("address_changed") == 1
    assert (await desk.own(waiting))["details"]["companion"]["email"] == "ven@example.org"


async def test_a_managers_new_address_is_asked_there(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.act(participant_id, "confirmation")
    old = await desk.link(participant_id, "consent")
    await desk.rig.said()
    form = {"relation": "manager", "email": "chef@example.org"}
    assert (await send(desk, at(participant_id, "/address"), form)).status_code == 303
    assert len(await desk.rig.said(ConsentRequested)) == 1
    path = f"/registration/api/v1/sign-ups/{participant_id}/consent"
    assert (await desk.client.post(path, json={"agree": True}, headers=bearer(old))).status_code == 410
    assert (await desk.act(participant_id, "consent", {"agree": True})).json()["state"] == "registered"


async def test_somebody_beside_a_valid_sign_up_gets_a_link_at_the_new_address(desk: Desk) -> None:
    await desk.open_edition()
    guest, place = await desk.register(intern()), await desk.register(host())
    for participant_id, relation in ((guest, "manager"), (place, "reserve")):
        contact_id, _ = await desk.contact(participant_id, relation)
        await desk.rig.said()
        form = {"relation": relation, "email": f"{relation}@example.org"}
        assert (await send(desk, at(participant_id, "/address"), form)).status_code == 303
        contact, link = await desk.rig.said(Event)
        assert isinstance(contact, ContactChanged)
        assert (contact.contact_id, contact.epoch) == (contact_id, 2)
        assert isinstance(link, LinkRequested)
        assert link.contact_id == contact_id


async def test_an_address_that_does_not_fit_is_told_at_the_field(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.register(body)
    for form, field, sentence in (
        ({"relation": "self", "email": "nej"}, "email", "Skriv en e-mail som navn@eksempel.dk."),
        ({"relation": "manager", "email": body["email"].upper()}, "email", "anden e-mail end personens egen"),
        ({"relation": "other", "email": "a@example.org"}, "relation", "Vælg, hvis e-mail"),
        ({}, "relation", "Vælg, hvis e-mail"),
    ):
        page = await send(desk, at(participant_id, "/address"), form)
        assert page.status_code == 422
        assert page.text.count("<title>Fejl:") == 1
        assert f'href="#{field}"' in page.text
        assert sentence in words(page)
        assert '<details class="details" open>' in page.text
    assert [act for act, *_ in await history(desk, participant_id)] == ["confirmed", "consented"]


async def test_a_deputy_answers_in_the_managers_place(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    await desk.act(participant_id, "confirmation")
    old = await desk.link(participant_id, "consent")
    await desk.rig.said()
    # the deputy reads the same shared mailbox: still another person, so the manager's link is void
    form = {"deputy_name": "Stedfortræder", "deputy_email": body["manager"]["email"], "deputy_language": "en"}
    for _ in range(2):
        assert (await send(desk, at(participant_id, "/deputy"), form)).status_code == 303
    contact, asked = await desk.rig.said(Event)
    assert isinstance(contact, ContactChanged)
    assert (contact.relation, contact.name, contact.language, contact.epoch) == (
        "manager",
        "Stedfortræder",
        "en",
        2,
    )
    assert isinstance(asked, ConsentRequested)
    assert asked.contact_id == contact.contact_id
    path = f"/registration/api/v1/sign-ups/{participant_id}/consent"
    assert (await desk.client.post(path, json={"agree": False}, headers=bearer(old))).status_code == 410
    assert (await desk.act(participant_id, "consent", {"agree": True})).json()["state"] == "registered"
    assert ("deputy_named", "coordinator", "coordinator", "manager") in await history(desk, participant_id)


async def test_a_deputy_for_an_agreement_gets_a_link(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    manager, _ = await desk.contact(participant_id, "manager")
    await desk.rig.said()
    form = {"deputy_name": "Stedfortræder", "deputy_email": "sted@example.org"}
    assert (await send(desk, at(participant_id, "/deputy"), form)).status_code == 303
    assert [one.contact_id for one in await desk.rig.said(LinkRequested)] == [manager]


async def test_a_deputy_needs_a_name_and_an_address(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    for form, field in (
        ({"deputy_email": "a@example.org"}, "deputy_name"),
        ({"deputy_name": "x\ny", "deputy_email": "a@example.org"}, "deputy_name"),
        ({"deputy_name": "Navn", "deputy_email": ""}, "deputy_email"),
    ):
        page = await send(desk, at(participant_id, "/deputy"), form)
        assert (page.status_code, f'href="#{field}"' in page.text) == (422, True)
    place = await desk.register(host())
    refused = await send(desk, at(place, "/deputy"), {"deputy_name": "A", "deputy_email": "a@example.org"})
    assert refused.status_code == 409
    assert "har ikke længere den kontakt" in words(refused)


async def test_a_question_is_sent_again_once_however_often_it_is_pressed(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.rig.said()
    assert (await send(desk, at(participant_id, "/ask-again"))).headers["location"].endswith("?done=again")
    again = await send(desk, at(participant_id, "/ask-again"))
    assert again.status_code == 409
    assert "lige sendt" in words(again)
    [asked] = await desk.rig.said(Event)
    assert isinstance(asked, ConfirmationRequested)
    assert asked.respond_by == desk.rig.clock.now() + timedelta(days=14)
    desk.rig.clock.advance(timedelta(minutes=10))
    assert (await send(desk, at(participant_id, "/ask-again"))).status_code == 303
    await desk.act(participant_id, "confirmation")
    await desk.rig.said()
    assert "Lederen har ikke svaret endnu" in words(await see(desk, at(participant_id)))
    assert (await send(desk, at(participant_id, "/ask-again"))).status_code == 303
    assert [type(one) for one in await desk.rig.said(Event)] == [ConsentRequested]
    await desk.act(participant_id, "consent", {"agree": True})
    assert (await send(desk, at(participant_id, "/ask-again"))).status_code == 409


async def test_erasing_on_behalf_leaves_the_bare_line_and_the_coordinators_name(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    body = intern()
    participant_id = await desk.register(body)
    unsure = await send(desk, at(participant_id, "/erase"))
    assert (unsure.status_code, 'href="#sure"' in unsure.text) == (422, True)
    assert (await desk.rig.said(ParticipantErased)) == []
    for _ in range(2):
        assert (await send(desk, at(participant_id, "/erase"), {"sure": "yes"})).status_code == 303
    assert await desk.rig.said(ParticipantErased) == [
        ParticipantErased(participant_id=participant_id, edition_id=edition_id)
    ]
    kept = "".join((await everything(desk.rig)).values())
    for text in (body["name"], body["email"], body["motivation"], body["manager"]["email"]):
        assert text not in kept
    page = words(await see(desk, at(participant_id)))
    assert "Koordinator: coordinator Slettede tilmeldingen" in page
    assert "Gør noget for personen" not in page


async def test_what_has_ended_is_told_and_changes_no_more(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    await desk.act(participant_id, "withdrawal", {"reason": "other"})
    await desk.rig.said()
    form = {"relation": "self", "email": "ny@example.org"}
    refused = await send(desk, at(participant_id, "/address"), form)
    assert refused.status_code == 409
    assert "Tilmeldingen er afsluttet" in words(refused)
    assert await desk.rig.said() == []
    assert (await see(desk, at(uuid.uuid4()))).status_code == 404
    assert (await send(desk, at(uuid.uuid4(), "/erase"), {"sure": "yes"})).status_code == 404

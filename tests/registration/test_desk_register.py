"""Signing somebody up on behalf: the rules and the course of the public form, with the coordinator's name in the history."""

import uuid

from registration.counter import HERE, HOST, INTERN, count, hidden, history, see, send, words
from registration.desk import Desk

from ipraktik_contracts.events import ConfirmationRequested, ContactChanged, ParticipantRegistered


async def test_a_person_who_wrote_a_mail_is_signed_up_and_confirms(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await desk.rig.said()
    page = await see(desk, "register?role=intern")
    form = INTERN | {
        "edition": str(edition_id),
        "key": hidden(page, "key"),
        "wish_fields": ["libraries", "health"],
        "wish_areas": "Vejle, Region Nordjylland",
        "own_organisation": "ja",
        "companion_name": "En Ven",
        "companion_email": "ven@example.org",
    }
    sent = await send(desk, "register", form)
    assert sent.status_code == 303
    participant_id = uuid.UUID(sent.headers["location"].partition("?")[0].rpartition("/")[2])
    assert [one.relation for one in await desk.rig.said(ContactChanged)] == ["self", "manager"]
    assert await history(desk, participant_id) == [
        ("registered_on_behalf", "coordinator", "coordinator", None)
    ]
    shown = words(await see(desk, sent.headers["location"].removeprefix(HERE + "/")))
    assert "Personen får en mail" in shown
    assert "Koordinator: coordinator Tilmeldt på personens vegne" in shown
    assert "Tilmeldte sig" not in shown
    confirm = f"/registration/sign-ups/{participant_id}/confirm"
    asked = await desk.page(confirm, await desk.link(participant_id, "confirm"))
    assert "En koordinator har tilmeldt dig" in asked.text
    assert "Du er tilmeldt som praktikant." in asked.text
    await desk.act(participant_id, "confirmation")
    await desk.act(participant_id, "consent", {"agree": True})
    [registered] = await desk.rig.said(ParticipantRegistered)
    assert registered.wishes.fields == ("libraries", "health")
    assert registered.wishes.areas == ("municipality:0630", "region:nordjylland")
    assert (registered.wishes.own_organisation, registered.journey_type) == (True, "adventurer")


async def test_a_host_is_signed_up_with_a_reserve(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    form = HOST | {
        "edition": str(edition_id),
        "key": str(uuid.uuid4()),
        "reserve_name": "En Reserve",
        "reserve_email": "reserve@example.org",
        "available": "10.9.2018-12.9.2018|2018-09-14",
        "sector": "private",
    }
    sent = await send(desk, "register", form)
    participant_id = uuid.UUID(sent.headers["location"].partition("?")[0].rpartition("/")[2])
    await desk.act(participant_id, "confirmation")
    [registered] = await desk.rig.said(ParticipantRegistered)
    assert (registered.capacity, registered.workplace.ownership) == (2, "private")
    assert [str(one.first_day) for one in registered.available] == ["2018-09-10", "2018-09-14"]


async def test_a_form_that_is_sent_twice_is_one_sign_up(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    form = INTERN | {"edition": str(edition_id), "key": str(uuid.uuid4())}
    await desk.rig.said()
    first, second = await send(desk, "register", form), await send(desk, "register", form)
    assert first.headers["location"] == second.headers["location"]
    assert len(await desk.rig.said(ConfirmationRequested)) == 1
    assert await count(desk, "sign_up_history") == 1
    other = await send(desk, "register", form | {"field": "law"})
    assert other.status_code == 409
    assert "sendt én gang med andre svar" in words(other)
    assert first.headers["location"].partition("?")[0] in other.text


async def test_what_does_not_fit_is_told_at_each_field_and_nothing_is_lost(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    form = INTERN | {
        "edition": str(edition_id),
        "key": str(uuid.uuid4()),
        "name": "",
        "email": "ny@",
        "sector": "private",
        "manager_email": "",
        "wish_fields": ["law"],
        "job_title": "x" * 201,
    }
    page = await send(desk, "register", form)
    assert page.status_code == 422
    assert "<title>Fejl:" in page.text
    for field in ("name", "email", "manager_email", "job_title"):
        assert f'href="#{field}"' in page.text
        assert f'id="{field}-error"' in page.text
    assert "Skriv højst 200 tegn." in words(page)
    assert 'value="ny@"' in page.text
    assert 'value="law" checked' in page.text
    assert hidden(page, "key") == form["key"]
    assert await count(desk, "participant") == 0
    english = await send(desk, "register?lang=en", form)
    assert "Write at most 200 characters." in words(english)


RULES: list[tuple[dict[str, str], str]] = [
    ({"manager_email": INTERN["email"]}, "manager_email"),
    ({"sector": "private"}, "sector"),
    ({"municipality": ""}, "municipality"),
    ({"days_min": "5", "days_max": "2"}, "days_max"),
    ({"available": "i morgen"}, "available"),
    ({"wish_areas": "Atlantis"}, "wish_areas"),
    ({"found_name": "Kun navn"}, "found_email"),
    ({"edition": ""}, "edition"),
    ({"edition": "0190aaaa-0000-7000-8000-000000000000"}, "edition"),
]


async def test_a_rule_that_spans_fields_is_told_at_the_one_to_mend(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    for changes, field in RULES:
        form = INTERN | {"edition": str(edition_id), "key": str(uuid.uuid4())} | changes
        page = await send(desk, "register", form)
        assert page.status_code in (409, 422), changes
        assert f'href="#{field}"' in page.text, changes
    assert await count(desk, "participant") == 0


async def test_when_no_edition_takes_sign_ups_the_page_says_so(desk: Desk) -> None:
    edition_id = await desk.open_edition(
        window={"opens_at": "2018-01-01T00:00:00Z", "closes_at": "2018-02-01T00:00:00Z"}
    )
    assert "Ingen runde tager imod tilmeldinger" in words(await see(desk, "register?role=host"))
    refused = await send(desk, "register", HOST | {"edition": str(edition_id), "key": str(uuid.uuid4())})
    assert refused.status_code == 409
    assert "Ret først rundens vindue" in refused.text


async def test_without_a_role_the_page_asks_for_it(desk: Desk) -> None:
    assert "Tilmeld en vært" in words(await see(desk, "register"))
    assert (await send(desk, "register", {"role": "pilot"})).status_code == 303
    await desk.open_edition()
    assert (await send(desk, "register", INTERN | {"key": "x"})).status_code == 422

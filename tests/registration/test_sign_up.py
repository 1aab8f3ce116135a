"""Signing up: what is taken in, what is said, what is refused."""

import asyncio
import hashlib
import os
import secrets
import uuid
from datetime import timedelta
from typing import Any

import pytest
from registration.desk import Desk, host, intern, workplace

from ipraktik_contracts.events import (
    ConfirmationRequested,
    ConsentGiven,
    ConsentRequested,
    ContactChanged,
    Event,
    ParticipantRegistered,
)
from ipraktik_registration.domain.names import REFERENCE_BYTES


async def test_a_sign_up_is_taken_in_and_its_address_is_to_be_confirmed(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await desk.rig.said()
    body = intern()
    answer = await desk.post({**body, "edition_id": str(edition_id)})
    assert answer.status_code == 201
    told = answer.json()
    assert told["state"] == "unconfirmed"
    assert told["reference"].startswith("IP-")
    said = await desk.rig.said(Event)
    contacts = [one for one in said if isinstance(one, ContactChanged)]
    assert {one.relation for one in contacts} == {"self", "manager"}
    own = next(one for one in contacts if one.relation == "self")
    assert (own.email, own.motivation, own.job_title) == (
        body["email"],
        body["motivation"],
        body["job_title"],
    )
    assert next(one for one in contacts if one.relation == "manager").motivation == ""
    [asked] = [one for one in said if isinstance(one, ConfirmationRequested)]
    assert (asked.contact_id, str(asked.participant_id)) == (own.contact_id, told["participant_id"])
    assert asked.respond_by == desk.rig.clock.now() + timedelta(days=14)
    assert len(said) == 3


async def test_an_intern_is_valid_when_address_and_manager_have_said_yes(desk: Desk) -> None:
    edition_id = await desk.open_edition(draw_seed="a-seed")
    key = uuid.uuid4()
    body = intern()
    participant_id = uuid.UUID((await desk.post(body, key=key)).json()["participant_id"])
    await desk.rig.said()

    confirmed = await desk.act(participant_id, "confirmation")
    assert confirmed.json()["state"] == "awaiting_consent"
    [asked] = await desk.rig.said(Event)
    assert isinstance(asked, ConsentRequested)
    assert asked.contact_id == (await desk.contact(participant_id, "manager"))[0]
    assert asked.respond_by == desk.rig.clock.now() + timedelta(days=14)

    assert (await desk.act(participant_id, "consent", {"agree": True})).json()["state"] == "registered"
    given, registered = await desk.rig.said(Event)
    assert isinstance(given, ConsentGiven)
    assert isinstance(registered, ParticipantRegistered)
    assert registered.edition_id == edition_id
    assert registered.lot == hashlib.sha256(f"a-seed:{key}".encode()).hexdigest()
    assert (registered.role, registered.field, registered.journey_type) == (
        "intern",
        "planning",
        "adventurer",
    )
    assert (registered.days.min, registered.days.max, registered.capacity) == (4, 5, None)
    assert registered.workplace.organisation_name == "Aarhus Kommune"
    assert registered.workplace.municipality_code == "0751"
    assert registered.wishes.fields == ("libraries",)


async def test_a_host_is_valid_as_soon_as_the_address_is_confirmed(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(host(capacity=3))
    await desk.rig.said()
    assert (await desk.act(participant_id, "confirmation")).json()["state"] == "registered"
    [registered] = await desk.rig.said(Event)
    assert isinstance(registered, ParticipantRegistered)
    assert (registered.role, registered.capacity, registered.journey_type) == ("host", 3, None)


async def test_the_same_key_sent_ten_times_at_once_is_one_sign_up(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    body, key = intern(), uuid.uuid4()
    answers = await asyncio.gather(*(desk.post(body, key=key) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(await desk.rig.said(ConfirmationRequested)) == 1


async def test_the_same_key_with_another_body_or_role_is_refused(desk: Desk) -> None:
    await desk.open_edition()
    key = uuid.uuid4()
    body = intern()
    assert (await desk.post(body, key=key)).status_code == 201
    assert (await desk.post({**body, "field": "law"}, key=key)).status_code == 409
    assert (await desk.post(host(), key=key)).status_code == 409


async def test_a_repeated_sign_up_is_answered_after_the_window_has_closed(desk: Desk) -> None:
    await desk.open_edition()
    body, key = intern(), uuid.uuid4()
    first = await desk.post(body, key=key)
    desk.rig.clock.advance(timedelta(days=90))
    again = await desk.post(body, key=key)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_nobody_signs_up_outside_the_window(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    desk.rig.clock.instant = desk.rig.clock.instant.replace(month=6, day=8, hour=21, minute=59, second=59)
    assert (await desk.post(intern(edition_id=str(edition_id)))).status_code == 201
    desk.rig.clock.advance(timedelta(seconds=1))
    late = await desk.post(intern(edition_id=str(edition_id)))
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    assert late.json()["detail"]
    assert (await desk.post(intern())).status_code == 409


async def test_an_unknown_edition_or_an_unclear_one_is_refused(desk: Desk) -> None:
    await desk.open_edition()
    assert (await desk.post(intern(edition_id=str(uuid.uuid4())))).status_code == 422
    await desk.open_edition(mode="rolling", window={"opens_at": "2018-01-01T00:00:00Z", "closes_at": None})
    assert (await desk.post(intern())).status_code == 422


async def test_the_answer_does_not_tell_whether_an_address_is_known(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    await desk.register(body)
    await desk.rig.said()
    again = await desk.post(body)
    fresh = await desk.post(intern())
    assert again.status_code == fresh.status_code == 201
    assert again.json().keys() == fresh.json().keys()
    assert again.json()["state"] == fresh.json()["state"]
    assert len(await desk.rig.said(ConfirmationRequested)) == 2


async def test_who_is_signed_up_already_learns_it_on_confirming_and_the_second_sign_up_ends(
    desk: Desk,
) -> None:
    await desk.open_edition()
    body = intern()
    first = await desk.register(body)
    second = await desk.sign_up({**body, "email": body["email"].upper()})
    await desk.rig.said()
    for _ in range(2):
        answer = (await desk.act(second, "confirmation")).json()
        assert (answer["state"], answer["signed_up_already"]) == ("expired", True)
    assert await desk.rig.said() == []
    assert await desk.state(first) == "registered"


async def test_a_reference_that_is_taken_is_drawn_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.open_edition()
    chances = iter([b"sixsix", b"sixsix", b"seven!"])
    monkeypatch.setattr(
        secrets, "token_bytes", lambda size: next(chances) if size == REFERENCE_BYTES else os.urandom(size)
    )
    first, second = [(await desk.post(host())).json()["reference"] for _ in range(2)]
    assert first != second


async def test_the_same_person_may_be_intern_and_host(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    await desk.register(body)
    as_host = await desk.register(host(email=body["email"]))
    assert await desk.state(as_host) == "registered"


async def test_organisations_and_units_are_merged_by_name(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    await desk.register(intern())
    await desk.register(
        intern(workplace=workplace(organisation_name="aarhus  KOMMUNE", unit_name="Borgerservice"))
    )
    await desk.register(intern(workplace=workplace(unit_name=" teknik og  miljø")))
    await desk.register(intern(workplace=workplace(sector="state")))
    first, same_organisation, same_unit, other_sector = [
        one.workplace for one in await desk.rig.said(ParticipantRegistered)
    ]
    assert first.organisation_id == same_organisation.organisation_id == same_unit.organisation_id
    assert first.workplace_id == same_unit.workplace_id != same_organisation.workplace_id
    assert same_organisation.organisation_name == "Aarhus Kommune"
    assert other_sector.organisation_id != first.organisation_id


BAD: dict[str, dict[str, Any]] = {
    "an unknown field": {"nickname": "x"},
    "a name with a NUL": {"name": "a\u0000b"},
    "a name with a line break": {"name": "a\nBcc: b"},
    "no name": {"name": "  "},
    "no address": {"email": "nobody"},
    "an address without a dot": {"email": "a@localhost"},
    "an address with a line break": {"email": "a@example.org\nx"},
    "a private intern": {"workplace": workplace(sector="private")},
    "an unknown municipality": {"workplace": workplace(municipality_code="9999")},
    "Denmark without municipality": {"workplace": workplace(municipality_code=None)},
    "a municipality abroad": {"workplace": workplace(country="SE")},
    "a ministerial area of a municipality": {"workplace": workplace(ministerial_area="health")},
    "an unknown field of work": {"field": "astrology"},
    "one day": {"days": {"min": 1, "max": 2}},
    "six days": {"days": {"min": 2, "max": 6}},
    "days the wrong way round": {"days": {"min": 5, "max": 2}},
    "huge days": {"days": {"min": 10**400, "max": 5}},
    "a period the wrong way round": {"available": [{"first_day": "2018-09-12", "last_day": "2018-09-10"}]},
    "a period in the year 1": {"available": [{"first_day": "0001-01-01", "last_day": "0001-01-01"}]},
    "a long motivation": {"motivation": "x" * 2001},
    "no manager": {"manager": None},
    "an unknown journey": {"journey_type": "pilgrim"},
    "a host in mind that is not there": {"host_in_mind": {"participant_id": str(uuid.uuid4())}},
    "an unknown region": {"wishes": {"areas": ["region:atlantis"]}},
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_a_problem_that_names_the_field_and_does_not_echo(desk: Desk, case: str) -> None:
    await desk.open_edition()
    answer = await desk.post({**intern(), **BAD[case]})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert "@example.org" not in answer.text


async def test_own_address_as_manager_is_refused(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    answer = await desk.post({**body, "manager": {"name": "Me", "email": body["email"].upper()}})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"x" * 65_537, "application/json", 413),
    ],
)
async def test_what_is_not_a_sign_up_is_a_problem(desk: Desk, content: bytes, kind: str, status: int) -> None:
    answer = await desk.client.post(
        "/api/v1/interns",
        content=content,
        headers={"content-type": kind, "idempotency-key": str(uuid.uuid4())},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("key", [None, "", "1", "{8da1b29c-a532-44a9-96e8-34afa5a18b3e}"])
async def test_a_sign_up_needs_a_key_of_its_own(desk: Desk, key: str | None) -> None:
    headers = {} if key is None else {"idempotency-key": key}
    answer = await desk.client.post("/api/v1/interns", json=intern(), headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_a_domain_with_danish_letters_is_kept_in_the_form_mail_takes(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    await desk.sign_up(host(email="post@ærø.dk", reserve=None))
    [contact] = await desk.rig.said(ContactChanged)
    assert contact.email.isascii()
    assert contact.email.partition("@")[2].encode().decode("idna") == "ærø.dk"

"""Changing a sign-up: always the whole of it; a new address voids old links; in public only what has changed."""

import uuid

from registration.desk import Desk, bearer, host, intern, named, workplace

from ipraktik_contracts.events import (
    CompanionInvited,
    ConsentRequested,
    ContactChanged,
    Event,
    LinkRequested,
    ParticipantUpdated,
)


async def test_a_changed_sign_up_is_said_whole(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.register(body)
    await desk.rig.said()
    changed = {**body, "field": "law", "days": {"min": 2, "max": 3}, "workplace": workplace(unit_name="Jura")}
    answer = await desk.put(participant_id, changed)
    assert (answer.status_code, answer.json()["details"]["field"]) == (200, "law")
    events = await desk.rig.said(Event)
    [updated] = [one for one in events if isinstance(one, ParticipantUpdated)]
    assert (updated.field, updated.days.max) == ("law", 3)
    [contact] = [one for one in events if isinstance(one, ContactChanged)]
    assert (contact.relation, contact.unit_name, contact.epoch) == ("self", "Jura", 1)


async def test_sending_what_one_has_read_changes_and_says_nothing(desk: Desk) -> None:
    await desk.open_edition()
    place = await desk.register(host())
    for body in (
        intern(host_in_mind={"participant_id": str(place)}, companion=named(intern())),
        host(self_found_intern=named(intern())),
    ):
        participant_id = await desk.register(body)
        await desk.rig.said()
        details = (await desk.own(participant_id))["details"]
        assert (await desk.put(participant_id, details)).status_code == 200
        assert await desk.rig.said() == []


async def test_a_new_address_voids_old_links_and_gets_a_new_one(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.register(body)
    old = await desk.link(participant_id)
    await desk.rig.said()
    assert (await desk.put(participant_id, {**body, "email": "new@example.org"})).status_code == 200
    contact, link = await desk.rig.said(Event)
    assert isinstance(contact, ContactChanged)
    assert (contact.email, contact.epoch) == ("new@example.org", 2)
    assert isinstance(link, LinkRequested)
    path = f"/registration/api/v1/sign-ups/{participant_id}"
    assert (await desk.client.get(path, headers=bearer(old))).status_code == 410
    assert (await desk.own(participant_id))["details"]["email"] == "new@example.org"


async def test_a_new_manager_is_asked_anew_while_the_answer_is_out(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    await desk.act(participant_id, "confirmation")
    old = await desk.link(participant_id, "consent")
    await desk.rig.said()
    await desk.pass_time(days=10)
    changed = {**body, "manager": {"name": "New boss", "email": "boss@example.org"}}
    assert (await desk.put(participant_id, changed)).status_code == 200
    assert len(await desk.rig.said(ConsentRequested)) == 1
    path = f"/registration/api/v1/sign-ups/{participant_id}/consent"
    assert (await desk.client.post(path, json={"agree": True}, headers=bearer(old))).status_code == 410
    assert await desk.pass_time(days=10) == 0
    assert (await desk.act(participant_id, "consent", {"agree": True})).json()["state"] == "registered"


async def test_another_companion_replaces_the_first_whose_invitation_is_forgotten(desk: Desk) -> None:
    await desk.open_edition()
    first = intern()
    body = intern(companion=named(first))
    participant_id = await desk.register(body)
    invited, _ = await desk.contact(participant_id, "invited")
    second = intern()
    second_id = await desk.register(second)
    await desk.rig.said()
    assert (await desk.put(participant_id, {**body, "companion": named(second)})).status_code == 200
    assert invited in await desk.tombstones()
    events = await desk.rig.said(Event)
    [updated] = [one for one in events if isinstance(one, ParticipantUpdated)]
    assert updated.companion_id == second_id
    assert [one.contact_id for one in events if isinstance(one, CompanionInvited)] == [
        (await desk.contact(second_id))[0]
    ]
    assert (await desk.put(participant_id, {**body, "companion": None})).status_code == 200
    [updated] = await desk.rig.said(ParticipantUpdated)
    assert updated.companion_id is None


async def test_a_reserve_may_come_and_go(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.register(body)
    reserve, _ = await desk.contact(participant_id, "reserve")
    await desk.rig.said()
    assert (await desk.put(participant_id, {**body, "reserve": None})).status_code == 200
    assert await desk.tombstones() == {reserve}
    assert (await desk.put(participant_id, body)).status_code == 200
    [back] = await desk.rig.said(ContactChanged)
    assert (back.relation, back.contact_id != reserve) == ("reserve", True)


async def test_a_sign_up_changes_only_while_it_stands(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.sign_up(body)
    assert (await desk.put(participant_id, body)).status_code == 409
    await desk.act(participant_id, "confirmation")
    await desk.act(participant_id, "withdrawal", {"reason": "other"})
    assert (await desk.put(participant_id, body)).status_code == 409


async def test_role_and_edition_do_not_change(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.register(body)
    assert (await desk.put(participant_id, intern())).status_code == 422
    assert (await desk.put(participant_id, {**body, "edition_id": str(uuid.uuid4())})).status_code == 422
    token = await desk.link(participant_id)
    answer = await desk.client.put(
        f"/registration/api/v1/sign-ups/{participant_id}", content=b"x" * 70_000, headers=bearer(token)
    )
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")

"""Companions, self-found pairs and hosts in mind: both say so, one says so, or one comes later."""

import asyncio
import uuid
from typing import Any

from registration.desk import Desk, host, intern, named

from ipraktik_contracts.events import (
    CompanionInvited,
    ContactChanged,
    Event,
    HostAsked,
    PairConfirmationRequested,
    ParticipantRegistered,
    ParticipantUpdated,
)


async def said(desk: Desk) -> list[Any]:
    """What was said lately, without contacts' own records."""
    return [one for one in await desk.rig.said(Event) if not isinstance(one, ContactChanged)]


async def last_body(desk: Desk, participant_id: uuid.UUID, events: list[Any]) -> Any:
    """The newest public body of a sign-up among these."""
    return [
        one
        for one in events
        if isinstance(one, ParticipantRegistered | ParticipantUpdated)
        and one.participant_id == participant_id
    ][-1]


async def test_companions_who_name_each_other_hold_as_soon_as_the_second_is_valid(desk: Desk) -> None:
    await desk.open_edition()
    one, other = intern(), intern()
    one["companion"], other["companion"] = named(other), named(one)
    first = await desk.register(one)
    second = await desk.register(other)
    events = await said(desk)
    assert (await last_body(desk, first, events)).companion_id == second
    assert (await last_body(desk, second, events)).companion_id == first
    assert [type(event) for event in events if isinstance(event, CompanionInvited)] == [CompanionInvited]
    assert (await desk.own(first))["mutual"] == ["companion"]


async def test_a_companion_who_is_not_signed_up_is_invited(desk: Desk) -> None:
    await desk.open_edition()
    friend = intern()
    participant_id = await desk.register(intern(companion=named(friend)))
    events = await desk.rig.said(Event)
    [invited] = [one for one in events if isinstance(one, ContactChanged) and one.relation == "invited"]
    assert (invited.participant_id, invited.email) == (participant_id, friend["email"])
    [asked] = [one for one in events if isinstance(one, CompanionInvited)]
    assert (asked.contact_id, asked.aggregate_id) == (invited.contact_id, participant_id)
    assert (await last_body(desk, participant_id, events)).companion_id is None


async def test_a_companion_who_comes_later_and_names_nobody_may_agree_by_link(desk: Desk) -> None:
    await desk.open_edition()
    friend = intern()
    inviting = await desk.register(intern(companion=named(friend)))
    await desk.rig.said()
    asked = await desk.register(friend)
    events = await said(desk)
    assert (await last_body(desk, inviting, events)).companion_id == asked
    assert (await last_body(desk, asked, events)).companion_id is None
    [invitation] = [one for one in events if isinstance(one, CompanionInvited)]
    assert (invitation.contact_id, invitation.aggregate_id) == ((await desk.contact(asked))[0], inviting)

    for _ in range(2):
        assert (await desk.answer_invitation(asked, inviting, agree=True)).status_code == 200
    [updated] = await said(desk)
    assert (updated.participant_id, updated.companion_id) == (asked, inviting)
    assert (await desk.answer_invitation(asked, inviting, agree=False)).status_code == 409


async def test_a_companion_who_says_no_stays_one_sided_and_is_not_asked_again(desk: Desk) -> None:
    await desk.open_edition()
    friend = intern()
    body = intern(companion=named(friend))
    asked = await desk.register(friend)
    inviting = await desk.register(body)
    await desk.rig.said()
    assert (await desk.answer_invitation(asked, inviting, agree=False)).status_code == 200
    assert (await desk.put(inviting, {**body, "field": "law"})).status_code == 200
    events = await said(desk)
    assert [type(one) for one in events] == [ParticipantUpdated]
    assert events[0].companion_id == asked
    assert (await desk.own(inviting))["mutual"] == []


async def test_who_was_invited_cannot_answer_for_the_one_who_invites(desk: Desk) -> None:
    await desk.open_edition()
    inviting = await desk.register(intern(companion=named(intern())))
    answer = await desk.answer_invitation(inviting, inviting, agree=True, relation="invited")
    assert answer.status_code == 409


async def test_a_companion_is_an_intern_of_the_same_edition(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    other_edition = await desk.open_edition()
    friend = host()
    await desk.register({**friend, "edition_id": str(edition_id)})
    far = intern(email=friend["email"], edition_id=str(other_edition))
    await desk.register(far)
    participant_id = await desk.register(intern(companion=named(friend), edition_id=str(edition_id)))
    events = await said(desk)
    assert (await last_body(desk, participant_id, events)).companion_id is None


async def test_a_self_found_pair_holds_at_once_when_both_say_so(desk: Desk) -> None:
    await desk.open_edition()
    guest, place = intern(), host()
    guest["self_found_host"], place["self_found_intern"] = named(place), named(guest)
    place_id = await desk.register(place)
    guest_id = await desk.register(guest)
    events = await said(desk)
    assert (await last_body(desk, guest_id, events)).self_found_with == place_id
    assert (await last_body(desk, place_id, events)).self_found_with == guest_id
    pair_questions = [one for one in events if isinstance(one, PairConfirmationRequested)]
    assert [one.participant_id for one in pair_questions] == [place_id], "only the unknown intern, by mail"


async def test_a_host_who_was_named_confirms_the_pair_by_link(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    place_id = await desk.register(place)
    guest_id = await desk.register(intern(self_found_host=named(place)))
    events = await said(desk)
    assert (await last_body(desk, guest_id, events)).self_found_with == place_id
    [asked] = [one for one in events if isinstance(one, PairConfirmationRequested)]
    assert (asked.participant_id, asked.aggregate_id) == (place_id, place_id)
    assert asked.contact_id == (await desk.contact(place_id))[0]

    for _ in range(2):
        assert (await desk.act(place_id, "pair", {"agree": True})).status_code == 200
    [updated] = await said(desk)
    assert (updated.participant_id, updated.self_found_with) == (place_id, guest_id)
    assert (await desk.act(place_id, "pair", {"agree": False})).status_code == 409


async def test_a_pair_that_is_denied_stays_one_sided(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    place_id = await desk.register(place)
    await desk.register(intern(self_found_host=named(place)))
    await desk.rig.said()
    assert (await desk.act(place_id, "pair", {"agree": False})).status_code == 200
    assert await desk.rig.said() == []
    assert (await desk.act(place_id, "pair", {"agree": True})).status_code == 409


async def test_nobody_confirms_a_pair_that_nobody_has_asked_about(desk: Desk) -> None:
    await desk.open_edition()
    place_id = await desk.register(host())
    assert (await desk.act(place_id, "pair", {"agree": True})).status_code == 409


async def test_a_self_found_host_who_is_not_signed_up_is_asked_and_later_confirms(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    guest_id = await desk.register(intern(self_found_host=named(place)))
    events = await desk.rig.said(Event)
    [invited] = [one for one in events if isinstance(one, ContactChanged) and one.relation == "invited"]
    [asked] = [one for one in events if isinstance(one, HostAsked)]
    assert (asked.contact_id, asked.participant_id) == (invited.contact_id, guest_id)

    place_id = await desk.register(place)
    events = await said(desk)
    assert (await last_body(desk, guest_id, events)).self_found_with == place_id
    assert [one.participant_id for one in events if isinstance(one, PairConfirmationRequested)] == [place_id]
    assert (await desk.act(place_id, "pair", {"agree": True})).status_code == 200
    [updated] = await said(desk)
    assert updated.self_found_with == guest_id


async def test_an_intern_named_by_a_host_before_signing_up_holds_when_naming_back(desk: Desk) -> None:
    await desk.open_edition()
    guest = intern()
    place = host(self_found_intern=named(guest))
    place_id = await desk.register(place)
    await desk.rig.said()
    guest_id = await desk.register({**guest, "self_found_host": named(place)})
    events = await said(desk)
    assert (await last_body(desk, guest_id, events)).self_found_with == place_id
    assert (await last_body(desk, place_id, events)).self_found_with == guest_id
    assert not [one for one in events if isinstance(one, PairConfirmationRequested)]


async def test_a_host_in_mind_by_address_or_by_id_is_told_in_the_body(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    place_id = await desk.register(place)
    by_address = await desk.register(intern(host_in_mind=named(place)))
    by_id = await desk.register(intern(host_in_mind={"participant_id": str(place_id)}))
    events = await said(desk)
    assert (await last_body(desk, by_address, events)).host_in_mind_id == place_id
    assert (await last_body(desk, by_id, events)).host_in_mind_id == place_id
    assert not [one for one in events if isinstance(one, HostAsked)]


async def test_a_host_in_mind_who_is_not_signed_up_is_asked_and_found_later(desk: Desk) -> None:
    await desk.open_edition()
    place = host()
    guest_id = await desk.register(intern(host_in_mind=named(place)))
    assert len([one for one in await said(desk) if isinstance(one, HostAsked)]) == 1
    place_id = await desk.register(place)
    events = await said(desk)
    assert (await last_body(desk, guest_id, events)).host_in_mind_id == place_id


async def test_nobody_is_invited_to_an_edition_that_takes_no_sign_ups_any_more(desk: Desk) -> None:
    await desk.open_edition()
    desk.rig.clock.instant = desk.rig.clock.instant.replace(month=6, day=8, hour=12)
    participant_id = await desk.sign_up(intern(companion=named(intern())))
    await desk.act(participant_id, "confirmation")
    await desk.rig.said()
    desk.rig.clock.instant = desk.rig.clock.instant.replace(day=9)
    await desk.act(participant_id, "consent", {"agree": True})
    assert not [one for one in await said(desk) if isinstance(one, CompanionInvited)]


async def test_two_who_become_valid_at_the_same_moment_do_not_miss_each_other(desk: Desk) -> None:
    await desk.open_edition()
    for _ in range(5):
        one, other = intern(), intern()
        one["companion"], other["companion"] = named(other), named(one)
        ids = [await desk.sign_up(body) for body in (one, other)]
        for participant_id in ids:
            await desk.act(participant_id, "confirmation")
        await desk.rig.said()
        await asyncio.gather(
            *(desk.act(participant_id, "consent", {"agree": True}) for participant_id in ids)
        )
        events = await said(desk)
        assert (await last_body(desk, ids[0], events)).companion_id == ids[1]
        assert (await last_body(desk, ids[1], events)).companion_id == ids[0]

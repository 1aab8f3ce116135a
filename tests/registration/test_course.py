"""From confirmation to the end: consent, silence, withdrawal, forgetting."""

from datetime import timedelta

from registration.desk import Desk, everything, host, intern

from ipraktik_contracts.events import (
    ConsentRefused,
    Event,
    ParticipantWithdrawn,
    SignUpExpired,
)


async def test_confirming_and_agreeing_twice_says_everything_once(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    await desk.rig.said()
    assert (await desk.act(participant_id, "confirmation")).json()["state"] == "registered"
    assert (await desk.act(participant_id, "consent", {"agree": True})).json()["state"] == "registered"
    contradiction = await desk.act(participant_id, "consent", {"agree": False})
    assert (contradiction.status_code, bool(contradiction.json()["detail"])) == (409, True)
    assert await desk.rig.said() == []


async def test_a_manager_who_says_no_ends_the_sign_up_without_a_public_word(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    await desk.act(participant_id, "confirmation")
    await desk.rig.said()
    assert (await desk.act(participant_id, "consent", {"agree": False})).json()["state"] == "refused"
    [refused] = await desk.rig.said(Event)
    assert isinstance(refused, ConsentRefused)
    assert refused.contact_id == (await desk.contact(participant_id))[0]
    assert (await desk.act(participant_id, "consent", {"agree": False})).json()["state"] == "refused"
    assert (await desk.act(participant_id, "consent", {"agree": True})).status_code == 409
    assert await desk.rig.said() == []
    assert await desk.pass_time(days=7) == 1
    assert len(await desk.tombstones()) == 2
    assert not await mentions(desk, body["email"], body["manager"]["name"], body["motivation"])


async def test_fourteen_days_without_confirmation_end_a_sign_up_and_seven_later_its_people_are_forgotten(
    desk: Desk,
) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    await desk.rig.said()
    own, _ = await desk.contact(participant_id)
    assert await desk.pass_time(days=13, hours=23, minutes=59) == 0
    assert await desk.pass_time(minutes=1) == 1
    [expired] = await desk.rig.said(Event)
    assert isinstance(expired, SignUpExpired)
    assert expired.contact_id == own
    assert await desk.state(participant_id) == "expired"
    assert (await desk.act(participant_id, "confirmation")).status_code == 409
    assert await desk.tombstones() == set()
    assert await desk.pass_time(days=7) == 1
    assert own in await desk.tombstones()
    assert not await mentions(desk, body["email"], body["name"], body["motivation"])
    assert await desk.state(participant_id) == "expired"
    assert await desk.pass_time(days=365) == 0


async def test_fourteen_days_without_consent_end_a_sign_up(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    desk.rig.clock.advance(timedelta(days=10))
    await desk.act(participant_id, "confirmation")
    await desk.rig.said()
    assert await desk.pass_time(days=13) == 0
    assert await desk.pass_time(days=1) == 1
    assert [type(one) for one in await desk.rig.said(Event)] == [SignUpExpired]


async def test_a_deadline_counts_even_before_the_job_has_come_by(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(host())
    desk.rig.clock.advance(timedelta(days=14))
    assert (await desk.act(participant_id, "confirmation")).status_code == 409


async def test_a_crowd_of_silent_sign_ups_is_worked_off(desk: Desk) -> None:
    await desk.open_edition()
    for _ in range(3):
        await desk.sign_up(host())
    assert await desk.pass_time(days=14) == 3
    assert await desk.pass_time(days=7) == 3


async def test_withdrawing_is_said_once_with_its_reason(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    participant_id = await desk.register(host())
    await desk.rig.said()
    for reason in ("new_job", "other"):
        answer = await desk.act(participant_id, "withdrawal", {"reason": reason})
        assert answer.json()["state"] == "withdrawn"
    [withdrawn] = await desk.rig.said(Event)
    assert withdrawn == ParticipantWithdrawn(
        participant_id=participant_id, edition_id=edition_id, reason="new_job"
    )
    assert (await desk.own(participant_id))["state"] == "withdrawn"


async def test_withdrawing_before_consent_says_nothing_in_public_and_is_forgotten(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.act(participant_id, "confirmation")
    await desk.rig.said()
    assert (await desk.act(participant_id, "withdrawal", {})).json()["state"] == "withdrawn"
    assert await desk.rig.said() == []
    assert (await desk.act(participant_id, "consent", {"agree": True})).status_code == 409
    assert await desk.pass_time(days=7) == 1
    assert len(await desk.tombstones()) == 2


async def test_who_has_withdrawn_may_sign_up_anew(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    first = await desk.register(body)
    await desk.act(first, "withdrawal", {"reason": "own_wish"})
    second = await desk.register(body)
    assert (await desk.state(first), await desk.state(second)) == ("withdrawn", "registered")


async def mentions(desk: Desk, *texts: str) -> list[str]:
    """Tables in which one of the texts stands."""
    rows = await everything(desk.rig)
    return [table for table, text in rows.items() if any(one.casefold() in text.casefold() for one in texts)]

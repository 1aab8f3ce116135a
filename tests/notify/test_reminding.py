"""Reminders come by the clock, once, and only where the answer is still missing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from notify.conftest import Notify
from notify.facts import NOW, Story

from ipraktik_contracts import events
from ipraktik_contracts.events import Event


async def _reminders(notify: Notify) -> list[tuple[str, str]]:
    return [one for one in await notify.kinds() if "reminder" in one[0] or one[0] == "last_day"]


async def _pass(notify: Notify, until: datetime) -> None:
    """Let time go by as a played season does: from due moment to due moment."""
    while True:
        async with notify.rig.database.reading() as conn:
            moments = [await job.next_due(conn) for job in notify.rig.work.jobs]
        due = min((moment for moment in moments if moment is not None), default=until)
        if due >= until:
            break
        notify.rig.clock.instant = max(due, notify.rig.clock.instant)
        await notify.rig.run_jobs()
    notify.rig.clock.instant = until
    await notify.rig.run_jobs()


async def test_only_who_has_not_answered_a_proposal_is_reminded_two_days_before(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(), story.proposed(), story.of_placement(events.MatchAccepted, party="host")
    )
    await _pass(notify, NOW + timedelta(days=12, seconds=-1))
    assert await _reminders(notify) == []
    await _pass(notify, NOW + timedelta(days=12))
    assert await _reminders(notify) == [("answer_reminder", "intern")]
    await _pass(notify, NOW + timedelta(days=40))
    assert await _reminders(notify) == [("answer_reminder", "intern")]


@pytest.mark.parametrize("end", [events.MatchDeclined, events.MatchExpired, events.MatchWithdrawn])
async def test_nobody_is_reminded_of_a_proposal_that_has_ended(
    notify: Notify, story: Story, end: type[Event]
) -> None:
    reason = "coordinator" if end is events.MatchWithdrawn else "dates"
    await notify.tell(*story.people(), story.proposed(), story.of_placement(end, reason=reason))
    await _pass(notify, NOW + timedelta(days=20))
    assert await _reminders(notify) == []


async def test_the_manager_is_reminded_of_the_consent_unless_it_came(notify: Notify, story: Story) -> None:
    asked = story.request(events.ConsentRequested, to="manager")
    await notify.tell(story.contact("intern"), story.contact("manager"), asked)
    await _pass(notify, NOW + timedelta(days=11))
    assert await _reminders(notify) == [("consent_reminder", "asked")]
    (_, mail) = notify.received("manager")
    assert notify.link(mail).acts[0] == "consent"

    other = Story()
    notify.story = other
    await notify.tell(
        other.contact("intern"),
        other.contact("manager"),
        other.request(
            events.ConsentRequested, to="manager", respond_by=notify.rig.clock.now() + timedelta(days=14)
        ),
        other.request(events.ConsentGiven),
    )
    await _pass(notify, NOW + timedelta(days=60))
    assert [mail["kind"] for mail in notify.received("manager")] == ["consent_wanted"]


async def test_who_has_approved_is_not_reminded_and_a_new_version_asks_all_again(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(),
        story.proposed(origin="self_found"),
        story.of_placement(events.AgreementDrafted),
        story.of_placement(events.AgreementApproved, party="manager"),
    )
    await _pass(notify, NOW + timedelta(days=27))
    assert await _reminders(notify) == [("sign_reminder", "host"), ("sign_reminder", "intern")]

    await notify.tell(
        story.of_placement(events.AgreementDrafted, version=2, sign_by=NOW + timedelta(days=50))
    )
    await _pass(notify, NOW + timedelta(days=47))
    assert [one for one in await _reminders(notify) if one[1] == "manager"] == [("sign_reminder", "manager")]
    assert len(await _reminders(notify)) == 5


async def test_the_last_day_is_asked_about_at_noon_unless_it_is_settled(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed())
    noon = datetime(2018, 9, 14, 10, 0, tzinfo=UTC)
    await _pass(notify, noon - timedelta(seconds=1))
    assert await _reminders(notify) == []
    await _pass(notify, noon)
    assert await _reminders(notify) == [("last_day", "host"), ("last_day", "intern")]
    mail = next(mail for mail in notify.received("host") if mail["kind"] == "last_day")
    assert notify.link(mail).acts[0] == "stay"
    assert notify.link(mail).aggregates == (story.placement_id, story.host_id)


async def test_days_that_were_moved_are_asked_about_on_the_new_last_day_only(
    notify: Notify, story: Story
) -> None:
    moved = {"first_day": date(2018, 10, 1), "last_day": date(2018, 10, 3)}
    await notify.tell(
        *story.people(),
        story.proposed(),
        story.signed(),
        story.of_placement(events.AgreementAmended, version=2),
        story.signed(version=2, **moved),
    )
    await _pass(notify, datetime(2018, 9, 30, tzinfo=UTC))
    assert [one for one in await _reminders(notify) if one[0] == "last_day"] == []
    await _pass(notify, datetime(2018, 10, 3, 10, 0, tzinfo=UTC))
    assert await _reminders(notify) == [("last_day", "host"), ("last_day", "intern")]


@pytest.mark.parametrize(
    "end", [events.AgreementCancelled, events.InternshipCompleted, events.InternshipNotHeld]
)
async def test_a_stay_that_is_settled_is_not_asked_about(
    notify: Notify, story: Story, end: type[Event]
) -> None:
    reason = "other" if end is not events.InternshipCompleted else None
    await notify.tell(
        *story.people(), story.proposed(), story.signed(), story.of_placement(end, reason=reason)
    )
    await _pass(notify, datetime(2018, 9, 30, tzinfo=UTC))
    assert await _reminders(notify) == []


async def test_an_evaluation_is_reminded_of_once_unless_given(notify: Notify, story: Story) -> None:
    other = Story()
    await notify.tell(
        *story.people(),
        story.proposed(),
        story.evaluation(events.EvaluationRequested),
        story.evaluation(events.EvaluationRequested, evaluation_id=other.evaluation_id, party="intern"),
        story.evaluation(events.EvaluationSubmitted),
    )
    await _pass(notify, NOW + timedelta(days=25))
    assert [one for one in await _reminders(notify) if one[0].startswith("eval")] == [
        ("evaluation_reminder", "intern")
    ]


async def test_a_reminder_that_work_slept_past_is_not_sent(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.proposed())
    notify.rig.clock.instant = NOW + timedelta(days=14)
    await notify.rig.run_jobs()
    assert await _reminders(notify) == []
    assert [row for row in await notify.log() if row["kind"] == "answer_reminder"] == []

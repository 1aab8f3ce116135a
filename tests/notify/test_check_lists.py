"""The booklet's lists come by mail when they matter, each once; the reserve hears who comes when, and when nobody does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from notify.conftest import Notify
from notify.facts import NOW, Story

from ipraktik_contracts import events
from ipraktik_contracts.events import Event
from ipraktik_notify.domain.booklet import BOOKLET

ALL = ("host", "intern", "manager")


async def _pass(notify: Notify, until: datetime) -> None:
    """Let time go by from due moment to due moment."""
    while True:
        async with notify.rig.database.reading() as conn:
            moments = [await job.next_due(conn) for job in notify.rig.work.jobs]
        due = min((moment for moment in moments if moment is not None), default=None)
        if due is None or due > until:
            break
        notify.rig.clock.instant = max(notify.rig.clock.instant, due)
        await notify.rig.run_jobs()
    notify.rig.clock.instant = until


def _lists(notify: Notify, who: str) -> list[str]:
    kinds = [mail["kind"] or "" for mail in notify.received(who)]
    return [kind for kind in kinds if kind.startswith("prepare")]


async def test_each_party_gets_its_own_list_three_weeks_before_and_the_working_day_before(
    notify: Notify, story: Story
) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed())
    await _pass(notify, datetime(2018, 8, 20, 5, 59, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [[], [], []]
    await _pass(notify, datetime(2018, 8, 20, 6, 0, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [["prepare_before"]] * 3
    await _pass(notify, datetime(2018, 9, 7, 6, 0, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [["prepare_before", "prepare_during"]] * 3
    for who, role in (("host", "host"), ("intern", "intern"), ("manager", "workplace")):
        mail = next(mail for mail in notify.received(who) if mail["kind"] == "prepare_before")
        for item in (*BOOKLET[role, "before"].advice, *BOOKLET[role, "before"].questions):  # type: ignore[index]
            assert f"- {item.da.text}" in mail["text"]
        assert mail["links"][0].endswith(f"/notify/preparation/{role}/before")
        assert "t=" not in mail["links"][0]


async def test_a_late_signing_has_the_list_with_it_and_no_second_mail_that_day(
    notify: Notify, story: Story
) -> None:
    notify.rig.clock.instant = datetime(2018, 9, 3, 9, 0, tzinfo=UTC)
    await notify.tell(*story.people(), story.signed())
    await _pass(notify, datetime(2018, 9, 6, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [[], [], []]
    mail = next(mail for mail in notify.received("intern") if mail["kind"] == "agreement_signed")
    assert all(item.da.text in mail["text"] for item in BOOKLET["intern", "before"].advice)
    await _pass(notify, datetime(2018, 9, 8, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [["prepare_during"]] * 3


async def test_days_that_are_moved_move_the_lists_and_none_comes_twice(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.signed())
    await _pass(notify, datetime(2018, 8, 21, tzinfo=UTC))  # the first list is out
    moved = {"first_day": date(2018, 10, 1), "last_day": date(2018, 10, 3)}
    await notify.tell(
        story.of_placement(events.AgreementAmended, version=2), story.signed(version=2, **moved)
    )
    await _pass(notify, datetime(2018, 9, 27, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [["prepare_before"]] * 3
    await _pass(notify, datetime(2018, 9, 28, 6, 0, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [["prepare_before", "prepare_during"]] * 3


@pytest.mark.parametrize("end", [events.AgreementCancelled, events.InternshipNotHeld])
async def test_a_stay_that_does_not_come_about_needs_no_lists(
    notify: Notify, story: Story, end: type[Event]
) -> None:
    await notify.tell(*story.people(), story.signed(), story.of_placement(end, reason="other"))
    await _pass(notify, datetime(2018, 10, 1, tzinfo=UTC))
    assert [_lists(notify, who) for who in ALL] == [[], [], []]


async def test_the_list_for_afterwards_comes_a_working_day_after_the_wish_for_an_evaluation(
    notify: Notify, story: Story
) -> None:
    await notify.tell(*story.people(), story.signed())
    notify.rig.clock.instant = datetime(2018, 9, 14, 14, 0, tzinfo=UTC)
    await notify.tell(
        story.of_placement(events.InternshipCompleted), story.evaluation(events.EvaluationRequested)
    )
    assert "prepare_after" not in _lists(notify, "host")
    await _pass(notify, datetime(2018, 9, 17, 6, 0, tzinfo=UTC))
    assert [_lists(notify, who)[-1] for who in ALL] == ["prepare_after"] * 3


async def test_a_host_of_several_interns_gets_each_list_once(notify: Notify, story: Story) -> None:
    other = Story(edition_id=story.edition_id, host_id=story.host_id, host_contact=story.host_contact)
    await notify.tell(
        *story.people(), other.contact("intern"), other.contact("manager"), other.registered("intern")
    )
    await notify.tell(story.signed(), other.signed())
    await _pass(notify, datetime(2018, 9, 8, tzinfo=UTC))
    assert _lists(notify, "host") == ["prepare_before", "prepare_during"]
    mail = next(mail for mail in notify.received("host") if mail["kind"] == "prepare_before")
    assert "besøg af jeres praktikanter" in mail["text"]
    assert _lists(notify, "intern") == ["prepare_before", "prepare_during"]
    notify.story = other
    assert [mail["kind"] for mail in notify.received("intern")][-2:] == ["prepare_before", "prepare_during"]


async def test_a_list_that_comes_too_late_is_not_sent(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.signed())
    notify.rig.clock.instant = datetime(2018, 9, 10, 6, 0, tzinfo=UTC)  # work slept until the stay had begun
    await notify.rig.run_jobs()
    assert [_lists(notify, who) for who in ALL] == [["prepare_during"]] * 3


async def test_the_reserve_hears_who_comes_when_and_has_it_in_the_calendar(
    notify: Notify, story: Story
) -> None:
    await notify.tell(*story.people(), story.contact("reserve"), story.signed())
    (mail,) = notify.received("reserve")
    assert mail["kind"] == "agreement_signed"
    assert "Du står som reserve for Hanne Vært" in mail["text"]
    assert "kommer 10.-14. september 2018" in mail["subject"]
    assert notify.link(mail).acts[:2] == ("agreement", "stay")
    assert b"METHOD:REQUEST" in _calendar(notify, mail)

    await notify.tell(story.of_placement(events.AgreementCancelled, reason="dates"))
    (_, cancelled) = notify.received("reserve")
    assert cancelled["kind"] == "agreement_cancelled"
    assert "Du har selv aflyst" not in cancelled["text"]
    assert b"METHOD:CANCEL" in _calendar(notify, cancelled)


async def test_a_reserve_who_is_named_later_hears_of_what_holds_then(notify: Notify, story: Story) -> None:
    moved = {"first_day": date(2018, 10, 1), "last_day": date(2018, 10, 3)}
    await notify.tell(*story.people(), story.signed(), story.signed(version=2, **moved))
    notify.rig.clock.instant = NOW + timedelta(days=3)
    await notify.tell(story.contact("reserve"))
    (mail,) = notify.received("reserve")
    assert "1.-3. oktober 2018" in mail["subject"]


async def test_a_reserve_who_is_named_after_the_end_hears_nothing_and_is_missed_by_nobody(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(), story.signed(), story.of_placement(events.AgreementCancelled, reason="dates")
    )
    await notify.tell(story.contact("reserve"))
    assert notify.received("reserve") == []
    other = Story()
    await notify.tell(*other.people(), other.signed())
    await _pass(notify, datetime(2019, 6, 1, tzinfo=UTC))
    assert [row for row in await notify.log() if row["party"] == "reserve"] == []


def _calendar(notify: Notify, mail: object) -> bytes:
    message = notify.message(mail)  # type: ignore[arg-type]
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content

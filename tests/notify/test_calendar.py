"""The signed agreement brings the stay into the calendar, on the right local days, and the cancellation takes it out."""

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from notify.conftest import Notify
from notify.facts import Story
from validators.judging import calendar_faults

from ipraktik_contracts import events


def _entry(message: EmailMessage) -> tuple[str, Event, bytes]:
    """Method, event and file of the one calendar entry; inside the alternative and as a file it is the same."""
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inline = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    attached = next(part for part in message.walk() if part.get_content_type() == "application/ics")
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert inline.get_content().replace("\r\n", "\n").encode() == content.replace(b"\r\n", b"\n")
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    assert inline.get_param("method") == str(calendar["METHOD"])
    return str(calendar["METHOD"]), event, content


@pytest.mark.parametrize(
    ("first_day", "last_day", "day_after"),
    [
        (date(2018, 9, 10), date(2018, 9, 14), date(2018, 9, 15)),
        (date(2018, 10, 26), date(2018, 10, 28), date(2018, 10, 29)),  # over the day the clocks go back
        (date(2019, 3, 29), date(2019, 3, 31), date(2019, 4, 1)),  # and forward
    ],
)
async def test_all_three_get_the_stay_as_whole_local_days(
    notify: Notify, story: Story, first_day: date, last_day: date, day_after: date
) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed(first_day=first_day, last_day=last_day))
    for who in ("intern", "manager", "host"):
        mail = next(mail for mail in notify.received(who) if mail["kind"] == "agreement_signed")
        method, event, content = _entry(notify.message(mail))
        assert method == "REQUEST"
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (first_day, day_after)
        assert event["UID"] == f"{story.placement_id}@example.org"
        assert event["ATTENDEE"] == f"mailto:{story.address(who)}"
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"
        assert event.decoded("dtstamp") == notify.rig.clock.now()
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        others = {"intern", "manager", "host"} - {who}
        assert not any(story.address(other).encode() in content for other in others)


async def test_newer_words_outrank_older_ones_and_the_cancellation_outranks_all(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(),
        story.proposed(),
        story.signed(),
        story.of_placement(events.AgreementAmended, version=2),
        story.signed(version=2, first_day=date(2018, 9, 12)),
        story.of_placement(events.AgreementCancelled, by="intern", reason="dates"),
    )
    mails = [
        mail
        for mail in notify.received("host")
        if mail["kind"] in ("agreement_signed", "agreement_cancelled")
    ]
    entries = sorted(
        (_entry(notify.message(mail)) for mail in mails), key=lambda one: int(str(one[1]["SEQUENCE"]))
    )
    assert [method for method, _, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["UID"]) for _, event, _ in entries}) == 1
    assert len({int(str(event["SEQUENCE"])) for _, event, _ in entries}) == 3
    assert entries[-1][1]["STATUS"] == "CANCELLED"
    assert entries[-1][1].decoded("dtstart") == date(2018, 9, 12)


async def test_a_first_invitation_bears_the_name_that_the_version_before_would_give_and_it_is_kept(
    notify: Notify, story: Story
) -> None:
    """The version before keeps no name: after a way back its change or cancellation must meet the entry nevertheless."""
    await notify.tell(*story.people(), story.proposed(), story.signed())
    async with notify.rig.database.reading() as conn:
        rows = await conn.fetch(
            "select calendar_uid, message_id from mail where kind = 'agreement_signed' and state = 'sent'"
        )
    assert {row["calendar_uid"] for row in rows} == {f"{story.placement_id}@example.org"}
    assert all(row["message_id"].endswith("@example.org>") for row in rows)


async def test_who_was_invited_under_another_name_gets_changes_and_the_cancellation_under_that(
    notify: Notify, story: Story
) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed())
    async with notify.rig.database.transaction() as tx:  # as a build that kept no UID left it behind
        await tx.conn.execute(
            "update mail set calendar_uid = null, message_id = '<1234@mails.example.org>' where kind = 'agreement_signed' and party = 'host'"
        )
    await notify.tell(
        story.signed(version=2), story.of_placement(events.AgreementCancelled, by="intern", reason="dates")
    )
    uids = {
        who: [
            str(_entry(notify.message(mail))[1]["UID"])
            for mail in notify.received(who)
            if mail["kind"] in ("agreement_signed", "agreement_cancelled")
        ]
        for who in ("host", "intern")
    }
    assert len(uids["host"]) == len(uids["intern"]) == 3
    new, kept = (f"{story.placement_id}@{domain}" for domain in ("example.org", "mails.example.org"))
    assert sorted(uids["host"]) == [new, kept, kept]  # the first was sent in this test
    assert set(uids["intern"]) == {new}


async def test_what_was_never_signed_has_nothing_to_take_out_of_a_calendar(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(),
        story.proposed(),
        story.of_placement(events.AgreementDrafted),
        story.of_placement(events.AgreementCancelled, by="coordinator", reason="coordinator"),
    )
    mail = next(mail for mail in notify.received("host") if mail["kind"] == "agreement_cancelled")
    kinds = {part.get_content_type() for part in notify.message(mail).walk()}
    assert kinds == {"multipart/alternative", "text/plain", "text/html"}
    assert "kalender" not in mail["text"]


async def test_invitations_and_cancellations_are_valid(notify: Notify, story: Story, tmp_path: Path) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed())
    await notify.tell(story.of_placement(events.AgreementCancelled, by="intern", reason="dates"))
    mails = [mail for mail in notify.received("intern") if str(mail["kind"]).startswith("agreement_")]
    files = {method: content for method, _, content in (_entry(notify.message(mail)) for mail in mails)}
    assert set(files) == {"REQUEST", "CANCEL"}
    assert calendar_faults(calendars=[*files.values()], home=tmp_path) == ""

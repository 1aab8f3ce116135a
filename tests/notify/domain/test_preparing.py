"""When the check lists come: days apart from other mails, never twice, never in the past."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ipraktik_notify.domain.preparing import list_afterwards, lists_ahead, said_at_signing
from ipraktik_notify.domain.reminders import planned_by

ZONE = ZoneInfo("Europe/Copenhagen")
FIRST = date(2018, 9, 10)  # a Monday


def _at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


def test_lists_come_three_weeks_before_and_on_the_working_day_before() -> None:
    ahead = lists_ahead(FIRST, signed_at=_at(2018, 6, 20, 10))
    assert ahead == (
        ("prepare_before", _at(2018, 8, 20, 8)),
        ("prepare_during", _at(2018, 9, 7, 8)),  # the Friday
    )
    assert not said_at_signing(FIRST, signed_at=_at(2018, 6, 20, 10))


def test_a_late_signing_says_the_first_list_itself() -> None:
    late = _at(2018, 9, 3, 10)
    assert said_at_signing(FIRST, signed_at=late)
    assert lists_ahead(FIRST, signed_at=late) == (("prepare_during", _at(2018, 9, 7, 8)),)


def test_who_signs_on_the_eve_gets_the_second_list_on_the_first_morning() -> None:
    assert lists_ahead(FIRST, signed_at=_at(2018, 9, 7, 15)) == (("prepare_during", _at(2018, 9, 10, 7)),)
    assert lists_ahead(FIRST, signed_at=_at(2018, 9, 10, 6)) == ()


def test_what_was_told_is_not_told_again_when_the_days_are_moved() -> None:
    told = {"prepare_before"}
    assert lists_ahead(date(2018, 10, 1), signed_at=_at(2018, 9, 1, 9), told=told) == (
        ("prepare_during", _at(2018, 9, 28, 8)),
    )
    assert not said_at_signing(FIRST, signed_at=_at(2018, 9, 3, 10), told=told)


def test_the_list_for_afterwards_comes_on_the_next_working_day() -> None:
    assert list_afterwards(completed_at=_at(2018, 9, 13, 23)) == _at(2018, 9, 14, 8)
    assert list_afterwards(completed_at=_at(2018, 9, 14, 12)) == _at(2018, 9, 17, 8)
    planned = planned_by("InternshipCompleted", {}, now=_at(2018, 9, 14, 12).astimezone(UTC))
    assert {(one.kind, one.to) for one in planned} == {
        ("prepare_after", party) for party in ("intern", "manager", "host")
    }


@given(days=st.integers(0, 400), hours=st.integers(0, 23), first=st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_whenever_an_agreement_is_signed_each_list_is_told_once_and_on_a_day_of_its_own(
    days: int, hours: int, first: date
) -> None:
    signed_at = datetime(first.year, first.month, first.day, hours, tzinfo=ZONE) - timedelta(days=days)
    ahead = lists_ahead(first, signed_at=signed_at)
    kinds = [kind for kind, _ in ahead]
    assert said_at_signing(first, signed_at=signed_at) is ("prepare_before" not in kinds)
    mail_days = [signed_at.date(), *(due.astimezone(ZONE).date() for _, due in ahead)]
    assert len(mail_days) == len(set(mail_days))
    assert all(day <= first for day in mail_days)
    assert ("prepare_during" in kinds) is (days > 0)

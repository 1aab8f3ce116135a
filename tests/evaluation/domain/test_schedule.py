"""Months are counted by the calendar, and a report waits for the end of sign-up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_evaluation.domain.schedule import (
    follow_up_day,
    last_day_to_answer,
    still_signing_up,
)


@pytest.mark.parametrize(
    ("last_day", "months", "day"),
    [
        (date(2018, 9, 14), 3, date(2018, 12, 14)),
        (date(2018, 11, 30), 3, date(2019, 2, 28)),
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
        (date(2018, 8, 31), 3, date(2018, 11, 30)),
        (date(2018, 10, 31), 14, date(2019, 12, 31)),
        (date(2018, 12, 31), 24, date(2020, 12, 31)),
    ],
)
def test_the_follow_up_keeps_the_day_of_the_month_or_takes_the_last(
    last_day: date, months: int, day: date
) -> None:
    assert follow_up_day(last_day, months=months) == day


@given(st.dates(date(2015, 1, 1), date(2060, 1, 1)), st.integers(1, 24))
def test_the_follow_up_lies_in_the_month_it_should(last_day: date, months: int) -> None:
    day = follow_up_day(last_day, months=months)
    assert (day.year * 12 + day.month) - (last_day.year * 12 + last_day.month) == months
    assert day.day == last_day.day or (day + timedelta(days=1)).day == 1


def test_the_day_of_asking_is_not_counted() -> None:
    assert last_day_to_answer(date(2018, 9, 17), answer_days=21) == date(2018, 10, 8)


@pytest.mark.parametrize(
    ("mode", "closes_on", "too_early"),
    [
        ("campaign", 9, True),
        ("campaign", 8, False),
        ("campaign", 7, False),
        ("campaign", None, False),
        ("rolling", None, False),
        ("rolling", 9, False),
        (None, None, False),
    ],
)
def test_a_report_is_too_early_while_a_campaign_takes_sign_ups(
    mode: str | None, closes_on: int | None, too_early: bool
) -> None:
    closes_at = None if closes_on is None else datetime(2018, 6, closes_on, tzinfo=UTC)
    now = datetime(2018, 6, 8, tzinfo=UTC)
    assert still_signing_up(mode=mode, closes_at=closes_at, now=now) is too_early

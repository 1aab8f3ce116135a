"""How many days are agreed, and in which window."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipraktik_matching.puzzle.pieces import Days, Window
from ipraktik_matching.puzzle.stay import Stay, agreed_days, agreed_stay, free_windows, weekdays

WEEK: Window = (date(2018, 9, 10), date(2018, 9, 14))
AUTUMN: Window = (date(2018, 9, 1), date(2018, 11, 30))
DATES = st.dates(date(2018, 1, 1), date(2018, 3, 1))


@pytest.mark.parametrize(
    ("journey_type", "ranges", "longest", "days"),
    [
        ("tourist", [(2, 5), (2, 5)], 5, 2),
        ("business_traveller", [(2, 5), (2, 5)], 5, 4),
        ("business_traveller", [(2, 3), (2, 5)], 5, 3),
        ("adventurer", [(2, 5), (2, 5)], 5, 5),
        ("adventurer", [(2, 5), (2, 5)], 3, 3),
        ("tourist", [(3, 5), (2, 5)], 5, 3),
        ("own_idea", [(2, 4), (3, 5)], 5, 4),
        ("own_idea", [(2, 3), (4, 5)], 5, 0),
        ("own_idea", [(2, 3), (2, 3)], 1, 0),
    ],
)
def test_the_days_suit_the_journey_and_are_then_as_many_as_possible(
    journey_type: str, ranges: list[tuple[int, int]], longest: int, days: int
) -> None:
    assert (
        agreed_days(ranges=[Days(*one) for one in ranges], journey_types=[journey_type], longest=longest)
        == days
    )


def test_the_earliest_window_that_is_long_enough_is_taken() -> None:
    windows = (
        (date(2018, 9, 13), date(2018, 9, 14)),
        (date(2018, 9, 24), date(2018, 9, 28)),
        (date(2018, 10, 1), date(2018, 10, 5)),
    )
    stay = agreed_stay(ranges=[Days(4, 5)], journey_types=["adventurer"], everyone=[windows, (AUTUMN,)])
    assert stay == Stay(days=5, window=(date(2018, 9, 24), date(2018, 9, 28)))


def test_weekends_are_no_days_of_a_stay() -> None:
    assert weekdays((date(2018, 9, 15), date(2018, 9, 16))) == 0
    friday_to_monday = ((date(2018, 9, 14), date(2018, 9, 17)),)
    stay = agreed_stay(
        ranges=[Days(2, 5)], journey_types=["own_idea"], everyone=[friday_to_monday, (AUTUMN,)]
    )
    assert stay is not None
    assert stay.days == 2


def test_windows_that_touch_are_one_and_no_windows_are_all_dates() -> None:
    halves = ((date(2018, 9, 12), date(2018, 9, 14)), (date(2018, 9, 10), date(2018, 9, 11)))
    assert free_windows(halves, WEEK) == (WEEK,)
    assert free_windows((), WEEK) == (WEEK,)
    assert free_windows(((date(2018, 1, 1), date(2018, 1, 5)),), WEEK) == ()


@settings(deadline=None, derandomize=True)
@given(DATES, DATES)
def test_weekdays_are_counted_like_a_calendar_does(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    assert weekdays((first, last)) == sum(day.isoweekday() <= 5 for day in days)

"""Days and deadlines as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_notify.domain.lifetimes import link_expiry
from ipraktik_notify.domain.words import day, days, deadline, one_line, short_day, shortened

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "da", "en"),
    [
        (date(2018, 9, 10), date(2018, 9, 14), "10.-14. september 2018", "10-14 September 2018"),
        (
            date(2018, 9, 28),
            date(2018, 10, 2),
            "28. september til 2. oktober 2018",
            "28 September to 2 October 2018",
        ),
        (
            date(2018, 12, 31),
            date(2019, 1, 2),
            "31. december 2018 til 2. januar 2019",
            "31 December 2018 to 2 January 2019",
        ),
        (date(2018, 9, 10), date(2018, 9, 10), "mandag den 10. september 2018", "Monday 10 September 2018"),
    ],
)
def test_a_stay_is_named_by_its_days(first: date, last: date, da: str, en: str) -> None:
    assert days(first, last, "da") == da
    assert days(first, last, "en") == en


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    midnight = datetime(2018, 6, 8, 22, 0, tzinfo=UTC)  # 9 June, 0.00 in Denmark
    assert deadline(midnight, "da") == "fredag den 8. juni 2018"
    assert short_day(midnight, "da") == "8. juni"
    assert deadline(midnight - timedelta(hours=12), "da") == "fredag den 8. juni 2018 kl. 12.00"
    assert deadline(midnight - timedelta(hours=12), "en") == "Friday 8 June 2018 at 12:00"
    assert day(date(2018, 6, 8), "en", year=False) == "Friday 8 June"


@given(st.text(max_size=300), st.integers(min_value=5, max_value=80))
def test_what_people_wrote_becomes_one_line_of_bounded_length(text: str, limit: int) -> None:
    line = one_line(text)
    assert not set(line) & set("\r\n\x00\x85\u2028")
    assert len(shortened(line, limit)) <= limit


@given(st.one_of(st.none(), st.integers(min_value=-500, max_value=900)))
def test_a_link_holds_two_weeks_at_least_and_400_days_at_most(deadline_in: int | None) -> None:
    by = None if deadline_in is None else NOW + timedelta(days=deadline_in)
    holds = link_expiry(now=NOW, deadline=by) - NOW
    assert timedelta(days=14) <= holds <= timedelta(days=400)
    if deadline_in is not None and 14 < deadline_in < 390:
        assert holds == timedelta(days=deadline_in + 7)

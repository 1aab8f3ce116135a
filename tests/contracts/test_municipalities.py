"""A region depends on the day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS, region_of

LAST_DAY_OF_FIVE = date(2026, 12, 31)
FIRST_DAY_OF_FOUR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("code", "before", "since"),
    [
        ("0101", "hovedstaden", "oestdanmark"),
        ("0400", "hovedstaden", "oestdanmark"),
        ("0265", "sjaelland", "oestdanmark"),
        ("0461", "syddanmark", "syddanmark"),
        ("0751", "midtjylland", "midtjylland"),
        ("0813", "nordjylland", "nordjylland"),
    ],
)
def test_two_regions_become_one_at_new_year(code: str, before: str, since: str) -> None:
    assert region_of(code, LAST_DAY_OF_FIVE) == before
    assert region_of(code, FIRST_DAY_OF_FOUR) == since


def test_ninety_eight_municipalities_lie_in_five_regions_and_then_in_four() -> None:
    assert len(MUNICIPALITIES) == len(set(MUNICIPALITIES.values())) == 98
    assert len({region_of(code, LAST_DAY_OF_FIVE) for code in MUNICIPALITIES}) == 5
    assert len({region_of(code, FIRST_DAY_OF_FOUR) for code in MUNICIPALITIES}) == 4


@given(st.sampled_from(sorted(MUNICIPALITIES)), st.dates(date(2007, 1, 1), date(2100, 1, 1)))
def test_every_municipality_is_in_a_named_region_on_every_day(code: str, day: date) -> None:
    assert region_of(code, day) in REGIONS


@pytest.mark.parametrize("code", ["0411", "0000", "9999", "", "101"])
def test_ertholmene_and_unknown_codes_are_in_no_region(code: str) -> None:
    assert region_of(code, LAST_DAY_OF_FIVE) is None

"""Puzzles from spreadsheets: what is there is read, what is wrong is named by file and line, all at once."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipraktik_matching.puzzle import Days, PuzzleError, Wishes
from ipraktik_matching.puzzle.tabular import read_tables

WEEK = (date(2018, 9, 10), date(2018, 9, 14))
INTERNS = """id;organisation;unit;field;sector;municipality;days_min;days_max;wish_fields;available;companion;own_organisation
a;o1;u1;law;state;0101;3;4;law|health;2018-09-10/2018-09-12|2018-09-14/2018-09-14;b;ja
b;o1;u1;law;state;;;;;;a;
"""
HOSTS = """id,organisation,unit,field,sector,capacity
h,"House, of law",u2,law,state,3
"""


def problems(**files: str) -> tuple[str, ...]:
    """What is wrong with these files."""
    with pytest.raises(PuzzleError) as caught:
        read_tables({"interns": INTERNS, "hosts": HOSTS} | files, dates=WEEK, seed="x")
    return caught.value.problems


def test_cells_become_rows_and_what_is_empty_says_nothing() -> None:
    made = read_tables(
        {
            "interns": INTERNS,
            "hosts": HOSTS,
            "pairs": "intern,host,kind\na,h,never\nb,h,draft\n",
            "regions": "municipality,region\n0101,1084\n",
            "groups": "field,group\nlaw,office\n",
        },
        dates=WEEK,
        seed="x",
    )
    first, second = made.interns
    assert first.days == Days(3, 4)
    assert first.wishes == Wishes(fields=("health", "law"))
    assert first.available == ((date(2018, 9, 10), date(2018, 9, 12)), (date(2018, 9, 14), date(2018, 9, 14)))
    assert (first.companion_id, first.own_organisation) == ("b", True)
    assert (second.days, second.municipality_code, second.journey_type) == (Days(2, 5), None, "own_idea")
    assert first.lot != second.lot
    assert (made.hosts[0].organisation_id, made.hosts[0].capacity) == ("House, of law", 3)
    assert (made.forbidden, made.drafts) == (frozenset({("a", "h")}), (("b", "h"),))
    assert (made.region_of["0101"], made.group_of["law"]) == ("1084", "office")


def test_every_problem_is_named_by_file_and_line_at_once() -> None:
    assert problems(
        interns="id;organisation;unit;field;sector;days_min;own_organisation\na;o;u;f;s;two;maybe\n\n;o;u;f;s;2;no\n",
        hosts="id,organisation,unit,field,sector\nh,o,u,f,s,more\n",
        pairs="intern,host,kind\na,h,perhaps\n",
    ) == (
        "interns, line 4: id must not be empty.",
        "hosts, line 2: 6 cells, but the first line names 5 columns.",
        "interns, line 2, days_min: expected a whole number, not 'two'.",
        "interns, line 2, own_organisation: expected yes or no, not 'maybe'.",
        "pairs, line 2, kind: expected one of fixed, must, never, open, draft, not 'perhaps'.",
    )


def test_columns_that_are_misspelt_missing_or_twice_are_named() -> None:
    assert problems(hosts="id,organisation,unit,feild,sector,sector\n") == (
        "hosts: there is no column 'feild'.",
        "hosts: the column 'field' is missing.",
        "hosts: the column 'sector' is there more than once.",
    )


def test_a_file_without_anything_is_named() -> None:
    assert problems(interns="") == ("interns: the file is empty; its first line names the columns.",)


def test_what_the_puzzle_refuses_is_refused() -> None:
    assert problems(pairs="intern,host,kind\nx,h,fixed\n") == (
        "Fixed pair x and h: the puzzle has no intern x.",
    )


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(("interns", "hosts", "pairs", "regions", "groups")), st.text(max_size=200)
    )
)
def test_any_text_is_read_or_refused(files: dict[str, str]) -> None:
    with pytest.raises(PuzzleError) as caught:
        read_tables({"hosts": ""} | files, dates=WEEK, seed="x")
    assert all(caught.value.problems)

"""Fingerprints are of the terms and of nothing else; days and deadlines are Danish."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_contracts.fields import Language
from ipraktik_matching.domain.days import (
    end_of,
    silence_ends,
    start_of,
    stay_within,
    weekdays,
    weekdays_between,
)
from ipraktik_matching.domain.first_draft import days_outside, first_draft, language_for, programme_sketch
from ipraktik_matching.domain.proposal import answer_deadline
from ipraktik_matching.domain.terms import TEXTS, Terms, changed

LANGUAGES: tuple[Language, ...] = ("da", "en")
WEEK = (date(2018, 9, 10), date(2018, 9, 14))


def terms(**different: object) -> Terms:
    draft = first_draft(
        placement_id=uuid.UUID(int=7),
        first_day=WEEK[0],
        last_day=WEEK[1],
        host_contact_id=uuid.UUID(int=8),
        host_reserve_id=None,
        language="da",
    )
    return replace(draft, **different)  # type: ignore[arg-type]  # one factory for every term


DIFFERENT = {
    "placement_id": uuid.UUID(int=9),
    "version": 2,
    "first_day": date(2018, 9, 11),
    "last_day": date(2018, 9, 13),
    "host_contact_id": None,
    "host_reserve_id": uuid.UUID(int=9),
    "hr_asked": True,
    "confidentiality_declaration": True,
    **dict.fromkeys(TEXTS, "Noget andet"),
}


@pytest.mark.parametrize("name", sorted(DIFFERENT))
def test_every_term_is_part_of_the_fingerprint(name: str) -> None:
    other = terms(**{name: DIFFERENT[name]})
    assert other.fingerprint() != terms().fingerprint()
    assert changed(terms(), other) == (() if name == "version" else (name,))


FROZEN = (
    '{"confidentiality_declaration":false,"first_day":"2018-09-10","follow_up":"Møde","goals_host":"C","goals_intern":"A",'
    '"goals_manager":"B","host_contact_id":"00000000-0000-0000-0000-000000000008","host_reserve_id":null,"hr_asked":true,'
    '"last_day":"2018-09-14","meeting_place":"Åbyhøj","placement_id":"00000000-0000-0000-0000-000000000007","programme":"Dag 1",'
    '"version":3}'
)
"""A text as it stands on record since before the wording of the standing points was a term."""


def test_a_text_on_record_keeps_its_fingerprint_whatever_terms_come_later() -> None:
    read = Terms.from_canonical(FROZEN)
    assert read.canonical() == FROZEN
    assert read.fingerprint() == "b3508f6468c1b8c5a4b5ffd69e6202fa5027e59acc62e306b1d51fd647a2a888"
    assert read.standing_points == 1


def test_another_wording_of_the_standing_points_is_another_text() -> None:
    reworded = terms(standing_points=2)
    assert '"standing_points":2' in reworded.canonical()
    assert Terms.from_canonical(reworded.canonical()) == reworded
    assert reworded.fingerprint() != terms().fingerprint()
    assert changed(terms(), reworded) == (), "no party has changed anything"
    assert "standing_points" not in terms().canonical()


def test_the_canonical_text_is_sorted_utf_8_without_spaces() -> None:
    text = terms(goals_host="Æbler & é").canonical()
    assert '"goals_host":"Æbler & é"' in text
    assert list(json.loads(text)) == sorted(json.loads(text))


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=50), flag=st.booleans())
def test_terms_read_back_have_the_same_fingerprint(text: str, flag: bool) -> None:
    written = terms(programme=text, hr_asked=flag)
    read = Terms.from_canonical(written.canonical())
    assert read == written
    assert read.fingerprint() == written.fingerprint()


def test_a_programme_has_a_line_for_each_weekday_with_its_date() -> None:
    sketch = programme_sketch(date(2018, 9, 6), date(2018, 9, 11), language="da").splitlines()
    assert [line.partition(":")[0] for line in sketch] == [
        "Torsdag 6. september",
        "Fredag 7. september",
        "Mandag 10. september",
        "Tirsdag 11. september",
    ]
    for days in range(1, 15):
        last = WEEK[0] + timedelta(days=days - 1)
        for language in LANGUAGES:
            lines = programme_sketch(WEEK[0], last, language=language).splitlines()
            assert len(lines) == weekdays_between(WEEK[0], last)
    saturday = date(2018, 9, 8)
    assert programme_sketch(saturday, saturday, language="da").startswith("Lørdag 8. september: Velkomst")
    assert programme_sketch(saturday, saturday, language="en").startswith("Saturday 8 September: Welcome")


@given(
    first=st.dates(date(2018, 1, 1), date(2028, 1, 1)),
    span=st.integers(0, 9),
    language=st.sampled_from(LANGUAGES),
)
def test_a_sketch_names_no_day_outside_its_stay(first: date, span: int, language: Language) -> None:
    last = first + timedelta(days=span)
    sketch = programme_sketch(first, last, language=language)
    assert days_outside(sketch, first, last) == []
    moved = first + timedelta(days=30)
    assert days_outside(sketch, moved, moved + timedelta(days=span))[0] == weekdays(first, last)[0]


def test_people_of_whom_one_reads_english_begin_in_english() -> None:
    assert language_for(["da", "da"]) == "da"
    assert language_for(["da", "en"]) == "en"


@pytest.mark.parametrize(
    ("programme", "outside"),
    [
        ("Onsdag 12. september: Velkomst\nfredag 14. september: Råd", [14]),
        ("Onsdag den 12. september\n  14. september. Råd", [14]),
        ("Dag 1: Møde\nDag 2: Vi ringer den 20. september", []),
        ("31. februar: Findes ikke\n12. septembermøde", []),
        ("Wednesday 12 September: Welcome\nThe 14 September: Advice", [14]),
        ("Fredag 14. september: Råd\nSunday 16 September: Talk", [14, 16]),
        ("", []),
    ],
)
def test_a_line_of_the_programme_that_begins_with_another_day_is_found(
    programme: str, outside: list[int]
) -> None:
    found = days_outside(programme, date(2018, 9, 12), date(2018, 9, 13))
    assert found == [date(2018, 9, day) for day in outside]


@given(first=st.dates(date(2018, 1, 1), date(2028, 1, 1)), span=st.integers(0, 30), days=st.integers(1, 10))
def test_a_stay_has_as_many_weekdays_as_asked_for_and_lies_in_its_window(
    first: date, span: int, days: int
) -> None:
    window = (first, first + timedelta(days=span))
    stay = stay_within(window, days)
    if stay is None:
        assert weekdays_between(*window) < days
    else:
        assert weekdays_between(*stay) == days
        assert window[0] <= stay[0] <= stay[1] <= window[1]
        assert stay[0].weekday() < 5


def test_deadlines_follow_danish_time_across_its_changes() -> None:
    assert start_of(date(2018, 9, 10)) == datetime(2018, 9, 9, 22, tzinfo=UTC)
    assert end_of(date(2018, 10, 28)) == datetime(2018, 10, 28, 23, tzinfo=UTC)
    assert silence_ends(date(2018, 10, 26)) == datetime(2018, 10, 29, 11, tzinfo=UTC)
    late = answer_deadline(today=date(2018, 9, 1), answer_days=14, first_day=WEEK[0])
    assert late == start_of(WEEK[0])

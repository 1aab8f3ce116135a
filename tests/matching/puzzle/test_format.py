"""Puzzles and plans as text: canonical, read back whole, refused with sentences."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.puzzles import edition, host, intern, puzzle, shuffled

from ipraktik_matching.puzzle import (
    PlanError,
    PuzzleError,
    Wishes,
    digest,
    from_json,
    limits,
    plan_from_json,
    plan_to_json,
    reading,
    solve,
    to_json,
)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.integers(0, 1000), st.booleans())
def test_a_puzzle_survives_its_text(seed: int, rolling: bool) -> None:
    original = edition(30, seed=seed, rolling=rolling)
    assert to_json(from_json(to_json(original))) == to_json(original)
    assert to_json(shuffled(original, seed)) == to_json(original)
    assert digest(shuffled(original, seed)) == digest(original)


def test_the_digest_tells_puzzles_apart_but_not_the_order_of_wishes() -> None:
    one = puzzle(intern("a", wishes=Wishes(fields=("law", "health"))))
    same = puzzle(intern("a", wishes=Wishes(fields=("health", "law"))))
    other = puzzle(intern("a", wishes=Wishes(fields=("health",))))
    assert digest(one) == digest(same) != digest(other)


def test_a_plan_survives_its_text() -> None:
    plan = solve(edition(60, hosts=0.3))
    assert plan_from_json(plan_to_json(plan)) == plan


def without(key: str) -> dict[str, Any]:
    """A good text's values, but for one key."""
    values = json.loads(to_json(puzzle(intern("a"), host("h"))))
    del values[key]
    return dict(values)


def problems(text: str | bytes) -> tuple[str, ...]:
    """What is wrong with this text."""
    with pytest.raises(PuzzleError) as caught:
        from_json(text)
    return caught.value.problems


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe\x00", "[" * 100_000, "9" * 5000])
def test_a_text_that_is_no_json_is_refused(text: str | bytes) -> None:
    assert problems(text) == ("puzzle: this is not JSON in UTF-8.",)


def test_a_text_that_is_no_object_is_refused() -> None:
    assert problems("[]") == ("puzzle: expected an object.",)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("format", 2, "puzzle.format: this program reads format 1."),
        ("interns", {}, "puzzle.interns: expected a list."),
        ("hosts", ["h"], "puzzle.hosts[0]: expected an object."),
        ("dates", ["2018-09-10"], "puzzle.dates: expected a first and a last date, each as YYYY-MM-DD."),
        (
            "dates",
            ["2018-09-31", "2018-10-01"],
            "puzzle.dates: expected a first and a last date, each as YYYY-MM-DD.",
        ),
        ("fixed", [["a"]], "puzzle.fixed: expected a list of lists of 2 texts."),
        ("forbidden", "none", "puzzle.forbidden: expected a list of lists of 2 texts."),
        ("region_of", {"0101": 1084}, "puzzle.region_of: expected an object of texts."),
        ("colour", "blue", "puzzle: there is no key 'colour' here."),
    ],
)
def test_a_wrong_value_is_named_by_its_place(key: str, value: object, sentence: str) -> None:
    values = json.loads(to_json(puzzle(intern("a"), host("h"))))
    assert sentence in problems(json.dumps(values | {key: value}))


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("id", 7, "interns[0].id: expected a text."),
        ("own_organisation", "yes", "interns[0].own_organisation: expected true or false."),
        ("days", {"min": 2, "max": "3"}, "interns[0].days.max: expected a whole number."),
        ("days", {"min": True, "max": 3}, "interns[0].days.min: expected a whole number."),
        ("days", None, "interns[0].days: expected an object."),
        (
            "wishes",
            {"fields": "law", "sectors": [], "areas": []},
            "interns[0].wishes.fields: expected a list of texts.",
        ),
        (
            "available",
            [["x", "y"]],
            "interns[0].available: expected a list of first and last dates, each as YYYY-MM-DD.",
        ),
        ("capacity", 2, "interns[0]: there is no key 'capacity' here."),
    ],
)
def test_a_wrong_value_in_a_row_is_named_by_its_place(key: str, value: object, sentence: str) -> None:
    values = json.loads(to_json(puzzle(intern("a"), host("h"))))
    values["interns"][0][key] = value
    assert problems(json.dumps(values)) == (sentence,)


def test_more_values_or_rows_than_an_edition_has_are_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_VALUES", 5)
    assert problems(b"[{},{},{},{},{},{},{}") == (
        "puzzle: this holds more than 5 values; no edition is that large.",
    )
    monkeypatch.setattr(reading, "MOST_VALUES", 100)
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    text = json.dumps({"format": 1, "interns": [{}, {}], "hosts": [{}, {}]})
    (sentence,) = problems(text)
    assert sentence.startswith("There are 2 interns and 2 hosts, too many for one puzzle")


def test_missing_keys_are_named_all_at_once() -> None:
    assert problems(json.dumps(without("dates") | {"hosts": [{}]}))[-1] == (
        "puzzle.dates: expected a first and a last date, each as YYYY-MM-DD."
    )
    assert len(problems(json.dumps({}))) == 9


def test_problems_of_the_puzzle_itself_are_told_when_the_text_is_well_formed() -> None:
    values = json.loads(to_json(puzzle(intern("a"), host("h"))))
    values["hosts"][0]["capacity"] = 9
    assert problems(json.dumps(values)) == ("Host h: a host receives 1, 2 or 3 persons, not 9.",)


def test_a_plan_that_is_none_is_refused() -> None:
    with pytest.raises(PlanError) as caught:
        plan_from_json('{"format": 1, "placements": [{}], "unplaced": [], "stats": {}}')
    assert len(caught.value.problems) == 8 + 12

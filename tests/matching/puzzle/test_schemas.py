"""The published schemas accept what the programs write, and say no where the readers do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # published without types
from matching.puzzle.puzzles import edition
from matching.puzzle.test_policy import turned_puzzles

from ipraktik_matching.puzzle import (
    POINTS,
    REASONS,
    Puzzle,
    PuzzleError,
    from_json,
    plan_from_json,
    plan_to_json,
    solve,
    to_json,
)
from ipraktik_matching.puzzle.plan import REASONS_LEFT
from ipraktik_matching.puzzle.stay import TYPICAL_DAYS

DOCS = Path(__file__).parents[3] / "docs"
PUZZLE = Draft202012Validator(json.loads((DOCS / "puzzle.schema.json").read_text(encoding="utf-8")))
PLAN = Draft202012Validator(json.loads((DOCS / "plan.schema.json").read_text(encoding="utf-8")))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(turned_puzzles())
def test_what_the_programs_write_is_what_the_schemas_describe(small: Puzzle) -> None:
    PUZZLE.validate(json.loads(to_json(small)))
    PLAN.validate(json.loads(plan_to_json(solve(small))))


def test_the_schemas_know_the_words_of_the_code() -> None:
    intern = PUZZLE.schema["properties"]["interns"]["items"]["properties"]
    placement = PLAN.schema["properties"]["placements"]["items"]["properties"]
    left = PLAN.schema["properties"]["unplaced"]["items"]["properties"]
    assert set(intern["journey_type"]["enum"]) == set(TYPICAL_DAYS)
    assert set(placement["parts"]["propertyNames"]["enum"]) == {*POINTS, "low_fit", "kept"}
    assert set(placement["reasons"]["items"]["enum"]) == set(REASONS)
    assert set(left["reason"]["enum"]) == set(REASONS_LEFT)


def spoilt(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield from spoilt(inner, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """The value with something else at that place."""
    if not path:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


WHOLE = json.loads(to_json(edition(6, seed=2)))


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.sampled_from(list(spoilt(WHOLE))), st.sampled_from([None, True, -1, 10**30, "", "x", [], {}, [[]]]))
def test_a_spoilt_file_is_refused_in_sentences_and_never_crashes(path: tuple[Any, ...], by: Any) -> None:
    text = json.dumps(replaced(WHOLE, path, by))
    try:
        plan = solve(from_json(text))
    except PuzzleError as error:
        assert all(error.problems)  # noqa: PT017 - most are refused, some mean something else by chance
    else:
        assert plan_from_json(plan_to_json(plan)) == plan
        PUZZLE.validate(json.loads(text))


@pytest.mark.parametrize("text", ["", "[", "null", "[" * 100_000, '{"format": 1}', "\x00", '{"a": ' * 50_000])
def test_what_is_no_puzzle_at_all_is_refused(text: str) -> None:
    with pytest.raises(PuzzleError):
        from_json(text)

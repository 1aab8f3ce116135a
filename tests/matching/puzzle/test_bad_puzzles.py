"""What a puzzle refuses, in sentences, all at once; and what a person may write without stopping everybody."""

from dataclasses import replace
from datetime import date

import pytest
from matching.puzzle.puzzles import host, intern, puzzle

from ipraktik_matching.puzzle import Days, PuzzleError, Wishes


def problems(*rows: object, **different: object) -> tuple[str, ...]:
    """What is wrong with this puzzle."""
    with pytest.raises(PuzzleError) as caught:
        puzzle(*rows, **different)  # type: ignore[arg-type]  # rows of both kinds
    return caught.value.problems


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((intern("a"), intern("a")), "The id a is used by 2 interns or hosts; each needs an id of its own."),
        ((intern("a"), host("a")), "The id a is used by 2 interns or hosts; each needs an id of its own."),
        ((intern(" "),), "An intern or a host has an empty id."),
        ((intern("a", companion_id="a"),), "Intern a: nobody is their own companion."),
        ((intern("a", lot="XYZ"),), "Intern a: the lot must be 1-128 hexadecimal digits in lower case."),
        ((host("h", lot=""),), "Host h: the lot must be 1-128 hexadecimal digits in lower case."),
        (
            (intern("a", days=Days(4, 2)),),
            "Intern a: 4 to 2 days is no range; it goes upwards, within 1 to 10.",
        ),
        ((host("h", days=Days(0, 2)),), "Host h: 0 to 2 days is no range; it goes upwards, within 1 to 10."),
        ((host("h", capacity=4),), "Host h: a host receives 1, 2 or 3 persons, not 4."),
        (
            (intern("a", available=((date(2018, 9, 14), date(2018, 9, 10)),)),),
            "Intern a: available from 2018-09-14 to 2018-09-10 runs backwards.",
        ),
        (
            (intern("a", wishes=Wishes(areas=("Aarhus",))),),
            "Intern a: the area 'Aarhus' is neither municipality:…, region:… nor country:….",
        ),
        (
            (intern("a", journey_type="pilgrim"),),
            "Intern a: the journey type 'pilgrim' is none of tourist, business_traveller, adventurer, own_idea.",
        ),
    ],
)
def test_a_row_that_cannot_be_is_named(rows: tuple[object, ...], sentence: str) -> None:
    assert problems(*rows) == (sentence,)


@pytest.mark.parametrize(
    ("different", "sentence"),
    [
        ({"fixed": (("a", "h"), ("b", "h"))}, "Host h has 2 fixed placements and receives 1."),
        ({"fixed": (("a", "h"), ("a", "k"))}, "Intern a has 2 fixed placements; a person holds one seat."),
        ({"fixed": (("x", "h"),)}, "Fixed pair x and h: the puzzle has no intern x."),
        ({"fixed": (("a", "x"),)}, "Fixed pair a and x: the puzzle has no host x."),
        ({"forbidden": frozenset({("a", "x")})}, "Forbidden pair a and x: the puzzle has no host x."),
        (
            {"fixed": (("a", "h"),), "forbidden": frozenset({("a", "h")})},
            "Intern a and host h are both fixed and forbidden; one of the two is wrong.",
        ),
        (
            {"dates": (date(2018, 9, 14), date(2018, 9, 10))},
            "The edition's dates run backwards: 2018-09-14 to 2018-09-10.",
        ),
    ],
)
def test_pairs_and_dates_that_cannot_be_are_named(different: dict[str, object], sentence: str) -> None:
    assert problems(intern("a"), intern("b"), host("h"), host("k"), **different) == (sentence,)


def test_two_ids_in_the_wrong_order_are_noticed() -> None:
    assert len(problems(intern("a"), host("h"), forbidden=frozenset({("h", "a")}))) == 2


def test_all_problems_are_listed_at_once() -> None:
    found = problems(
        intern("a", lot="", days=Days(3, 1)), host("h", capacity=0), host("h"), fixed=(("nobody", "h"),)
    )
    assert len(found) == 5


def test_what_one_person_writes_never_stops_the_puzzle_for_all() -> None:
    puzzle(
        intern("a", companion_id="b", host_in_mind_id="gone"),
        intern("b", companion_id="c"),
        intern("c", companion_id="withdrawn"),
    )


def test_a_puzzle_cannot_be_changed_into_a_wrong_one() -> None:
    right = puzzle(intern("a"), host("h"))
    with pytest.raises(PuzzleError):
        replace(right, fixed=(("a", "nowhere"),))
    with pytest.raises(TypeError):
        right.region_of["0101"] = "1084"  # type: ignore[index]  # that is the point

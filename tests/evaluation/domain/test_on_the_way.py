"""What one who has answered is told of the others before any report: true whatever any four of them answered."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from ipraktik_evaluation.domain.suppression import may_tell_again, surely


def told(answers: dict[str, list[bool]]) -> Fraction | None:
    return surely(
        {person: sum(given) for person, given in answers.items()},
        people=len(answers),
        n=sum(len(given) for given in answers.values()),
    )


def alone(yes: int, no: int) -> dict[str, list[bool]]:
    return {f"p{number}": [number < yes] for number in range(yes + no)}


def test_nothing_is_told_of_five_or_fewer_nor_where_four_would_change_it() -> None:
    assert told(alone(5, 0)) is None
    assert told(alone(7, 0)) is None
    assert told(alone(8, 0)) == Fraction(1, 2)
    assert told(alone(20, 0)) == Fraction(3, 4)
    assert told(alone(40, 0)) == Fraction(9, 10)
    assert told(alone(20, 20)) is None


def test_a_host_with_three_answers_is_one_person() -> None:
    hosts = {f"h{number}": [True] * 3 for number in range(4)}
    assert told(hosts | alone(8, 0)) is None


@given(st.dictionaries(st.integers(0, 30), st.lists(st.booleans(), min_size=1, max_size=3), max_size=9))
def test_any_four_people_could_have_answered_no(answers: dict[int, list[bool]]) -> None:
    named = {str(person): given for person, given in answers.items()}
    share = told(named)
    if share is None:
        return
    n = sum(len(given) for given in named.values())
    for four in combinations(named, 4):
        left = sum(sum(given) for person, given in named.items() if person not in four)
        assert left >= share * n


def test_it_is_told_anew_when_twice_as_many_have_answered() -> None:
    assert not may_tell_again(told_n=0, fresh_n=5)
    assert may_tell_again(told_n=0, fresh_n=6)
    assert not may_tell_again(told_n=6, fresh_n=11)
    assert may_tell_again(told_n=6, fresh_n=12)

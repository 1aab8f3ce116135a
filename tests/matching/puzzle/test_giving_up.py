"""Why somebody is left and what would place them: each single thing given up, against every plan there is."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import companion_of, most_persons
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Days, Intern, Puzzle, solve
from ipraktik_matching.puzzle.elsewhere import Move
from ipraktik_matching.puzzle.giving_up import THINGS, Help, why_left
from ipraktik_matching.puzzle.stay import MOST_DAYS


def without(small: Puzzle, who: Iterable[str], thing: str, days: int) -> Puzzle:
    """The puzzle when these have given that up, said apart from the product."""
    different: dict[str, dict[str, object]] = {
        "dates": {"available": ()},
        "own_organisation": {"own_organisation": True},
        "companion": {"companion_id": None},
    }

    def changed(one: Intern) -> Intern:
        if thing == "days":
            return replace(one, days=Days(max(one.days.min - days, 1), min(one.days.max + days, MOST_DAYS)))
        return replace(one, **different[thing])  # type: ignore[arg-type]  # each its own kind

    return replace(small, interns=tuple(changed(one) if one.id in who else one for one in small.interns))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(small_puzzles(), st.booleans())
def test_what_is_said_to_help_places_them_and_one_more_and_nothing_else_does(
    small: Puzzle, alone: bool
) -> None:
    if alone:
        small = replace(small, interns=tuple(replace(one, companion_id=None) for one in small.interns))
    plan = solve(small)
    answers = why_left(small, plan)
    assert [(one.intern_id, one.reason) for one in answers] == [
        (one.intern_id, one.reason) for one in plan.unplaced
    ]
    standing = dict(small.fixed)
    for one in answers:
        me = next(row for row in small.interns if row.id == one.intern_id)
        other = companion_of(small, me)
        who = {me.id} | ({other.id} if other and other.id not in standing else set())
        helps = {found.thing: found for found in one.helps}
        assert list(helps) == [thing for thing in THINGS if thing in helps]
        for thing in THINGS[:4]:
            most = most_persons(without(small, who, thing, MOST_DAYS), me.id)
            assert (thing in helps) == (most > plan.stats.placed)
        if "days" in helps:
            least = next(
                days
                for days in range(1, MOST_DAYS)
                if most_persons(without(small, who, "days", days), me.id) > plan.stats.placed
            )
            mine = next(row for row in without(small, who, "days", least).interns if row.id == me.id)
            assert helps["days"].days == mine.days


def the_help(asked: Puzzle, intern_id: str) -> tuple[Help, ...]:
    """What helps this one."""
    (answer,) = why_left(asked, solve(asked), [intern_id])
    return answer.helps


def test_a_chain_of_others_who_move_up_is_named() -> None:
    early, late = intern("early", host_in_mind_id="h"), intern("late", days=Days(5, 5))
    crowd = puzzle(early, late, host("h", days=Days(2, 4)), host("k"), forbidden=frozenset({("late", "k")}))
    (found,) = the_help(crowd, "late")
    assert (found.thing, found.days) == ("days", Days(4, 6))
    assert found.there.host_id == "h"
    assert found.there.moves == (Move("early", "h", "k"),)
    assert found.there.places == 1


def test_where_all_seats_are_taken_only_another_host_helps() -> None:
    crowd = puzzle(intern("a"), intern("b"), host("h"))
    (answer,) = why_left(crowd, solve(crowd))
    assert (answer.reason, answer.helps) == ("no_free_place", ())


def test_a_seat_that_somebody_else_would_lose_is_no_help() -> None:
    crowd = puzzle(intern("a"), intern("b", host_in_mind_id="h", days=Days(5, 5)), host("h", days=Days(2, 4)))
    assert the_help(crowd, "b") == ()


def test_two_companions_are_told_when_one_of_them_could_go() -> None:
    pair = puzzle(intern("a", companion_id="b"), intern("b", companion_id="a"), host("h"))
    answers = why_left(pair, solve(pair))
    assert [[found.thing for found in one.helps] for one in answers] == [["companion"], ["companion"]]


def test_a_must_that_keeps_somebody_from_a_free_seat_is_named() -> None:
    crowd = puzzle(intern("a"), host("h", days=Days(1, 1)), host("k"), pinned=(("a", "h"),))
    assert [(one.thing, one.there.host_id) for one in the_help(crowd, "a")] == [("days", "h"), ("must", "k")]


@pytest.mark.parametrize("hosts", [0.5, 0.3], ids=["enough seats", "too few seats"])
def test_everybody_who_is_left_of_an_edition_has_an_answer(hosts: float) -> None:
    whole = edition(142, hosts=hosts, seed=2)
    plan = solve(whole)
    answers = why_left(whole, plan)
    assert len(answers) == len(plan.unplaced)
    if hosts == 0.3:
        assert plan.stats.placed == plan.stats.seats
        assert not any(one.helps for one in answers), "every seat is taken"

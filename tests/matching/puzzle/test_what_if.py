"""What if: two plans beside each other, measured alike; and what it costs that people stay where they are."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles
from matching.puzzle.test_policy import turned_puzzles

from ipraktik_matching.puzzle import Policy, Puzzle, PuzzleError, Wishes, solve
from ipraktik_matching.puzzle.elsewhere import Move
from ipraktik_matching.puzzle.what_if import Change, beside, changed, price_of_stability

PLAIN = settings(deadline=None, derandomize=True, max_examples=60)


@PLAIN
@given(small_puzzles(), st.integers(1, 3))
def test_a_host_more_never_places_fewer_and_a_host_less_never_more(small: Puzzle, seats: int) -> None:
    more = beside(small, Change(add_hosts=(host("new", capacity=seats),)))
    assert 0 <= more.places <= seats
    gone = small.hosts[0].id
    less = beside(small, Change(remove_hosts=frozenset({gone})), plan=more.now)
    assert less.places <= 0
    assert not any(one.to_host == gone for one in less.moves)
    assert all(one.host_id != gone for one in less.then.placements)


@PLAIN
@given(small_puzzles())
def test_taking_a_change_back_is_no_change(small: Puzzle) -> None:
    one = small.hosts[0]
    there = changed(small, Change(seats={one.id: 3}))
    assert changed(there, Change(seats={one.id: one.capacity})) == small
    added = changed(small, Change(add_hosts=(host("new"),)))
    assert changed(added, Change(remove_hosts=frozenset({"new"}))) == small
    same = beside(small, Change())
    assert (same.now, same.places, same.gain, same.moves) == (same.then, 0, 0, ())


def test_another_weight_is_measured_by_the_rule_that_is_in_force() -> None:
    a = intern("a", wishes=Wishes(fields=("law",), areas=("region:1084",)))
    crowd = puzzle(
        a,
        host("h", field="law", municipality_code="8501"),
        host("k", field="health", municipality_code="8401"),
    )
    found = beside(crowd, Change(policy=Policy(weights={"field": 0})))
    assert [one.host_id for one in found.now.placements] == ["h"]
    assert found.moves == (Move("a", "h", "k"),)
    assert (found.places, found.gain) == (0, -100), "field is worth 260 still, the area 160"


def test_what_stood_at_a_host_that_goes_falls_and_is_placed_anew() -> None:
    crowd = puzzle(intern("a"), intern("b"), host("h"), host("k"), fixed=(("a", "h"),), pinned=(("b", "k"),))
    found = beside(crowd, Change(remove_hosts=frozenset({"h"})))
    assert (found.places, found.moves) == (-1, (Move("a", "h", None),))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(remove_hosts=frozenset({"x"})), "no host x"),
        (Change(seats={"x": 1}), "no host x"),
        (Change(seats={"h": 4}), "1, 2 or 3 persons, not 4"),
        (Change(seats={"h": 1}), "has 2 fixed placements and receives 1"),
        (Change(add_hosts=(host("h"),)), "The id h is used by 2"),
    ],
)
def test_a_change_that_cannot_be_is_refused(change: Change, said: str) -> None:
    crowd = puzzle(intern("a"), intern("b"), host("h", capacity=2), fixed=(("a", "h"), ("b", "h")))
    with pytest.raises(PuzzleError, match=said):
        changed(crowd, change)


@PLAIN
@given(turned_puzzles())
def test_staying_costs_fit_and_never_a_place(small: Puzzle) -> None:
    found = price_of_stability(small)
    assert found.price >= 0
    assert found.plan.stats.placed == found.without.stats.placed
    if found.moved_without == ():
        assert found.price == 0


def test_what_staying_costs_an_edition_is_little_and_spares_many() -> None:
    whole = edition(200, hosts=0.3, seed=4)
    before = solve(replace(whole, interns=whole.interns[:-3], fixed=(), forbidden=frozenset()))
    drafts = tuple((one.intern_id, one.host_id) for one in before.placements)
    found = price_of_stability(replace(whole, fixed=(), forbidden=frozenset(), drafts=drafts))
    assert len(found.moved) <= len(found.moved_without)
    assert 0 <= found.price < found.without.stats.total_fit // 50

"""What an organiser may turn: weights of the parts, the worth of leaving people where they are, and of nobody having little."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import best_plans
from matching.puzzle.puzzles import edition, host, intern, puzzle, shuffled
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import (
    POINTS,
    Plan,
    Policy,
    Puzzle,
    PuzzleError,
    Wishes,
    check,
    digest,
    fit,
    from_json,
    plan_to_json,
    solve,
    to_json,
)
from ipraktik_matching.puzzle.certificate import verify

PLAIN = settings(deadline=None, derandomize=True, max_examples=150)


@st.composite
def turned_puzzles(draw: st.DrawFn) -> Puzzle:
    """Small puzzles with proposals that stand and a policy of any kind."""
    original = draw(small_puzzles())
    standing = {intern_id for intern_id, _ in original.fixed}
    pairs = [
        (one.id, draw(st.sampled_from(original.hosts)).id)
        for one in original.interns
        if one.id not in standing and draw(st.booleans())
    ]
    half = len(pairs) // 2
    names = draw(st.sets(st.sampled_from(sorted(POINTS)), max_size=3))
    policy = Policy(
        weights={name: draw(st.integers(0, 1000)) for name in names},
        keep_open=draw(st.integers(0, 1000)),
        keep_draft=draw(st.integers(0, 100)),
        low_fit=draw(st.sampled_from((0, 500, 1000))),
        low_fit_percent=draw(st.sampled_from((0, 50, 300))),
    )
    return replace(original, open=tuple(pairs[:half]), drafts=tuple(pairs[half:]), policy=policy)


@PLAIN
@given(turned_puzzles())
def test_whatever_the_policy_the_plan_is_the_best_and_proves_it(small: Puzzle) -> None:
    plan = solve(small)
    best = best_plans(small)
    assert check(small, plan) == []
    assert verify(small, plan) == []
    assert (plan.stats.placed, plan.stats.total_fit) == (best[0].placed, best[0].total_fit)
    assert tuple((one.intern_id, one.host_id) for one in plan.placements) in [one.where for one in best]
    assert plan.certificate is not None
    assert plan.certificate.best == plan.stats.total_fit


@PLAIN
@given(turned_puzzles(), st.integers(0, 9))
def test_a_policy_is_read_as_it_was_written_and_rows_have_no_order(small: Puzzle, seed: int) -> None:
    assert from_json(to_json(small)) == from_json(to_json(from_json(to_json(small))))
    mixed = replace(
        shuffled(small, seed),
        open=tuple(reversed(small.open)),
        drafts=tuple(reversed(small.drafts)),
        policy=small.policy,
    )
    assert digest(mixed) == digest(small)
    assert plan_to_json(solve(mixed)) == plan_to_json(solve(small))


def test_a_policy_that_changes_nothing_leaves_no_trace() -> None:
    plain = puzzle(intern("a"), host("h"))
    assert digest(replace(plain, policy=Policy())) == digest(plain)
    assert '"policy"' not in to_json(plain)


def test_a_part_can_be_given_another_weight() -> None:
    librarian = intern("a", wishes=Wishes(fields=("law",), areas=("region:1084",)))
    there = host("h", field="law")
    usual = fit(librarian, there, puzzle=puzzle(librarian, there))
    doubled = puzzle(librarian, there, policy=Policy(weights={"field": 520, "area": 0}))
    turned = fit(librarian, there, puzzle=doubled)
    assert turned.parts["field"] == 2 * usual.parts["field"]
    assert turned.parts["area"] == 0
    assert "area" not in turned.reasons
    assert "field" in turned.reasons
    assert turned.total == sum(turned.parts.values())


def test_whoever_has_little_loses_a_share_of_what_is_missing_and_never_more_than_there_is() -> None:
    picky = intern("a", wishes=Wishes(fields=("law",), sectors=("state",), areas=("region:1081",)))
    there = host("h", field="libraries", wishes=Wishes(fields=("law",), sectors=("state",)))
    plain = fit(picky, there, puzzle=puzzle(picky, there)).total
    half = fit(picky, there, puzzle=puzzle(picky, there, policy=Policy(low_fit=1000, low_fit_percent=10)))
    assert half.parts["low_fit"] == -((1000 - plain) // 10)
    assert half.total == plain - (1000 - plain) // 10
    harsh = fit(picky, there, puzzle=puzzle(picky, there, policy=Policy(low_fit=1000, low_fit_percent=1000)))
    assert harsh.total == 0


def moved(before: Plan, after: Plan) -> int:
    """How many who had a place are elsewhere, or nowhere."""
    where = {one.intern_id: one.host_id for one in after.placements}
    return sum(where.get(one.intern_id) != one.host_id for one in before.placements)


def test_a_new_run_after_a_few_changes_moves_few_people() -> None:
    whole = edition(300, hosts=0.3, seed=4)
    fewer = replace(whole, interns=whole.interns[:-3], fixed=(), forbidden=frozenset())
    before = solve(fewer)
    drafts = tuple((one.intern_id, one.host_id) for one in before.placements)
    grown = replace(fewer, interns=whole.interns)
    anew, kept = solve(grown), solve(replace(grown, drafts=drafts))
    assert kept.stats.placed == anew.stats.placed, "staying never costs a place"
    assert moved(before, kept) < moved(before, anew)
    price = anew.stats.total_fit - sum(one.fit - one.parts.get("kept", 0) for one in kept.placements)
    assert 0 <= price < anew.stats.total_fit // 50, "what staying costs is small, and can be shown"


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"policy": Policy(weights={"luck": 3})}, "'luck' is no part of the fit"),
        ({"policy": Policy(weights={"field": -1})}, "the weight of field is -1"),
        ({"policy": Policy(keep_open=1001)}, "keep_open is 1001"),
        ({"open": (("a", "x"),)}, "the puzzle has no host x"),
        ({"open": (("a", "h"),), "drafts": (("a", "h"),)}, "Intern a has 2 proposals"),
        ({"open": (("a", "h"),), "fixed": (("a", "h"),)}, "a fixed placement and a proposal"),
    ],
)
def test_what_cannot_be_is_named(different: dict[str, object], said: str) -> None:
    with pytest.raises(PuzzleError, match=said):
        puzzle(intern("a"), host("h"), **different)


def test_a_proposal_that_is_forbidden_by_now_is_given_up() -> None:
    held = puzzle(intern("a"), host("h"), host("k"), open=(("a", "h"),), forbidden=frozenset({("a", "h")}))
    assert [(one.intern_id, one.host_id) for one in solve(held).placements] == [("a", "k")]

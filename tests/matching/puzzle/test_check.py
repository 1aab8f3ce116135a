"""The second opinion: every way in which a plan could be wrong is noticed."""

from dataclasses import replace
from datetime import date

import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle

from ipraktik_matching.puzzle import (
    Days,
    Placement,
    Plan,
    PlanError,
    Puzzle,
    Unplaced,
    check,
    fit,
    solve,
    solving,
)

WEEK = (date(2018, 9, 10), date(2018, 9, 14))


def plan_of(original: Puzzle, *places: tuple[str, str], **different: object) -> Plan:
    """A plan with these placements, true in everything else."""
    honest = solve(original)
    interns = {one.id: one for one in original.interns}
    hosts = {one.id: one for one in original.hosts}
    placements = []
    for intern_id, host_id in places:
        days = int(str(different.get("days", 2)))
        points = fit(interns[intern_id], hosts[host_id], puzzle=original, days=days)
        placement = Placement(
            intern_id=intern_id,
            host_id=host_id,
            companion_id=None,
            days=days,
            window=WEEK,
            fit=points.total,
            parts=points.parts,
            reasons=points.reasons,
        )
        placements.append(replace(placement, **different))  # type: ignore[arg-type]  # one factory for every field
    left = interns.keys() - {intern_id for intern_id, _ in (*places, *original.fixed)}
    return Plan(
        placements=tuple(placements),
        unplaced=tuple(Unplaced(intern_id=one, reason="no_free_place") for one in sorted(left)),
        stats=replace(
            honest.stats,
            placed=len(placements),
            total_fit=sum(one.fit for one in placements),
            hosts_used=len({one.host_id for one in placements}),
            count_bound=99,
            fit_bound=99_999,
        ),
    )


def test_a_sound_plan_has_no_problems() -> None:
    whole = edition(142, seed=5)
    assert check(whole, solve(whole)) == []
    small = puzzle(intern("a"), host("h"))
    assert check(small, plan_of(small, ("a", "h"))) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (puzzle(intern("a", workplace_id="unit-h"), host("h")), "the same unit"),
        (puzzle(intern("a", organisation_id="org-h"), host("h")), "the own organisation"),
        (puzzle(intern("a"), host("h"), forbidden=frozenset({("a", "h")})), "this pair is forbidden"),
        (puzzle(intern("a", days=Days(3, 5)), host("h")), "2 days, but the intern says 3 to 5"),
        (puzzle(intern("a"), host("h", days=Days(4, 5))), "2 days, but the host says 4 to 5"),
        (puzzle(intern("a", available=((date(2018, 9, 11), date(2018, 9, 14)),)), host("h")), "is not free"),
        (puzzle(intern("a"), host("h", available=((date(2018, 9, 10), date(2018, 9, 12)),))), "is not free"),
        (puzzle(intern("a"), intern("b"), host("h"), fixed=(("b", "h"),)), "would receive 2 persons"),
        (
            puzzle(intern("a", companion_id="b"), intern("b", companion_id="a"), host("h")),
            "without the companion b",
        ),
    ],
)
def test_a_broken_rule_is_noticed(wrong: Puzzle, sentence: str) -> None:
    assert any(sentence in problem for problem in check(wrong, plan_of(wrong, ("a", "h"))))


@pytest.mark.parametrize(
    ("different", "sentence"),
    [
        ({"fit": 999}, "the fit is"),
        ({"reasons": ("field",)}, "the fit is"),
        ({"days": 3, "window": (date(2018, 9, 13), date(2018, 9, 14))}, "3 days do not fit"),
        ({"window": (date(2018, 9, 10), date(2018, 9, 21))}, "is not free"),
        ({"companion_id": "b"}, "not said to travel with"),
    ],
)
def test_a_placement_that_is_not_what_it_says_is_noticed(different: dict[str, object], sentence: str) -> None:
    small = puzzle(intern("a"), intern("b"), host("h"))
    problems = check(small, plan_of(small, ("a", "h"), **different))
    assert any(sentence in problem for problem in problems)


def test_companions_at_different_times_are_noticed() -> None:
    small = puzzle(intern("a", companion_id="b"), intern("b", companion_id="a"), host("h", capacity=2))
    plan = plan_of(small, ("a", "h"), ("b", "h"))
    first, second = plan.placements
    first, second = replace(first, companion_id="b"), replace(second, companion_id="a")
    assert check(small, replace(plan, placements=(first, second))) == []
    later = replace(second, window=(date(2018, 9, 12), date(2018, 9, 14)))
    assert any("at the same time" in one for one in check(small, replace(plan, placements=(first, later))))


def test_everybody_is_answered_exactly_once() -> None:
    small = puzzle(intern("a"), intern("b"), host("h"))
    plan = plan_of(small, ("a", "h"))
    assert any("b appears 0 times" in one for one in check(small, replace(plan, unplaced=())))
    twice = replace(plan, unplaced=(*plan.unplaced, Unplaced(intern_id="a", reason="no_free_place")))
    assert any("a appears 2 times" in one for one in check(small, twice))
    stranger = replace(plan, unplaced=(*plan.unplaced, Unplaced(intern_id="x", reason="bad luck")))
    assert len(check(small, stranger)) == 2


def test_false_figures_are_noticed() -> None:
    small = puzzle(intern("a"), host("h"))
    plan = solve(small)
    for name in ("placed", "standing", "total_fit", "seats", "hosts_used"):
        false = replace(plan, stats=replace(plan.stats, **{name: getattr(plan.stats, name) + 1}))
        assert any(f"{name} = " in one for one in check(small, false)), name
    other = replace(plan, stats=replace(plan.stats, input_digest="0" * 64))
    assert any("input_digest" in one for one in check(small, other))


def test_a_plan_for_people_nobody_knows_is_noticed() -> None:
    small, larger = puzzle(intern("a"), host("h")), puzzle(intern("a"), intern("b"), host("h", capacity=2))
    assert any("does not know" in one for one in check(small, solve(larger)))


def test_a_plan_that_fails_its_check_is_an_error_and_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "check", lambda _puzzle, _plan: ["Intern a has the wrong host."])
    with pytest.raises(PlanError, match="wrong host"):
        solve(puzzle(intern("a"), host("h")))

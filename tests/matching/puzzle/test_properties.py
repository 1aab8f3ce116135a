"""What must hold whatever the puzzle: more never places fewer, order means nothing, a season of changes ends at the best."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.puzzles import edition, host, intern, lot, puzzle
from matching.puzzle.test_against_plain_programme import plain_optimum
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import (
    Days,
    Policy,
    Puzzle,
    PuzzleError,
    Wishes,
    check,
    from_json,
    solve,
    to_json,
)
from ipraktik_matching.puzzle.certificate import verify
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.latecomer import ways_in

PLAIN = settings(deadline=None, derandomize=True, max_examples=50)


def worth(given_: Puzzle) -> tuple[int, int]:
    """Persons and fit of the best plan."""
    stats = solve(given_).stats
    return stats.placed, stats.total_fit


@PLAIN
@given(small_puzzles(), st.integers(0, 3))
def test_another_seat_never_places_fewer(small: Puzzle, number: int) -> None:
    wider = small.hosts[number % len(small.hosts)]
    wider = replace(wider, capacity=min(wider.capacity + 1, 3))
    hosts = tuple(wider if one.id == wider.id else one for one in small.hosts)
    assert worth(replace(small, hosts=hosts)) >= worth(small)


@PLAIN
@given(small_puzzles(), st.integers(0, 4))
def test_a_relaxed_wish_never_lowers_the_optimum(small: Puzzle, number: int) -> None:
    me = small.interns[number % len(small.interns)]
    looser = (replace(me, wishes=Wishes()), replace(me, own_organisation=True))
    for one in looser:
        interns = tuple(one if other.id == me.id else other for other in small.interns)
        assert worth(replace(small, interns=interns)) >= worth(small)


@PLAIN
@given(small_puzzles(), st.integers(0, 4))
def test_wider_days_or_dates_never_place_fewer(small: Puzzle, number: int) -> None:
    me = small.interns[number % len(small.interns)]
    for one in (replace(me, days=Days(2, 5)), replace(me, available=())):
        interns = tuple(one if other.id == me.id else other for other in small.interns)
        assert worth(replace(small, interns=interns))[0] >= worth(small)[0]


@PLAIN
@given(small_puzzles())
def test_another_person_never_lowers_places(small: Puzzle) -> None:
    assert worth(replace(small, interns=(*small.interns, intern("new")))) >= worth(small)


def test_a_season_of_inserts_withdrawals_and_declines_ends_at_the_best_plan() -> None:
    """Newcomers come in by the ways in, with the books kept by what each way says it gains; the rest is laid anew."""
    draw = random.Random(11)
    whole = edition(40, seed=9, hosts=0.4)
    interns = [replace(one, companion_id=None) for one in whole.interns]
    now = replace(whole, interns=tuple(interns[:8]), fixed=(), forbidden=frozenset())
    where, total = _laid(now)
    came = 0
    for number in range(300):
        kind = draw.choice(("insert", "withdraw", "decline"))
        if kind == "insert" and len(now.interns) < 30:
            late = replace(draw.choice(interns), id=f"late-{number}", lot=lot(f"late-{number}"))
            now = replace(now, interns=(*now.interns, late))
            found = ways_in(now, where, late.id).anew
            if found is not None:
                came += 1
                for who, old, _ in found.moves:
                    assert where.pop(who) == old
                where |= {who: to for who, _, to in found.moves if to is not None} | {late.id: found.host_id}
                total += found.gain
        elif kind == "withdraw" and len(now.interns) > 4:
            gone = draw.choice(now.interns).id
            pairs = frozenset(pair for pair in now.forbidden if pair[0] != gone)
            rest = tuple(one for one in now.interns if one.id != gone)
            now = replace(now, interns=rest, forbidden=pairs)
            where, total = _laid(now)
        elif where:
            who = draw.choice(sorted(where))
            now = replace(now, forbidden=now.forbidden | {(who, where[who])})
            where, total = _laid(now)
        if number % 10 == 9:
            assert (where, total) == _laid(now)
    assert (where, total) == _laid(now)
    assert came > 50


def _laid(given_: Puzzle) -> tuple[dict[str, str], int]:
    """Where the best plan from nothing has everybody, and its fit."""
    plan = solve(given_)
    return {one.intern_id: one.host_id for one in plan.placements}, plan.stats.total_fit


ODD: tuple[Any, ...] = (None, True, -1, 0, 1 << 70, 1.5, "", "x", [], {}, [[]], "2018-02-30", ["a", "h"])


@settings(deadline=None, derandomize=True, max_examples=250)
@given(st.integers(0, 10_000))
def test_a_puzzle_file_that_was_bent_is_refused_with_sentences_or_solved(seed: int) -> None:
    draw = random.Random(seed)
    values = json.loads(
        to_json(
            puzzle(
                intern("a", companion_id="b"),
                intern("b", companion_id="a"),
                intern("c", wishes=Wishes(fields=("law",))),
                host("h", capacity=2),
                host("k"),
                pinned=(("a", "h"),),
                policy=Policy(weights={"field": 3}),
            )
        )
    )
    for _ in range(draw.randint(1, 3)):
        _bend(draw, values)
    text = json.dumps(values)
    if draw.random() < 0.1:
        text = text[: draw.randrange(len(text))]
    try:
        read = from_json(text)
    except PuzzleError as error:
        said = error.problems
    else:
        said = tuple(check(read, solve(read))) or ("solved",)
        assert said == ("solved",)
    assert all(said), "a sentence for each problem, and no other error"


def _bend(draw: random.Random, values: Any) -> None:
    """Change one value somewhere in the text to something odd, take it out, or double it."""
    while True:
        keys = list(values) if isinstance(values, dict) else list(range(len(values)))
        if not keys:
            return
        key = draw.choice(keys)
        inner = values[key]
        if isinstance(inner, dict | list) and inner and draw.random() < 0.8:
            values = inner
            continue
        kind = draw.random()
        if kind < 0.6:
            values[key] = draw.choice(ODD)
        elif kind < 0.8:
            del values[key]
        elif isinstance(values, list):
            values.append(inner)
        else:
            values[f"{key}_"] = inner
        return


@pytest.mark.timeout(400)
@pytest.mark.parametrize("hosts", [0.5, 0.3], ids=["enough seats", "too few seats"])
@pytest.mark.parametrize("many", [142, pytest.param(1000, marks=pytest.mark.long)])
def test_a_second_solver_finds_the_same_persons_and_fit(many: int, hosts: float) -> None:
    whole = edition(many, hosts=hosts, seed=6)
    plan = solve(whole)
    assert (plan.stats.placed, plan.stats.total_fit) == plain_optimum(columns_of(whole))
    assert verify(whole, plan) == []

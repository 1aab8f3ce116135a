"""The solver against every plan there is, on puzzles small enough to try them all."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.by_hand import best_plans
from matching.puzzle.puzzles import WEEK, edition, host, intern, puzzle, shuffled

from ipraktik_matching.puzzle import (
    Days,
    Host,
    Intern,
    Plan,
    Puzzle,
    Window,
    Wishes,
    check,
    plan_to_json,
    solve,
)
from ipraktik_matching.puzzle.columns import columns_of
from ipraktik_matching.puzzle.lots import lot_numbers

FIELDS = ("libraries", "culture", "law")
HOSTS = ("h1", "h2", "h3", "h4")
PLAIN = settings(deadline=None, derandomize=True, max_examples=300)


@st.composite
def small_puzzles(draw: st.DrawFn) -> Puzzle:
    """Up to five interns and four hosts, with few values, so that ties and conflicts are common."""
    hosts = [_host(draw, name) for name in HOSTS[: draw(st.integers(1, 4))]]
    many = draw(st.integers(1, 5))
    names = [f"i{number}" for number in range(many)]
    pairs = draw(st.integers(0, many // 2))
    companion: dict[str, str] = {}
    for one, other in zip(names[: 2 * pairs : 2], names[1 : 2 * pairs : 2], strict=True):
        companion |= {one: other, other: one}
    interns = [_intern(draw, name, companion.get(name)) for name in names]
    fixed = _fixed(draw, interns, hosts) if draw(st.booleans()) else ()
    forbidden = _forbidden(draw, interns, hosts) - set(fixed)
    return puzzle(*interns, *hosts, fixed=fixed, forbidden=forbidden)


def _intern(draw: st.DrawFn, name: str, companion_id: str | None) -> Intern:
    fewest = draw(st.integers(2, 4))
    return intern(
        name,
        organisation_id=draw(st.sampled_from(("o1", "o2", "o3"))),
        workplace_id=draw(st.sampled_from(("w1", "w2", "w3", "w4"))),
        own_organisation=draw(st.booleans()),
        field=draw(st.sampled_from(FIELDS)),
        wishes=Wishes(fields=draw(st.sampled_from(((), ("libraries",), ("law",))))),
        journey_type=draw(st.sampled_from(("tourist", "business_traveller", "adventurer", "own_idea"))),
        days=Days(fewest, draw(st.integers(fewest, 5))),
        available=draw(_available()),
        companion_id=companion_id,
        host_in_mind_id=draw(st.sampled_from((None, None, *HOSTS))),
    )


def _host(draw: st.DrawFn, name: str) -> Host:
    return host(
        name,
        organisation_id=draw(st.sampled_from(("o1", "o4"))),
        workplace_id=draw(st.sampled_from(("w1", "w5"))),
        field=draw(st.sampled_from(FIELDS)),
        capacity=draw(st.integers(1, 3)),
        days=Days(2, draw(st.integers(2, 5))),
        available=draw(_available()),
    )


@st.composite
def _available(draw: st.DrawFn) -> tuple[Window, ...]:
    if draw(st.integers(0, 2)):
        return ()
    first = draw(st.integers(0, 2))
    return ((WEEK[0] + timedelta(days=first), WEEK[0] + timedelta(days=draw(st.integers(first + 1, 4)))),)


def _fixed(draw: st.DrawFn, interns: list[Intern], hosts: list[Host]) -> tuple[tuple[str, str], ...]:
    return ((draw(st.sampled_from(interns)).id, draw(st.sampled_from(hosts)).id),)


def _forbidden(draw: st.DrawFn, interns: list[Intern], hosts: list[Host]) -> frozenset[tuple[str, str]]:
    everything = [(one.id, other.id) for one in interns for other in hosts]
    return frozenset(draw(st.sets(st.sampled_from(everything), max_size=4)))


def where(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Who goes where."""
    return tuple((one.intern_id, one.host_id) for one in plan.placements)


@PLAIN
@given(small_puzzles())
def test_no_plan_places_more_or_fits_better(small: Puzzle) -> None:
    plan = solve(small)
    best = best_plans(small)
    assert (plan.stats.placed, plan.stats.total_fit) == (best[0].placed, best[0].total_fit)
    assert where(plan) in [one.where for one in best], "the plan is one that keeps every hard rule"
    assert plan.stats.count_proven
    assert plan.stats.fit_proven


@PLAIN
@given(small_puzzles())
def test_among_equal_plans_the_lots_decide(small: Puzzle) -> None:
    columns = columns_of(small)
    numbers = lot_numbers(columns, 0)
    row = {member.id: number for number, group in enumerate(columns.groups) for member in group.members}
    column = {one.id: number for number, one in enumerate(columns.hosts)}

    def lots(places: tuple[tuple[str, str], ...]) -> int:
        return sum({row[a]: int(numbers[row[a], column[b]]) for a, b in places}.values())

    plan = solve(small)
    best = best_plans(small)
    assert lots(where(plan)) == max(lots(one.where) for one in best)
    assert plan.stats.unique


@PLAIN
@given(small_puzzles(), st.integers())
def test_the_same_puzzle_in_another_order_gives_the_same_bytes(small: Puzzle, seed: int) -> None:
    assert plan_to_json(solve(shuffled(small, seed))) == plan_to_json(solve(small))


@pytest.mark.parametrize("hosts", [0.5, 0.3], ids=["enough seats", "too few seats"])
@pytest.mark.parametrize("rolling", [False, True], ids=["one week", "all year"])
def test_an_edition_of_142_is_solved_and_proven(hosts: float, rolling: bool) -> None:
    whole = edition(142, hosts=hosts, rolling=rolling)
    plan = solve(whole)
    assert check(whole, plan) == []
    assert plan.stats.count_proven
    assert plan.stats.fit_proven
    assert plan.stats.unique
    assert plan.stats.placed == plan.stats.count_bound
    assert plan.stats.total_fit == plan.stats.fit_bound


def test_an_edition_in_another_order_gives_the_same_bytes() -> None:
    whole = edition(142, seed=7, hosts=0.3)
    plans = {plan_to_json(solve(shuffled(whole, seed))) for seed in range(4)}
    assert plans == {plan_to_json(solve(whole))}


def test_companions_who_weigh_on_every_host_are_still_solved_exactly() -> None:
    draw = random.Random(5)
    interns = []
    for number in range(20):
        one, other = f"a{number}", f"b{number}"
        together = draw.random() < 0.5
        wishes = Wishes(fields=tuple(draw.sample(("libraries", "law", "culture", "health"), 2)))
        interns.append(intern(one, companion_id=other if together else None, wishes=wishes))
        if together:
            interns.append(intern(other, companion_id=one))
    hosts = [
        host(f"h{number}", capacity=draw.choice((1, 2, 3)), field=draw.choice(("libraries", "law", "health")))
        for number in range(9)
    ]
    plan = solve(puzzle(*interns, *hosts))
    assert plan.stats.fit_proven
    assert plan.stats.placed == plan.stats.seats, "too few seats, so all are taken"


def test_a_stopped_search_says_what_it_could_not_prove() -> None:
    # Nodes, not seconds, stop a search; a hard puzzle stopped at once still gives a sound plan.
    draw = random.Random(0)
    interns = []
    for number in range(60):
        one, other = f"a{number}", f"b{number}"
        wishes = Wishes(fields=tuple(draw.sample(("libraries", "law", "culture", "health", "social"), 2)))
        interns += [intern(one, companion_id=other, wishes=wishes), intern(other, companion_id=one)]
        interns.append(intern(f"c{number}", wishes=wishes))
    hosts = [
        host(f"h{number}", capacity=draw.choice((1, 2, 3)), field=draw.choice(("libraries", "law", "health")))
        for number in range(70)
    ]
    hard = puzzle(*interns, *hosts)
    stopped, finished = solve(hard, nodes=0), solve(hard)
    assert check(hard, stopped) == []
    assert finished.stats.fit_proven
    assert stopped.stats.placed <= finished.stats.placed <= stopped.stats.count_bound
    assert stopped.stats.total_fit <= finished.stats.total_fit <= stopped.stats.fit_bound
    assert stopped.stats.fit_proven == (stopped.stats.total_fit == finished.stats.total_fit)


def test_a_puzzle_without_hosts_leaves_everybody_with_a_reason() -> None:
    plan = solve(puzzle(intern("a"), intern("b")))
    assert [(one.intern_id, one.reason) for one in plan.unplaced] == [
        ("a", "no_host_fits"),
        ("b", "no_host_fits"),
    ]
    assert plan.placements == ()


def test_a_puzzle_without_anybody_has_an_empty_plan() -> None:
    plan = solve(puzzle())
    assert (plan.placements, plan.unplaced) == ((), ())
    assert plan.stats.unique

"""What would place who is left, and which host to look for, against laying the puzzle again with it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.puzzles import edition, host, intern, puzzle
from matching.puzzle.test_best_plan import small_puzzles

from ipraktik_matching.puzzle import Days, Host, Intern, Puzzle, solve
from ipraktik_matching.puzzle.advice import hosts_to_look_for, what_prices_say, what_would_place
from ipraktik_matching.puzzle.pieces import companions
from ipraktik_matching.puzzle.stay import MOST_DAYS

SECTORS = ("municipal", "regional", "state")


def given_up(one: Intern, code: str) -> Intern:
    """The intern without that demand."""
    if code == "days":
        return replace(one, days=Days(1, MOST_DAYS))
    return replace(one, available=()) if code == "dates" else replace(one, own_organisation=True)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(small_puzzles())
def test_what_is_said_to_place_somebody_places_one_more_and_nothing_else_does(small: Puzzle) -> None:
    alone = replace(small, interns=tuple(replace(one, companion_id=None) for one in small.interns))
    plan = solve(alone)
    left = [one.intern_id for one in plan.unplaced]
    found = what_would_place(alone, left)
    assert list(found) == left
    assert what_prices_say(alone, left) == found
    for intern_id in left:
        for code in ("days", "dates", "own_organisation"):
            interns = tuple(given_up(one, code) if one.id == intern_id else one for one in alone.interns)
            more = solve(replace(alone, interns=interns)).stats.placed - plan.stats.placed
            assert more == (1 if code in found[intern_id] else 0)


def test_companions_are_told_when_one_of_them_could_go() -> None:
    pair = puzzle(intern("a", companion_id="b"), intern("b", companion_id="a"), host("h"))
    assert what_would_place(pair, ["a", "b"]) == {"a": ("companion",), "b": ("companion",)}


def seat(wanted: str, region: str, field: str, sector: str, whole: Puzzle) -> Host:
    """One more seat of that kind."""
    code = min(code for code, its in whole.region_of.items() if its == region)
    return host(
        wanted,
        field=field,
        sector=sector,
        municipality_code=code,
        days=Days(2, 5),
        organisation_id="",
        workplace_id="",
    )


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.integers(0, 5), st.sampled_from((0.3, 0.5)), st.integers(0, 300))
def test_a_host_that_is_advised_brings_the_places_it_is_said_to_and_no_more_fit(
    seed: int, share: float, number: int
) -> None:
    whole = edition(60, seed=seed, hosts=share)
    whole = replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))
    wanted = hosts_to_look_for(whole, SECTORS)
    kind = wanted[number % len(wanted)]
    before = solve(whole)
    new = seat("new", kind.region, kind.field, kind.sector, whole)
    after = solve(replace(whole, hosts=(*whole.hosts, new)))
    assert after.stats.placed - before.stats.placed == kind.places
    if companions(whole.interns) == {}:
        assert after.stats.total_fit - before.stats.total_fit <= kind.fit


def test_the_best_advice_comes_first_and_every_kind_is_weighed() -> None:
    whole = edition(142, hosts=0.3)
    wanted = hosts_to_look_for(whole, SECTORS)
    assert len(wanted) == len(whole.group_of) * 3 * 5
    assert [(one.places, one.fit) for one in wanted] == sorted(
        ((one.places, one.fit) for one in wanted), reverse=True
    )
    assert wanted[0].places == 1

"""A seating that is kept: whoever comes or goes, it is as good as one made anew, and its prices prove it; compiled and interpreted."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.puzzle.test_network import NETWORK, compiled, read

from ipraktik_matching.puzzle.columns import Columns, columns_of
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.keeping import POINTS, KeptPlan, keep
from ipraktik_matching.puzzle.laying import lay
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network import keeping, seating
from ipraktik_matching.puzzle.network.keeping import Kept, Moved
from ipraktik_matching.puzzle.network.seating import Seated, Ways, seat
from ipraktik_matching.puzzle.solving import NODES

__all__ = ["compiled"]

PLAIN = settings(deadline=None, derandomize=True, max_examples=300)
HEAVIEST = 1_000
Worth = tuple[int, int]


@dataclass
class Case:
    """Groups with their hosts and weights, and who of them is there."""

    seats: list[int]
    sizes: list[int] = field(default_factory=list)
    ways: list[dict[int, int]] = field(default_factory=list)
    out: set[int] = field(default_factory=set)

    def comes(self, draw: Random, size: int, ties: bool) -> None:
        weights = (0, 1, 5, HEAVIEST) if ties else range(HEAVIEST)
        self.sizes.append(size)
        self.ways.append(
            {
                h: draw.choice(weights)
                for h, many in enumerate(self.seats)
                if many >= size and draw.random() < 0.6
            }
        )

    def anew(self) -> tuple[Ways, Seated, list[int]]:
        """The seating of those who are there, and which rows they are."""
        rows = [row for row in range(len(self.sizes)) if row not in self.out]
        ways = [self.ways[row] for row in rows]
        first = np.cumsum([0, *map(len, ways)])
        made = Ways(
            first,
            np.array([host for one in ways for host in one], dtype=np.int32),
            np.array([weight for one in ways for weight in one.values()], dtype=np.int64),
        )
        sizes, seats = np.array([self.sizes[row] for row in rows], dtype=np.int64), np.array(self.seats)
        return made, seat(made, sizes, seats, np.full(len(seats), -1, dtype=np.int64)), rows

    def relaxed(self) -> Worth:
        """What no plan exceeds, in persons and halves."""
        _, seated, rows = self.anew()
        total = 0
        for one, item in zip(seated.owner.tolist(), seated.at.tolist(), strict=True):
            if item >= 0:
                total += self.ways[rows[one]][item // 2] * (3 - self.sizes[rows[one]])
        return seated.placed, total

    def worth(self, chosen: list[int]) -> Worth:
        """What this plan is worth, which must keep the rules."""
        taken = Counter[int]()
        persons = weight = 0
        for row, host in enumerate(chosen):
            if host >= 0:
                assert row not in self.out
                taken[host] += self.sizes[row]
                persons, weight = persons + self.sizes[row], weight + self.ways[row][host]
        assert all(many <= self.seats[host] for host, many in taken.items())
        return persons, weight


@contextmanager
def run_as(compiled: Mapping[str, ModuleType], native: bool) -> Iterator[None]:
    """The core compiled or interpreted."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("bids", "core", "paths"):
            part = compiled[name] if native else read(NETWORK / f"{name}.py")
            patched.setattr(seating, name, part)
            if name == "paths":
                patched.setattr(keeping, name, part)
        patched.setattr(seating, "COMPILED", native)
        yield


@pytest.mark.timeout(300)  # the first of these compiles
@PLAIN
@given(st.integers(0, 1 << 32), st.booleans(), st.booleans())
def test_whoever_comes_or_goes_the_seating_is_the_best_and_proven(
    compiled: Mapping[str, ModuleType], seed: int, ties: bool, pairs: bool
) -> None:
    """Both ways of running the core say the same, step by step."""
    said = []
    for native in (True, False):
        with run_as(compiled, native):
            said.append(list(_season(Random(seed), ties=ties, pairs=pairs)))
    assert said[0] == said[1]


def _season(draw: Random, *, ties: bool, pairs: bool) -> Iterator[object]:
    case = Case([draw.choice((0, 1, 2, 3)) for _ in range(draw.randint(1, 7))])
    for _ in range(draw.randint(0, 10)):
        case.comes(draw, draw.choice((1, 1, 2)) if pairs else 1, ties)
    ways, seated, _ = case.anew()
    sizes, seats = np.array(case.sizes, dtype=np.int64), np.array(case.seats)
    try:
        kept = Kept(ways, sizes, seats, seated, heaviest=HEAVIEST, lacking=None)
    except ValueError:
        assert pairs, "only companions can be divided"
        return
    for _ in range(10):
        before = kept.chosen.tolist()
        alone = [row for row, size in enumerate(case.sizes) if size == 1 and row not in case.out]
        if not alone or draw.random() < 0.6:
            case.comes(draw, 1, ties)
            mine = case.ways[-1]
            moved = kept.insert(
                np.array(list(mine), dtype=np.int32), np.array(list(mine.values()), dtype=np.int64)
            )
            before.append(-1)
            was = case.worth(before)
        else:
            was = case.worth(before)
            gone = draw.choice(alone)
            moved = kept.withdraw(gone)
            case.out.add(gone)
        if moved is None:
            assert pairs, "only companions can be divided"
            assert kept.insert(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)) is None
            return
        chosen = kept.chosen.tolist()
        persons, weight = case.worth(chosen)
        assert (persons - was[0], weight - was[1]) == (moved.persons, moved.weight)
        for row, old, new in moved.moves:
            assert before[row] == old
            before[row] = new
        assert before == chosen, "all who moved are named"
        assert kept.proven()
        assert (persons, 2 * weight) == case.relaxed()
        if kept.alone():
            _, anew, rows = case.anew()
            assert {
                rows[one]: item // 2
                for one, item in zip(anew.owner.tolist(), anew.at.tolist(), strict=True)
                if item >= 0
            } == {row: host for row, host in enumerate(chosen) if host >= 0}
        yield moved, chosen, kept.alone()


def test_another_seating_as_good_is_seen() -> None:
    """A circle of two who could change places, and a free seat that is as good."""
    for ways, only in (
        ([{0: 5, 1: 5}, {0: 5, 1: 5}], False),
        ([{0: 5, 1: 5}, {0: 5, 1: 4}], True),
        ([{0: 5, 1: 5}], False),
        ([{0: 5}, {0: 5}], False),
        ([{0: 5}, {0: 4}], True),
    ):
        case = Case([1, 1], sizes=[1] * len(ways), ways=ways)
        made, seated, _ = case.anew()
        ones = np.ones(len(ways), dtype=np.int64)
        kept = Kept(made, ones, np.array(case.seats), seated, heaviest=HEAVIEST, lacking=None)
        assert kept.alone() == only, ways


def test_prices_and_seats_that_were_bent_prove_nothing() -> None:
    draw = Random(5)
    case = Case([1, 2, 3, 1])
    for _ in range(12):
        case.comes(draw, 1, ties=False)
    made, seated, _ = case.anew()
    ones = np.ones(12, dtype=np.int64)

    def fresh(bent: Seated) -> Kept:
        return Kept(made, ones, np.array(case.seats), bent, heaviest=HEAVIEST, lacking=None)

    assert fresh(seated).proven()
    person = int(np.flatnonzero(seated.at >= 0)[0])
    for name, where, by in (
        ("of_person", person, -1),
        ("of_person", person, 1),
        ("of_item", int(seated.at[person]), -1),
        ("of_item", int(seated.at[person]), 1),
        ("left", person, 1),
    ):
        bent = getattr(seated, name).copy()
        bent[where] += by
        assert not fresh(replace(seated, **{name: bent})).proven(), name
    left = int(np.flatnonzero(seated.at < 0)[0])
    swapped = seated.at.copy()
    swapped[[person, left]] = swapped[[left, person]]
    assert not fresh(replace(seated, at=swapped)).proven()


def test_a_price_that_falls_below_what_the_ways_were_chosen_for_is_not_trusted() -> None:
    """Whoever is seated may have ways that are not here; once a newcomer costs them too much of their price, those might pay."""
    case = Case([2, 1], sizes=[1, 1], ways=[{0: 900}, {0: 900, 1: 500}])
    made, seated, _ = case.anew()
    # The second moves on, at a loss of 400 each of the seats' prices; half of what is lacking may be used up by either side.
    for lacking, told in ((None, True), (1_600, True), (1_598, False)):
        ones = np.ones(2, dtype=np.int64)
        kept = Kept(made, ones, np.array(case.seats), seated, heaviest=HEAVIEST, lacking=lacking)
        moved = kept.insert(np.array([0], dtype=np.int32), np.array([300], dtype=np.int64))
        assert moved == (Moved(((1, 0, 1), (2, -1, 0)), persons=1, weight=-100) if told else None)


def test_numbers_too_large_for_62_bits_are_refused() -> None:
    case = Case([1], sizes=[1], ways=[{0: 1}])
    made, seated, _ = case.anew()
    with pytest.raises(ValueError, match="62 bits"):
        Kept(made, np.ones(1, dtype=np.int64), np.array([1]), seated, heaviest=1 << 56, lacking=None)


@pytest.mark.parametrize("seats", [BALANCED, SCARCE], ids=["enough seats", "too few seats"])
def test_a_season_of_inserts_withdrawals_and_declines_ends_at_the_best_plan(seats: float) -> None:
    """Three hundred changes, each by one path; persons, fit and lots are those of a plan laid from nothing."""
    draw = random.Random(7)
    whole = generate(300, hosts=seats, seed=4)
    whole = replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))
    columns = columns_of(whole)
    draws = Draws(columns, 0)
    many = len(columns.groups)
    allowed = columns.allowed.copy()
    there = {row: row for row in range(many // 2)}
    """Row in the tables, and in the plan."""
    plan = keep(_only(columns, list(there), allowed))
    assert plan is not None
    insertions = only = 0
    for number in range(300):
        kind = draw.choice(("insert", "insert", "withdraw", "decline"))
        waiting = sorted(set(range(many)) - set(there))
        if kind == "insert" and waiting:
            row, insertions = draw.choice(waiting), insertions + 1
            there[row] = _insert(plan, columns, draws, row, allowed)
        elif kind == "decline":
            chosen = plan.chosen
            row = draw.choice([row for row, mine in there.items() if chosen[mine] >= 0])
            allowed[row, chosen[there[row]]] = False
            assert plan.withdraw(there.pop(row)) is not None
            there[row] = _insert(plan, columns, draws, row, allowed)
        else:
            row = draw.choice(sorted(there))
            assert plan.withdraw(there.pop(row)) is not None
        if number % 20 == 19:
            only += _as_laid_anew(plan, columns, draws, there, allowed)
    assert plan.proven()
    assert insertions > 50
    assert only, "now and then the plan is the only one, and the same to the last placement"


@pytest.mark.parametrize("seats", [BALANCED, SCARCE], ids=["enough seats", "too few seats"])
def test_with_the_likely_ways_alone_an_answer_is_the_best_or_none(
    monkeypatch: pytest.MonkeyPatch, seats: float
) -> None:
    """As for puzzles of some thousands, where not all ways are kept."""
    monkeypatch.setattr("ipraktik_matching.puzzle.keeping._LISTED", 0)
    whole = generate(300, hosts=seats, seed=2)
    columns = columns_of(
        replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))
    )
    draws, allowed = Draws(columns, 0), columns.allowed
    many = len(columns.groups)
    there = {row: row for row in range(many - 30)}
    plan = keep(_only(columns, list(there), allowed))
    assert plan is not None
    answered = 0
    for row in range(many - 30, many):
        hosts = np.flatnonzero(allowed[row])
        fit, lots = columns.fit[row, hosts], draws[row : row + 1, hosts][0]
        there[row] = len(plan.groups)
        if plan.insert(columns.groups[row], hosts, fit, lots) is None:
            there = {one: one for one in range(row + 1)}
            plan = keep(_only(columns, list(there), allowed))
            assert plan is not None
            continue
        answered += 1
        _as_laid_anew(plan, columns, draws, there, allowed)
    assert answered > 10


def test_a_copy_goes_its_own_way() -> None:
    whole = generate(142, hosts=SCARCE, seed=1)
    columns = columns_of(
        replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))
    )
    draws, last = Draws(columns, 0), len(columns.groups) - 1
    plan = keep(_only(columns, list(range(last)), columns.allowed))
    assert plan is not None
    before = plan.chosen.tolist()
    other = plan.copied()
    _insert(other, columns, draws, last, columns.allowed)
    assert other.withdraw(0) is not None
    assert (plan.chosen.tolist(), len(plan.groups), plan.proven()) == (before, last, True)
    assert other.proven()


def _only(columns: Columns, rows: list[int], allowed: np.ndarray) -> Columns:
    return replace(
        columns,
        groups=tuple(columns.groups[row] for row in rows),
        sizes=columns.sizes[rows],
        suits=columns.suits[rows] & allowed[rows],
        allowed=allowed[rows],
        days=columns.days[rows],
        fit=columns.fit[rows],
        pinned=columns.pinned[rows],
    )


def _insert(plan: KeptPlan, columns: Columns, draws: Draws, row: int, allowed: np.ndarray) -> int:
    hosts = np.flatnonzero(allowed[row])
    change = plan.insert(columns.groups[row], hosts, columns.fit[row, hosts], draws[row : row + 1, hosts][0])
    assert change is not None
    return len(plan.groups) - 1


def _as_laid_anew(
    plan: KeptPlan, columns: Columns, draws: Draws, there: Mapping[int, int], allowed: np.ndarray
) -> bool:
    rows = sorted(there)
    only = _only(columns, rows, allowed)
    laid = lay(only, NODES).chosen
    mine = plan.chosen[[there[row] for row in rows]]

    def worth(chosen: np.ndarray) -> tuple[int, int, int]:
        placed = np.flatnonzero(chosen >= 0)
        who = np.array(rows)[placed]
        lots = draws[who, chosen[placed]]
        return len(placed), int(columns.fit[who, chosen[placed]].sum()), int(lots.sum())

    assert worth(mine) == worth(laid)
    assert plan.proven()
    if plan.alone():
        assert mine.tolist() == laid.tolist()
    return plan.alone()


def test_a_fit_beyond_all_bounds_is_for_a_new_run() -> None:
    whole = generate(142, hosts=BALANCED, seed=1)
    columns = columns_of(
        replace(whole, interns=tuple(replace(one, companion_id=None) for one in whole.interns))
    )
    plan = keep(columns)
    assert plan is not None
    host = np.array([0])
    assert plan.insert(columns.groups[0], host, np.array([POINTS + 1]), np.array([0])) is None

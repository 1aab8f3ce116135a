"""The network core against a linear programme, its prices against themselves, and both ways of running it."""

import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from foreign import go_without
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy import native
from ipraktik_matching.puzzle import Policy, columns, ladder
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.lots import Draws
from ipraktik_matching.puzzle.network import bids, core, paths, scan, seating
from ipraktik_matching.puzzle.network.seating import Seated, Ways, seat
from ipraktik_matching.puzzle.network.ways import kept

PLAIN = settings(deadline=None, derandomize=True, max_examples=400)
Case = tuple[Ways, np.ndarray, np.ndarray, np.ndarray]


NETWORK = Path(str(seating.__file__)).parent


def read(file: Path) -> ModuleType:
    """A part of the core from this file, whatever of that name is installed."""
    name = file.name.partition(".")[0]
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ModuleType]:
    """The parts of the core, compiled afresh as for an image."""
    by = native.compiler()
    if by is None:
        go_without("a C compiler is missing; install gcc and Python's headers (Debian: gcc python3-dev)")
    folder = tmp_path_factory.mktemp("network")
    for part in NETWORK.glob("*.p*"):
        if part.suffix in (".py", ".pxd"):
            shutil.copy(part, folder)
    return {one.stem: read(native.compile_one(one, by=by)) for one in native.typed(folder)}


def case(draw: Random, groups: int, hosts: int, density: float = 0.5) -> Case:
    """Any network, with few different weights, so that ties abound."""
    sizes = np.array([draw.choice((1, 1, 2)) for _ in range(groups)], dtype=np.int64)
    seats = np.array([draw.choice((0, 1, 2, 3)) for _ in range(hosts)], dtype=np.int64)
    split = np.array([draw.choice((-1, -1, 0, 1)) if one >= 2 else -1 for one in seats], dtype=np.int64)
    rows = [
        [host for host in range(hosts) if seats[host] >= size and draw.random() < density] for size in sizes
    ]
    first = np.cumsum([0, *(len(row) for row in rows)])
    to = np.array([host for row in rows for host in row], dtype=np.int32)
    weight = np.array([draw.choice((0, 1, 5, 6, 1000)) for _ in to], dtype=np.int64)
    return Ways(first, to, weight), sizes, seats, split


def worth(ways: Ways, sizes: np.ndarray, seated: Seated) -> int:
    """What the seating is worth, in halves."""
    of = {
        (row, int(ways.host[arc])): int(ways.weight[arc])
        for row in range(len(sizes))
        for arc in range(ways.first[row], ways.first[row + 1])
    }
    return sum(
        of[int(one), int(item) // 2] * (1 if sizes[one] == 2 else 2)
        for one, item in zip(seated.owner, seated.at, strict=True)
        if item >= 0
    )


def rooms(seats: np.ndarray, split: np.ndarray) -> list[tuple[int, bool, bool]]:
    """Per item: how many it holds, whether single travellers and whether companions may sit there."""
    items = []
    for many, answer in zip(seats.tolist(), split.tolist(), strict=True):
        items.append((2 if many >= 2 else 0, answer != 1, answer != 0))
        items.append((many - 2 if many >= 2 else many, True, False))
    return items


@PLAIN
@given(st.randoms(use_true_random=False), st.integers(1, 7), st.integers(1, 5))
def test_the_seating_keeps_the_rules_and_its_prices_prove_it(draw: Random, groups: int, hosts: int) -> None:
    ways, sizes, seats, split = case(draw, groups, hosts)
    seated = seat(ways, sizes, seats, split)
    items = rooms(seats, split)
    taken = np.bincount(seated.at[seated.at >= 0], minlength=len(items))
    for item, (many, singles, companions) in enumerate(items):
        here = seated.owner[seated.at == item]
        assert taken[item] <= many
        assert singles or all(sizes[here] == 2)
        assert companions or all(sizes[here] == 1)
    # Persons: a price of one for whoever is always placed and for each seat that is always full covers every way.
    of_person = seated.sure[seated.owner] / sizes[seated.owner]
    assert (
        of_person.sum() + sum(items[item][0] * int(seated.taken[item]) for item in range(len(items)))
        == seated.placed
    )
    credit = 1 << 20
    price = seated.of_group + credit * seated.sure
    item_price = seated.of_item + credit * seated.taken.astype(np.int64)
    assert (price >= 0).all()
    bound = int(price.sum()) + sum(many * int(item_price[item]) for item, (many, _, _) in enumerate(items))
    assert bound == worth(ways, sizes, seated) + credit * seated.placed
    for row in range(groups):
        for arc in range(ways.first[row], ways.first[row + 1]):
            for item in (2 * int(ways.host[arc]), 2 * int(ways.host[arc]) + 1):
                many, singles, companions = items[item]
                if many and (companions if sizes[row] == 2 else singles):
                    weight = int(ways.weight[arc]) * (1 if sizes[row] == 2 else 2) + credit
                    assert price[row] // sizes[row] + item_price[item] >= weight


@pytest.mark.timeout(300)  # the first of these compiles
@PLAIN
@given(draw=st.randoms(use_true_random=False), groups=st.integers(1, 30), hosts=st.integers(1, 20))
def test_compiled_or_not_the_core_does_the_same(
    compiled: Mapping[str, ModuleType], draw: Random, groups: int, hosts: int
) -> None:
    given_case = case(draw, groups, hosts, draw.choice((0.1, 0.3, 0.8)))
    before = seat(*fewer(draw, given_case)) if draw.random() < 0.5 else None
    seated = {}
    for native_too in (True, False):
        with pytest.MonkeyPatch.context() as patched:
            for name in ("bids", "core", "paths"):
                part = compiled[name] if native_too else read(NETWORK / f"{name}.py")
                patched.setattr(seating, name, part)
            patched.setattr(seating, "COMPILED", native_too)
            seated[native_too] = seat(*given_case, before)
    for name in Seated.__slots__:
        assert np.array_equal(getattr(seated[True], name), getattr(seated[False], name)), name


@PLAIN
@given(st.integers(0, 1 << 32))
def test_a_seating_that_begins_with_earlier_prices_is_as_good_and_proven(seed: int) -> None:
    draw = Random(seed)
    ways, sizes, seats, split = case(
        draw, draw.randint(1, 12), draw.randint(1, 8), draw.choice((0.3, 0.6, 0.9))
    )
    fresh = seat(ways, sizes, seats, split)
    again = seat(ways, sizes, seats, split, seat(*fewer(draw, (ways, sizes, seats, split))))
    assert (again.placed, worth(ways, sizes, again)) == (fresh.placed, worth(ways, sizes, fresh))
    room = np.array([many for many, _, _ in rooms(seats, split)], dtype=np.int64)
    credit = 1 << 20
    item_price = again.of_item + credit * again.taken.astype(np.int64)
    person_price = again.of_person + credit * (again.left == 0)
    assert person_price.sum() + (item_price * room).sum() == worth(ways, sizes, again) + credit * again.placed
    assert (item_price >= 0).all()
    assert (person_price >= 0).all()


def fewer(draw: Random, whole: Case) -> Case:
    """Much the same network, with fewer ways and other answers."""
    ways, sizes, seats, split = whole
    keep = np.array([draw.random() < 0.7 for _ in ways.host], dtype=np.bool_)
    other = [
        draw.choice((one, one, -1, 0, 1)) if many >= 2 else -1 for one, many in zip(split, seats, strict=True)
    ]
    return kept(ways, keep), sizes, seats, np.array(other, dtype=np.int64)


@pytest.mark.parametrize("part", [bids, core, paths, scan])
def test_what_was_compiled_in_place_is_as_new_as_its_source(part: ModuleType) -> None:
    file = Path(str(part.__file__))
    source = NETWORK / f"{file.name.partition('.')[0]}.py"
    assert file.stat().st_mtime >= source.stat().st_mtime, f"{file.name} is out of date; run make native"


class Interpreted:
    """`scan` as it stands, with lists for its arrays."""

    climbs = staticmethod(read(NETWORK / "scan.py").climb)

    @classmethod
    def climb(cls, *arguments: Any) -> int:
        """What the file itself would answer."""
        lists = [one.tolist() if isinstance(one, np.ndarray) else one for one in arguments]
        found = int(cls.climbs(*lists))
        for array, changed in zip(arguments[-3:], lists[-3:], strict=True):
            array[:] = changed
        return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("hosts", [BALANCED, SCARCE])
@pytest.mark.parametrize("low", [0, 30])
def test_hosts_are_found_alike_with_arrays_interpreted_and_compiled(
    compiled: Mapping[str, ModuleType], monkeypatch: pytest.MonkeyPatch, hosts: float, low: int
) -> None:
    monkeypatch.setattr(columns, "KEPT", 0)
    puzzle = generate(160, hosts=hosts)
    policy = Policy(low_fit=900, low_fit_percent=low, weights={"host_wish": 77})
    puzzle = replace(puzzle, fixed=(), drafts=puzzle.fixed, policy=policy)
    tables = columns.columns_of(puzzle)
    assert tables.afresh is not None
    draw = np.random.default_rng(7)
    for size in (1, 2):
        rows = np.flatnonzero(tables.sizes == size)
        for worth_is in (ladder.Worth(60), ladder.Worth(3 - size, 10, 1 << 30, Draws(tables, 0))):
            cost = draw.integers(0, 300 * worth_is.times * worth_is.scale // worth_is.step, len(tables.seats))
            cost[::7], cost[::11] = ladder.CLOSED, cost[::11] - (1 << 60)
            prices = (
                draw.integers(300, 1000, len(rows)) * size * worth_is.times * worth_is.scale // worth_is.step
            )
            found = []
            for quick, part in ((False, scan), (True, Interpreted), (True, compiled["scan"])):
                monkeypatch.setattr(ladder, "COMPILED", quick)
                monkeypatch.setattr(ladder, "scan", part)
                cells = ladder.Ladder(tables.afresh, size, cost, worth_is).gaining(rows, prices)
                found.append(
                    {
                        (int(group), int(host)): int(gain)
                        for some in cells
                        for group, host, gain in zip(some.group, some.host, some.gain, strict=True)
                    }
                )
            by_hand = {}
            for number, row in enumerate(rows.tolist()):
                fit, suits = tables.fit[row], tables.suits[row]
                for host in np.flatnonzero(suits & (cost < ladder.CLOSED)).tolist():
                    one = np.array([row]), np.array([host])
                    gain = int(worth_is.of(fit[[host]], *one)[0] - prices[number] - cost[host])
                    if gain > 0:
                        by_hand[row, host] = gain
            assert by_hand
            assert found == [by_hand] * 3


def test_nobody_and_no_seat_are_no_problem() -> None:
    empty = np.zeros(0, dtype=np.int64)
    nowhere = Ways(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), empty)
    assert seat(nowhere, empty, empty, empty).placed == 0
    one = Ways(np.zeros(2, dtype=np.int64), np.zeros(0, dtype=np.int32), empty)
    left = seat(one, np.ones(1, dtype=np.int64), empty, empty)
    assert (left.placed, left.at.tolist()) == (0, [-1])


def test_the_last_seat_goes_along_a_chain() -> None:
    # Each can go to the own host and to the next; the last person only to the first: everybody moves along by one.
    many = 50
    to = [host for one in range(many - 1) for host in (one, one + 1)] + [0]
    ways = Ways(
        np.array([*range(0, 2 * many - 1, 2), 2 * many - 1]),
        np.array(to, dtype=np.int32),
        np.ones(len(to), dtype=np.int64),
    )
    ones = np.ones(many, dtype=np.int64)
    seated = seat(ways, ones, ones, -ones)
    assert seated.placed == many
    assert seated.at[-1] // 2 == 0

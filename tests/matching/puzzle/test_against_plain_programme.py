"""The solver against the plainest integer programme there is, on puzzles too large to try every plan.

One yes or no for each group and host, seats as they are, no cuts, no prices, no stages but two: a second judge that
shares only the tables with the solver. These puzzles are dense with companions, so that a search is really needed.
"""

from random import Random

import highspy
import numpy as np
import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle

from ipraktik_matching.puzzle import Puzzle, Wishes, check, laying, plan_to_json, search, solve
from ipraktik_matching.puzzle.certificate import verify
from ipraktik_matching.puzzle.columns import Columns, Whole, columns_of
from ipraktik_matching.puzzle.face import Chosen
from ipraktik_matching.puzzle.program import Program, Undivided

FIELDS = ("libraries", "culture", "law", "health", "social", "finance")


def crowded(seed: int, groups: int = 24) -> Puzzle:
    """Half the groups are companions, and there are too few seats."""
    draw = Random(seed)
    interns = []
    for number in range(groups):
        wishes = Wishes(fields=tuple(draw.sample(FIELDS, 2)))
        one, other = f"a{number}", f"b{number}"
        together = draw.random() < 0.5
        interns.append(intern(one, wishes=wishes, companion_id=other if together else None))
        if together:
            interns.append(intern(other, wishes=wishes, companion_id=one, field=draw.choice(FIELDS)))
    hosts = [
        host(f"h{number}", field=draw.choice(FIELDS), capacity=draw.choice((1, 2, 3)))
        for number in range(groups * 2 // 3)
    ]
    return puzzle(*interns, *hosts)


def plain_optimum(columns: Columns) -> tuple[int, int]:
    """Most persons, and the greatest fit with that many."""
    persons = np.broadcast_to(columns.sizes[:, None], columns.fit.shape)
    most = _maximum(columns, persons, None)
    return most, _maximum(columns, columns.fit, most)


def _maximum(columns: Columns, weights: Whole, persons: int | None) -> int:
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
    for name, value in {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5, "threads": 1}.items():
        model.setOptionValue(name, value)
    cells = [(int(row), int(column)) for row, column in zip(*np.nonzero(columns.allowed), strict=True)]
    size = [int(columns.sizes[row]) for row, _ in cells]
    entries: list[tuple[list[int], list[float], float, float]] = []
    for row in range(len(columns.groups)):
        mine = [number for number, cell in enumerate(cells) if cell[0] == row]
        entries.append((mine, [1.0] * len(mine), 0.0, 1.0))
    for column, seats in enumerate(columns.seats):
        here = [number for number, cell in enumerate(cells) if cell[1] == column]
        entries.append((here, [float(size[number]) for number in here], 0.0, float(seats)))
    if persons is not None:
        entries.append(
            (list(range(len(cells))), [float(one) for one in size], float(persons), float(persons))
        )
    for row, column in cells:
        model.addCol(-float(weights[row, column]), 0.0, 1.0, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
    for indices, values, lower, upper in entries:
        model.addRow(lower, upper, len(indices), np.array(indices, dtype=np.int32), np.array(values))
    kinds = np.full(len(cells), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    model.changeColsIntegrality(len(cells), np.arange(len(cells), dtype=np.int32), kinds)
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(-model.getInfo().objective_function_value)


@pytest.mark.parametrize("seed", range(12))
def test_the_plain_programme_finds_nothing_better(seed: int) -> None:
    crowd = crowded(seed)
    plan = solve(crowd)
    assert (plan.stats.placed, plan.stats.total_fit) == plain_optimum(columns_of(crowd))
    assert plan.stats.fit_proven
    assert plan.stats.unique
    assert check(crowd, plan) == []


def without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave everything after the first plan to the programme."""
    monkeypatch.setattr(laying, "BRANCHES", 0)


def without_the_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither network nor stages: persons, fit and lots one after the other, as where lots are equal."""
    without_the_network(monkeypatch)
    monkeypatch.setattr(laying, "settle_pairs", lambda *_, **_named: None)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("hosts", [0.5, 0.3], ids=["enough seats", "too few seats"])
def test_network_and_programme_lay_the_same_plan(
    hosts: float, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = edition(142, hosts=hosts, seed=seed)
    by_network = solve(whole)
    for otherwise in (without_the_network, without_the_stages):
        otherwise(monkeypatch)
        by_programme = solve(whole)
        assert by_programme.placements == by_network.placements
        assert by_programme.stats == by_network.stats
        assert verify(whole, by_programme) == []


def test_a_search_that_divides_somebody_is_done_again_with_everything_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Undivided] = []

    class Dividing(Program):
        def start_from(self, chosen: Chosen) -> None:
            asked.append(self.undivided)
            super().start_from(chosen)

        def plan(self) -> Chosen | None:
            return None if self.undivided is Undivided.PAIRS else super().plan()

    crowd = crowded(0)
    without_the_stages(monkeypatch)
    expected = plan_to_json(solve(crowd))
    monkeypatch.setattr(search, "Program", Dividing)
    assert plan_to_json(solve(crowd)) == expected
    assert asked[:2] == [Undivided.PAIRS, Undivided.ALL]

"""Other people's solvers, given the same lists (OR-Tools is in `flow`). Each returns how many it places, with how many points in all."""

from __future__ import annotations

import heapq
from itertools import pairwise

import highspy
import numpy as np
from bench_matching.instances import Lists
from matching.games import HospitalResident
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from ipraktik_matching.puzzle.columns import Columns

Outcome = tuple[int, int]
_MOST = 1_000_000


def assignment(lists: Lists) -> Outcome:
    """scipy's sparse assignment: a column for each seat, and one more for each person, for who stays at home."""
    people = lists.people
    seat = np.concatenate([[0], np.cumsum(lists.seats)])
    many = lists.seats[lists.ways.host]
    person = np.repeat(lists.person, many)
    begins = np.repeat(seat[lists.ways.host], many)
    column = begins + np.arange(len(begins)) - np.repeat(np.cumsum(many) - many, many)
    cost = np.repeat(_MOST - lists.ways.weight, many)
    rows = np.concatenate([person, np.arange(people)])
    columns = np.concatenate([column, seat[-1] + np.arange(people)])
    costs = np.concatenate([cost, np.full(people, 100 * _MOST)]).astype(np.float64)
    table = csr_array((costs, (rows, columns)), shape=(people, int(seat[-1]) + people))
    who, where = min_weight_full_bipartite_matching(table)
    found = where < seat[-1]
    worth = _MOST - np.asarray(table[who[found], where[found]]).astype(np.int64)
    return int(found.sum()), int(worth.sum())


def greedy(lists: Lists) -> Outcome:
    """The best free way first. With one score for both sides this is deferred acceptance, too."""
    order = np.lexsort((lists.ways.host, lists.person, -lists.ways.weight))
    free = lists.seats.tolist()
    home = [True] * lists.people
    placed = points = 0
    for person, host, weight in zip(
        lists.person[order].tolist(),
        lists.ways.host[order].tolist(),
        lists.ways.weight[order].tolist(),
        strict=True,
    ):
        if home[person] and free[host]:
            home[person] = False
            free[host] -= 1
            placed, points = placed + 1, points + weight
    return placed, points


def deferred(lists: Lists) -> Outcome:
    """Deferred acceptance by the package `matching`: everybody asks in order of points, hosts keep the best."""
    first = lists.ways.first.tolist()
    weight = {
        (int(person), int(host)): int(points)
        for person, host, points in zip(lists.person, lists.ways.host, lists.ways.weight, strict=True)
    }
    ask = {
        f"i{person}": [
            f"h{host}"
            for _, host in heapq.nsmallest(
                len(weight), ((-weight[person, int(h)], int(h)) for h in lists.ways.host[begin:end])
            )
        ]
        for person, (begin, end) in enumerate(pairwise(first))
        if end > begin
    }
    keep: dict[str, list[tuple[int, int]]] = {}
    for (person, host), points in weight.items():
        keep.setdefault(f"h{host}", []).append((-points, person))
    answer = {host: [f"i{person}" for _, person in sorted(asked)] for host, asked in keep.items()}
    seats = {host: int(lists.seats[int(host[1:])]) for host in answer}
    game = HospitalResident.create_from_dictionaries(ask, answer, seats)
    met = [
        (int(intern.name[1:]), int(host.name[1:]))
        for host, interns in game.solve(optimal="resident").items()
        for intern in interns
    ]
    return len(met), sum(weight[pair] for pair in met)


def programme(columns: Columns, seconds: float) -> tuple[Outcome, bool]:
    """HiGHS with its defaults on the integer programme one writes first; and whether it proved its answer in so many seconds.

    A column per group and host, rows for groups and seats, persons weighing more than any exchange of points can.
    """
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", seconds)
    group, host = np.nonzero(columns.allowed)
    groups, hosts = columns.allowed.shape
    weight = columns.fit[group, host] + columns.sizes[group] * 50_000
    rows = np.concatenate([np.ones(groups), columns.seats])
    nothing = np.zeros(0, dtype=np.int32)
    model.addRows(groups + hosts, np.full(len(rows), -np.inf), rows, 0, nothing, nothing, np.zeros(0))
    at = np.column_stack([group, groups + host]).ravel().astype(np.int32)
    value = np.column_stack([np.ones(len(group)), columns.sizes[group]]).ravel()
    model.addCols(
        len(group),
        -weight.astype(np.float64),
        np.zeros(len(group)),
        np.ones(len(group)),
        len(at),
        np.arange(0, len(at), 2, dtype=np.int32),
        at,
        value,
    )
    kinds = np.full(len(group), highspy.HighsVarType.kInteger)
    model.changeColsIntegrality(len(group), np.arange(len(group), dtype=np.int32), kinds)
    model.run()
    taken = np.flatnonzero(np.array(model.getSolution().col_value) > 0.5)
    persons = int(columns.sizes[group[taken]].sum())
    proven = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return (persons, int(columns.fit[group[taken], host[taken]].sum())), proven

"""OR-Tools' min-cost flow, in a process of its own: it and highspy each bring a HiGHS, and cannot be loaded together."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bench_matching.instances import Lists


def flow(lists: Lists) -> tuple[tuple[int, int], float]:
    """How many the largest flow places, with how many points the cheapest of those; and the processor time it took."""
    with tempfile.TemporaryDirectory(prefix="ipraktik-bench-") as folder:
        file = Path(folder) / "lists.npz"
        np.savez(file, person=lists.person, host=lists.ways.host, weight=lists.ways.weight, seats=lists.seats)
        command = [sys.executable, "-m", "bench_matching.flow", str(file), str(lists.people)]
        ended = subprocess.run(command, check=True, capture_output=True, text=True)
    placed, points, took = ended.stdout.split()
    return (int(placed), int(points)), float(took)


def _laid(person: Any, host: Any, weight: Any, seats: Any, people: int) -> tuple[int, int]:
    from ortools.graph.python.min_cost_flow import (
        SimpleMinCostFlow,  # only the process that runs this may load it
    )

    source, sink = people + len(seats), people + len(seats) + 1
    network = SimpleMinCostFlow()
    everybody, everywhere = np.arange(people, dtype=np.int32), np.arange(people, source, dtype=np.int32)
    for tail, head, room, cost in (
        (np.full(people, source, dtype=np.int32), everybody, np.ones(people), np.zeros(people)),
        (person, host + people, np.ones(len(host)), -weight),
        (everywhere, np.full(len(seats), sink, dtype=np.int32), seats, np.zeros(len(seats))),
    ):
        network.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32), head.astype(np.int32), room.astype(np.int64), cost.astype(np.int64)
        )
    network.set_nodes_supplies(np.array([source, sink], dtype=np.int32), np.array([people, -people]))
    status = network.solve_max_flow_with_min_cost()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with {status}")
    return int(network.maximum_flow()), -int(network.optimal_cost())


def _main(file: str, people: str) -> None:
    with np.load(file) as read:
        given = [read[name] for name in ("person", "host", "weight", "seats")]
    _laid(np.zeros(1), np.zeros(1), np.zeros(1), np.ones(1), 1)  # loads the library, which is not to count
    begun = time.process_time()
    placed, points = _laid(given[0], given[1], given[2], given[3], int(people))
    sys.stdout.write(f"{placed} {points} {time.process_time() - begun}\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])

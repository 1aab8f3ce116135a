"""The most memory one solver takes beyond what it was given, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import highspy
import numpy as np
from bench.figures import Comparison
from bench_matching.instances import SHARES, Lists, alone
from bench_matching.rows import ours_on
from bench_matching.sizes import Size

from ipraktik_matching.puzzle.network.seating import Ways

_MOST = 1_000
"""Iterations of the interior point method; it needs some dozens."""


def memory(size: Size) -> Iterator[Comparison]:
    """Peak memory on the same lists beside HiGHS' interior point method."""
    for seats in SHARES:
        with tempfile.TemporaryDirectory(prefix="ipraktik-bench-") as folder:
            file = Path(folder) / "lists.npz"
            lists = alone(size.memory, seats)
            np.savez(
                file,
                first=lists.ways.first,
                host=lists.ways.host,
                weight=lists.ways.weight,
                seats=lists.seats,
            )
            peak = {who: _peak(who, file) for who in ("ours", "highs")}
        yield Comparison(
            ours=f"Peak memory of the network core, {size.memory:,} participants, {seats}: part of",
            bare="HiGHS interior point",
            ratios=[peak["ours"] / peak["highs"]],
            aim=0.125,
            less_is_better=True,
            rates=f"{peak['ours'] / 1024:.0f} / {peak['highs'] / 1024:.0f} MiB",
        )


def _peak(who: str, file: Path) -> float:
    ended = subprocess.run(
        [sys.executable, "-m", "bench_matching.memory", who, str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(ended.stdout.splitlines()[-1])


def relaxation(lists: Lists) -> None:
    """HiGHS' interior point method without crossover, on persons in hundreds of thousands and points."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # its stubs leave the constructor bare
    for option, value in (
        ("output_flag", False),
        ("solver", "ipm"),
        ("run_crossover", "off"),
        ("threads", 1),
    ):
        model.setOptionValue(option, value)
    model.setOptionValue("ipm_iteration_limit", _MOST)
    people, ways = lists.people, len(lists.ways.host)
    upper = np.concatenate([np.ones(people), lists.seats])
    nothing = np.zeros(0, dtype=np.int32)
    model.addRows(len(upper), np.full(len(upper), -np.inf), upper, 0, nothing, nothing, np.zeros(0))
    at = np.column_stack([lists.person, people + lists.ways.host]).ravel().astype(np.int32)
    cost = -(lists.ways.weight + 50_000).astype(np.float64)
    begins = np.arange(0, len(at), 2, dtype=np.int32)
    model.addCols(ways, cost, np.zeros(ways), np.ones(ways), len(at), begins, at, np.ones(len(at)))
    model.run()


def _main(who: str, file: str) -> None:
    read = np.load(file)
    lists = Lists(Ways(read["first"], read["host"], read["weight"]), read["seats"])
    before = _peak_so_far()
    if who == "ours":
        ours_on(lists)
    else:
        relaxation(lists)
    sys.stdout.write(f"{max(_peak_so_far() - before, 1)}\n")


def _peak_so_far() -> int:
    """In KiB, as Linux counts it for this program alone; `getrusage` would count who started it, too."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    _main(*sys.argv[1:])

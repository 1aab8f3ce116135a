"""`python -m bench_matching`: hold the solver against others, say it as it comes, and write its place in the page of figures.

SIZE=small|normal|large chooses how much. The page in the tree is left alone by a small run, whose figures mean nothing, and by a run
of some rows only; a page that is named is always written. The others' packages are not the project's: `make bench-matching`
installs them beside it.
"""

import argparse
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from bench.figures import Comparison, Noted
from bench.page import Surroundings, rendered_matching, rewrite
from bench_matching.inserting import inserted
from bench_matching.memory import memory
from bench_matching.rows import core, exact, placed, proven, whole
from bench_matching.sizes import chosen_size

from ipraktik_matching.puzzle.network.seating import COMPILED

_PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_COMPARED = {
    "placed": placed,
    "core": core,
    "exact": exact,
    "proven": proven,
    "inserted": inserted,
    "memory": memory,
}
ALL = (*_COMPARED, "whole")
_PACKAGES = ("numpy", "highspy", "ortools", "scipy", "matching")


def main() -> None:
    """Run the rows asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench_matching", description="The solver beside others.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ALL)}; all if none is named")
    parser.add_argument("--page", type=Path, help="the page to write")
    arguments = parser.parse_args()
    if unknown := set(arguments.rows) - set(ALL):
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    rows, size = arguments.rows or ALL, chosen_size()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    core_is = "core compiled" if COMPILED else "core interpreted"
    versions = [
        f"Python {platform.python_version()}",
        core_is,
        *(f"{one} {version(one)}" for one in _PACKAGES),
    ]
    around = Surroundings(cores, os.getloadavg()[0] / cores, versions)
    compared: list[Comparison] = []
    noted: list[Noted] = []
    for name, row in _COMPARED.items():
        for one in row(size) if name in rows else ():
            compared.append(one)
            least, median, most = one.spread
            _say(f"{one.ours} {one.bare}: {least:.2f} / {median:.2f} / {most:.2f}\n    {one.rates}")
    for noticed in whole(size) if "whole" in rows else ():
        noted.append(noticed)
        _say(f"{noticed.what}: {noticed.values[0]:.2f} {noticed.unit}, {noticed.beside}")
    text = rendered_matching(
        around=around, size=size.name, repeats=size.repeats, compared=compared, noted=noted
    )
    page = arguments.page or (_PAGE if size.name != "small" and set(rows) == set(ALL) else None)
    _say("\n" + text)
    if page is not None:
        rewrite(page, text)
        _say(f"\nwritten to {page}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

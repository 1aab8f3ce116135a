"""The puzzle and its exact solver: pure, and on its own.

Puzzle in, plan out: `solve(puzzle)` places as many persons as possible, then with the greatest total fit, then by lot,
and proves it. Hard rules are few (`checking` reads them aloud); all wishes are points of the fit (`points` has the
table). Imports nothing of the rest of the project, reads no clock, draws no random numbers; only `__main__` touches
files. Importing the package is cheap: numpy and HiGHS are loaded by the first `solve`.

Reading order: pieces, points, stay, plan, solving; then scores, columns, laying, network (core, bids, paths, seating, tables, tree); proof,
certificate, proving; what helps where branches do not settle: face, prices, program, relaxation, search, lots. What explains a
plan: exchange, elsewhere, giving_up, fairest, together, what_if; latecomer, and keeping for a plan that stays at hand; asking and weighing
put it on the command line. `generating` makes puzzles, `tabular` reads them from CSV, `problems` and `remarks` say what is wrong or odd about one.
"""

from ipraktik_matching.puzzle.checking import check
from ipraktik_matching.puzzle.format import digest, from_json, to_json
from ipraktik_matching.puzzle.pieces import (
    Days,
    Host,
    Intern,
    Pair,
    Policy,
    Puzzle,
    PuzzleError,
    Window,
    Wishes,
)
from ipraktik_matching.puzzle.plan import Placement, Plan, PlanError, Stats, Unplaced
from ipraktik_matching.puzzle.plan_format import plan_from_json, plan_to_json
from ipraktik_matching.puzzle.points import POINTS, REASONS, Fit, fit
from ipraktik_matching.puzzle.remarks import remarks_of
from ipraktik_matching.puzzle.solving import solve
from ipraktik_matching.puzzle.why import OBSTACLES, obstacles

__all__ = [
    "OBSTACLES",
    "POINTS",
    "REASONS",
    "Days",
    "Fit",
    "Host",
    "Intern",
    "Pair",
    "Placement",
    "Plan",
    "PlanError",
    "Policy",
    "Puzzle",
    "PuzzleError",
    "Stats",
    "Unplaced",
    "Window",
    "Wishes",
    "check",
    "digest",
    "fit",
    "from_json",
    "obstacles",
    "plan_from_json",
    "plan_to_json",
    "remarks_of",
    "solve",
    "to_json",
]

"""The child process in which the engine works for the service: `python -m ipraktik_matching.child solve|advise`.

What it is asked comes on standard input and is answered on standard output. Once a second, and at each stage, it says on standard
error how far it is; complaints are sentences there, and its status is then not 0. It ends when its parent has ended.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

from ipraktik_matching.puzzle import (
    Plan,
    PlanError,
    Puzzle,
    PuzzleError,
    from_json,
    plan_from_json,
    plan_to_json,
)
from ipraktik_matching.solver import TOLD

STAGES: Final = ("read", "lay", "prove")
MOST_ASKED: Final = 10_000_000
"""People left times interns times hosts: up to this, some 1,500 participants, each is asked exactly; it takes a minute."""
MOST_WANTED: Final = 60
_EVERY_SECONDS: Final = 1.0


class Teller:
    """Says on standard error which stage it is and how much was worked, and sees to it that no child outlives its parent."""

    def __init__(self) -> None:
        self._stage = "read"
        self._parent = os.getppid()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()

    def stage(self, name: str) -> None:
        """A stage begins."""
        self._stage = name
        self._tell()

    def end(self) -> None:
        """No more is told."""
        self._ended.set()

    def _go_on(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            if os.getppid() != self._parent:
                os._exit(1)
            self._tell()

    def _tell(self) -> None:
        line = f"{self._stage} {int(time.process_time())}\n"
        sys.stderr.buffer.write(TOLD + line.encode())
        sys.stderr.buffer.flush()


def solve(text: str, teller: Teller) -> str:
    """The plan of a puzzle. What the solver says of itself is added up again by who does not trust it. Raises PlanError."""
    from ipraktik_matching.puzzle import solve as lay
    from ipraktik_matching.puzzle.certificate import verify

    puzzle = from_json(text)
    teller.stage("lay")
    plan = lay(puzzle)
    teller.stage("prove")
    if problems := verify(puzzle, plan):
        raise PlanError(problems)
    return plan_to_json(plan)


def advise(text: str, teller: Teller) -> str:
    """Which hosts to look for, what would place those who are left, and what keeping people where they were costs.

    The first line is the plan, the second its puzzle.
    """
    from ipraktik_contracts.codes import SECTORS  # only here: the solver needs no contracts
    from ipraktik_matching.puzzle.advice import hosts_to_look_for, what_prices_say, what_would_place

    told, _, written = text.partition("\n")
    plan, puzzle = plan_from_json(told), from_json(written)
    teller.stage("lay")
    left = [one.intern_id for one in plan.unplaced]
    # each is asked alone, beside a plan that is known to be the best
    if (
        len(left) * len(puzzle.interns) * len(puzzle.hosts) <= MOST_ASKED
        and plan.stats.count_proven
        and plan.stats.fit_proven
    ):
        helps = what_would_place(puzzle, left, plan=plan)
    else:
        helps = what_prices_say(puzzle, left)
    wanted = [one for one in hosts_to_look_for(puzzle, tuple(SECTORS)) if one.places or one.fit]
    answer: dict[str, Any] = {
        "wanted": [asdict(one) for one in wanted[:MOST_WANTED]],
        "helps": {intern_id: list(codes) for intern_id, codes in helps.items()},
        "kept": _kept(puzzle, plan),
    }
    return json.dumps(answer, sort_keys=True, separators=(",", ":"))


def _kept(puzzle: Puzzle, plan: Plan) -> dict[str, int] | None:
    """The price of stability; None where nobody stood anywhere or staying weighed nothing."""
    from ipraktik_matching.puzzle.what_if import price_of_stability

    stood = {*puzzle.open, *puzzle.drafts}
    if not stood or not (puzzle.policy.keep_open or puzzle.policy.keep_draft):
        return None
    found = price_of_stability(puzzle, plan=plan)
    return {
        "stood": len(stood),
        "stay": len(stood) - len(found.moved),
        "would_stay": len(stood) - len(found.moved_without),
        # where the search for the free plan ended at its limit, the plan in hand may be the better one
        "points": max(found.price, 0),
        "of_points": found.without.stats.total_fit,
    }


_ASKED: Final[dict[str, Callable[[str, Teller], str]]] = {"solve": solve, "advise": advise}


def main(arguments: list[str]) -> int:
    """Answer; returns the exit status."""
    if len(arguments) != 1 or arguments[0] not in _ASKED:
        return _complain(2, [f"python -m ipraktik_matching.child {'|'.join(_ASKED)}"])
    teller = Teller()
    try:
        answer = _ASKED[arguments[0]](sys.stdin.buffer.read().decode(), teller)
    except PuzzleError as error:
        return _complain(3, error.problems)
    except PlanError as error:
        return _complain(4, ["The plan did not stand up to its check and is thrown away.", *error.problems])
    except MemoryError:
        return _complain(
            5,
            [
                "There is not enough memory for a puzzle of this size; give matching more or split the edition."
            ],
        )
    finally:
        teller.end()
    sys.stdout.buffer.write(answer.encode())
    sys.stdout.buffer.flush()
    return 0


def _complain(status: int, sentences: Iterable[str]) -> int:
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m ipraktik_matching.puzzle solve puzzle.json --out plan.json`: the solver as a process of its own.

`-` stands for standard input and output. Ends with 0 and the plan, or with a sentence for each problem on standard
error and 2 (wrong command), 3 (the puzzle cannot be read or laid), 4 (no plan that stands up to its check) or
5 (the plan cannot be written).
"""

import argparse
import sys
from pathlib import Path

from ipraktik_matching.puzzle.format import from_json
from ipraktik_matching.puzzle.pieces import PuzzleError
from ipraktik_matching.puzzle.plan import PlanError
from ipraktik_matching.puzzle.plan_format import plan_to_json
from ipraktik_matching.puzzle.solving import NODES, solve

MOST_BYTES = 32 * 1024 * 1024


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ipraktik_matching.puzzle", description="Lay the puzzle.")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("solve", help="read a puzzle, write the best plan")
    command.add_argument("puzzle", help="a JSON file, or - for standard input")
    command.add_argument(
        "--out", default="-", help="where the plan goes; - (the default) for standard output"
    )
    command.add_argument("--nodes", type=_count, default=NODES, help="most nodes one search may look at")
    asked = parser.parse_args(arguments)

    from ipraktik_matching.puzzle.program import SolverError

    try:
        puzzle = from_json(_read(asked.puzzle))
    except OSError as error:
        return _say(3, [f"The puzzle {asked.puzzle} cannot be read: {error.strerror}."])
    except PuzzleError as error:
        return _say(3, error.problems)
    try:
        text = plan_to_json(solve(puzzle, nodes=asked.nodes))
    except PlanError as error:
        return _say(4, ["The plan did not stand up to its check and is thrown away.", *error.problems])
    except SolverError as error:
        return _say(4, [str(error)])
    try:
        _write(asked.out, text)
    except OSError as error:
        return _say(5, [f"The plan cannot be written to {asked.out}: {error.strerror}."])
    return 0


def _read(where: str) -> bytes:
    if where == "-":
        text = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with Path(where).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise PuzzleError(
            [f"The puzzle is larger than {MOST_BYTES // 1024 // 1024} MiB; no edition is that large."]
        )
    return text


def _write(where: str, text: str) -> None:
    if where == "-":
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        Path(where).write_bytes(text.encode())


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _say(code: int, sentences: list[str] | tuple[str, ...]) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201  # a command speaks on standard error
    return code


if __name__ == "__main__":
    sys.exit(main())

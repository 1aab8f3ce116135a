"""The puzzle on the command line: `python -m ipraktik_matching.puzzle solve puzzle.json --out plan.json`, and tools around it.

`solve` lays a puzzle, `check` says what is wrong or odd about one and whether a plan of it keeps the rules and proves its
bounds, `why`, `advice`, `insert`, `fair`,
`together`, `what-if` and `stability` answer questions about a plan, `generate` makes puzzles to try, `import` makes one from CSV. `-` stands for standard input and output. Ends with 0,
or with a sentence for each problem on standard error and 2 (wrong command), 3 (the puzzle cannot be read or laid), 4 (no
plan that stands up to its check) or 5 (the answer cannot be written).
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from ipraktik_matching.puzzle.asking import Told, add_questions, as_text
from ipraktik_matching.puzzle.checking import check
from ipraktik_matching.puzzle.format import from_json, to_json
from ipraktik_matching.puzzle.generating import BALANCED, SCARCE, generate
from ipraktik_matching.puzzle.pieces import PuzzleError, Window
from ipraktik_matching.puzzle.plan import PlanError
from ipraktik_matching.puzzle.plan_format import plan_from_json, plan_to_json
from ipraktik_matching.puzzle.remarks import remarks_of
from ipraktik_matching.puzzle.solving import NODES, solve
from ipraktik_matching.puzzle.tabular import COLUMNS, NEEDED, read_tables
from ipraktik_matching.puzzle.weighing import add_weighings

MOST_BYTES = 64 * 1024 * 1024
MOST_GENERATED = 200_000


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the exit code."""
    asked = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = asked.act
    try:
        return act(asked)
    except PuzzleError as error:
        return _say(3, error.problems)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ipraktik_matching.puzzle", description="Lay the puzzle.")
    commands = parser.add_subparsers(required=True, metavar="command", dest="command")

    def command(name: str, act: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=says)
        one.set_defaults(act=act)
        return one

    one = command("solve", _solve, "read a puzzle, write the best plan")
    one.add_argument("puzzle", help="a JSON file, or - for standard input")
    _add_out(one)
    one.add_argument("--nodes", type=_count, default=NODES, help="most nodes one search may look at")

    one = command("check", _check, "say what is wrong or odd about a puzzle, and whether a plan of it stands")
    one.add_argument("puzzle", help="a JSON file, or - for standard input")
    one.add_argument("plan", nargs="?", help="a plan of this puzzle, as JSON")

    def question(name: str, says: str) -> argparse.ArgumentParser:
        return command(name, _answer, says)

    answers: dict[str, Told] = add_questions(question) | add_weighings(question, _write)
    parser.set_defaults(answers=answers, read_puzzle=lambda where: from_json(_read(where)))

    one = command("generate", _generate, "make a seeded puzzle that looks like a real edition")
    one.add_argument("--participants", type=_count, default=142, help="interns and hosts together")
    one.add_argument("--scarce", action="store_true", help="too few seats for the interns")
    one.add_argument("--rolling", action="store_true", help="all year, with dates of each person's own")
    one.add_argument("--seed", type=int, default=1)
    _add_out(one)

    one = command("import", _import, "make a puzzle from CSV files")
    for name in COLUMNS:
        one.add_argument(
            f"--{name}", required=name in ("interns", "hosts"), help=f"columns: {', '.join(NEEDED[name])}, …"
        )
    one.add_argument("--dates", type=_window, required=True, help="as 2018-09-10/2018-09-14")
    one.add_argument("--seed", default="", help="what lots are drawn from, for rows that bring none")
    _add_out(one)
    return parser


def _add_out(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", default="-", help="where the answer goes; - (the default) for standard output"
    )


def _solve(asked: argparse.Namespace) -> int:
    from ipraktik_matching.puzzle.program import SolverError

    puzzle = from_json(_read(asked.puzzle))
    try:
        text = plan_to_json(solve(puzzle, nodes=asked.nodes))
    except PlanError as error:
        return _say(4, ["The plan did not stand up to its check and is thrown away.", *error.problems])
    except SolverError as error:
        return _say(4, [str(error)])
    return _write(asked.out, text)


def _check(asked: argparse.Namespace) -> int:
    from ipraktik_matching.puzzle.certificate import verify

    puzzle = from_json(_read(asked.puzzle))
    for remark in remarks_of(puzzle):
        print(remark)  # noqa: T201  # what the command was asked for
    if asked.plan is None:
        return 0
    try:
        plan = plan_from_json(_read(asked.plan))
    except PlanError as error:
        return _say(4, error.problems)
    problems = check(puzzle, plan) or verify(puzzle, plan)
    if problems or plan.certificate is None:
        return _say(4, problems)
    sure = plan.certificate
    print(  # noqa: T201  # what the command was asked for
        f"The plan keeps the rules. It places {plan.stats.placed} of at most {sure.most}"
        f" with a fit of {plan.stats.total_fit} of at most {sure.best}."
    )
    return 0


def _answer(asked: argparse.Namespace) -> int:
    from ipraktik_matching.puzzle.exchange import NotTheBest
    from ipraktik_matching.puzzle.program import SolverError

    puzzle = from_json(_read(asked.puzzle))
    try:
        plan = plan_from_json(_read(asked.plan))
        text = as_text(asked.answers[asked.command](asked, puzzle, plan), asked.json)
    except PlanError as error:
        return _say(4, error.problems)
    except (NotTheBest, SolverError) as error:
        return _say(4, [str(error)])
    return _write("-", text)


def _generate(asked: argparse.Namespace) -> int:
    if asked.participants > MOST_GENERATED:
        return _say(2, [f"The generator makes {MOST_GENERATED} participants at most."])
    hosts = SCARCE if asked.scarce else BALANCED
    made = generate(asked.participants, seed=asked.seed, hosts=hosts, rolling=asked.rolling)
    return _write(asked.out, to_json(made))


def _import(asked: argparse.Namespace) -> int:
    given = {name: getattr(asked, name) for name in COLUMNS if getattr(asked, name) is not None}
    files, problems = {}, []
    for name, where in given.items():
        try:
            files[name] = _read(where).decode("utf-8-sig")
        except UnicodeDecodeError:
            problems.append(f"{name}: this is not UTF-8; save the file as CSV UTF-8.")
    if problems:
        raise PuzzleError(problems)
    return _write(asked.out, to_json(read_tables(files, dates=asked.dates, seed=asked.seed)))


def _read(where: str) -> bytes:
    try:
        if where == "-":
            text = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(where).open("rb") as file:
                text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PuzzleError([f"The file {where} cannot be read: {error.strerror}."]) from None
    if len(text) > MOST_BYTES:
        raise PuzzleError(
            [f"The file {where} is larger than {MOST_BYTES // 1024 // 1024} MiB; no edition is that large."]
        )
    return text


def _write(where: str, text: str) -> int:
    try:
        if where == "-":
            sys.stdout.buffer.write(text.encode())
            sys.stdout.buffer.flush()
        else:
            Path(where).write_bytes(text.encode())
    except OSError as error:
        return _say(5, [f"The answer cannot be written to {where}: {error.strerror}."])
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _window(text: str) -> Window:
    first, last = text.split("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def _say(code: int, sentences: Iterable[str]) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201  # a command speaks on standard error
    return code


if __name__ == "__main__":
    sys.exit(main())

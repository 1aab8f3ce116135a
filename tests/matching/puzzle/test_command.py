"""The solver as a process: files or pipes in and out, sentences and exit codes, cheap to import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle

from ipraktik_matching.puzzle import (
    Puzzle,
    __main__,
    from_json,
    plan_from_json,
    plan_to_json,
    solve,
    solving,
    to_json,
)
from ipraktik_matching.puzzle.program import SolverError


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command, in a process of its own."""
    command = [sys.executable, "-m", "ipraktik_matching.puzzle", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)


def test_files_in_and_out(tmp_path: Path) -> None:
    whole = edition(60)
    (tmp_path / "puzzle.json").write_text(to_json(whole), encoding="utf-8")
    ended = run("solve", str(tmp_path / "puzzle.json"), "--out", str(tmp_path / "plan.json"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == plan_to_json(solve(whole))


def test_pipes_in_and_out_carry_nothing_but_the_plan() -> None:
    whole = edition(142, hosts=0.3)
    ended = run("solve", "-", "--out", "-", given=to_json(whole).encode())
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert plan_from_json(ended.stdout) == solve(from_json(to_json(whole)))


def test_a_wrong_puzzle_ends_with_all_its_problems() -> None:
    values = json.loads(to_json(puzzle(intern("a"), host("h"))))
    values["hosts"][0]["capacity"] = 9
    values["interns"][0]["lot"] = "-"
    ended = run("solve", "-", given=json.dumps(values).encode())
    assert (ended.returncode, ended.stdout) == (3, b"")
    assert len(ended.stderr.decode().splitlines()) == 2


def test_a_puzzle_that_is_not_there_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.main(["solve", str(tmp_path / "nowhere.json")]) == 3
    assert "cannot be read" in capsys.readouterr().err


def test_a_puzzle_that_is_too_large_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(__main__, "MOST_BYTES", 1024 * 1024)
    (tmp_path / "puzzle.json").write_bytes(b" " * (1024 * 1024 + 1))
    assert __main__.main(["solve", str(tmp_path / "puzzle.json")]) == 3
    assert capsys.readouterr().err == "The puzzle is larger than 1 MiB; no edition is that large.\n"


def test_a_plan_that_cannot_be_written_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "puzzle.json").write_text(to_json(puzzle(intern("a"), host("h"))), encoding="utf-8")
    code = __main__.main(
        ["solve", str(tmp_path / "puzzle.json"), "--out", str(tmp_path / "no" / "plan.json")]
    )
    assert code == 5
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("failing", ["check", "solver"])
def test_no_plan_is_written_when_there_is_none_to_trust(
    failing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_puzzle: Puzzle, *, nodes: int) -> None:
        raise SolverError(f"HiGHS failed within {nodes} nodes.")

    if failing == "check":
        monkeypatch.setattr(solving, "check", lambda _puzzle, _plan: ["Intern a has the wrong host."])
    else:
        monkeypatch.setattr(__main__, "solve", broken)
    (tmp_path / "puzzle.json").write_text(to_json(puzzle(intern("a"), host("h"))), encoding="utf-8")
    code = __main__.main(["solve", str(tmp_path / "puzzle.json"), "--out", str(tmp_path / "plan.json")])
    assert code == 4
    assert capsys.readouterr().err
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize("arguments", [[], ["guess"], ["solve"], ["solve", "-", "--nodes", "-1"]])
def test_a_wrong_command_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        __main__.main(arguments)
    assert caught.value.code == 2


def test_importing_the_package_loads_neither_numpy_nor_the_solver_nor_the_project() -> None:
    code = (
        "import sys, ipraktik_matching.puzzle;"
        "print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'highspy')"
        " or m.startswith('ipraktik_') and not m.startswith('ipraktik_matching')"
        " or m.startswith('ipraktik_matching.') and not m.startswith('ipraktik_matching.puzzle')])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert ended.stdout.decode().strip() == "[]"

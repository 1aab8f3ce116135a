"""What `make` promises to people and to CI."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# as from a terminal, also when these tests run under make
TERMINAL = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def dry_run(*words: str) -> str:
    """What make would do, all prerequisites counted as done."""
    done = ["-o", ".venv/setup-done", "-o", "setup"]
    ended = subprocess.run(
        ["make", "-n", *done, *words], cwd=ROOT, env=TERMINAL, capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_help_is_what_make_alone_says_and_lists_every_target() -> None:
    targets = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()
    said = subprocess.run(["make"], cwd=ROOT, env=TERMINAL, capture_output=True, text=True, check=True).stdout

    assert [target for target in targets if not re.search(rf"^  {target} ", said, re.MULTILINE)] == []


def test_make_test_checks_the_code_and_runs_the_tests_once() -> None:
    steps = dry_run("test")

    assert steps.count("pytest") == 1
    for check in ("ruff check", "ruff format --check", "mypy", "yamllint"):
        assert check in steps


def test_the_two_tiers_leave_no_test_out() -> None:
    assert "-m 'not long'" in dry_run("test")
    assert "-m long" in dry_run("test-long")


def test_ci_runs_both_tiers() -> None:
    run = ROOT / ".ci" / "run"

    assert re.findall(r"^make (\S+)", run.read_text("utf-8"), re.MULTILINE) == ["test", "test-long"]
    assert run.stat().st_mode & 0o111


def test_a_database_is_asked_for_by_the_name_of_its_service() -> None:
    assert "ipraktik_local psql 'matching'" in dry_run("psql", "SERVICE=matching")

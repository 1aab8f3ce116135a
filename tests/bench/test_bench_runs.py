"""The benchmarks run from end to end and leave a figure in every row. No figure is a pass mark."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from bench.__main__ import ALL
from bench.operations_row import OPERATIONS
from bench.page import PLACES
from bench.page_table import PAGES

TESTS = Path(__file__).parents[1]
RATIO = r"(\d+\.\d\d)"
ROWS = [
    ("Relay", "`send`"),
    ("Relay", "`send_batch`"),
    ("Relay", "the broker's own limits"),
    ("Consumer", "raw aiokafka"),
    ("Consumer", "without a bus"),
    ("Sign-up POST", "bare Starlette route"),
    ("The statement that a sign-up is", "bare Starlette route"),
    ("Commit to effect, p50", "produce to consume"),
    ("Commit to effect, p99", "produce to consume"),
    ("`decode` of a record", "`json.loads`"),
    ("`decode` of a record", "SDK"),
    ("`ipraktik-events verify`", "doing nothing"),
    ("`ipraktik-events verify`", "calling `decode`"),
    *((f"Page `{page.name}` at", "the same at 142") for page in PAGES),
    ("Page `front page`, requests", "Jinja template of the same size"),
    ("Page `host registry`, requests", "Jinja template of the same size"),
]
PROCESSES = [
    f"{service}-{room}"
    for service in ("registration", "matching", "notify", "evaluation")
    for room in ("serve", "work")
]

OPERATED = [
    ("Start of a `serve` process", "an interpreter that imports"),
    ("Start of a `work` process", "an interpreter that imports"),
    ("2 replicas of matching's `work`", "one replica"),
    ("4 replicas of matching's `work`", "one replica"),
    ("4 replicas of matching's `work`, the backlog in 12 editions", "the backlog in one"),
    ("2 replicas of notify's `work`", "one replica"),
]
NOTED = [
    *(f"{process}, from exec to ready" for process in PROCESSES),
    "registration's `serve`",
    "registration's `work`",
    "notify's `work`",
    "matching's `work`",
    *(
        f"{lost}: the {which} effect"
        for lost in (
            "Kafka killed and started again",
            "PostgreSQL killed and started again",
            "a `work` of matching killed beside another, started again",
            "a `work` of matching killed beside another, never to come back",
        )
        for which in ("first", "last")
    ),
]
SHOWN = ["one topic: 12.", "two topics that matching hears: 24.", "all with status 0", "none was lost"]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_small_run_leaves_a_figure_in_every_row(tmp_path: Path) -> None:
    written = small_run(tmp_path, *(row for row in ALL if row not in OPERATIONS))

    assert written.startswith("# Figures\n")
    assert written.endswith("The end.\n")
    has_a_ratio_each(written, ROWS)
    for process in PROCESSES:
        row = rf"^\| {process} \| (\d+) \| (\d+) \| 64 \| (\d+) \| 96 \|"
        ((idle, own, loaded),) = re.findall(row, written, re.MULTILINE)
        assert 10 < int(own) <= int(idle) <= int(loaded) + 1


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_small_run_of_operations_leaves_a_figure_in_every_row(tmp_path: Path) -> None:
    written = small_run(tmp_path, "operations")

    has_a_ratio_each(written, OPERATED)
    for what in NOTED:
        found = re.findall(
            rf"^\| {re.escape(what)}[^|]* \| {RATIO} \| {RATIO} \| {RATIO} \| s \|", written, re.MULTILINE
        )
        assert len(found) == 1, f"{what}: {written}"
    for fact in SHOWN:
        assert re.search(rf"^- .*{re.escape(fact)}", written, re.MULTILINE), f"{fact}: {written}"


def small_run(folder: Path, *rows: str) -> str:
    """The page after a small run of these rows."""
    page = folder / "benchmarks.md"
    places = "\n\n".join(f"{begin}\n{end}" for begin, end in PLACES)
    page.write_text(f"# Figures\n\n{places}\n\nThe end.\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "bench", *rows, "--page", str(page)],
        env={**os.environ, "SIZE": "small", "PYTHONPATH": str(TESTS)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return page.read_text("utf-8")


def has_a_ratio_each(written: str, rows: Sequence[tuple[str, str]]) -> None:
    for ours, bare in rows:
        found = re.findall(
            rf"^\| {re.escape(ours)}.*{re.escape(bare)}[^|]*\| {RATIO} \| {RATIO} \| {RATIO} \|",
            written,
            re.MULTILINE,
        )
        assert len(found) == 1, f"{ours} beside {bare}: {written}"
        assert all(float(ratio) > 0 for ratio in found[0]), f"{ours} beside {bare}: {found[0]}\n{written}"


def test_an_unknown_size_is_refused_with_the_sizes_there_are() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bench"],
        env={**os.environ, "SIZE": "enormous", "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode != 0
    assert "small, normal, large" in ended.stderr

"""The benchmarks run from end to end and leave a figure in every row. No figure is a pass mark."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.page import BEGIN, END
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


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_small_run_leaves_a_figure_in_every_row(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(f"# Figures\n\n{BEGIN}\n{END}\n\nThe end.\n", "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "bench", "--page", str(page)],
        env={**os.environ, "SIZE": "small", "PYTHONPATH": str(TESTS)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    written = page.read_text("utf-8")
    assert written.startswith("# Figures\n")
    assert written.endswith("The end.\n")
    for ours, bare in ROWS:
        found = re.findall(
            rf"^\| {re.escape(ours)}.*{re.escape(bare)}[^|]*\| {RATIO} \| {RATIO} \| {RATIO} \|",
            written,
            re.MULTILINE,
        )
        assert len(found) == 1, f"{ours} beside {bare}: {written}"
        assert all(float(ratio) > 0 for ratio in found[0])
    for process in PROCESSES:
        row = rf"^\| {process} \| (\d+) \| (\d+) \| 64 \| (\d+) \| 96 \|"
        ((idle, own, loaded),) = re.findall(row, written, re.MULTILINE)
        assert 10 < int(own) <= int(idle) <= int(loaded) + 1


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

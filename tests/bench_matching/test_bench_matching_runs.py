"""The benchmark of the solver runs from end to end and leaves a figure in every row. No figure is a pass mark."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.page import MATCHING_BEGIN, MATCHING_END

ROOT = Path(__file__).parents[2]
NUMBER = r"\d+\.\d\d"
COMPARED = [
    ("Persons placed", "greedy by points"),
    ("Persons placed", "deferred acceptance by `matching`"),
    *(
        ("Network core", f"{kind}, {seats}: times faster | {judge}")
        for kind in ("strict lists", "wide lists")
        for seats in ("seats enough", "scarce")
        for judge in ("OR", "scipy")
    ),
    *(("Plan with companions", f"{seats}: times faster | HiGHS") for seats in ("seats enough", "scarce")),
    *(
        (f"One latecomer{how}", f"{seats}: times faster | HiGHS")
        for how in (" in a plan that is kept", ", all laid anew")
        for seats in ("seats enough", "scarce")
    ),
    *(("Participants whose plan", f"{seats}: part of | 40,000") for seats in ("seats enough", "scarce")),
    *(("Peak memory", f"{seats}: part of | HiGHS") for seats in ("seats enough", "scarce")),
]
NOTED = [f"142 participants, {seats}: rows to checked plan" for seats in ("seats enough", "scarce")]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_small_run_leaves_a_figure_in_every_row(tmp_path: Path) -> None:
    judges = tmp_path / "judges"
    uv = Path(sys.executable).with_name("uv")
    locked = ["--require-hashes", "--no-deps", "-r", str(ROOT / "requirements-judges.lock")]
    into = ["--python", sys.executable, "--target", str(judges)]
    subprocess.run([uv, "pip", "install", "--quiet", *into, *locked], check=True)
    page = tmp_path / "benchmarks.md"
    page.write_text(f"# Figures\n\n{MATCHING_BEGIN}\n{MATCHING_END}\n\nThe end.\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "bench_matching", "--page", str(page)],
        env={
            **os.environ,
            "SIZE": "small",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(judges)]),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    written = page.read_text("utf-8")
    assert written.startswith("# Figures\n")
    assert written.endswith("The end.\n")
    for ours, rest in COMPARED:
        found = re.findall(
            rf"^\| {ours}.*{re.escape(rest)}[^|]*\| ({NUMBER}) \| {NUMBER} \| {NUMBER} \|",
            written,
            re.MULTILINE,
        )
        assert len(found) == 1, f"{ours}, {rest}: {written}"
        assert float(found[0]) > 0
    for what in NOTED:
        assert re.search(
            rf"^\| {what} \| {NUMBER} \| {NUMBER} \| {NUMBER} \| s \| proven optimum \|",
            written,
            re.MULTILINE,
        )

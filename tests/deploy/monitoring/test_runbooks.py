"""Runbooks: one for each alert, in one form, and what they tell people to do can be done."""

import inspect
import re
from pathlib import Path

import pytest
from deploy.monitoring.cases import ROOT
from deploy.monitoring.test_metrics import EXPORTED

from ipraktik_chassis import process
from ipraktik_chassis.composition import imported
from ipraktik_local.environment import SERVICES
from ipraktik_local.watching.rules import rules

ALERTS = sorted({rule.name for rule in rules() if rule.alerts})
FOLDER = ROOT / "docs" / "operations" / "alerts"
SECTIONS = ["Meaning", "Impact", "First command", "Diagnosis", "Mend", "When to ignore"]
each = pytest.mark.parametrize("name", ALERTS)


def page(name: str) -> str:
    """A runbook's text, without breaks inside sentences."""
    return (FOLDER / f"{name}.md").read_text("utf-8")


def section(name: str, title: str) -> str:
    """What stands under a heading."""
    return page(name).partition(f"## {title}\n")[2].partition("\n## ")[0].strip()


def test_every_alert_has_its_runbook_and_no_runbook_is_left_over() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == ALERTS


@each
def test_it_has_the_alerts_name_and_all_sections(name: str) -> None:
    assert page(name).startswith(f"# {name}\n")
    assert re.findall(r"^## (.+)$", page(name), re.MULTILINE) == SECTIONS
    assert all(len(section(name, title)) > 20 or title == "When to ignore" for title in SECTIONS)
    assert section(name, "When to ignore")


@each
def test_the_first_command_is_one_that_can_be_copied(name: str) -> None:
    found = section(name, "First command")
    assert found.startswith("```\nkubectl ")
    assert found.endswith("\n```")


@each
def test_commands_of_ours_are_ones_that_the_services_know(name: str) -> None:
    for service, command in re.findall(r"python -m ipraktik_(\w+) ([\w-]+)", page(name)):
        known = {*process.COMMANDS, *imported(f"ipraktik_{service}.main:SERVICE").commands}
        assert command in known, (service, command)
    for target in re.findall(r"`make ([a-z-]+)", page(name)):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), target


@each
def test_doctor_is_asked_for_what_it_looks_at(name: str) -> None:
    table = (ROOT / "docs" / "operations" / "doctor.md").read_text("utf-8")
    groups = dict(re.findall(r"^\| `(\w+)`( \(notify\))? \|", table, re.MULTILINE))
    for service, asked in re.findall(r"ipraktik_(\w+) doctor --only ([\w,]+)", page(name)):
        for group in asked.split(","):
            assert group in groups, group
            assert service == "notify" or not groups[group], (service, group)
    if "-serve -- python" in page(name):
        for asked in re.findall(r"-serve -- python -m ipraktik_\w+ doctor --only ([\w,]+)", page(name)):
            assert set(asked.split(",")) <= {"settings", "links", "database", "backlog"}


@each
def test_deployments_are_those_of_the_manifests(name: str) -> None:
    known = {f"{service}-{room}" for service in SERVICES for room in ("serve", "work")}
    assert set(re.findall(r"\bdeploy/([a-z]+-[a-z]+)", page(name))) <= known
    for service in SERVICES:
        for room in ("serve", "work"):
            assert f"name: {service}-{room}" in (ROOT / f"deploy/k8s/base/{service}/{room}.yaml").read_text(
                "utf-8"
            )


@each
def test_links_and_files_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", page(name)):
        path, _, anchor = link.partition("#")
        there = (FOLDER / path).resolve()
        assert there.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings], link
    for path in re.findall(
        r"(?:^|[ <`])((?:deploy/(?:by_hand|k8s|monitoring)|contracts)/[\w./-]+\w)", page(name)
    ):
        assert Path(ROOT / path).exists(), path


@each
def test_metrics_are_ones_that_are_exported(name: str) -> None:
    said = set(re.findall(r"\b(innovationspraktik_[a-z_]+[a-z])", page(name)))
    assert said <= EXPORTED


def test_lines_of_the_log_that_runbooks_quote_are_said_somewhere() -> None:
    """Somebody will search for them at night."""
    from ipraktik_chassis import consumer, intake, jobs, relay, web_frame, worker

    sources = "".join(
        inspect.getsource(one) for one in (consumer, intake, jobs, relay, web_frame, worker, process)
    )
    for line in (
        "a request failed",
        "a record's handler failed",
        "a batch is handed back",
        "Listening is not possible: ",
        "The relay ends: ",
        "did not stop in time",
        "figures of the database cannot be read",
        "the lag cannot be asked for",
        "no partition is assigned yet",
    ):
        assert line in sources, line
        assert any(line.strip() in " ".join(page(name).split()) for name in ALERTS), line

"""deploy/monitoring/tests as promtool reads it: each case says when an alert fires, what it then says, and when it stays silent."""

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from foreign import tool
from ruamel.yaml import YAML

from ipraktik_local.watching.rules import Rule, objects, rules

ROOT: Final = Path(__file__).resolve().parents[3]
MONITORING: Final = ROOT / "deploy" / "monitoring"
FILES: Final = ("availability", "events", "mail", "platform")


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `fires` or `silent` may be missing where another case of the alert has it."""

    file: str
    alert: str
    at: str
    step: str
    """How far apart the values stand; cases of days take large steps."""
    labels: dict[str, str]
    says: str
    fires: dict[str, str]
    silent: dict[str, str]

    @property
    def rule(self) -> Rule:
        """The rule that the case is about; some alerts have two, which differ in severity."""
        severity = self.labels["severity"]
        found = [one for one in rules() if one.name == self.alert and one.labels["severity"] == severity]
        assert len(found) == 1, f"{self.alert} with severity {severity}: {len(found)} rules"
        return found[0]


@cache
def cases() -> tuple[Case, ...]:
    """All cases of all files."""
    return tuple(
        Case(
            file=name,
            alert=one["alert"],
            at=one["at"],
            step=one.get("step", "1m"),
            labels={key: str(value) for key, value in one["labels"].items()},
            says=one["says"],
            fires=_series(one.get("fires")),
            silent=_series(one.get("silent")),
        )
        for name in FILES
        for one in YAML(typ="safe").load((MONITORING / "tests" / f"{name}.yaml").read_text("utf-8"))
    )


def _series(found: Any) -> dict[str, str]:
    return {" ".join(str(series).split()): str(values) for series, values in (found or {}).items()}


def promtool() -> str:
    """The program, or the one line that says what to install."""
    return tool("promtool", install="Prometheus (Debian, Ubuntu: sudo apt install prometheus)")


def run_promtool(*arguments: str, given: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Run it to its end."""
    return subprocess.run(
        [promtool(), *arguments], input=given, capture_output=True, text=True, timeout=100, check=False
    )


def promtool_tests(file: str, folder: Path) -> list[Path]:
    """The cases of one file as promtool's own, one for each step, each with the rules that it needs.

    Cases that speak of different metrics cannot disturb each other and share a test: each costs promtool a database.
    """
    written = []
    for step in sorted({case.step for case in cases() if case.file == file}):
        needed = _rule_file(
            file, {case.rule.name for case in cases() if (case.file, case.step) == (file, step)}
        )
        shared: list[dict[str, Any]] = []
        taken: list[set[str]] = []
        for case in cases():
            if case.file != file or case.step != step:
                continue
            annotations = case.rule.annotations | {"description": case.says}
            alert = {"exp_labels": case.labels, "exp_annotations": annotations}
            for series, expected in ((case.fires, [alert]), (case.silent, [])):
                names = {case.alert, *(one.partition("{")[0] for one in series)}
                room = next((n for n, there in enumerate(taken) if not there & names), len(taken))
                if room == len(taken):
                    taken.append(set())
                    shared.append({"interval": step, "input_series": [], "alert_rule_test": []})
                taken[room] |= names
                given = [{"series": one, "values": values} for one, values in series.items()]
                seen = {"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}
                if series:
                    shared[room]["input_series"] += given
                    shared[room]["alert_rule_test"].append(seen)
        path = folder / f"{file}.{step}.test.json"
        beside = folder / f"{file}.{step}.rules.json"
        beside.write_text(json.dumps(needed))
        made = {"rule_files": [beside.name], "evaluation_interval": step, "tests": shared}
        path.write_text(json.dumps(made))
        written.append(path)
    return written


def _rule_file(file: str, alerts: set[str]) -> dict[str, Any]:
    """These alerts and, before them, what is recorded for them: what looks back over days takes long to work out."""
    groups = [
        group
        for made in (objects()["recording.yaml"], objects()[f"{file}.yaml"])
        for group in made["spec"]["groups"]
    ]
    expressions = " ".join(rule.expression for rule in rules() if rule.name in alerts)

    def wanted(rule: dict[str, Any]) -> bool:
        if "alert" in rule:
            return rule["alert"] in alerts
        slo = rule.get("labels", {}).get("slo")
        return f'{rule["record"]}{{slo="{slo}"}}' in expressions if slo else rule["record"] in expressions

    kept = [{**group, "rules": [rule for rule in group["rules"] if wanted(rule)]} for group in groups]
    return {"groups": [group for group in kept if group["rules"]]}


def promtool_recordings(folder: Path) -> Path:
    """The cases of recording.yaml as promtool's own: what is recorded for each service, to a tenth."""
    rules_file, path = folder / "recording.rules.json", folder / "recording.test.json"
    rules_file.write_text(json.dumps(objects()["recording.yaml"]["spec"]))
    found = YAML(typ="safe").load((MONITORING / "tests" / "recording.yaml").read_text("utf-8"))
    tests = [
        {
            "interval": "1m",
            "input_series": [{"series": one, "values": values} for one, values in case["series"].items()],
            "promql_expr_test": [
                {
                    "expr": f"round(sum by (service) ({case['record']}), 0.1)",
                    "eval_time": at,
                    "exp_samples": [
                        {"labels": f'{{service="{service}"}}', "value": value}
                        for service, value in values.items()
                    ],
                }
                for at, values in case["is"].items()
            ],
        }
        for case in found
    ]
    made = {"rule_files": [rules_file.name], "evaluation_interval": "1m", "tests": tests}
    path.write_text(json.dumps(made))
    return path

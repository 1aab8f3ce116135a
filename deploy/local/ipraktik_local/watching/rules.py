"""The rules in deploy/monitoring/rules, which are objects for an operator in a cluster, as Prometheus itself reads them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[4]
RULES: Final = ROOT / "deploy" / "monitoring" / "rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one file: it records, or it alerts."""

    file: str
    name: str
    expression: str
    alerts: bool
    labels: dict[str, str]
    annotations: dict[str, str]
    lasting: str


def objects() -> dict[str, Any]:
    """The PrometheusRule objects by file name."""
    return {
        path.name: YAML(typ="safe").load(path.read_text("utf-8")) for path in sorted(RULES.glob("*.yaml"))
    }


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of every file."""
    return tuple(
        Rule(
            file=file,
            name=one.get("alert") or one["record"],
            expression=one["expr"],
            alerts="alert" in one,
            labels=one.get("labels", {}),
            annotations=one.get("annotations", {}),
            lasting=one.get("for", "0s"),
        )
        for file, made in objects().items()
        for group in made["spec"]["groups"]
        for one in group["rules"]
    )


def write_rule_files(folder: Path, *, every: int | None = None) -> tuple[Path, ...]:
    """A rule file for Prometheus for each object: its `spec` and nothing else. JSON is YAML.

    `every` so many seconds each group is worked out, also one that takes longer in a cluster, where it looks back a month.
    """
    written = []
    for name, made in objects().items():
        path = folder / name.replace(".yaml", ".rules.json")
        pace = {} if every is None else {"interval": f"{every}s"}
        groups = [{**group, **pace} for group in made["spec"]["groups"]]
        path.write_text(json.dumps({"groups": groups}, indent=1), "utf-8")
        written.append(path)
    return tuple(written)

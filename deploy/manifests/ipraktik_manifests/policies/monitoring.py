"""Rules of alerts as far as manifests can be wrong about them: PromQL, runbooks, metrics. What they mean is tested beside them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ipraktik_manifests.looking import name, of_kind
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.tree import Object

_OURS: Final = re.compile(r"\b(?:innovationspraktik|http_server)_[a-z0-9_]+\b")
_SUFFIXES: Final = ("_bucket", "_sum", "_count")


def rules_are_promql(objects: Sequence[Object], facts: Facts) -> list[str]:
    """5. Every expression is PromQL."""
    return facts.promql(of_kind(objects, "PrometheusRule"))


def alerts_have_their_runbook(objects: Sequence[Object], facts: Facts) -> list[str]:
    """13. Each alert's runbook_url ends in a page that is there, and the page's title is the alert."""
    found = []
    for one, rule in _rules(objects):
        if "alert" not in rule:
            continue
        alert, url = rule["alert"], rule.get("annotations", {}).get("runbook_url", "")
        page = facts.runbooks / f"{alert}.md"
        if not url.endswith(f"/{alert}.md"):
            found.append(f"{name(one)}: {alert} has no runbook_url that ends in /{alert}.md")
        elif not page.is_file():
            found.append(f"{name(one)}: the runbook of {alert} is not there")
        elif page.read_text("utf-8").splitlines()[0].strip("# ").strip() != alert:
            found.append(f"{name(one)}: the runbook of {alert} has another title")
    return found


def rules_use_exported_metrics(objects: Sequence[Object], facts: Facts) -> list[str]:
    """17. A rule about our programs asks for what they export."""
    if not facts.metrics:
        return []
    recorded = {rule["record"] for _, rule in _rules(objects) if "record" in rule}
    found = []
    for one, rule in _rules(objects):
        for used in sorted(set(_OURS.findall(rule["expr"])) - recorded):
            plain = next((used.removesuffix(end) for end in _SUFFIXES if used.endswith(end)), used)
            if not {used, plain} & facts.metrics:
                found.append(
                    f"{name(one)}: {rule.get('alert') or rule.get('record')} asks for {used}, which nobody exports"
                )
    return found


def _rules(objects: Sequence[Object]) -> Iterator[tuple[Object, Object]]:
    for one in of_kind(objects, "PrometheusRule"):
        for group in one["spec"]["groups"]:
            for rule in group["rules"]:
                yield one, rule

"""What promtool says against rules."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from foreign import tool

from ipraktik_manifests.tree import Object


def problems(rules: Sequence[Object]) -> list[str]:
    """promtool's words against the groups of these PrometheusRules; nothing where there are none."""
    groups = [group for one in rules for group in one["spec"]["groups"]]
    if not groups:
        return []
    promtool = tool("promtool", install="Prometheus (Debian, Ubuntu: sudo apt install prometheus)")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.yaml"
        file.write_text(json.dumps({"groups": groups}), "utf-8")  # JSON is YAML
        ended = subprocess.run(
            [promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False
        )
    return [ended.stderr.strip() or ended.stdout.strip()] if ended.returncode else []

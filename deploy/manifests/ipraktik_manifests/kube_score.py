"""kube-score, which looks at manifests for what goes wrong in practice. Where we go against it, kube_score.toml says why.

Beside that file one thing is left out by a flag, since it is half of a check: a limit of processor time, which slows pods down while
their node is idle.
"""

import json
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from ipraktik_manifests.go_programs import go_program

MODULE: Final = "github.com/zegl/kube-score/cmd/kube-score"
VERSION: Final = "v1.20.0"
ASKED_FOR: Final = ("container-seccomp-profile", "container-ports-check")
"""Checks that kube-score makes on demand only."""
_WELL: Final = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says against one object."""

    check: str
    object: str
    said: str


def findings(text: str, *, kubernetes: str) -> list[Finding]:
    """All that kube-score says against these manifests. Raises GoMissing."""
    minor = ".".join(kubernetes.split(".")[:2])
    ended = subprocess.run(
        [
            go_program(MODULE, VERSION), "score", "-",
            "--output-format", "json", "--kubernetes-version", f"v{minor}",
            "--ignore-container-cpu-limit", "--disable-ignore-checks-annotations",
            *(word for one in ASKED_FOR for word in ("--enable-optional-test", one)),
        ],
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    return [
        Finding(
            check=check["check"]["id"],
            object=one["object_name"],
            said="; ".join(f"{comment['path']} {comment['summary']}" for comment in check["comments"] or ()),
        )
        for one in json.loads(ended.stdout)
        for check in one["checks"]
        if not check["skipped"] and check["grade"] < _WELL
    ]


def left_out(where: str) -> Mapping[str, str]:
    """Check -> why it is not for us, in an environment."""
    said = tomllib.loads(files("ipraktik_manifests").joinpath("kube_score.toml").read_text("utf-8"))
    return {**said["everywhere"], **said.get(where, {})}

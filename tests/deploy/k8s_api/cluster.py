"""A cluster by kubectl: apply, look, wait for a fact with a bound."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ipraktik_manifests.tree import Object

SERVICES_NAMESPACE: Final = "innovationspraktik"
OURS: Final = ("innovationspraktik", "innovationspraktik-data", "kafka", "gateway")
_CLUSTER_WIDE: Final = ("clustersecretstores.external-secrets.io",)


class Refused(Exception):
    """kubectl ended badly, or warned; the message is its own."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster that a kubeconfig names."""

    kubeconfig: str

    def run(self, *words: str, given: str | None = None, within: float = 180.0) -> str:
        """What kubectl prints. Raises Refused."""
        ended = subprocess.run(
            ["kubectl", "--kubeconfig", self.kubeconfig, *words],
            input=given,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )
        if ended.returncode:
            raise Refused(f"kubectl {' '.join(words[:4])}: {ended.stderr.strip()[-3000:]}")
        return ended.stdout

    def apply(self, objects: Sequence[Object], *, really: bool = True) -> None:
        """Apply by the server, strictly: an unknown field and a warning of Pod Security are refusals. Raises Refused."""
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        self.run(
            "--warnings-as-errors",
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=deploy-check",
            "--validate=strict",
            *([] if really else ["--dry-run=server"]),
            "--filename=-",
            given=text,
        )

    def get(self, *words: str, namespace: str = SERVICES_NAMESPACE) -> list[Object]:
        """The objects of a kind, or one object by kind and name."""
        found = json.loads(self.run("get", *words, "--namespace", namespace, "--output=json"))
        items: list[Object] = found.get("items", [found])
        return items

    def exists(self, *words: str) -> bool:
        """Whether kubectl finds it."""
        return bool(self.run("get", *words, "--ignore-not-found", "--output=name").strip())

    def deployment(self, name: str) -> Object:
        return self.get("deployment", name)[0]

    def wait(self, fact: Callable[[], bool], *, that: str, within: float = 120.0) -> None:
        """Wait until a fact holds. Raises AssertionError with what was waited for."""
        until = time.monotonic() + within
        while not fact():
            assert time.monotonic() < until, f"not within {within:g} seconds: {that}"
            time.sleep(0.5)

    def rolled_out(self, *deployments: str, within: float = 240.0) -> None:
        """Wait until these Deployments are whole and new."""
        for name in deployments:
            self.run(
                "rollout", "status", f"deployment/{name}", "--namespace", SERVICES_NAMESPACE, f"--timeout={within:g}s",
                within=within + 30,
            )  # fmt: skip

    def empty(self) -> None:
        """Take away all that was applied."""
        self.run(
            "delete", "namespace", *OURS, "--ignore-not-found", "--wait=true", "--timeout=170s", within=200
        )
        for kind in _CLUSTER_WIDE:
            self.run("delete", kind, "--all", "--ignore-not-found")

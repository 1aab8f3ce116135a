"""What the manifests are held against: the tree built once, and the programs as they really run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.k8s.promql import problems
from deploy.k8s.standing import Ground, Standing, stand
from foreign import tool

from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer
from ipraktik_manifests.policies import Facts
from ipraktik_manifests.programs import programs
from ipraktik_manifests.tree import K8S, loaded

RUNBOOKS = K8S.parents[1] / "docs" / "operations" / "alerts"


@pytest.fixture(scope="session", autouse=True)
def kustomize() -> str:
    """Everything here begins with building."""
    found = shutil.which("kustomize")
    return found or tool(
        "kubectl", install="kubectl 1.30 or newer (https://kubernetes.io/docs/tasks/tools/), or kustomize 5"
    )


@pytest.fixture(scope="session")
def facts() -> Facts:
    """What is known of the programs without running them."""
    shapes = loaded((K8S / "components" / "secrets-manual" / "shapes.yaml").read_text("utf-8"))
    return Facts(
        programs=programs(),
        runbooks=RUNBOOKS,
        secrets={one["metadata"]["name"]: frozenset(one["stringData"]) for one in shapes},
        promql=problems,
    )


@pytest.fixture(scope="session")
def standing(kafka: KafkaServer, postgres: PostgresServer, servers_home: Path) -> Iterator[Standing]:
    """The programs of all four services, started with what the manifests give them."""
    with stand(Ground(kafka=kafka.bootstrap, postgres=postgres, home=servers_home / "manifests")) as running:
        yield running

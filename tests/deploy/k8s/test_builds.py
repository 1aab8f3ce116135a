"""Whatever is in deploy/k8s builds, and is what the schemas of Kubernetes and of the operators say."""

import json
import re
from pathlib import Path

import pytest
from foreign import go_without

from ipraktik_manifests.schemas.fetching import GoMissing
from ipraktik_manifests.schemas.operators import GO_RELEASES, KUBERNETES, STRIMZI
from ipraktik_manifests.schemas.validating import is_kubernetes_own, problems
from ipraktik_manifests.tree import ENVIRONMENTS, K8S, Object, build_all, built, components, kustomizations

COMBINATIONS = Path(__file__).parent / "combinations"
FOLDERS = (*kustomizations(), *kustomizations(COMBINATIONS))
README = (K8S / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def everything() -> dict[Path, list[Object]]:
    """Every folder, built."""
    return build_all(FOLDERS)


@pytest.fixture(scope="module")
def different(everything: dict[Path, list[Object]]) -> list[Object]:
    """Every object that differs from all others: most folders hold the same ones."""
    found = {json.dumps(one, sort_keys=True): one for objects in everything.values() for one in objects}
    return list(found.values())


@pytest.fixture(scope="module")
def operators_schemas() -> None:
    """The operators' schemas, fetched if they are not there. Where they cannot be had, CI fails."""
    try:
        problems(
            {"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": {"name": "any"}},
            kubernetes=KUBERNETES[0],
        )
    except GoMissing as missing:
        go_without(str(missing))


def test_every_folder_builds_to_something(everything: dict[Path, list[Object]]) -> None:
    assert [folder for folder, objects in everything.items() if not objects] == []


def test_every_component_is_used_where_something_builds() -> None:
    used = {
        (file.parent / path).resolve()
        for root in (K8S, COMBINATIONS)
        for file in root.rglob("kustomization.yaml")
        for path in re.findall(r"[\w./-]*components/[\w./-]+", file.read_text("utf-8"))
    }

    assert [folder for folder in components() if folder not in used] == []


def test_nothing_is_in_one_folder_twice(everything: dict[Path, list[Object]]) -> None:
    for folder, objects in everything.items():
        keys = [(one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in objects]
        assert len(keys) == len(set(keys)), folder


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_knows_every_field(version: str, different: list[Object]) -> None:
    own = [one for one in different if is_kubernetes_own(one["apiVersion"])]

    assert len(own) > 50
    assert [said for one in own for said in problems(one, kubernetes=version)] == []


@pytest.mark.timeout(400)  # the first time, seven releases are fetched
@pytest.mark.usefixtures("operators_schemas")
def test_the_operators_know_every_field(different: list[Object]) -> None:
    others = [one for one in different if not is_kubernetes_own(one["apiVersion"])]

    assert len(others) > 50
    assert [said for one in others for said in problems(one, kubernetes=KUBERNETES[0])] == []


@pytest.mark.usefixtures("operators_schemas")
def test_a_misspelt_field_is_found_in_kinds_of_all_sorts() -> None:
    objects = built(K8S / "overlays" / "prod") + built(K8S / "overlays" / "prod" / "platform")
    kinds = {one["kind"]: one for one in objects if "spec" in one}
    for one in kinds.values():
        one["spec"]["misspelt"] = 1

    refused = [kind for kind, one in kinds.items() if problems(one, kubernetes=KUBERNETES[1])]

    assert refused == list(kinds)


@pytest.mark.parametrize("where", ENVIRONMENTS)
def test_an_umbrella_is_its_services_and_nothing_else(
    where: str, everything: dict[Path, list[Object]]
) -> None:
    root = K8S / "overlays" / where
    alone = [
        json.dumps(one, sort_keys=True)
        for s in ("registration", "matching", "notify", "evaluation")
        for one in everything[root / s]
    ]

    assert sorted(json.dumps(one, sort_keys=True) for one in everything[root]) == sorted(alone)


def test_the_readme_names_the_versions_that_are_checked() -> None:
    for version in (*KUBERNETES, STRIMZI, *(one.version.removeprefix("v") for one in GO_RELEASES)):
        assert version in README

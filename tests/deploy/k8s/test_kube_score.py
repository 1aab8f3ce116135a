"""A reader who looks for what goes wrong in practice: what kube-score says of what is applied, beyond what is so on purpose."""

import pytest
from foreign import go_without

from ipraktik_manifests.kube_score import findings, left_out
from ipraktik_manifests.schemas.fetching import GoMissing
from ipraktik_manifests.schemas.operators import KUBERNETES
from ipraktik_manifests.tree import ENVIRONMENTS, K8S, built_text

# the program is built the first time
pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]


def applied(where: str) -> str:
    """All of an environment, and what is applied by hand."""
    root = K8S / "overlays" / where
    refill = K8S / "by-hand" / "refill"
    folders = [root / "platform", root, root / "monitoring", refill if where == "prod" else refill / where]
    folders.append(K8S / "by-hand" / "operator")
    return "---\n".join(built_text(one) for one in folders if (one / "kustomization.yaml").exists())


@pytest.mark.parametrize("where", ENVIRONMENTS)
def test_kube_score_says_what_is_so_on_purpose_and_nothing_else(where: str) -> None:
    try:
        said = findings(applied(where), kubernetes=KUBERNETES[0])
    except GoMissing as missing:
        go_without(str(missing))

    assert [one for one in said if one.check not in left_out(where)] == []


def test_no_reason_is_idle() -> None:
    try:
        said = {
            (where, one.check)
            for where in ENVIRONMENTS
            for one in findings(applied(where), kubernetes=KUBERNETES[0])
        }
    except GoMissing as missing:
        go_without(str(missing))

    everywhere = set.intersection(*(set(left_out(where)) for where in ENVIRONMENTS))
    assert everywhere - {check for _, check in said} == set()
    for where in ENVIRONMENTS:
        assert {(where, check) for check in set(left_out(where)) - everywhere} - said == set()


@pytest.mark.parametrize(
    ("right", "wrong", "check"),
    [
        ("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "container-security-context-readonlyrootfilesystem"),
        ("path: /livez", "path: /readyz", "pod-probes-identical"),
        ("matching:unreleased", "matching:latest", "container-image-tag"),
        ("seccompProfile:", "appArmorProfile:", "container-seccomp-profile"),
    ],
)  # fmt: skip
def test_kube_score_finds_a_mistake(right: str, wrong: str, check: str) -> None:
    text = applied("prod")
    assert right in text
    try:
        said = findings(text.replace(right, wrong), kubernetes=KUBERNETES[0])
    except GoMissing as missing:
        go_without(str(missing))

    assert check in {one.check for one in said}

"""The page that an operator begins with: its commands find and lead to what is there."""

import re
import subprocess

import pytest

from ipraktik_manifests.looking import of_kind
from ipraktik_manifests.tree import K8S, environment

README = (K8S / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def found() -> str:
    """What the command of the first step prints."""
    (command,) = re.findall(r"^ *(grep .*)$", README, re.MULTILINE)
    ended = subprocess.run(
        ["/bin/sh", "-c", command], cwd=K8S, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.stderr == ""
    return ended.stdout


@pytest.mark.as_delivered
@pytest.mark.parametrize(
    "line",
    [
        r"platform/gateway/gateway\.yaml:\d+:.*gatewayClassName:",
        r"platform/gateway/gateway\.yaml:\d+:.*hostname:",
        r"platform/gateway/certificate\.yaml:\d+:.*issuerRef:",
        r"platform/kafka/kafka\.yaml:\d+:.*maintenanceTimeWindows:",
        r"platform/kafka/kafka\.yaml:\d+:.*loadBalancerSourceRanges:",
        r"platform/postgres/notify/backup\.yaml:\d+:.*endpointURL:",
        r"components/tracing/kustomization\.yaml:\d+:.*http://collector",
        r"base/notify/network\.yaml:\d+:.*ipBlock:",
        r"overlays/prod/notify/settings\.env:\d+:MAIL_FROM=",
        r"overlays/prod/matching/settings\.env:\d+:ORGANISER_EMAIL=",
        r"overlays/prod/matching/settings\.env:\d+:# Who organises it",
        r"overlays/prod/matching/kustomization\.yaml:\d+:.*newName:",
        r"by-hand/operator/operator\.yaml:\d+:.*image:",
        r"\.\./monitoring/rules/events\.yaml:\d+:.*runbook_url:",
        r"\.\./monitoring/dashboards/service\.json:\d+:.*docs\.",
        r"\.\./local/ipraktik_local/watching/boards\.py:\d+:",
    ],
)
def test_the_first_step_finds_what_is_the_readers_to_say(line: str, found: str) -> None:
    assert re.search(line, found)


def test_the_first_step_finds_nothing_that_stays(found: str) -> None:
    assert "innovationspraktik.example/part" not in found
    assert "overlays/test" not in found


@pytest.mark.as_delivered
def test_every_host_and_network_of_prod_that_nobody_has_is_found(found: str) -> None:
    """What stands in the objects under a name or an address that is kept for examples stands in the lines that are found."""
    invented = {
        word
        for one in environment("prod")
        for word in re.findall(r"[\w.-]+\.example\b(?!/part)|192\.0\.2\.\d+", str(one))
        if not word.startswith("example")
    }

    assert len(invented) > 5
    assert [word for word in sorted(invented) if word not in found] == []


def test_a_users_certificate_at_kafka_stands_for_the_year_that_pages_say() -> None:
    pages = README + "".join(
        (K8S.parents[1] / page).read_text("utf-8")
        for page in ("docs/operations/agencies.md", "docs/operations/secret-rotation.md")
    )
    assert "a year" in pages
    for one in of_kind(environment("prod"), "KafkaUser"):
        its = one["spec"]["authentication"]
        assert (its["type"], its["validityDays"], its["renewalDays"]) == ("tls", 365, 30)


def test_the_pages_that_files_of_deploy_name_are_there() -> None:
    root = K8S.parents[1]
    named = {
        (str(file.relative_to(root)), page)
        for file in K8S.parent.rglob("*")
        if file.is_file() and file.suffix in ("", ".env", ".py", ".sh", ".sql", ".toml", ".yaml")
        for page in re.findall(r"(?<![\w./-])docs/[\w/-]+\.md", file.read_text("utf-8"))
    }

    assert len(named) > 3
    assert sorted((file, page) for file, page in named if not (root / page).is_file()) == []


def test_a_command_about_an_object_says_in_which_namespace_it_is() -> None:
    said = [
        (file.name, command)
        for file in K8S.rglob("*.yaml")
        for command in re.findall(r"#.*\bkubectl (.*)", file.read_text("utf-8"))
        if re.search(r"\b(port-forward|exec|logs|get|delete [^-])", command)
    ]

    assert said
    assert [one for one in said if not one[1].startswith("-n ")] == []

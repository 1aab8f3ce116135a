"""What the operators' pages tell people to type for a cluster: kubectl takes it, and what it names is there."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # published without types
from foreign import go_without, tool

from ipraktik_manifests.schemas.fetching import GoMissing
from ipraktik_manifests.schemas.operators import KUBERNETES
from ipraktik_manifests.schemas.validating import problems
from ipraktik_manifests.tree import K8S, built

ROOT = K8S.parents[1]
FOLDER = ROOT / "docs" / "operations"
# The page, and where its reader is.
PAGES = {
    **dict.fromkeys(sorted(FOLDER.rglob("*.md")), ROOT),
    K8S / "README.md": K8S,
    K8S / "platform" / "kafka" / "README.md": K8S,
}
KINDS = {
    "deploy": "Deployment",
    "job": "Job",
    "cronjob": "CronJob",
    "kafka": "Kafka",
    "kafkauser": "KafkaUser",
    "scaledobject": "ScaledObject",
    "externalsecret": "ExternalSecret",
    "clusters.postgresql.cnpg.io": "Cluster",
}
NOWHERE = """\
apiVersion: v1
kind: Config
clusters: [{name: none, cluster: {server: "http://127.0.0.1:9"}}]
contexts: [{name: none, context: {cluster: none, user: ""}}]
current-context: none
"""
# What a command that reads its standard input is given.
GIVEN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: any}\n"


@pytest.fixture(scope="module", autouse=True)
def kubectl() -> str:
    return tool("kubectl", install="kubectl 1.30 or newer (https://kubernetes.io/docs/tasks/tools/)")


def commands(text: str) -> Iterator[list[str]]:
    """The words of every kubectl command of a page, in blocks and in passing."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    passing = [code for code in re.findall(r"`([^`]+)`", prose) if code.startswith("kubectl ")]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    for line in (*lines, *(" ".join(code.split()) for code in passing)):
        for one in (*re.findall(r"\$\((kubectl [^()]*)\)", line), re.sub(r"\$\([^()]*\)", "x", line)):
            yield from commands_of(one.replace("$service", "matching").replace("$role", "app"))


def commands_of(line: str) -> Iterator[list[str]]:
    """The kubectl commands of a line of shell."""
    if "kubectl " not in line:
        return
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in (*lexer, ";"):
        if words and set(word) <= set("();<>|&"):
            yield words
            words = []
        elif words or word == "kubectl":
            words.append(word)


def test_commands_are_found_in_blocks_and_in_passing() -> None:
    page = (
        "Say `kubectl get\npods` or\n```\nfor a in b; do kubectl -n x get \\\n  deploy/$service | grep y; done\n"
        "p=$(kubectl get z)\n```\n"
    )
    assert list(commands(page)) == [
        ["kubectl", "-n", "x", "get", "deploy/matching"],
        ["kubectl", "get", "z"],
        ["kubectl", "get", "pods"],
    ]


def refused(words: list[str], *, place: Path, config: Path) -> str:
    """Why kubectl does not even ask the cluster; empty where it does, or needs none."""
    ended = subprocess.run(
        words,
        cwd=place,
        env={**os.environ, "KUBECONFIG": str(config)},
        input=GIVEN,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    asked = ended.returncode == 0 or "refused" in ended.stderr
    return "" if asked else f"{shlex.join(words)}: {ended.stderr.strip()}"


def test_kubectl_takes_every_command_and_every_folder_builds(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(NOWHERE, "utf-8")
    told = {
        (tuple(words), place) for page, place in PAGES.items() for words in commands(page.read_text("utf-8"))
    }

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda one: refused(list(one[0]), place=one[1], config=config), sorted(told)))

    assert len(told) > 60
    assert [sentence for sentence in said if sentence] == []
    assert "unknown flag" in refused(
        ["kubectl", "get", "pods", "--all-pods-please"], place=ROOT, config=config
    )
    assert refused(["kubectl", "apply", "-k", "deploy/k8s/nowhere"], place=ROOT, config=config)


def test_what_is_applied_is_an_environments_and_never_its_bare_base() -> None:
    applied = {
        (place / words[words.index("-k") + 1]).relative_to(K8S)
        for page, place in PAGES.items()
        for words in commands(page.read_text("utf-8"))
        if "apply" in words and "-k" in words
    }

    assert Path("overlays/prod/platform") in applied
    # namespaces are the same in every environment
    assert {path.parts[0] for path in applied - {Path("platform/namespaces")}} == {"overlays", "by-hand"}


@cache
def standing() -> set[tuple[str, str]]:
    """Kind and name of whatever the manifests make in prod."""
    folders = ("overlays/prod", "overlays/prod/platform", "by-hand/refill", "by-hand/operator")
    return {(one["kind"], one["metadata"]["name"]) for folder in folders for one in built(K8S / folder)}


def named(words: list[str]) -> Iterator[tuple[str, str]]:
    """Kind and name of what a command is about, as far as the manifests could make it."""
    words = words[: words.index("--")] if "--" in words else words
    words = re.sub(r"(^|\0)-n\0[^\0]+", "", "\0".join(words)).split("\0")
    for word, following in zip(words, (*words[1:], ""), strict=True):
        kind, _, name = word.rpartition("=")[2].partition("/")
        if kind in KINDS and name and "/" not in name:
            yield KINDS[kind], name
        elif word in KINDS and re.fullmatch(r"[a-z0-9][a-z0-9.-]*", following):
            yield KINDS[kind], following


def test_whatever_a_command_is_about_is_made_by_the_manifests() -> None:
    missing = []
    for page in PAGES:
        said = list(commands(page.read_text("utf-8")))
        made = {
            (KINDS[words[words.index("create") + 1]], words[-1])
            for words in said
            if "create" in words and words[words.index("create") + 1] in KINDS
        }
        for words in said:
            for kind, name in named(words):
                # the pages' agency is an example, and NAME is the reader's to fill in
                if name.startswith("agency.") or name.isupper():
                    continue
                if (kind, name) not in standing() | made:
                    missing.append(f"{page.name}: {kind} {name}")
    assert missing == []
    assert list(named(["kubectl", "get", "deploy/matching-nobody"])) == [("Deployment", "matching-nobody")]
    assert ("Deployment", "matching-nobody") not in standing()


@pytest.mark.as_delivered
def test_the_command_of_the_readme_finds_whatever_is_to_be_changed() -> None:
    (command,) = re.findall(r"^ *(grep -rnE .*)$", (K8S / "README.md").read_text("utf-8"), re.MULTILINE)
    found = subprocess.run(["sh", "-c", command], cwd=K8S, capture_output=True, text=True, check=True).stdout

    for what in (
        "gatewayClassName:",
        "issuerRef:",
        "maintenanceTimeWindows:",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "loadBalancerSourceRanges:",
        "endpointURL:",
        "destinationPath:",
        "ipBlock: {cidr: 192.0.2.25/32}",
        "newName: registry.example",
        "imageName:",
        "runbook_url:",
        "dashboard:",
        *(f"{name}=" for name in ("NOTIFY_PUBLIC_URL", "ORGANISER", "ORGANISER_NAME", "ORGANISER_EMAIL")),
        *(f"{name}=" for name in ("MAIL_FROM", "COORDINATOR_ADDRESSES")),
    ):
        assert re.search(rf":\d+:.*{re.escape(what)}", found), f"{what} is not found"
    assert "example/part" not in found


def test_the_restore_of_the_page_makes_a_cluster_from_the_backup_and_writes_elsewhere(tmp_path: Path) -> None:
    page = (FOLDER / "backup-and-restore.md").read_text("utf-8")
    (block,) = re.findall(r"^ *```yaml\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    written = yaml.safe_load(block)
    overlay = Path(os.path.relpath(K8S / "overlays" / "prod" / "platform", tmp_path.resolve()))
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [str(overlay)],
        **written,
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(kustomization), "utf-8")
    made = {(one["kind"], one["metadata"]["name"]): one for one in built(tmp_path.resolve())}
    before = {(one["kind"], one["metadata"]["name"]): one for one in built(K8S / "overlays/prod/platform")}
    changed = {key for key in made if made[key] != before.get(key)}

    assert made.keys() == before.keys()
    assert changed == {("Cluster", "matching"), ("CronJob", "matching-restore-test")}
    database = made["Cluster", "matching"]["spec"]
    (origin,) = database["externalClusters"]
    (archive,) = database["plugins"]
    was = before["Cluster", "matching"]["spec"]["plugins"][0]
    assert list(database["bootstrap"]) == ["recovery"]
    assert database["bootstrap"]["recovery"]["source"] == origin["name"]
    assert origin["plugin"] == {"name": was["name"], "parameters": was["parameters"]}
    assert archive["parameters"]["barmanObjectName"] == was["parameters"]["barmanObjectName"]
    assert archive["parameters"]["serverName"] != was["parameters"]["serverName"]
    pod = made["CronJob", "matching-restore-test"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    given = {one["name"]: one["value"] for one in container["env"]}
    assert given["SERVER_NAME"] == archive["parameters"]["serverName"]
    assert given["SERVICE"] == "matching"
    script = (K8S / "platform" / "postgres" / "restore-test" / "restore-test.sh").read_text("utf-8")
    assert "serverName: ${SERVER_NAME:-$SERVICE}" in script
    try:
        said = [sentence for key in changed for sentence in problems(made[key], kubernetes=KUBERNETES[0])]
    except GoMissing as error:
        go_without(str(error))
    assert said == []


def test_what_the_pages_say_of_a_users_certificate_is_what_each_user_has() -> None:
    users = [one for one in built(K8S / "overlays" / "prod" / "platform") if one["kind"] == "KafkaUser"]
    lives = {
        (login["validityDays"], login["renewalDays"])
        for login in (one["spec"]["authentication"] for one in users)
    }

    assert lives == {(365, 30)}
    for name in ("agencies.md", "secret-rotation.md"):
        page = " ".join((FOLDER / name).read_text("utf-8").split())
        assert re.search(r"stands for a year \(`validityDays`", page), name
        assert "thirty days before its end" in page, name

"""What is written from the code is what the code says, and the rest agrees with it."""

import re
import shutil
from pathlib import Path

import pytest

from deploy import release
from ipraktik_contracts.rights import SERVICES as RIGHTS
from ipraktik_contracts.rights import BadAgencyName
from ipraktik_local.gateway.table import AT_THE_ROOT, BELOW
from ipraktik_local.postgres import _SETTINGS as ON_THIS_MACHINE
from ipraktik_manifests.kafka_objects import agencies_in, agencies_yaml
from ipraktik_manifests.looking import chooses, of_kind
from ipraktik_manifests.policies import Facts
from ipraktik_manifests.policies.kafka import agencies_read_and_nothing_else
from ipraktik_manifests.programs import declared, revision_of
from ipraktik_manifests.tree import ENVIRONMENTS, K8S, SERVICES, built, environment, loaded
from ipraktik_manifests.writing import generated, write

BASES = K8S / "base"


def test_the_committed_files_are_what_the_code_writes() -> None:
    stale = [
        str(file.relative_to(K8S)) for file, text in generated().items() if file.read_text("utf-8") != text
    ]

    assert stale == [], "run .venv/bin/python -m ipraktik_manifests write"


def test_writing_mends_what_is_stale_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    root = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    stale = root / "base" / "matching" / "migrate.yaml"
    stale.write_text(re.sub(r"-migrate-\d+", "-migrate-1", stale.read_text("utf-8")), "utf-8")

    assert stale in write(root)
    assert write(root) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_migration_carries_the_revision_and_the_release_in_its_name(service: str) -> None:
    (job,) = [
        one for one in of_kind(environment("prod"), "Job") if one["metadata"]["name"].startswith(service)
    ]

    assert job["metadata"]["name"] == f"{service}-migrate-{revision_of(service)}-0-0-0"
    assert len(job["metadata"]["name"].replace("0-0-0", "123-456-789-rc")) <= 63


@pytest.mark.parametrize("service", SERVICES)
def test_a_changed_setting_rolls_the_pods_and_leaves_the_migration_as_it_is(
    service: str, tmp_path: Path
) -> None:
    """The template of a Job cannot be changed, and the one of this release may still be there."""
    root = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    overlay = root / "overlays" / "prod" / service
    with (overlay / "settings.env").open("a", encoding="utf-8") as settings:
        settings.write("LOG_LEVEL=DEBUG\n")
    before, after = built(K8S / "overlays" / "prod" / service), built(overlay)

    assert of_kind(after, "Job") == of_kind(before, "Job")
    assert len(of_kind(before, "Deployment")) == 2
    assert all(one not in of_kind(before, "Deployment") for one in of_kind(after, "Deployment"))


def test_each_version_has_migrations_of_its_own_with_names_that_may_be(tmp_path: Path) -> None:
    names = []
    for version in ("1.2.0", "1.2.0-rc1", "1.2.0-rc2", "1.2.1", "123.45.678-candidate123"):
        root = tmp_path / version
        shutil.copytree(K8S, root / "deploy" / "k8s")
        images = {one: (f"registry.example/{one}", f"sha256:{len(one):0>64}") for one in SERVICES}
        for file in release.write(version, env="prod", images=images, root=root):
            (job,) = of_kind(built(file.parent), "Job")
            names.append(job["metadata"]["name"])

    assert len(names) == len(set(names)) == 5 * len(SERVICES)
    # a Job's name becomes a label of its pods
    assert [one for one in names if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", one)] == []


def test_what_services_may_do_is_what_the_contracts_grant() -> None:
    users = {one["metadata"]["name"]: one for one in of_kind(environment("prod"), "KafkaUser")}

    for service, its in RIGHTS.items():
        acls = users[service]["spec"]["authorization"]["acls"]
        assert {(a["resource"]["type"], a["resource"]["name"], a["operations"][0].lower()) for a in acls} == {
            (grant.resource, grant.name, grant.operation) for grant in its.grants()
        }


def test_an_agency_is_one_line_and_gets_what_agencies_get(tmp_path: Path, facts: Facts) -> None:
    file = tmp_path / "agencies.toml"
    file.write_text('agencies = ["sundheds-data", "fiktiv"]', "utf-8")

    users = loaded(agencies_yaml(agencies_in(file)))

    assert [one["metadata"]["name"] for one in users] == ["agency.fiktiv", "agency.sundheds-data"]
    assert agencies_read_and_nothing_else(users, facts) == []


@pytest.mark.parametrize("line", ['["Skat"]', '["skat."]', '["a", "a"]'])
def test_a_name_that_cannot_be_an_agency_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "agencies.toml"
    file.write_text(f"agencies = {line}", "utf-8")

    with pytest.raises((BadAgencyName, ValueError)):
        agencies_yaml(agencies_in(file))


@pytest.mark.parametrize("where", ["test", "prod"])
def test_the_routes_are_the_one_table_of_the_one_address(where: str) -> None:
    exact: dict[str, str] = {}
    below: dict[str, str] = {}
    for route in of_kind(environment(where), "HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for back in rule.get("backendRefs", []):
                for match in rule["matches"]:
                    kind, path = match["path"]["type"], match["path"]["value"]
                    (exact if kind == "Exact" else below)[path] = back["name"]

    assert (exact, below) == (AT_THE_ROOT, BELOW)


@pytest.mark.parametrize(
    "file", ["serve.yaml", "work.yaml", "migrate.yaml", "network.yaml", "disruption.yaml", "service.yaml"]
)
def test_the_bases_differ_in_names_sizes_and_what_notify_alone_has(file: str) -> None:
    def shape(service: str) -> str:
        text = (BASES / service / file).read_text("utf-8").replace(service, "SERVICE")
        text = re.sub(r"#.*", "", text)
        text = re.sub(r"(cpu|memory): [\w.]+", r"\1: SIZE", text)
        text = re.sub(r"-migrate-\d+", "-migrate-REVISION", text)
        return re.sub(r"\n\s*(?=\n)", "", text)

    shapes = {
        shape(service)
        for service in SERVICES
        if service != "notify" or file not in ("work.yaml", "network.yaml")
    }

    assert len(shapes) == 1


def test_only_the_migration_holds_the_owners_login() -> None:
    for one in of_kind(environment("prod"), "Deployment"):
        secrets = [
            v["secret"]["secretName"] for v in one["spec"]["template"]["spec"]["volumes"] if "secret" in v
        ]
        assert not any(name.endswith("-owner") for name in secrets)


def test_only_notifys_work_holds_the_key_that_signs() -> None:
    holders = [
        one["metadata"]["name"]
        for one in of_kind(environment("prod"), "Deployment", "Job")
        if "link-signing-key" in str(one["spec"]["template"]["spec"]["volumes"])
    ]

    assert holders == ["notify-work"]


def test_nothing_from_outside_reaches_the_ops_port() -> None:
    objects = environment("prod")
    for service in of_kind(objects, "Service"):
        assert [port["targetPort"] for port in service["spec"]["ports"]] == ["http"]
    for policy in of_kind(objects, "NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            if any(port.get("port") == "ops" for port in rule.get("ports", [])):
                assert rule["from"] == [
                    {"namespaceSelector": {"matchLabels": {"innovationspraktik.example/part": "monitoring"}}}
                ]


def test_every_pod_of_ours_is_under_a_policy_of_its_own_and_under_deny() -> None:
    objects = environment("prod")
    policies = [
        one
        for one in of_kind(objects, "NetworkPolicy")
        if one["metadata"]["namespace"] == "innovationspraktik"
    ]
    for one in of_kind(objects, "Deployment", "Job"):
        labels = one["spec"]["template"]["metadata"]["labels"]
        over = {p["metadata"]["name"] for p in policies if chooses(p["spec"]["podSelector"], labels)}
        assert over == {
            "default-deny",
            one["metadata"]["name"].partition("-migrate-")[0]
            + ("-migrate" if "-migrate-" in one["metadata"]["name"] else ""),
        }


def test_the_versions_of_services_are_no_part_of_any_selector() -> None:
    for one in of_kind(environment("prod"), "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"):
        assert "app.kubernetes.io/version" not in str(
            one["spec"].get("selector", one["spec"].get("podSelector"))
        )


def test_all_four_are_there() -> None:
    assert tuple(sorted(SERVICES)) == tuple(sorted(declared(one).name for one in SERVICES))


def test_databases_keep_peoples_data_out_of_their_log_wherever_they_run() -> None:
    kept_out = {
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    compose = loaded((K8S.parent / "compose.yaml").read_text("utf-8"))[0]["services"]["postgres"]["command"]

    assert kept_out.items() <= ON_THIS_MACHINE.items()
    assert {f"{name}={value}" for name, value in kept_out.items()} <= set(compose)
    for where in ENVIRONMENTS:
        clusters = of_kind(environment(where), "Cluster")
        assert len(clusters) == len(SERVICES)
        for one in clusters:
            assert kept_out.items() <= one["spec"]["postgresql"]["parameters"].items()

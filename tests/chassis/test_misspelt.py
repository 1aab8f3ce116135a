"""A setting whose name is typed wrong is noticed, and an ordinary environment is not complained about."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # published without types
from chassis.processes import NOWHERE, TallyProcess
from chassis.tally import SERVICE
from rig import Rig

from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.given import examine_settings
from ipraktik_chassis.misspelt import misspelt
from ipraktik_chassis.settings import Settings, SettingsWrong, read
from ipraktik_evaluation.settings import EvaluationSettings
from ipraktik_matching.settings import MatchingSettings
from ipraktik_notify.settings import NotifySettings
from ipraktik_registration.settings import RegistrationSettings

DEPLOY: Final = Path(__file__).resolve().parents[2] / "deploy"
ALL: Final[tuple[type[Settings], ...]] = (
    RegistrationSettings,
    MatchingSettings,
    NotifySettings,
    EvaluationSettings,
)
ORDINARY: Final = [
    "PATH",
    "HOME",
    "HOSTNAME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "TZ",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "TERM",
    "MAIL",
    "EDITOR",
    "TMPDIR",
    "VIRTUAL_ENV",
    "CI",
    "DEBIAN_FRONTEND",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHON_VERSION",
    "GPG_KEY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "ALL_PROXY",
    "PORT",
    "HOST",
    "APP_PORT",
    "APP_HOST",
    "NOTIFY_SOCKET",
    "WATCHDOG_USEC",
    "WATCHDOG_PID",
    "JOURNAL_STREAM",
    "INVOCATION_ID",
    "MAINPID",
    "CREDENTIALS_DIRECTORY",
    "LISTEN_FDS",
    "SYSTEMD_EXEC_PID",
    "POD_NAME",
    "POD_NAMESPACE",
    "POD_IP",
    "NODE_NAME",
    "NAMESPACE",
    "INSTANCE_ID",
    "LOG_FORMAT",
    "LOG_FILE",
    "TOPIC",
    "TOPICS",
    "DATABASE",
    "DATABASES",
    "LINK",
    "LINKS",
    "KAFKA_HOME",
    "KAFKA_OPTS",
    "KAFKA_HEAP_OPTS",
    "KAFKA_LOG4J_OPTS",
    "KAFKA_JVM_PERFORMANCE_OPTS",
    "KAFKA_VERSION",
    "PGHOST",
    "PGPORT",
    "PGUSER",
    "PGDATABASE",
    "PGPASSFILE",
    "POSTGRES_PASSWORD",
    "POSTGRES_DB",
    "MATCHING_NATIVE",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_TRACES_SAMPLER",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_LOGS_EXPORTER",
    "DATABASE_URL_REGISTRATION",
    "DATABASE_URL_MATCHING",
    "DATABASE_URL_NOTIFY",
    "DATABASE_URL_EVALUATION",
    "REGISTRATION_URL",
    "MATCHING_URL",
    "NOTIFY_URL",
    "EVALUATION_URL",
    "BASE_URL",
]
SERVICES_IN_A_NAMESPACE: Final = (
    "kubernetes",
    "registration",
    "registration-ops",
    "matching",
    "notify",
    "evaluation",
    "kafka",
    "kafka-bootstrap",
    "kafka-kafka-bootstrap",
    "database",
    "smtp",
    "ops",
    "http",
)


def links_of(service: str) -> dict[str, str]:
    """The variables by which Kubernetes tells every container of a Service."""
    name, address = service.upper().replace("-", "_"), "tcp://10.0.0.7:8080"
    return {
        f"{name}_SERVICE_HOST": "10.0.0.7",
        f"{name}_SERVICE_PORT": "8080",
        f"{name}_SERVICE_PORT_HTTP": "8080",
        f"{name}_PORT": address,
        f"{name}_PORT_8080_TCP": address,
        f"{name}_PORT_8080_TCP_PROTO": "tcp",
        f"{name}_PORT_8080_TCP_PORT": "8080",
        f"{name}_PORT_8080_TCP_ADDR": "10.0.0.7",
    }


def known(settings: type[Settings]) -> list[str]:
    return [name.upper() for name in settings.model_fields]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("DATABASE_ULR", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_POOL_SIZE", "DATABASE_POOL"),
        ("KAFKA_BOOTSTRP", "KAFKA_BOOTSTRAP"),
        ("KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BOOTSTRAP"),
        ("KAFKA_USER", "KAFKA_USERNAME"),
        ("KAFKA_SASL_PASSWORD", "KAFKA_PASSWORD"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("HTTP_PRT", "HTTP_PORT"),
        ("PROXIE", "PROXIES"),
        ("ORGANIZER_NAME", "ORGANISER_NAME"),
        ("OTEL_EXPORTER_OTLP_ENDPONT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("COORDINATOR_ADDRESS", "COORDINATOR_ADDRESSES"),
        ("SMTP_URI", "SMTP_URL"),
        ("database_ulr", "DATABASE_URL"),
    ],
)
def test_a_name_typed_wrong_leads_to_the_right_one(typed: str, meant: str) -> None:
    assert misspelt({typed: "x", "PATH": "/bin"}, known(NotifySettings)) == {typed: meant}


@pytest.mark.parametrize("settings", ALL)
def test_an_ordinary_environment_is_not_complained_about(settings: type[Settings]) -> None:
    environment = dict.fromkeys(ORDINARY, "1")
    for service in SERVICES_IN_A_NAMESPACE:
        environment |= links_of(service)
    # one file of settings for all services is usual on one machine
    for other in ALL:
        environment |= dict.fromkeys(known(other), "1")
    assert misspelt(environment, known(settings)) == {}
    lower_case = {name.lower(): "1" for name in known(settings)}
    assert misspelt(lower_case, known(settings)) == {}


def test_what_compose_gives_each_container_is_not_complained_about() -> None:
    given = [
        dict.fromkeys(container["environment"], "1")
        for file in ("compose.yaml", "compose.development.yaml")
        for container in yaml.safe_load((DEPLOY / file).read_text("utf-8"))["services"].values()
        if isinstance(container.get("environment"), dict)
    ]
    assert len(given) > 4
    for environment in given:
        for settings in ALL:
            assert misspelt(environment, known(settings)) == {}


async def test_doctor_names_the_right_name_and_not_what_was_given() -> None:
    settings: Any = SERVICE.settings(database_url="postgresql://nobody", local_stack=True)

    async def told(**environment: str) -> list[tuple[str, str]]:
        found = await examine_settings(Patient(SERVICE, settings, environment=environment))
        assert "hemmelig" not in "".join(one.line() for one in found)
        return [(one.level, one.says) for one in found if "LOCAL_STACK" not in one.says]

    assert await told(KAFKA_BOOTSTRP="hemmelig", PATH="/bin") == [
        ("WARN", "KAFKA_BOOTSTRP is set and is no setting, so it does nothing; KAFKA_BOOTSTRAP is one")
    ]
    assert await told(KAFKA_BOOTSTRAP="broker:9092", PATH="/bin") == []
    assert "hemmelig" not in repr(Patient(SERVICE, settings, environment={"DATABASE_ULR": "hemmelig"}))


def test_a_setting_that_is_missing_is_told_with_what_was_typed_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SettingsWrong) as plain:
        read(SERVICE.settings)
    assert plain.value.lines == ("DATABASE_URL: needed, or DATABASE_URL_FILE",)
    monkeypatch.setenv("DATABASE_ULR", "hemmelig")
    with pytest.raises(SettingsWrong) as told:
        read(SERVICE.settings)
    assert told.value.lines == (
        "DATABASE_URL: needed, or DATABASE_URL_FILE; DATABASE_ULR is set and is no setting",
    )


async def test_a_process_says_it_in_one_line_at_the_start(tally: Rig, tmp_path: Path) -> None:
    given = {"DATABASE_URL": tally.database_url, "KAFKA_BOOTSTRAP": NOWHERE, "POLL_SECONDES": "hemmelig"}
    with TallyProcess(tmp_path, "serve", **given) as process:
        await process.ready()
        process.terminate()
        process.wait()
        said = [line for line in process.lines() if "POLL_SECONDES" in line["message"]]
    assert [(line["level"], line["message"]) for line in said] == [
        ("WARNING", "POLL_SECONDES is set and is no setting; POLL_SECONDS is one")
    ]
    assert "hemmelig" not in json.dumps(said)

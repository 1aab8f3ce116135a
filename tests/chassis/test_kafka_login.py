"""The login at Kafka: settings that say what is wrong, arguments that clients understand, a password that nobody reads."""

import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from chassis.certificates import Authority
from chassis.tally import TallySettings
from faststream.kafka import KafkaBroker

from ipraktik_chassis.consumer import _security
from ipraktik_chassis.kafka_login import OPEN, KafkaLogin, KafkaSettings
from ipraktik_chassis.producer import idempotent_producer
from ipraktik_chassis.settings import load

SECRET = "hemmelig-kode-123"
SCRAM = {
    "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
    "KAFKA_USERNAME": "tally",
    "KAFKA_PASSWORD": SECRET,
}
Loading = Callable[..., KafkaSettings]


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Load the settings of Kafka from this environment and no other."""
    for name in os.environ:
        if name.lower() in KafkaSettings.model_fields:
            monkeypatch.delenv(name)

    def load_from(**environment: str) -> KafkaSettings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load(KafkaSettings)

    return load_from


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


def refused(loading: Loading, capsys: pytest.CaptureFixture[str], **environment: str) -> list[str]:
    """The lines with which the settings leave."""
    with pytest.raises(SystemExit) as left:
        loading(**environment)
    assert left.value.code == 2
    return capsys.readouterr().err.splitlines()


def test_without_any_setting_nobody_logs_in(loading: Loading) -> None:
    assert loading().kafka_login() == OPEN
    assert OPEN.client_arguments() == {"security_protocol": "PLAINTEXT", "ssl_context": None}


def test_a_user_and_a_password_are_what_clients_are_told(loading: Loading) -> None:
    assert loading(**SCRAM).kafka_login().client_arguments() == {
        "security_protocol": "SASL_PLAINTEXT",
        "ssl_context": None,
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "tally",
        "sasl_plain_password": SECRET,
    }


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_password_may_stand_in_a_file(loading: Loading, tmp_path: Path, end: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(f"{SECRET}{end}".encode())
    del (environment := dict(SCRAM))["KAFKA_PASSWORD"]
    assert loading(**environment, KAFKA_PASSWORD_FILE=str(file)).kafka_login().password == SECRET


def test_with_encryption_only_the_named_authority_vouches(loading: Loading, authority: Authority) -> None:
    environment = SCRAM | {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_CA_FILE": str(authority.file)}
    context = loading(**environment).kafka_login().ssl_context
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    (trusted,) = context.get_ca_certs()
    assert "test-ca" in str(trusted["subject"])


def test_a_certificate_of_ones_own_takes_the_place_of_a_password(
    loading: Loading, authority: Authority
) -> None:
    pair = authority.pair("tally")
    login = loading(
        KAFKA_SECURITY_PROTOCOL="SSL",
        KAFKA_CA_FILE=str(authority.file),
        KAFKA_CERT_FILE=str(pair.certificate),
        KAFKA_KEY_FILE=str(pair.key),
    ).kafka_login()
    assert login.ssl_context is not None
    assert set(login.client_arguments()) == {"security_protocol", "ssl_context"}


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "SASL"}, ["KAFKA_SECURITY_PROTOCOL"]),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, ["KAFKA_USERNAME", "KAFKA_PASSWORD"]),
        (SCRAM | {"KAFKA_PASSWORD": ""}, ["KAFKA_PASSWORD"]),
        (SCRAM | {"KAFKA_SASL_MECHANISM": "PLAIN"}, ["KAFKA_SASL_MECHANISM"]),
        (SCRAM | {"KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}, ["KAFKA_USERNAME", "KAFKA_PASSWORD"]),
        (SCRAM | {"KAFKA_SECURITY_PROTOCOL": "SSL"}, ["KAFKA_USERNAME", "KAFKA_PASSWORD"]),
        (SCRAM | {"KAFKA_CA_FILE": "CA"}, ["KAFKA_CA_FILE"]),
        (SCRAM | {"KAFKA_PASSWORD_FILE": "PASSWORD"}, ["KAFKA_PASSWORD_FILE"]),
        (SCRAM | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": "NOWHERE"}, ["KAFKA_PASSWORD_FILE"]),
        (SCRAM | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": "EMPTY"}, ["KAFKA_PASSWORD_FILE"]),
        (SCRAM | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": "LINES"}, ["KAFKA_PASSWORD_FILE"]),
        (SCRAM | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": "BLANK"}, ["KAFKA_PASSWORD_FILE"]),
        (SCRAM | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": "LONG"}, ["KAFKA_PASSWORD_FILE"]),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CA_FILE": "NOWHERE"}, ["KAFKA_CA_FILE"]),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CA_FILE": "PASSWORD"}, ["KAFKA_CA_FILE"]),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERT_FILE": "CERT"}, ["KAFKA_KEY_FILE"]),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_KEY_FILE": "KEY"}, ["KAFKA_CERT_FILE"]),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERT_FILE": "CERT", "KAFKA_KEY_FILE": "OTHER"},
            ["KAFKA_CERT_FILE"],
        ),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERT_FILE": "CERT", "KAFKA_KEY_FILE": "LOCKED"},
            ["KAFKA_KEY_FILE"],
        ),
    ],
)
def test_what_is_wrong_with_a_login_is_named_and_no_secret_with_it(
    loading: Loading,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    authority: Authority,
    environment: dict[str, str],
    names: list[str],
) -> None:
    pair, other = authority.pair("tally"), authority.pair("other")
    locked = authority.pair("locked", passphrase=b"aaben")
    (tmp_path / "password").write_text(SECRET)
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "blank").write_text("   \n")
    (tmp_path / "long").write_text("x" * 1025)
    (tmp_path / "lines").write_text(f"{SECRET}\n{SECRET}\n")
    places = {
        "CA": authority.file,
        "CERT": pair.certificate,
        "KEY": pair.key,
        "OTHER": other.key,
        "LOCKED": locked.key,
        "PASSWORD": tmp_path / "password",
        "EMPTY": tmp_path / "empty",
        "LINES": tmp_path / "lines",
        "BLANK": tmp_path / "blank",
        "LONG": tmp_path / "long",
        "NOWHERE": tmp_path / "nowhere",
    }
    lines = refused(
        loading, capsys, **{name: str(places.get(value, value)) for name, value in environment.items()}
    )
    assert [line.partition(": ")[0] for line in lines] == names
    assert SECRET not in "".join(lines)


def test_a_password_shows_in_no_text(loading: Loading) -> None:
    settings = loading(**SCRAM)
    login = settings.kafka_login()
    for text in (repr(settings), str(settings), settings.model_dump_json(), repr(login), str(login)):
        assert SECRET not in text
    assert str(login) == "user tally (SASL_PLAINTEXT)"


def test_a_service_has_these_settings_too(loading: Loading, monkeypatch: pytest.MonkeyPatch) -> None:
    loading(**SCRAM)
    monkeypatch.setenv("DATABASE_URL", "postgresql://tally@127.0.0.1/tally")
    assert load(TallySettings).kafka_login().username == "tally"


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "SCRAM-SHA-256"])
@pytest.mark.parametrize("protocol", ["SASL_SSL", "SASL_PLAINTEXT", "SSL", "PLAINTEXT"])
async def test_every_client_takes_the_arguments(protocol: Any, mechanism: Any, authority: Authority) -> None:
    context = ssl.create_default_context(cafile=authority.file) if protocol.endswith("SSL") else None
    login = KafkaLogin(protocol, mechanism, "tally", SECRET, context)
    told, address = login.client_arguments(), {"bootstrap_servers": "127.0.0.1:1"}
    consumer, admin = AIOKafkaConsumer(**address, **told), AIOKafkaAdminClient(**address, **told)
    producer: Any = idempotent_producer(address["bootstrap_servers"], 1000, login=login)
    try:
        for client in (consumer._client, admin._client, producer.client):
            assert client._ssl_context is context
            assert client._security_protocol == protocol
            assert client._sasl_plain_password == (SECRET if protocol.startswith("SASL") else None)
    finally:
        for opened in (consumer, producer):
            await opened.stop()
    # FastStream's own words for the same: what it hands to its clients is what ours are told
    broker = KafkaBroker("127.0.0.1:1", security=_security(login))
    handed = {name: broker._connection_kwargs.get(name, told[name]) for name in told}
    assert handed == told

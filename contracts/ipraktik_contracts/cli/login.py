"""How the command reaches Kafka: by the environment, the same names as our services and the kit.

KAFKA_BOOTSTRAP, KAFKA_SECURITY_PROTOCOL (PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL), KAFKA_SASL_MECHANISM (SCRAM-SHA-512),
KAFKA_USERNAME, KAFKA_PASSWORD or KAFKA_PASSWORD_FILE, KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE; TOPIC_NAMESPACE before topic
names. A password is never shown.
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .refusal import CannotDo

PROTOCOLS: Final = ("PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL")
MECHANISMS: Final = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
_ADDRESSES: Final = re.compile(
    r"[^\s,:]{1,253}:[0-9]{1,5}(,[^\s,:]{1,253}:[0-9]{1,5}){0,19}|\[[0-9a-fA-F:]+\]:[0-9]{1,5}"
)
_NAMESPACE: Final = re.compile(r"[a-zA-Z0-9._-]{0,60}")
_SECRET_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Login:
    """Where the brokers are and who we are to them."""

    bootstrap: str
    namespace: str = ""
    protocol: str = "PLAINTEXT"
    mechanism: str = "SCRAM-SHA-512"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None

    def options(self) -> dict[str, Any]:
        """What an aiokafka client is made with. Raises CannotDo where a file of the login cannot be used."""
        made: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": self.protocol}
        if self.protocol.startswith("SASL"):
            made |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        if self.protocol.endswith("SSL"):
            made["ssl_context"] = self._ssl_context()
        return made

    def _ssl_context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.cert_file is not None:
                context.load_cert_chain(self.cert_file, self.key_file)
        except (OSError, ssl.SSLError) as error:
            raise CannotDo(
                f"KAFKA_CA_FILE, KAFKA_CERT_FILE or KAFKA_KEY_FILE cannot be used ({error.strerror or error}); "
                "they want PEM files that you may read"
            ) from None
        return context


def login_from(
    environment: Mapping[str, str], *, bootstrap: str | None = None, namespace: str | None = None
) -> Login:
    """The login that the environment describes; what is named by options goes before it. Raises CannotDo."""
    address = bootstrap or environment.get("KAFKA_BOOTSTRAP", "")
    if not address:
        raise CannotDo("No broker is named: set KAFKA_BOOTSTRAP to host:port, or give --bootstrap host:port")
    if _ADDRESSES.fullmatch(address) is None:
        raise CannotDo(
            f"{address[:200]!r} is no address: KAFKA_BOOTSTRAP wants host:port, several with commas between"
        )
    prefix = environment.get("TOPIC_NAMESPACE", "") if namespace is None else namespace
    if _NAMESPACE.fullmatch(prefix) is None:
        raise CannotDo(
            "The namespace is at most 60 of letters, digits, dot, underscore, hyphen; mend TOPIC_NAMESPACE"
        )
    protocol = environment.get("KAFKA_SECURITY_PROTOCOL") or "PLAINTEXT"
    _one_of("KAFKA_SECURITY_PROTOCOL", protocol, PROTOCOLS)
    mechanism = environment.get("KAFKA_SASL_MECHANISM") or "SCRAM-SHA-512"
    _one_of("KAFKA_SASL_MECHANISM", mechanism, MECHANISMS)
    username, password = environment.get("KAFKA_USERNAME") or None, _password(environment)
    if protocol.startswith("SASL") and (username is None or password is None):
        raise CannotDo(
            f"{protocol} wants a login: set KAFKA_USERNAME and KAFKA_PASSWORD (or KAFKA_PASSWORD_FILE)"
        )
    if username is not None and not protocol.startswith("SASL"):
        raise CannotDo(
            f"KAFKA_USERNAME is set but KAFKA_SECURITY_PROTOCOL is {protocol}, which uses none: "
            "set SASL_SSL or SASL_PLAINTEXT, or unset the name"
        )
    return Login(
        bootstrap=address,
        namespace=prefix,
        protocol=protocol,
        mechanism=mechanism,
        username=username,
        password=password,
        ca_file=environment.get("KAFKA_CA_FILE") or None,
        cert_file=environment.get("KAFKA_CERT_FILE") or None,
        key_file=environment.get("KAFKA_KEY_FILE") or None,
    )


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise CannotDo(f"{name} is {value[:60]!r}; it may be {', '.join(allowed)}")


def _password(environment: Mapping[str, str]) -> str | None:
    if password := environment.get("KAFKA_PASSWORD"):
        return password
    path = environment.get("KAFKA_PASSWORD_FILE")
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            return file.read(_SECRET_BYTES).decode().rstrip("\r\n") or None
    except (OSError, UnicodeDecodeError):
        raise CannotDo(
            "KAFKA_PASSWORD_FILE cannot be read; it wants a file with the password alone"
        ) from None

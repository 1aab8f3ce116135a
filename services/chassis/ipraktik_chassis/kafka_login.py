"""How a process gets in at Kafka: the settings for it, checked before anything starts, and the arguments that clients take.

Invariants: the password is in no text that this makes, whatever goes wrong; a login that would not be used is refused rather
than ignored, since whoever sets a password expects that it protects something.
"""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .secret_files import secret_in

Protocol = Literal["PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL"]
Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256"]
_PASSWORD_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class KafkaLogin:
    """Who one is at Kafka, and whom one trusts there. Without a user: nobody in particular."""

    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    username: str = ""
    password: str = field(default="", repr=False)
    ssl_context: ssl.SSLContext | None = field(default=None, repr=False, compare=False)

    @property
    def by_password(self) -> bool:
        """Whether a user and a password are what Kafka asks for."""
        return self.protocol.startswith("SASL")

    def client_arguments(self) -> dict[str, Any]:
        """What aiokafka's consumer, producer and admin client take beside the address."""
        told: dict[str, Any] = {"security_protocol": self.protocol, "ssl_context": self.ssl_context}
        if self.by_password:
            told |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return told

    def __str__(self) -> str:
        """For people: who asks, and how."""
        return f"user {self.username} ({self.protocol})" if self.by_password else f"nobody ({self.protocol})"


OPEN: Final = KafkaLogin()
"""For a Kafka that lets everybody in."""


class KafkaSettings(BaseSettings):
    """Where Kafka is and how one gets in. Part of every service's settings, and all that a tool needs."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, env_ignore_empty=True)

    kafka_bootstrap: str = Field(
        default="127.0.0.1:9092", description="host:port of the brokers, comma separated."
    )
    kafka_security_protocol: Protocol = Field(
        default="PLAINTEXT",
        description="PLAINTEXT, SASL_PLAINTEXT, SASL_SSL or SSL. With SASL a user and a password, with SSL encryption.",
    )
    kafka_sasl_mechanism: Mechanism = Field(
        default="SCRAM-SHA-512", description="SCRAM-SHA-512 or SCRAM-SHA-256."
    )
    kafka_username: Annotated[str, Field(max_length=255)] | None = Field(
        default=None, description="This service's user at Kafka."
    )
    kafka_password: SecretStr | None = Field(default=None, description="That user's password.")
    kafka_password_file: Path | None = Field(
        default=None, description="A file that holds the password, in place of KAFKA_PASSWORD."
    )
    kafka_ca_file: Path | None = Field(
        default=None,
        description="PEM: the authorities that may vouch for the brokers; without it the system's.",
    )
    kafka_cert_file: Path | None = Field(
        default=None, description="PEM: this service's own certificate, where brokers ask for one."
    )
    kafka_key_file: Path | None = Field(
        default=None, description="PEM: that certificate's key, not encrypted."
    )
    topic_namespace: str = Field(
        default="", pattern=r"^[a-zA-Z0-9._-]{0,60}$", description="Put before topics and groups."
    )

    @field_validator("kafka_password_file")
    @classmethod
    def _a_file_that_holds_a_password(cls, file: Path | None) -> Path | None:
        if file is not None:
            secret_in(file, most_bytes=_PASSWORD_BYTES)
        return file

    @field_validator("kafka_ca_file", "kafka_cert_file", "kafka_key_file")
    @classmethod
    def _a_file_that_can_be_read(cls, file: Path | None, about: ValidationInfo) -> Path | None:
        if file is not None:
            text = _content(file)
            if about.field_name == "kafka_key_file" and b"ENCRYPTED" in text:
                raise ValueError("the key is encrypted, and nobody is there to type its passphrase")
            if about.field_name == "kafka_ca_file":
                _authorities(file)
        return file

    @model_validator(mode="after")
    def _a_login_that_is_whole_and_used(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def kafka_login(self) -> KafkaLogin:
        """The login that these settings describe. Reads the files anew, so that a process that is started again takes what is
        there now."""
        protocol = self.kafka_security_protocol
        return KafkaLogin(
            protocol=protocol,
            mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_username or "",
            password=self._password() if protocol.startswith("SASL") else "",
            ssl_context=self._ssl_context() if protocol.endswith("SSL") else None,
        )

    def _password(self) -> str:
        if self.kafka_password_file is not None:
            return secret_in(self.kafka_password_file, most_bytes=_PASSWORD_BYTES)
        return self.kafka_password.get_secret_value() if self.kafka_password else ""

    def _ssl_context(self) -> ssl.SSLContext:
        context = (
            ssl.create_default_context() if self.kafka_ca_file is None else _authorities(self.kafka_ca_file)
        )
        if self.kafka_cert_file is not None:
            # a passphrase would be asked for on the terminal; the settings refuse such a key before
            context.load_cert_chain(self.kafka_cert_file, self.kafka_key_file, password=lambda: b"")
        return context

    def _problems(self) -> Iterator[str]:
        """What is missing, and what would be ignored: a line each, by the names that the operator set."""
        protocol = self.kafka_security_protocol
        needed, used = f"needed with KAFKA_SECURITY_PROTOCOL={protocol}", "has no use with"
        with_password = protocol.startswith("SASL")
        passwords = [self.kafka_password, self.kafka_password_file]
        if with_password and not self.kafka_username:
            yield f"KAFKA_USERNAME: {needed}"
        if with_password and not any(passwords):
            yield f"KAFKA_PASSWORD: {needed}, or KAFKA_PASSWORD_FILE"
        if all(passwords):
            yield "KAFKA_PASSWORD_FILE: set this or KAFKA_PASSWORD, not both"
        unused = [] if with_password else ["kafka_username", "kafka_password", "kafka_password_file"]
        if not protocol.endswith("SSL"):
            unused += ["kafka_ca_file", "kafka_cert_file", "kafka_key_file"]
        for name in unused:
            if getattr(self, name) is not None:
                yield f"{name.upper()}: {used} KAFKA_SECURITY_PROTOCOL={protocol}; set SASL_SSL, or unset this"
        if (self.kafka_cert_file is None) != (self.kafka_key_file is None):
            missing = "KAFKA_CERT_FILE" if self.kafka_cert_file is None else "KAFKA_KEY_FILE"
            yield f"{missing}: certificate and key come together"
        elif self.kafka_cert_file is not None and protocol.endswith("SSL"):
            try:
                self._ssl_context()
            except (ssl.SSLError, ValueError):
                yield "KAFKA_CERT_FILE: this and KAFKA_KEY_FILE are not a certificate and its key, in PEM"


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None


def _authorities(file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError:  # the error of ssl is one too
        raise ValueError("the file holds no certificate in PEM") from None

"""How to get in at a broker: where it is, who asks, and the words for it in each client and in the environment.

The names of the environment are those of the services, of the subscribers' kit and of `ipraktik-events`. A password is in no
text that this makes for people.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PLAINTEXT: Final = "PLAINTEXT"
SCRAM: Final = "SCRAM-SHA-512"
LOGIN_NAMES: Final = (
    "KAFKA_SECURITY_PROTOCOL",
    "KAFKA_SASL_MECHANISM",
    "KAFKA_USERNAME",
    "KAFKA_PASSWORD",
    "KAFKA_PASSWORD_FILE",
    "KAFKA_CA_FILE",
    "KAFKA_CERT_FILE",
    "KAFKA_KEY_FILE",
)


@dataclass(frozen=True, slots=True)
class KafkaLogin:
    """A broker's address and a user there; without a user, a broker that lets everybody in."""

    bootstrap: str
    username: str = ""
    password: str = field(default="", repr=False)
    protocol: str = PLAINTEXT
    mechanism: str = SCRAM
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""

    @property
    def secured(self) -> bool:
        """Whether the broker asks who one is."""
        return self.protocol != PLAINTEXT

    def aiokafka(self) -> dict[str, Any]:
        """Arguments of aiokafka's consumer, producer and admin client."""
        told: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": self.protocol}
        if self.protocol.startswith("SASL"):
            told |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        if self.protocol.endswith("SSL"):
            told["ssl_context"] = ssl.create_default_context(cafile=self.ca_file or None)
            if self.cert_file:
                told["ssl_context"].load_cert_chain(self.cert_file, self.key_file or None)
        return told

    def librdkafka(self) -> dict[str, str]:
        """The configuration of clients that stand on librdkafka."""
        told = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": self.protocol,
            "ssl.ca.location": self.ca_file,
            "ssl.certificate.location": self.cert_file,
            "ssl.key.location": self.key_file,
        }
        if self.protocol.startswith("SASL"):
            told |= {
                "sasl.mechanism": self.mechanism,
                "sasl.username": self.username,
                "sasl.password": self.password,
            }
        return {name: value for name, value in told.items() if value}

    def environment(self) -> dict[str, str]:
        """KEY=value for whoever is to log in so."""
        told = {"KAFKA_BOOTSTRAP": self.bootstrap}
        if self.secured:
            told |= {
                "KAFKA_SECURITY_PROTOCOL": self.protocol,
                "KAFKA_SASL_MECHANISM": self.mechanism if self.protocol.startswith("SASL") else "",
                "KAFKA_USERNAME": self.username,
                "KAFKA_PASSWORD": self.password,
                "KAFKA_CA_FILE": self.ca_file,
                "KAFKA_CERT_FILE": self.cert_file,
                "KAFKA_KEY_FILE": self.key_file,
            }
        return {name: value for name, value in told.items() if value}


def login_from(env: Mapping[str, str]) -> KafkaLogin:
    """The login that an environment, or `.local/env`, describes."""
    password = env.get("KAFKA_PASSWORD", "")
    if not password and (file := env.get("KAFKA_PASSWORD_FILE")):
        with open(file, encoding="utf-8") as content:
            password = content.read().strip("\r\n")
    return KafkaLogin(
        bootstrap=env["KAFKA_BOOTSTRAP"],
        username=env.get("KAFKA_USERNAME", ""),
        password=password,
        protocol=env.get("KAFKA_SECURITY_PROTOCOL") or PLAINTEXT,
        mechanism=env.get("KAFKA_SASL_MECHANISM") or SCRAM,
        ca_file=env.get("KAFKA_CA_FILE", ""),
        cert_file=env.get("KAFKA_CERT_FILE", ""),
        key_file=env.get("KAFKA_KEY_FILE", ""),
    )


def login_at(place: "str | KafkaLogin") -> KafkaLogin:
    """A login as it is, or an address where none is needed."""
    return KafkaLogin(place) if isinstance(place, str) else place

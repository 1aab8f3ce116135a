"""Where things are and who we are: everything from the environment, nothing in the code, no secret in a log."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    bootstrap: str
    database_url: str = field(repr=False)
    group: str
    namespace: str = ""
    protocol: str = "PLAINTEXT"
    mechanism: str = "SCRAM-SHA-512"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    session_timeout_ms: int = 10_000
    echo_file: Path | None = None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read the names that the agency's login comes with. Ends the program with a sentence where one is missing."""
        for name in ("KAFKA_BOOTSTRAP", "DATABASE_URL"):
            if not env.get(name):
                raise SystemExit(f"{name} is not set; README.md says which settings there are")
        password = env.get("KAFKA_PASSWORD", "")
        if file := env.get("KAFKA_PASSWORD_FILE"):
            password = Path(file).read_text("utf-8").rstrip("\n")
        echo = env.get("ECHO_FILE")
        return cls(
            bootstrap=env["KAFKA_BOOTSTRAP"],
            database_url=env["DATABASE_URL"],
            group=env.get("KAFKA_GROUP") or env.get("KAFKA_GROUP_PREFIX", "") + "kit",
            namespace=env.get("TOPIC_NAMESPACE", ""),
            protocol=env.get("KAFKA_SECURITY_PROTOCOL") or "PLAINTEXT",
            mechanism=env.get("KAFKA_SASL_MECHANISM") or "SCRAM-SHA-512",
            username=env.get("KAFKA_USERNAME", ""),
            password=password,
            ca_file=env.get("KAFKA_CA_FILE") or None,
            cert_file=env.get("KAFKA_CERT_FILE") or None,
            key_file=env.get("KAFKA_KEY_FILE") or None,
            session_timeout_ms=int(env.get("KAFKA_SESSION_TIMEOUT_MS") or 10_000),
            echo_file=Path(echo) if echo else None,
        )

    @property
    def uses_login(self) -> bool:
        """Whether the broker wants a name and a password."""
        return self.protocol.startswith("SASL_")

    def tls(self) -> ssl.SSLContext | None:
        """The broker is checked against the given authority, else against the system's. None where the wire is plain."""
        if not self.protocol.endswith("SSL"):
            return None
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.cert_file:
            context.load_cert_chain(self.cert_file, self.key_file)
        return context

    def aiokafka(self) -> dict[str, Any]:
        """Address and login as aiokafka's clients take them."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.protocol,
            "ssl_context": self.tls(),
            "sasl_mechanism": self.mechanism if self.uses_login else "PLAIN",
            "sasl_plain_username": self.username if self.uses_login else None,
            "sasl_plain_password": self.password if self.uses_login else None,
        }

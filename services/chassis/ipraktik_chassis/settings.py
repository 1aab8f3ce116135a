"""Settings come from the environment and are checked before anything starts. A service adds its own by a subclass.

What is wrong is said all at once, by the names that the operator set.
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsError

from .clock import Clock, FileClock, SystemClock
from .kafka_login import KafkaSettings
from .links import LinkVerifier
from .misspelt import misspelt
from .secret_files import SecretFiles
from .tracing_address import headers_of, usable_endpoint

S = TypeVar("S", bound=BaseSettings)
_NAMED = re.compile(r"[A-Z_]+: ")


class SettingsWrong(Exception):
    """Settings that cannot be used; `lines` say which and why, and quote nothing that was given."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


class Settings(SecretFiles, KafkaSettings):
    """What every service needs to know of its surroundings."""

    database_url: str = Field(repr=False, description="PostgreSQL with the role that runs the service.")
    database_url_file: Path | None = Field(
        default=None, description="A file that holds DATABASE_URL, in place of it."
    )
    migration_database_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL with the role that owns the schema; for `migrate` alone.",
    )
    migration_database_url_file: Path | None = Field(
        default=None, description="A file that holds MIGRATION_DATABASE_URL, in place of it."
    )
    database_pool: Annotated[int, Field(ge=2, le=100)] = Field(default=8, description="Connections at most.")
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    instance: str | None = Field(
        default=None,
        pattern=r"^[a-zA-Z0-9._-]{1,100}$",
        description="Stable name of this replica, such as the pod's: a restart then causes no rebalance.",
    )
    ops_host: str = "127.0.0.1"
    ops_port: Annotated[int, Field(ge=0, le=65535)] = 9090
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    organiser: str = Field(
        default="coi", pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Short name, part of ce_source."
    )
    organiser_name: str = Field(default="Center for Offentlig Innovation", max_length=100)
    organiser_email: str = Field(default="innovationspraktik@example.org", max_length=254)
    link_public_key_file: Path | None = Field(default=None, description="PEM, Ed25519: verifies links.")
    registration_public_url: str = "http://127.0.0.1:8081"
    matching_public_url: str = "http://127.0.0.1:8082"
    notify_public_url: str = "http://127.0.0.1:8083"
    evaluation_public_url: str = "http://127.0.0.1:8084"
    proxies: Annotated[int, Field(ge=0, le=5)] = Field(
        default=0,
        description="Proxies of ours in front of the service that add to X-Forwarded-For; rate limits count by what they saw.",
    )
    local_stack: bool = Field(
        default=False,
        description="True only on the local stack: allows a simulated clock, plain http cookies.",
    )
    clock_file: Path | None = Field(default=None, description="Simulated time; only on the local stack.")
    poll_seconds: Annotated[float, Field(ge=0.01, le=60)] = Field(
        default=1.0, description="How often jobs look for work."
    )
    drain_seconds: Annotated[float, Field(ge=1, le=120)] = Field(
        default=15.0, description="How long a shutdown may take."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        default=None,
        description="A collector's address, such as http://collector:4318: spans go there as OTLP over HTTP. Unset: none are made.",
    )
    otel_exporter_otlp_headers: str | None = Field(
        default=None,
        repr=False,
        description="Headers for it, as name=value, comma separated; values percent-encoded where they hold a comma.",
    )
    otel_exporter_otlp_headers_file: Path | None = Field(
        default=None, description="A file that holds OTEL_EXPORTER_OTLP_HEADERS, in place of it."
    )
    schema_wait_seconds: Annotated[float, Field(ge=0, le=3600)] = Field(
        default=300.0, description="How long `await-schema` waits for `migrate`."
    )

    @field_validator("link_public_key_file")
    @classmethod
    def _a_key_that_can_check_links(cls, file: Path | None) -> Path | None:
        if file is not None:
            try:
                LinkVerifier(file.read_bytes())
            except OSError as error:
                raise ValueError(f"the file cannot be read: {error.strerror}") from None
        return file

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _a_collector_that_can_be_asked(cls, given: str | None) -> str | None:
        return given if given is None else usable_endpoint(given)

    @field_validator("otel_exporter_otlp_headers")
    @classmethod
    def _headers_that_can_be_sent(cls, given: str | None) -> str | None:
        if given is not None:
            headers_of(given)
        return given

    @model_validator(mode="after")
    def _simulated_time_only_locally(self) -> Self:
        if self.clock_file is not None and not self.local_stack:
            raise ValueError("CLOCK_FILE: it simulates time and is refused outside the local stack; unset it")
        return self

    def clock(self) -> Clock:
        """The clock these settings ask for."""
        return FileClock(self.clock_file) if self.clock_file else SystemClock()


def read(settings: type[S]) -> S:
    """Read the environment. Raises SettingsWrong, with a line per setting that is wrong."""
    try:
        return settings()
    except ValidationError as error:
        lines = []
        wrong = misspelt(os.environ, settings.model_fields)
        for problem in error.errors(include_input=False, include_url=False):
            name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
            said = problem["msg"].removeprefix("Value error, ")
            if problem["type"] == "missing" and f"{name.lower()}_file" in settings.model_fields:
                said = f"needed, or {name}_FILE"
            if problem["type"] == "missing" and (
                typed := [one for one, meant in wrong.items() if meant == name]
            ):
                said += f"; {typed[0]} is set and is no setting"
            # what concerns several settings names them itself, a line each
            lines += said.splitlines() if _NAMED.match(said) else [f"{name}: {said}"]
        raise SettingsWrong(lines) from None
    except SettingsError as error:
        name = next((name for name in settings.model_fields if f'"{name}"' in str(error)), "settings")
        raise SettingsWrong([f"{name.upper()}: this must be JSON"]) from None


def load(settings: type[S]) -> S:
    """Read the environment, or leave with status 2 and a line per setting that is wrong."""
    try:
        return read(settings)
    except SettingsWrong as wrong:
        sys.stderr.write("".join(f"{line}\n" for line in wrong.lines))
        raise SystemExit(2) from None

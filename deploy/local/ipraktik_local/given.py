"""Addresses given from outside: which of the names in the surroundings mean "use this one", and whether anybody is there.

What a shell still holds of an earlier stack of the same home (somebody sourced `.local/env`) is not from outside; it is told
apart by the copy of `env` that the stack leaves behind, and ignored.
"""

import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ipraktik_local.environment import read_env
from ipraktik_local.login import LOGIN_NAMES

LAST_ENV: Final = "env.last"
"""Beside `env`, and staying when that goes: what in it was the stack's own."""

_SERVERS: Final = {
    "kafka": "KAFKA_BOOTSTRAP",
    "postgres": "MIGRATION_DATABASE_URL_REGISTRATION",
    "mail": "SMTP_URL",
}
"""The stack's own servers, by the name of their process, and the address that is then its own."""


def servers_away(home: Path, *, running: Iterable[str]) -> tuple[str, ...]:
    """Which servers of the stack that is up in `home` run no more. Nobody starts these again; services are."""
    own = read_env(home / LAST_ENV)
    return tuple(name for name, address in _SERVERS.items() if address in own and name not in running)


_KNOCK_SECONDS: Final = 5.0


class NobodyThere(RuntimeError):
    """Something was named from outside and does not answer."""


def from_outside(
    environ: Mapping[str, str], *, home: Path, services: Iterable[str], say: Callable[[str], None]
) -> dict[str, str]:
    """The names that mean "use this one", with their values. Says which those are, and which are of an earlier stack.

    Raises NobodyThere for a server that does not answer: better now, by its name, than by a process that never gets ready.
    """
    names = _names(services)
    left = read_env(home / LAST_ENV)
    found = {name: environ[name] for name in names if environ.get(name)}
    stale = sorted(name for name, value in found.items() if left.get(name) == value)
    if stale:
        say(f"This shell holds addresses of an earlier stack; they are not used: {', '.join(stale)}.")
    given = {name: value for name, value in found.items() if name not in stale}
    if "KAFKA_BOOTSTRAP" not in given:  # a login for nowhere
        given = {name: value for name, value in given.items() if name not in LOGIN_NAMES}
    used = sorted(name for name in given if name not in ("TOPIC_REPLICATION_FACTOR", "TOPIC_NAMESPACE"))
    if used:
        say(f"Given from outside, and used: {', '.join(used)}.")
    for name in used:
        _knock(name, given[name])
    return given


def _names(services: Iterable[str]) -> list[str]:
    of_services = [
        pattern.format(service.upper())
        for service in services
        for pattern in ("{}_URL", "DATABASE_URL_{}", "MIGRATION_DATABASE_URL_{}")
    ]
    return [
        "KAFKA_BOOTSTRAP",
        "KAFKA_SECURITY_PROTOCOL",
        "KAFKA_SASL_MECHANISM",
        "KAFKA_USERNAME",
        "KAFKA_PASSWORD",
        "KAFKA_PASSWORD_FILE",
        "KAFKA_CA_FILE",
        "KAFKA_CERT_FILE",
        "KAFKA_KEY_FILE",
        *LOGIN_NAMES,
        "TOPIC_NAMESPACE",
        "TOPIC_REPLICATION_FACTOR",
        "SMTP_URL",
        "MAIL_URL",
        "MAIL_DIR",
        "COORDINATOR_TOKEN",
        "COORDINATOR_ADDRESSES",
        *of_services,
    ]


def _knock(name: str, value: str) -> None:
    """Does anybody listen? A service that is run by hand may come later; so may a mail page."""
    if name == "KAFKA_BOOTSTRAP":
        places = [place.rpartition(":") for place in value.split(",")]
        addresses = [(host.strip("[] "), port) for host, _, port in places]
    elif name == "SMTP_URL" or "DATABASE_URL_" in name:
        parts = urlsplit(value)
        default = "25" if name == "SMTP_URL" else "5432"
        addresses = [(parts.hostname or "", str(parts.port or default))]
    else:
        return
    reasons = []
    for host, port in addresses:
        try:
            socket.create_connection((host, int(port)), timeout=_KNOCK_SECONDS).close()
        except (OSError, ValueError) as error:
            reasons.append(f"{host or '?'}:{port or '?'} ({error})")
        else:
            return  # one broker that answers is enough
    raise NobodyThere(
        f"{name} is set in this shell, and nobody answers at {', '.join(reasons)}. Start that server, or let this stack start "
        f"one of its own: unset {name}"
    )

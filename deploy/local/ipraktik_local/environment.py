"""What each process is told: addresses, roles, keys. The names are those that every deployment of the services uses."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ipraktik_local.keys import LinkKeys
from ipraktik_local.login import KafkaLogin
from ipraktik_local.ports import HOST
from ipraktik_local.service_database import ServiceDatabase

SERVICES: Final = ("registration", "matching", "notify", "evaluation")
ROOMS: Final = ("serve", "work")
SETTINGS: Final = "settings"
"""The folder of a stack with what each service is told; it holds passwords."""
COORDINATOR: Final = "koordinator@example.org"
SENDER: Final = "Innovationspraktik <innovationspraktik@example.org>"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that the processes stand on, ours or somebody else's."""

    operator: KafkaLogin
    """Who makes topics and looks at everything."""
    kafka_logins: Mapping[str, KafkaLogin]
    """By service."""
    databases: Mapping[str, ServiceDatabase]
    smtp_url: str
    keys: LinkKeys
    http_ports: Mapping[str, int]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Addresses of services that somebody else runs."""
    fronts: Mapping[str, str] = field(default_factory=dict)
    """Addresses of what stands before a service's processes here, such as a balancer."""
    base_url: str | None = None
    """The one origin for people, before all services; without one, each service is its own."""
    topic_namespace: str = ""
    clock_file: Path | None = None
    mail_url: str | None = None
    mail_dir: Path | None = None
    coordinators: str = COORDINATOR
    """Their addresses, comma separated; the standing one's mail lands in our own sink, so that anybody here can sign in by link."""
    settings: Mapping[str, str] = field(default_factory=dict)

    def service_url(self, service: str) -> str:
        return (
            self.elsewhere.get(service)
            or self.fronts.get(service)
            or f"http://{HOST}:{self.http_ports[service]}"
        )

    def of_service(self, service: str) -> dict[str, str]:
        """For any process of a service: also its migrations and its commands."""
        return _inherited() | self.own_of_service(service)

    def write_settings(self, home: Path) -> None:
        """What each service is told, a file each, for commands that are given beside the running processes."""
        folder = home / SETTINGS
        folder.mkdir(mode=0o700, exist_ok=True)
        for service in self.databases:
            write_env(folder / f"{service}.env", self.own_of_service(service))

    def own_of_service(self, service: str) -> dict[str, str]:
        """The same without what this process was started with."""
        database = self.databases[service]
        env = {
            "DATABASE_URL": database.url,
            **self.kafka_logins[service].environment(),
            "TOPIC_NAMESPACE": self.topic_namespace,
            "HTTP_HOST": HOST,
            "OPS_HOST": HOST,
            "LOCAL_STACK": "1",
            "LINK_PUBLIC_KEY_FILE": str(self.keys.public),
            **self._public_urls(),
        }
        if self.clock_file is not None:
            env["CLOCK_FILE"] = str(self.clock_file)
        if service == "notify":
            env |= {
                "LINK_PRIVATE_KEY_FILE": str(self.keys.private),
                "SMTP_URL": self.smtp_url,
                "MAIL_FROM": SENDER,
                "COORDINATOR_ADDRESSES": self.coordinators,
                "WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8,::1/128",  # receivers on this machine
            }
        return env | dict(self.settings)

    def _public_urls(self) -> dict[str, str]:
        """What links to each service begin with."""
        if self.base_url is not None:
            behind_it = {"PROXIES": "1"}  # limits go by what the gateway saw
            return behind_it | {f"{name.upper()}_PUBLIC_URL": self.base_url for name in SERVICES}
        return {
            f"{name.upper()}_PUBLIC_URL": self.service_url(name)
            for name in (*self.http_ports, *self.elsewhere)
        }

    def of_migration(self, service: str) -> dict[str, str]:
        """Only migrations hold the owner's address."""
        return self.of_service(service) | {"MIGRATION_DATABASE_URL": self.databases[service].migration_url}

    def of_process(
        self, service: str, room: str, *, instance: str, http_port: int, ops_port: int
    ) -> dict[str, str]:
        env = self.of_service(service) | {"OPS_PORT": str(ops_port)}
        if room != "work":
            env["HTTP_PORT"] = str(http_port)
        if room != "serve":
            env["INSTANCE"] = instance  # a replica that comes back takes its own partitions up again at once
        return env

    def for_people_and_tests(self, services: Iterable[str]) -> dict[str, str]:
        """What `.local/env` says of these surroundings."""
        env = {"BASE_URL": self.base_url} if self.base_url is not None else {}
        env |= self.operator.environment() | {
            "TOPIC_NAMESPACE": self.topic_namespace,
            "COORDINATOR_ADDRESSES": self.coordinators,
        }
        for service in services:
            env[f"{service.upper()}_URL"] = self.service_url(service)
            env[f"DATABASE_URL_{service.upper()}"] = self.databases[service].url
            env[f"MIGRATION_DATABASE_URL_{service.upper()}"] = self.databases[service].migration_url
        env["SMTP_URL"] = self.smtp_url
        if self.mail_url is not None:
            env["MAIL_URL"] = self.mail_url
        if self.mail_dir is not None:
            env["MAIL_DIR"] = str(self.mail_dir)
        if self.clock_file is not None:
            env["CLOCK_FILE"] = str(self.clock_file)
        return env


def given_databases(given: Mapping[str, str], services: Iterable[str]) -> dict[str, ServiceDatabase] | None:
    """Databases named from outside, for all services or for none: half of each would be nobody's setup."""
    names = [
        f"{prefix}DATABASE_URL_{service.upper()}" for service in services for prefix in ("", "MIGRATION_")
    ]
    missing = [name for name in names if not given.get(name)]
    if len(missing) == len(names):
        return None
    if missing:
        raise ValueError(f"Databases of your own need an address each; missing: {', '.join(missing)}.")
    return {
        service: ServiceDatabase(
            name=service,
            url=given[f"DATABASE_URL_{service.upper()}"],
            migration_url=given[f"MIGRATION_DATABASE_URL_{service.upper()}"],
        )
        for service in services
    }


def settings_of(home: Path, service: str) -> dict[str, str]:
    """The surroundings of a command of a service whose stack lives in `home`; nothing if it never came so far."""
    own = read_env(home / SETTINGS / f"{service}.env")
    return _inherited() | own if own else {}


def write_env(file: Path, env: Mapping[str, str]) -> None:
    """KEY=value lines, for the owner's eyes: it holds passwords and the coordinator's token."""
    part = file.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.writelines(f"{name}={value}\n" for name, value in env.items())
    os.replace(part, file)


def read_env(file: Path) -> dict[str, str]:
    """What `write_env` wrote; nothing if the stack is not up."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _inherited() -> dict[str, str]:
    """Our own surroundings, without the names that would quietly point a service somewhere else."""
    ours = (
        "DATABASE_URL",
        "MIGRATION_DATABASE_URL",
        "KAFKA_",
        "CLOCK_FILE",
        "HTTP_PORT",
        "OPS_PORT",
        "INSTANCE",
        "SMTP_URL",
    )
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "PYTHONUNBUFFERED": "1"
    }

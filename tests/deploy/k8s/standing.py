"""The four services as processes with the environment that the manifests of `local` give their containers.

Only what belongs to this machine is changed: addresses, ports, and the folder under which Secrets are mounted. Where a setting of
the manifests were wrong for the program, it would not start.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ipraktik_local.keys import link_keys
from ipraktik_local.ports import reserve_port
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase
from ipraktik_local.topics import create_topics
from ipraktik_manifests.looking import COMPONENT, NAME, services_pods, settings_of
from ipraktik_manifests.tree import SERVICES, environment

MOUNTED: Final = "/var/run/secrets/ipraktik/"
PATHS: Final = ("/livez", "/readyz", "/metrics")
_WITHIN: Final = 120.0


@dataclass(frozen=True, slots=True)
class Ground:
    """The servers and the folder that everything stands on."""

    kafka: str
    postgres: PostgresServer
    home: Path


@dataclass(frozen=True, slots=True)
class Process:
    """A program that runs, and where it answers."""

    service: str
    command: str
    ops: str
    popen: "subprocess.Popen[bytes]"
    log: Path

    def status(self, path: str) -> int:
        """What the ops port answers to a path; 0 while nobody listens."""
        return self._ask(path)[0]

    def text(self, path: str) -> str:
        return self._ask(path)[1]

    def _ask(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.ops + path, timeout=10) as answer:  # noqa: S310 - an address of our own
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()
        except OSError:
            return 0, ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All of them, migrated and ready."""

    processes: tuple[Process, ...]
    databases: Mapping[str, ServiceDatabase]

    def answers(self) -> dict[str, dict[str, int]]:
        """Command -> path -> status; the worst of the services."""
        return {
            command: {
                path: max(p.status(path) for p in self.processes if p.command == command) for path in PATHS
            }
            for command in ("serve", "work")
        }

    def metrics(self) -> frozenset[str]:
        """The names that any of them exports, as Prometheus knows them."""
        lines = "\n".join(one.text("/metrics") for one in self.processes).splitlines()
        return frozenset(line.split()[2] for line in lines if line.startswith("# TYPE")) | frozenset(
            line.partition("{")[0].split()[0] for line in lines if line and not line.startswith("#")
        )


def manifest_environment(service: str, command: str) -> dict[str, str]:
    """What the manifests of `local` give the container of that command; without what only the cluster knows."""
    objects = environment("local")
    for one in services_pods(objects):
        if one.labels[NAME] == service:
            for container in one.containers:
                if container["args"] == [f"ipraktik_{service}", command] and (
                    command != "await-schema" or one.labels[COMPONENT] == "serve"
                ):
                    given = settings_of(one, container, objects)
                    return {key: value for key, value in given.items() if value is not None}
    raise LookupError(f"no container runs {service} {command}")


@contextmanager
def stand(ground: Ground) -> Iterator[Standing]:
    """Migrate all four, start their `work` and one `serve`, and wait until they are ready."""
    namespace = "manifests."
    create_topics(ground.kafka, namespace)
    databases = {one: ground.postgres.create_service_database(f"manifests_{one}") for one in SERVICES}
    for service in SERVICES:
        put_secrets(
            ground.home / service, database=databases[service].url, owner=databases[service].migration_url
        )
    with ExitStack() as stack:
        for service in SERVICES:
            _once(service, "migrate", ground)
        _once(SERVICES[0], "await-schema", ground)
        # one web and every worker: the web frame is the same in all four, and a process costs seconds of a small machine
        running = [
            stack.enter_context(_running(service, command, ground, namespace))
            for service, command in ((SERVICES[0], "serve"), *((one, "work") for one in SERVICES))
        ]
        for one in running:
            _until_ready(one)
        yield Standing(processes=tuple(running), databases=databases)
        for one in running:
            one.popen.terminate()  # all at once; each is waited for below


def placed(given: Mapping[str, str], ground: Ground, service: str) -> dict[str, str]:
    """The manifests' environment on this machine."""
    moved = moved_to(ground.home / service, given)
    for login in [key for key in moved if key.startswith("KAFKA_") and key != "KAFKA_BOOTSTRAP"]:
        del moved[login]  # the broker here lets everybody in; logins are tested where one asks for them
    return moved | {"KAFKA_BOOTSTRAP": ground.kafka, "HTTP_HOST": "127.0.0.1", "OPS_HOST": "127.0.0.1"}


def moved_to(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The environment with Secrets under that folder."""
    return {key: value.replace(MOUNTED, f"{folder}/") for key, value in given.items()}


def put_secrets(folder: Path, *, database: str, owner: str) -> None:
    """The files that Secrets become."""
    keys = link_keys(folder / "pair")
    files = {
        "database/url": database,
        "database-owner/url": owner,
        "link-keys/public.pem": keys.public.read_text("utf-8"),
        "link-signing-key/private.pem": keys.private.read_text("utf-8"),
        "smtp/url": "smtp://127.0.0.1:9",
    }
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")


def _process_environment(given: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **given}


def _once(service: str, command: str, ground: Ground) -> None:
    given = placed(manifest_environment(service, command), ground, service)
    ended = subprocess.run(
        [sys.executable, "-m", f"ipraktik_{service}", command],
        env=_process_environment(given),
        capture_output=True,
        text=True,
        timeout=_WITHIN,
        check=False,
    )
    assert ended.returncode == 0, f"{service} {command}: {ended.stderr[-2000:]}"


@contextmanager
def _running(service: str, command: str, ground: Ground, namespace: str) -> Iterator[Process]:
    given = placed(manifest_environment(service, command), ground, service)
    with reserve_port() as http, reserve_port() as ops:
        given |= {"HTTP_PORT": str(http.number), "OPS_PORT": str(ops.number), "TOPIC_NAMESPACE": namespace}
        http.release()
        ops.release()
        log = ground.home / f"{service}-{command}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [sys.executable, "-m", f"ipraktik_{service}", command],
                env=_process_environment(given),
                stdout=out,
                stderr=out,
            )
        try:
            yield Process(service, command, f"http://127.0.0.1:{ops.number}", popen, log)
        finally:
            popen.terminate()
            try:
                popen.wait(30)
            except subprocess.TimeoutExpired:
                popen.kill()
                popen.wait()


def _until_ready(one: Process) -> None:
    until = time.monotonic() + _WITHIN
    while one.status("/readyz") != 200:
        said = one.log.read_text("utf-8", errors="replace")[-2000:]
        assert one.popen.poll() is None, f"{one.service} {one.command} ended: {said}"
        assert time.monotonic() < until, (
            f"{one.service} {one.command} is not ready: {one.text('/readyz')} {said}"
        )
        time.sleep(0.1)

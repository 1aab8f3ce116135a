"""Machines of deploy/small without containers: where databases, Kafka and keys are, and how its two programs are started there."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from deploy.image_root import ROOT
from ipraktik_local.postgres import PostgresServer, psql_program

SMALL: Final = ROOT / "deploy" / "small"


@dataclass(frozen=True)
class Place:
    """A machine: four databases, a Kafka, keys, and where its backups lie."""

    home: Path
    urls: Mapping[str, str]
    superuser: Mapping[str, str]
    postgres: PostgresServer
    kafka: str
    namespace: str

    def run(self, script: str, *arguments: str) -> tuple[int, str]:
        """Start one of the two; exit status and all that it said."""
        ended = subprocess.run(
            [sys.executable, str(SMALL / script), *arguments, "--env-file", str(self.home / "env")],
            env=self.surroundings(),
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        return ended.returncode, ended.stdout + ended.stderr

    def surroundings(self) -> dict[str, str]:
        """What a process needs to take this place for a machine with Docker."""
        programs = self.home / "programs"
        programs.mkdir(parents=True, exist_ok=True)
        docker = programs / "docker"
        docker.write_text(
            f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("without_docker.py")} "$@"\n'
        )
        docker.chmod(0o755)
        for half in ("private", "public"):
            (self.home / "keys" / half).mkdir(parents=True, exist_ok=True)
        machine = self.home / "machine.json"
        machine.write_text(json.dumps(self._machine()), "utf-8")
        return {"PATH": f"{programs}:/usr/bin:/bin", "MACHINE": str(machine)}

    def back_up(self) -> Path:
        """A backup of this place."""
        status, said = self.run("backup.py", "--into", str(self.home / "backups"))
        assert status == 0, said
        (folder,) = (self.home / "backups").iterdir()
        return folder

    def did(self) -> list[str]:
        """What Compose was told."""
        log = self.home / "compose.log"
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def _machine(self) -> dict[str, Any]:
        admin = urlsplit(self.postgres.admin_url)
        return {
            "log": str(self.home / "compose.log"),
            "keys": str(self.home / "keys"),
            "python": sys.executable,
            "kafka": self.kafka,
            "namespace": self.namespace,
            "urls": dict(self.urls),
            "databases": {name: urlsplit(url).path[1:] for name, url in self.urls.items()},
            "programs": str(psql_program().parent),
            "server": {
                "PGHOST": str(admin.hostname),
                "PGPORT": str(admin.port),
                "PGPASSWORD": str(admin.password),
            },
        }


def inside(postgres: PostgresServer, url: str) -> str:
    """The administrator's address of somebody's database."""
    return urlsplit(postgres.admin_url)._replace(path=urlsplit(url).path).geturl()

"""Prometheus itself, on this machine, with the rules of deploy/monitoring loaded and the local stack's processes to scrape.

Debian's package brings the program; nothing is fetched. It keeps its data beside the stack's, and ends with whoever started it.
"""

import json
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Self

import httpx

from ipraktik_local.environment import ROOMS
from ipraktik_local.noted import RunningProcess
from ipraktik_local.ports import HOST, reserve_port
from ipraktik_local.processes import ChildDidNotStart, spawn, stop
from ipraktik_local.watching.rules import write_rule_files

INSTALL: Final = "Prometheus is missing. Debian, Ubuntu: sudo apt install prometheus"
_READY_WITHIN: Final = 30.0


class NoPrometheus(RuntimeError):
    """The program is not on PATH; the text says what to install."""


def targets(processes: Iterable[RunningProcess]) -> list[dict[str, Any]]:
    """Every process with an ops port, labelled as a cluster's PodMonitors label pods."""
    found = []
    for process in processes:
        service, _, rest = process.name.partition("-")
        room = next((room for room in ROOMS if rest.startswith(room)), None)
        if process.ops_url and room:
            address = process.ops_url.removeprefix("http://")
            labels = {"service": service, "room": room, "pod": process.name, "namespace": "local"}
            found.append({"targets": [address], "labels": labels})
    return found


class Prometheus:
    """One Prometheus in a folder of its own, until the block ends."""

    def __init__(self, home: Path, *, scrape_seconds: int = 5) -> None:
        program = shutil.which("prometheus")
        if program is None:
            raise NoPrometheus(INSTALL)
        self._program = program
        self._home = home
        self._seconds = scrape_seconds
        self._port = reserve_port()
        self.url = f"http://{HOST}:{self._port.number}"
        # one for all questions: to make one takes longer than most answers
        self._client = httpx.Client(base_url=self.url, timeout=10)

    def __enter__(self) -> Self:
        self._home.mkdir(parents=True, exist_ok=True)
        self._write_config()
        self._process = spawn(
            [
                self._program,
                f"--config.file={self._home / 'prometheus.json'}",
                f"--storage.tsdb.path={self._home / 'data'}",
                "--storage.tsdb.retention.time=7d",
                f"--web.listen-address={HOST}:{self._port.number}",
                "--log.level=warn",
            ],
            log=self._home / "prometheus.log",
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        stop(self._process, grace=10)
        self._port.release()

    def watch(self, processes: Iterable[RunningProcess]) -> int:
        """Scrape these from now on; how many there are. Prometheus reads the file again by itself."""
        found = targets(processes)
        file = self._home / "targets.json"
        text = json.dumps(found, indent=1)
        if not file.exists() or file.read_text("utf-8") != text:
            part = file.with_suffix(".part")
            part.write_text(text, "utf-8")
            part.replace(file)
        return len(found)

    def ask(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """What an expression says now: labels and number of each series."""
        answer = self._client.get("/api/v1/query", params={"query": expression})
        answer.raise_for_status()
        return [(one["metric"], float(one["value"][1])) for one in answer.json()["data"]["result"]]

    def firing(self) -> list[str]:
        """The alerts that fire, by name and service, but for the one that always does."""
        answer = self._client.get("/api/v1/alerts")
        answer.raise_for_status()
        return sorted(
            f"{one['labels']['alertname']} ({one['labels'].get('service', '')})"
            for one in answer.json()["data"]["alerts"]
            if one["state"] == "firing" and one["labels"]["alertname"] != "Watchdog"
        )

    def _write_config(self) -> None:
        config = {
            "global": {"scrape_interval": f"{self._seconds}s", "evaluation_interval": f"{self._seconds}s"},
            "rule_files": [str(path) for path in write_rule_files(self._home, every=self._seconds)],
            "scrape_configs": [
                {
                    "job_name": "innovationspraktik",
                    "file_sd_configs": [
                        {"files": [str(self._home / "targets.json")], "refresh_interval": "5s"}
                    ],
                }
            ],
        }
        (self._home / "prometheus.json").write_text(json.dumps(config, indent=1), "utf-8")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                if self._client.get("/-/ready", timeout=2).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise ChildDidNotStart("Prometheus", "is not ready", self._home / "prometheus.log")

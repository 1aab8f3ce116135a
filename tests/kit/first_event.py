"""How long it takes from a clean clone to the first event in a subscriber of the kit, step by step, as its page says.

`PYTHONPATH=tests .venv/bin/python -m kit.first_event` measures an agency: a login and an empty database are at hand, the topics hold
events. With `--whole` everything begins on a bare machine: the clone installs itself, starts Kafka, PostgreSQL and the services, makes
the agency, and a coordinator opens an edition, which is the first event. `--cold` does without what earlier runs left in the
caches of pip and uv; Kafka's jars are then fetched as well. The clone is of the last commit.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kit.hostile import Stream, hostile
from kit.lives import three_editions
from kit.members import new_database
from kit.stage import Stage

from ipraktik_local.kafka import start_kafka
from ipraktik_local.postgres import start_postgres
from ipraktik_local.processes import spawn, stop, tail
from ipraktik_local.rights import make_agency
from ipraktik_local.topics import create_topics

ROOT: Final = Path(__file__).parents[2]
_WITHIN: Final = 600.0
_EDITION: Final = {
    "name": "Prøve",
    "mode": "rolling",
    "window": {"opens_at": "2026-01-01T00:00:00Z"},
    "dates": {"first_day": "2026-01-01", "last_day": "2099-12-31"},
}


@dataclass
class Steps:
    """Seconds by step, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens in the block."""
        begun = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begun
        _say(f"{self.seconds[name]:7.1f} s  {name}")


def main() -> None:
    """Measure, say each step as it is over, and the sum."""
    parser = argparse.ArgumentParser(prog="python -m kit.first_event", description=__doc__)
    parser.add_argument(
        "--whole", action="store_true", help="begin without anything: the whole local stack as well"
    )
    parser.add_argument("--cold", action="store_true", help="with empty caches")
    parser.add_argument("--of", type=Path, default=ROOT, help="the repository to clone")
    chosen = parser.parse_args()
    steps = Steps()
    with tempfile.TemporaryDirectory(prefix="ipraktik-first-event-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        env = _environment(home, cold=chosen.cold)
        if chosen.whole:
            _whole(home, env, chosen.of, steps)
        else:
            _agency(home, env, chosen.of, steps)
    _say(f"{sum(steps.seconds.values()):7.1f} s  together, {'empty' if chosen.cold else 'warm'} caches")


def _agency(home: Path, env: Mapping[str, str], of: Path, steps: Steps) -> None:
    """What is there before the clock runs: a secured broker with three editions on it, a login, an empty database."""
    with start_postgres(home / "postgres") as postgres, start_kafka(home / "kafka", secure=True) as kafka:
        create_topics(kafka.admin)
        login = make_agency(kafka, name="skat")
        stage = Stage(kafka.admin, "", login, postgres, home)
        asyncio.run(_told(stage, hostile(three_editions(2018), 37)))
        database = asyncio.run(new_database(postgres))
        with steps.step("git clone"):
            clone = _cloned(of, home)
        _listen(clone, home, {**env, **login.environment(), "DATABASE_URL": database}, steps)


def _whole(home: Path, env: Mapping[str, str], of: Path, steps: Steps) -> None:
    with steps.step("git clone"):
        clone = _cloned(of, home)
    with steps.step("make setup (installs everything)"):
        _run(["make", "setup"], clone, env)
    with steps.step("make up SECURE=1 (Kafka, PostgreSQL, eight processes)"):
        _run(["make", "up", "SECURE=1"], clone, env)
    try:
        with steps.step("make agency NAME=skat"):
            _run(["make", "agency", "NAME=skat"], clone, env)
        with steps.step("a coordinator opens an edition"):
            _open_edition(_read_env(clone / ".local" / "env"))
        with start_postgres(home / "postgres") as postgres:
            database = asyncio.run(new_database(postgres))
            login = _read_env(clone / ".local" / "agencies" / "skat.env")
            _listen(clone, home, {**env, **login, "DATABASE_URL": database}, steps)
    finally:
        _run(["make", "down"], clone, env)


def _listen(clone: Path, home: Path, env: Mapping[str, str], steps: Steps) -> None:
    """The page of the kit in Python: install it, start it."""
    kit, echo, log = clone / "contracts" / "kit" / "python", home / "echo", home / "subscriber.log"
    with steps.step("python3 -m venv .venv"):
        _run([sys.executable, "-m", "venv", ".venv"], kit, env)
    with steps.step("pip install ../.. -r requirements.txt"):
        pip = [".venv/bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "../..", "-r", "requirements.txt"], kit, env)
    with steps.step("python -m subscriber.with_aiokafka, to its first event"):
        process = spawn(
            [kit / ".venv/bin/python", "-m", "subscriber.with_aiokafka"],
            log=log,
            env={**env, "ECHO_FILE": str(echo)},
            cwd=kit,
        )
        try:
            bound = time.monotonic() + _WITHIN
            while not (echo.exists() and echo.stat().st_size):
                if process.poll() is not None or time.monotonic() > bound:
                    raise SystemExit(f"the subscriber heard nothing:\n{tail(log)}")
                time.sleep(0.01)
        finally:
            stop(process)


async def _told(stage: Stage, stream: Stream) -> None:
    async with stage.playing() as player:
        await player.play(stream.records)


def _open_edition(env: Mapping[str, str]) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own stack, on loopback
        f"{env['REGISTRATION_URL']}/registration/api/v1/editions",
        data=json.dumps(_EDITION).encode(),
        headers={"Authorization": f"Bearer {env['COORDINATOR_TOKEN']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        answer.read()


def _environment(home: Path, *, cold: bool) -> dict[str, str]:
    """The shell of whoever runs this, without what would make it anything but a stranger's."""
    ours = (
        "KAFKA_",
        "TOPIC_",
        "DATABASE_URL",
        "MIGRATION_",
        "LOCAL_",
        "MAKE",
        "MFLAGS",
        "VIRTUAL_ENV",
        "PYTHONPATH",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    empty = home / "caches"
    return kept | (
        {"XDG_CACHE_HOME": str(empty), "PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"} if cold else {}
    )


def _cloned(of: Path, home: Path) -> Path:
    git = shutil.which("git")
    assert git is not None
    _run([git, "clone", "--quiet", str(of), "clone"], home, os.environ)
    return home / "clone"


def _read_env(file: Path) -> dict[str, str]:
    lines = (line.partition("=") for line in file.read_text("utf-8").splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def _run(command: list[str], folder: Path, env: Mapping[str, str]) -> None:
    ended = subprocess.run(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_WITHIN,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)}\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

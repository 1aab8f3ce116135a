"""What `make up` leaves behind in the background, and how it is brought down, interrupted, or fails."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from deploy.local.standing import FAKE, gone, until

from ipraktik_local.environment import SERVICES, read_env


@pytest.fixture
def pretended(tmp_path: Path, records: Path) -> dict[str, str]:
    """Surroundings in which the four service packages are the stand-in."""
    packages = tmp_path / "packages"
    for service in ("registration", "matching", "notify", "evaluation"):
        package = packages / f"ipraktik_{service}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(
            f"import runpy, sys\nsys.argv = [{str(FAKE)!r}, {service!r}, *sys.argv[1:]]\n"
            f"runpy.run_path({str(FAKE)!r}, run_name='__main__')\n"
        )
    return os.environ | {"PYTHONPATH": str(packages), "RECORD_DIR": str(records)}


def test_up_stays_when_the_terminal_is_gone_and_down_leaves_nothing(
    home: Path, records: Path, pretended: dict[str, str]
) -> None:

    def command(*words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "ipraktik_local", "--home", str(home), *words]
        return subprocess.run(
            whole, env=pretended, input=given, capture_output=True, text=True, timeout=100, check=False
        )

    try:
        assert command("status").returncode == 3
        assert "It is down" in command("in", "matching", "doctor").stderr
        up = command("up")
        assert up.returncode == 0, up.stdout + up.stderr
        env = read_env(home / "env")
        assert env["REGISTRATION_URL"] in up.stdout
        pids = [process["pid"] for process in json.loads((home / "processes.json").read_text())]
        assert len(pids) == 12

        again = command("up")
        assert "already up" in again.stdout
        assert env["REGISTRATION_URL"] in again.stdout
        assert "matching-work" in command("status").stdout
        assert "innovationspraktik.placements.v1" in command("topics").stdout
        asked = command("psql", "matching", "-c", "select current_user")
        assert "matching_app" in asked.stdout, asked.stderr

        inside = command("in", "matching", "doctor", "--only", "kafka")
        assert (inside.returncode, inside.stderr) == (0, "")
        (record,) = records.glob("matching-doctor-*.json")
        told = json.loads(record.read_text())["env"]
        assert told["DATABASE_URL"] == env["DATABASE_URL_MATCHING"]
        assert "MIGRATION_DATABASE_URL" not in told
        script = "import os, sys; print(sys.argv[1:], os.environ['DATABASE_URL'])"
        assert command("in", "notify", "-", "list", given=script).stdout == (
            f"['list'] {env['DATABASE_URL_NOTIFY']}\n"
        )
        assert command("doctor").stdout.split() == [f"{service}:" for service in SERVICES]
        assert len(list(records.glob("*-doctor-*.json"))) == 5

        (kafka,) = (
            one for one in json.loads((home / "processes.json").read_text()) if one["name"] == "kafka"
        )
        psutil.Process(kafka["pid"]).kill()
        until(lambda: gone(kafka["pid"]))
        away = command("status")
        assert away.returncode == 1
        assert "Away, and nothing starts it again: kafka." in away.stdout
    finally:
        down = command("down")
    assert down.stdout.strip() == "Stopped."
    assert all(gone(pid) for pid in pids)
    assert command("down").stdout.strip() == "Nothing is running."


@pytest.mark.long
def test_up_that_fails_says_why_and_leaves_nothing(
    home: Path, records: Path, pretended: dict[str, str]
) -> None:
    whole = [sys.executable, "-m", "ipraktik_local", "--home", str(home), "up"]
    ended = subprocess.run(
        whole,
        env=pretended | {"FAIL": "evaluation work"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert ended.returncode == 1
    assert "evaluation-work ended while starting" in ended.stdout
    assert "this service was told to fail" in ended.stdout
    assert all(gone(json.loads(file.read_text())["pid"]) for file in records.glob("*.json"))


@pytest.mark.long
def test_an_interrupted_daemon_stops_what_it_had_started(home: Path, pretended: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ipraktik_local.daemon", "--home", str(home)],
        env=pretended,
        stderr=subprocess.DEVNULL,
    ) as daemon:
        until((home / "kafka" / "kafka.log").exists)  # in the middle of coming up
        running = psutil.Process(daemon.pid).children(recursive=True)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(60) == 0

    assert running
    assert all(gone(process.pid) for process in running)

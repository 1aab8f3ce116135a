"""The command as a process of its own, as people and programs run it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
KAFKA_NAMES = ("KAFKA_", "TOPIC_NAMESPACE", "ECHO_FILE")


def environment(**changes: str) -> dict[str, str]:
    """Ours, without anything that says where a Kafka is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KAFKA_NAMES)}
    return kept | {"PYTHONPATH": str(CONTRACTS), "COLUMNS": "100"} | changes


def command(*words: str) -> list[str]:
    """What is started."""
    return [sys.executable, "-m", "ipraktik_contracts.cli", *words]


def run(
    *words: str, env: Mapping[str, str] | None = None, given: bytes = b"", timeout: float = 60
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end."""
    return subprocess.run(
        command(*words),
        env=environment() if env is None else dict(env),
        input=given,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


def said(ended: subprocess.CompletedProcess[bytes]) -> str:
    """Both outputs, for a failed assertion."""
    return ended.stdout.decode() + ended.stderr.decode()

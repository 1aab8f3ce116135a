"""The stand-in for a service, what it noted at its starts, and whether a process is gone."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

FAKE = Path(__file__).with_name("fake_service.py")


def fake_command(service: str, verb: str) -> Sequence[str]:
    return (sys.executable, str(FAKE), service, verb)


def until(fact: Callable[[], bool], *, within: float = 20) -> None:
    bound = time.monotonic() + within
    while not fact():
        assert time.monotonic() < bound, "it did not become true in time"
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def starts(records: Path, service: str, verb: str) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in records.glob(f"{service}-{verb}-*.json")]

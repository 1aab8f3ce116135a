"""One origin for people: a small reverse proxy before the four services, with nothing in it but the table of public addresses.

docs/decisions/011-one-origin.md says why it is ours.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ipraktik_local.ports import HOST
from ipraktik_local.supervisor import Child

NAME: Final = "gateway"
READY: Final = "/-/readyz"
"""Answered by the gateway itself; no public address begins so."""


def gateway_child(*, port: int, services: Mapping[str, str], log: Path) -> Child:
    """The gateway as a process to keep alive, before services at these addresses."""
    led = [word for service, url in services.items() for word in ("--to", f"{service}={url}")]
    return Child(
        name=NAME,
        command=(sys.executable, "-m", "ipraktik_local.gateway", "--port", str(port), *led),
        env={name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
        | {"PYTHONUNBUFFERED": "1"},
        log=log,
        ready_url=f"http://{HOST}:{port}{READY}",
    )

"""What a process holds before it does anything: resident memory added by each import, in one fresh interpreter per room."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_GROUND = {
    "the interpreter": "",
    "asyncio and ssl": "asyncio, ssl",
    "uvloop": "uvloop",
    "pydantic": "pydantic, pydantic_settings",
    "uvicorn": "uvicorn",
    "asyncpg": "asyncpg",
    "prometheus_client": "prometheus_client",
    "cryptography and PyJWT": "jwt, cryptography.hazmat.primitives.asymmetric.ed25519",
    "our event types": "ipraktik_contracts.registry",
}
_ROOMS = {
    "serve": {
        "FastAPI": "fastapi",
        "Jinja2": "jinja2",
        "the rest of the service": "ipraktik_registration.web.app, ipraktik_chassis.process",
    },
    "work": {
        "aiokafka": "aiokafka",
        "FastStream": "faststream.kafka",
        "the rest of the service": "ipraktik_registration.work, ipraktik_chassis.process, ipraktik_chassis.worker",
    },
}
_LOOK = """
import sys, json, importlib, resource
seen, held = {}, 0.0
for name, modules in json.loads(sys.argv[1]).items():
    for module in filter(None, modules.split(", ")):
        importlib.import_module(module)
    now = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1048576
    seen[name], held = now - held, now
print(json.dumps(seen))
"""


def memory_by_import() -> Mapping[str, Mapping[str, float]]:
    """Room -> import -> MiB, for registration, in the order of importing: what two share counts with the first.

    Nothing where the system has no /proc to look into.
    """
    if not Path("/proc/self/statm").exists():
        return {}
    return {room: _looked(_GROUND | own) for room, own in _ROOMS.items()}


def _looked(steps: Mapping[str, str]) -> Mapping[str, float]:
    command: Sequence[str] = [sys.executable, "-c", _LOOK, json.dumps(steps)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, float] = json.loads(ended.stdout)
    return found

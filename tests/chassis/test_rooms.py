"""`serve` never imports the bus and `work` never the web: each room carries only what it needs."""

import asyncio
import json
import subprocess
import sys
from typing import Final

import pytest
from chassis.listening import Bus
from chassis.processes import NOWHERE, environment
from rig import Rig

from ipraktik_local.ports import reserve_port

SERVICES: Final = [
    "chassis.tally",
    "ipraktik_registration.main",
    "ipraktik_matching.main",
    "ipraktik_notify.main",
    "ipraktik_evaluation.main",
]
FOREIGN: Final = {
    "serve": {"faststream", "aiokafka"},
    "work": {"fastapi", "starlette"},
}

COMPOSED: Final = """
import importlib, json, sys
from ipraktik_chassis import composition, ops, process, {room}
service = importlib.import_module({module!r}).SERVICE
assert callable(composition.imported(service.{composition}))
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""

LIVED: Final = """
import json, os, signal, sys, threading, time, urllib.request
from chassis.tally import SERVICE
from ipraktik_chassis.process import main

def until_ready():
    while True:
        try:
            urllib.request.urlopen("http://127.0.0.1:" + os.environ["OPS_PORT"] + "/readyz", timeout=5)
        except OSError:
            time.sleep(0.05)
        else:
            os.kill(os.getpid(), signal.SIGTERM)
            return

threading.Thread(target=until_ready, daemon=True).start()
status = main(SERVICE, [{room!r}])
print(json.dumps([status, sorted({{name.partition(".")[0] for name in sys.modules}})]))
"""


def output_of(code: str, **settings: str) -> object:
    """What a fresh interpreter prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", SERVICES)
@pytest.mark.parametrize("room", ["serve", "work"])
def test_a_room_of_a_service_imports_nothing_of_the_other(module: str, room: str) -> None:
    code = COMPOSED.format(
        module=module,
        room="web_server" if room == "serve" else "worker",
        composition="web" if room == "serve" else "work",
    )
    imported = output_of(code)
    assert isinstance(imported, list)
    assert not FOREIGN[room] & set(imported)
    # and the net would hold: the other room's names are those that it looks for
    assert FOREIGN["work" if room == "serve" else "serve"] & set(imported)


@pytest.mark.parametrize("room", ["serve", "work"])
async def test_a_room_that_has_lived_has_imported_nothing_of_the_other(
    tally: Rig, bus: Bus, room: str
) -> None:
    with reserve_port() as http, reserve_port() as ops:
        lived = await asyncio.to_thread(
            output_of,
            LIVED.format(room=room),
            DATABASE_URL=tally.database_url,
            KAFKA_BOOTSTRAP=bus.bootstrap if room == "work" else NOWHERE,
            TOPIC_NAMESPACE=bus.namespace,
            HTTP_PORT=str(http.number),
            OPS_PORT=str(ops.number),
        )
    assert isinstance(lived, list)
    status, imported = lived
    assert status == 0
    assert not FOREIGN[room] & set(imported)

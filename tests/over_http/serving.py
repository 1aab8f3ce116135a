"""A service on a port, as `serve` has it, in a thread of its own: the real application, server and database, time standing still.

In a thread, because what drives it here is synchronous; not as a process, because the rig then still tells it events and sets
its clock. The loop of the thread owns the rig: nothing outside may await what belongs to it.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvloop
from prometheus_client import CollectorRegistry
from rig import Databases, Rig, rig_of

from ipraktik_chassis import ops
from ipraktik_chassis.addresses import SERVICES
from ipraktik_chassis.composition import imported
from ipraktik_chassis.service import Service

SECONDS_TO_START = 150


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """A request that fits: where, by whose token, with what; `also` are other tokens that open it."""

    path: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    also: Sequence[str] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


Scene = Mapping[str, Sequence[Fitting]]
"""By operation ("GET /path"), requests that fit, in the order of the document's operations; each may be made once."""


@dataclass(frozen=True)
class Served:
    """A service that listens."""

    name: str
    url: str
    document: dict[str, Any]
    scene: Scene
    strangers: Sequence[str | None]
    """Tokens that open nothing, or a coordinator's routes alone; None: no token."""
    failures: list[str]
    """What the service has logged as failed; grows."""
    within: Callable[[Callable[[Rig], Awaitable[Any]]], Any]
    """Does something with the rig, in the loop that owns it, and waits for the outcome."""


class _Failures(logging.Handler):
    """Keeps what a service logs as an error: the reason of a 500 is there alone."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(self.format(record))


@contextmanager
def served(
    service: Service,
    databases: Databases,
    stage: Callable[[Rig], Awaitable[Scene]],
    one_origin: bool = False,
    **settings: Any,
) -> Iterator[Served]:
    """The service, with the scene set, until the block ends. `one_origin`: it believes that all services are at its address."""
    ready = threading.Event()
    found: list[Served] = []
    failed: list[BaseException] = []
    stop: list[Callable[[], object]] = []
    failures = _Failures()
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    if one_origin:
        settings |= {f"{name}_public_url": url for name in SERVICES}

    async def live() -> None:
        async with rig_of(service, databases, **settings) as rig:
            scene = await stage(rig)
            # an application registers its metrics once, and the stage may have had one
            app = imported(service.web)(replace(rig.context, registry=CollectorRegistry()))
            server = ops.server(app, host="127.0.0.1", port=0, drain_seconds=2)
            serving = asyncio.ensure_future(server.serve(sockets=[listening]))
            loop = asyncio.get_running_loop()
            stop.append(lambda: loop.call_soon_threadsafe(setattr, server, "should_exit", True))

            def within(act: Callable[[Rig], Awaitable[Any]]) -> Any:
                async def acted() -> Any:
                    return await act(rig)

                return asyncio.run_coroutine_threadsafe(acted(), loop).result(SECONDS_TO_START)

            strangers = (None, "nonsense", rig.coordinator())
            found.append(Served(service.name, url, app.openapi(), scene, strangers, failures.said, within))
            ready.set()
            await serving

    def run() -> None:
        try:
            uvloop.run(live())
        except BaseException as error:  # noqa: BLE001 - whatever ended the thread is the test's to know
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name=f"serving {service.name}", daemon=True)
    logging.getLogger().addHandler(failures)
    thread.start()
    try:
        assert ready.wait(SECONDS_TO_START), f"{service.name} did not start"
        if failed:
            raise failed[0]
        yield found[0]
    finally:
        for ask in stop:
            ask()
        thread.join(15)
        listening.close()
        logging.getLogger().removeHandler(failures)

"""How what is measured against is served: on the server that services run on, until told to stop."""

import asyncio

from bench.part import Line
from starlette.applications import Starlette

from ipraktik_chassis import ops


async def served(line: Line, app: Starlette, *, host: str, port: int) -> None:
    """Serve it; the line hears when it is ready. Raises what keeps the server from starting."""
    server = ops.server(app, host=host, port=port, drain_seconds=1)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.01)  # it says so by a flag and by nothing else
    line.ready()
    await line.stop.wait()
    server.should_exit = True
    await serving

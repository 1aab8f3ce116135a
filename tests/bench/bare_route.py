"""What the sign-up is held against: a Starlette route that keeps the body with one insert, on the same server and pool."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
from bench.part import Line
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ipraktik_chassis import ops

PATH = "/posts"


async def no_reset(_: Any) -> None:
    """As in a service's pool: no round trip for giving a connection back."""


async def serve(line: Line, *, url: str, host: str, port: int, pool_size: int) -> None:
    """Serve until told to stop."""
    async with asyncpg.create_pool(url, min_size=1, max_size=pool_size, reset=no_reset) as pool:

        async def post(request: Request) -> Response:
            body = await request.body()
            async with pool.acquire() as conn:
                await conn.execute("insert into bare_post (id, body) values ($1, $2)", uuid4(), body)
            return Response(b'{"kept": true}', 201, media_type="application/json")

        app = Starlette(routes=[Route(PATH, post, methods=["POST"])])
        server = ops.server(app, host=host, port=port, drain_seconds=1)
        serving = asyncio.ensure_future(server.serve())
        while not server.started:
            if serving.done():
                serving.result()
            await asyncio.sleep(0.01)
        line.ready()
        await line.stop.wait()
        server.should_exit = True
        await serving

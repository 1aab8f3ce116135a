"""What the sign-up is held against: a Starlette route that keeps the body with one insert, on the same server and pool."""

from typing import Any
from uuid import uuid4

import asyncpg
from bench.bare_serving import served
from bench.part import Line
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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

        await served(line, Starlette(routes=[Route(PATH, post, methods=["POST"])]), host=host, port=port)

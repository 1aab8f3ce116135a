"""What a sign-up must cost at least: its own statement from a bare Starlette route, with everything in it prepared beforehand.

Nothing is read, validated, made into events or written as JSON, and no ids are drawn but those that must be new.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import asyncpg
from bench.bare_route import no_reset
from bench.bare_serving import served
from bench.load import TAG
from bench.part import Line
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ipraktik_chassis.transaction import Origin
from ipraktik_registration.domain import names
from ipraktik_registration.usecases.sign_up import sign_up
from ipraktik_registration.web.sign_up_forms import InternSent

PATH = "/statements"
_PARTICIPANT: Final = 3
_REFERENCE: Final = 5
_KEY: Final = 6
_CONTACTS: Final = 13
_NUMBERED: Final = 25
_EVENT_IDS: Final = 32
"""Where in the statement's values those stand that must be new each time."""


class _Recorder:
    """Takes down what would be asked of a database."""

    def __init__(self) -> None:
        self.asked: Sequence[Any] = ()

    async def fetchrow(self, *asked: Any) -> dict[str, int]:
        self.asked = asked
        return {"editions": 1, "taken": 1}


async def serve(line: Line, *, url: str, body: bytes, host: str, port: int, pool_size: int) -> None:
    """Serve until told to stop. An edition must be open at that database."""
    recorder = _Recorder()
    await sign_up(
        recorder,
        now=datetime.now(UTC),
        origin=Origin("urn:innovationspraktik:bench:registration"),
        role="intern",
        edition_id=None,
        details=InternSent.model_validate_json(body.replace(TAG, b"00000000"), strict=True).details(),
        key=uuid4(),
        fingerprint=bytes(32),
    )
    first = list(recorder.asked)

    def fresh() -> list[Any]:
        asked, participant_id = first.copy(), uuid4()
        contacts = [uuid4() for _ in first[_CONTACTS]]
        asked[_PARTICIPANT], asked[_KEY], asked[_CONTACTS] = participant_id, uuid4(), contacts
        asked[_REFERENCE] = names.reference(os.urandom(names.REFERENCE_BYTES)) + participant_id.hex[:6]
        asked[_NUMBERED] = [str(one) for one in (*contacts, participant_id)]
        asked[_EVENT_IDS] = [uuid4() for _ in first[_EVENT_IDS]]
        return asked

    async with asyncpg.create_pool(url, min_size=1, max_size=pool_size, reset=no_reset) as pool:

        async def post(request: Request) -> Response:
            await request.body()
            async with pool.acquire() as conn:
                row = await conn.fetchrow(*fresh())
            return Response(b'{"kept": true}', 201 if row["taken"] else 409, media_type="application/json")

        await served(line, Starlette(routes=[Route(PATH, post, methods=["POST"])]), host=host, port=port)

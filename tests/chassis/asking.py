"""Asking tally's web side without a process: a client on its application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from chassis.tally.web import app
from rig import Rig


@asynccontextmanager
async def asking(tally: Rig, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client that follows nothing by itself. What the application raises is answered, as a server would."""
    transport = httpx.ASGITransport(app=app(tally.context), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://tally.test", **options) as client:
        yield client


async def contact_of(
    tally: Rig, contact_id: object, *, name: str = "Somebody", language: str = "da", epoch: int = 1
) -> None:
    """What tally knows of a contact; no name means erased."""
    async with tally.database.transaction() as tx:
        await tx.conn.execute(
            "insert into contacts values ($1, $2, $3, $4) on conflict (contact_id) do update "
            "set name = excluded.name, language = excluded.language, epoch = excluded.epoch",
            contact_id,
            name,
            language,
            epoch,
        )

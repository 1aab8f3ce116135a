"""Tally's web side: one route for each thing that the frame must stand."""

from typing import Annotated, Any
from uuid import UUID

from chassis.tally.work import WAIT_LOCK
from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse, Response

from ipraktik_chassis import access
from ipraktik_chassis.links import Link
from ipraktik_chassis.pages import Pages, form_of, links_router
from ipraktik_chassis.service import Context
from ipraktik_chassis.web import create_app
from ipraktik_contracts.events import MatchDeclined


class Note(BaseModel):
    """What one may send."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    placement_id: UUID
    words: Annotated[str, Field(max_length=20)]


class Broken(Exception):
    """A route's own failure."""


def app(context: Context) -> FastAPI:
    """The application."""
    made = create_app(context, title="Tally", version="1.2.3")

    @made.post("/tally/notes", status_code=201)
    async def notes(note: Note) -> dict[str, str]:
        async with context.database.transaction() as tx:
            await tx.conn.execute("select $1::text", note.words)
            ids = dict.fromkeys(("edition_id", "intern_id", "host_id"), note.placement_id)
            await tx.emit(
                MatchDeclined(
                    placement_id=note.placement_id, **ids, group_id=None, party="intern", reason="dates"
                )
            )
        return {"placement_id": str(note.placement_id)}

    @made.post("/tally/form")
    async def form(request: Request) -> dict[str, str]:
        return dict(await form_of(request))

    @made.get("/tally/count/{key}")
    async def count(key: UUID) -> dict[str, int]:
        async with context.database.reading() as conn:
            return {"count": await conn.fetchval("select count(*) from heard where key = $1", str(key))}

    @made.get("/tally/waiting")
    async def waiting() -> Response:
        async with context.database.transaction() as tx:
            await tx.conn.execute("select pg_advisory_xact_lock_shared($1)", WAIT_LOCK)
        return PlainTextResponse("waited")

    @made.get("/tally/broken")
    async def broken(words: str = "") -> None:
        raise Broken(words)

    @made.get("/tally/mine")
    async def mine(request: Request) -> dict[str, str]:
        link = await access.person(request, epoch_of=epoch_of)
        return {"contact_id": str(link.contact_id)}

    @made.get("/tally/board")
    async def board(request: Request) -> dict[str, str]:
        return {"name": (await access.coordinator(request)).name}

    made.include_router(
        links_router(
            Pages(),
            service="tally",
            epoch_of=epoch_of,
            name_of=name_of,
            landing={"answer": lambda link: f"/tally/answers/{link.aggregates[0]}"},
        )
    )
    return made


async def epoch_of(conn: Any, contact_id: UUID) -> int | None:
    """The contact's epoch; a contact that was here and is not any more shows an empty name."""
    row = await conn.fetchrow("select epoch, name from contacts where contact_id = $1", contact_id)
    if row is None:
        return None
    return access.ERASED if not row["name"] else int(row["epoch"])


async def name_of(conn: Any, link: Link) -> tuple[str, str] | None:
    """Whose link it is."""
    row = await conn.fetchrow("select name, language from contacts where contact_id = $1", link.contact_id)
    return None if row is None else (row["name"], row["language"])

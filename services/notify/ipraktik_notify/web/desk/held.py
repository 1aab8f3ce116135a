"""Mails that are held until a coordinator lets them go: all that an edition holds, in one act."""

from datetime import datetime
from itertools import groupby
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import form_of
from ipraktik_notify.store import log, mail_list
from ipraktik_notify.store.mail_list import Narrowing
from ipraktik_notify.usecases.release_held_mails import release_held_mails
from ipraktik_notify.web import words
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False, dependencies=[Depends(access.coordinator)])
SHOWN: Final = 50


@router.get("/notify/held")
async def held(
    request: Request,
    sent: Annotated[str, Query(max_length=9, pattern="^[0-9]*$")] = "",
) -> Response:
    """By edition: how many of each kind, some of them to look at, and the way to send them all."""
    editions = []
    async with context_of(request).database.reading() as conn:
        counted = await log.held_by_kind(conn)
        for edition_id, group in groupby(counted, key=lambda row: row["edition_id"]):
            kinds = list(group)
            narrowing = Narrowing(state="held", edition_id=edition_id)
            rows = await mail_list.page(conn, narrowing=narrowing, before=None, limit=SHOWN)
            editions.append(
                {
                    "edition_id": edition_id,
                    "name": kinds[0]["edition"],
                    "kinds": kinds,
                    "mails": sum(kind["mails"] for kind in kinds),
                    "newest": max(kind["newest"] for kind in kinds),
                    "rows": rows,
                }
            )
    return PAGES.render(
        request, "desk/held.html", editions=editions, words=words, sent=int(sent) if sent else None
    )


@router.get("/notify/held/{edition_id}/release")
async def ask(
    request: Request, edition_id: UUID, newest: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """How many would go, and whether they shall: nothing that is sent can be taken back."""
    up_to = _moment(newest)
    if up_to is None:
        return PAGES.to(request, "/notify/held")
    async with context_of(request).database.reading() as conn:
        counted = await log.held_by_kind(conn, edition_id=edition_id, up_to=up_to)
    if not counted:
        return PAGES.to(request, "/notify/held")
    return PAGES.render(
        request,
        "desk/release.html",
        edition_id=edition_id,
        name=counted[0]["edition"],
        kinds=counted,
        mails=sum(kind["mails"] for kind in counted),
        newest=up_to,
        words=words,
    )


@router.post("/notify/held/{edition_id}/release")
async def release(request: Request, edition_id: UUID) -> Response:
    """Let go what the page showed. What came meanwhile stays held, for nobody has seen it."""
    form = await form_of(request)
    newest = _moment(form.filled("newest"))
    if newest is None:
        return PAGES.to(request, "/notify/held")
    async with context_of(request).database.transaction() as tx:
        released = await release_held_mails(tx, edition_id=edition_id, up_to=newest)
    return PAGES.to(request, "/notify/held", sent=str(released))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None

"""All sign-ups of an edition: counted, filtered, searched, sorted, a page at a time, and taken out as a list.

Invariant: a log says who took a list out and how long it was, never whom it names.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import LOCAL_ZONE
from ipraktik_chassis.database import Database
from ipraktik_chassis.forms import form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import FIELDS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES
from ipraktik_registration.domain import csv_text
from ipraktik_registration.store import editions, lines
from ipraktik_registration.store.lines import COUNTED, Line, Told
from ipraktik_registration.web.desk import words
from ipraktik_registration.web.desk.finding import (
    PATH,
    Finding,
    finding,
    in_order,
    places,
)
from ipraktik_registration.web.windows import name_with_days

_log = logging.getLogger(__name__)
PAGE: Final = 50
_AT_ONCE: Final = 500
LIST: Final = f"{PATH}/sign-ups"
HEADER: Final = (
    "Reference",
    "Rolle",
    "Tilstand",
    "Navn",
    "E-mail",
    "Stilling",
    "Organisation",
    "Enhed",
    "Sektor",
    "Kommune",
    "Fagområde",
    "Kom",
    "Svarfrist",
)


def router(frame: Pages) -> APIRouter:
    """The list's routes."""
    routes = APIRouter(include_in_schema=False)

    async def listed(request: Request, *, given: Mapping[str, str] | None = None) -> Response:
        context = context_of(request)
        async with context.database.reading() as conn:
            known = await editions.every(conn)
            asked = finding(request, known, given=given)
            if asked is None:
                return frame.render(request, "desk/no_edition.html")
            found, more_before, more_after = await _page(conn, asked)
            whole = not more_before and not more_after and asked.order != "deadline"
            hits = len(found) if whole else await lines.hits(conn, wanted=asked.wanted)
            counts = await lines.counts(conn, edition_id=asked.wanted.edition_id)
        return frame.render(
            request,
            "desk/sign_ups.html",
            form=asked.form,
            asked=asked,
            editions=known,
            counts=counts,
            found=found,
            hits=hits,
            counted=COUNTED,
            before=found[0].participant_id if found and more_before else None,
            after=found[-1].participant_id if found and more_after else None,
            places=places(asked.region_day),
            name_with_days=name_with_days,
            fields=in_order(FIELDS, speech_of(request)),
            sectors=SECTORS,
            municipalities=MUNICIPALITIES,
            words=words,
            zone=LOCAL_ZONE,
        )

    async def taken_out(request: Request, *, given: Mapping[str, str] | None = None) -> Response:
        who = await access.coordinator(request)
        context = context_of(request)
        async with context.database.reading() as conn:
            asked = finding(request, await editions.every(conn), given=given)
        if asked is None:
            return frame.to(request, LIST)
        return StreamingResponse(
            _taken_out(context.database, asked, say=speech_of(request), who=who.name),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="tilmeldinger.csv"'},
        )

    @routes.get(LIST)
    async def show(request: Request) -> Response:
        await access.coordinator(request)
        return await listed(request)

    @routes.post(LIST)
    async def search(request: Request) -> Response:
        # changes nothing, so the page itself is the answer: led on to an address, the name would stand in it
        await access.coordinator(request)
        return await listed(request, given=await form_of(request))

    @routes.get(f"{LIST}.csv")
    async def take_out(request: Request) -> Response:
        return await taken_out(request)

    @routes.post(f"{LIST}.csv")
    async def take_out_what_was_found(request: Request) -> Response:
        await access.coordinator(request)
        return await taken_out(request, given=await form_of(request))

    return routes


async def _page(conn: object, asked: Finding) -> tuple[list[Line], bool, bool]:
    """The page's lines, and whether there are more before and after."""
    back = asked.before is not None
    beyond = asked.before if back else asked.after
    found = await lines.page(
        conn,
        wanted=asked.wanted,
        order=asked.order,
        falling=asked.falling is not back,
        beyond=beyond,
        limit=PAGE + 1,
    )
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        return found[::-1], more, True
    return found, beyond is not None, more


async def _taken_out(database: Database, asked: Finding, *, say: Speech, who: str) -> AsyncIterator[str]:
    """The list, a few hundred rows at a time: no connection is held while the browser takes its time."""
    beyond, taken, more = None, 0, True
    try:
        yield csv_text.MARK + csv_text.lines([HEADER])
        while more:
            async with database.reading() as conn:
                found = await lines.page(
                    conn,
                    wanted=asked.wanted,
                    order=asked.order,
                    falling=asked.falling,
                    beyond=beyond,
                    limit=_AT_ONCE,
                )
                told = await lines.told(conn, participant_ids=[one.participant_id for one in found])
            yield csv_text.lines(_cells(one, told[one.participant_id], say) for one in found)
            taken += len(found)
            more = len(found) == _AT_ONCE
            beyond = found[-1].participant_id if found else None
    finally:  # whoever goes away half-way has taken that half
        edition_id = asked.wanted.edition_id
        _log.info("a list of %s sign-ups of edition %s was taken out by %s", taken, edition_id, who)


def _cells(line: Line, told: Told, say: Speech) -> tuple[str, ...]:
    return (
        line.reference or "",
        say.label(words.ROLES[line.role]),
        say.label(words.STATES[line.state]),
        line.name,
        line.email,
        told.job_title,
        line.organisation,
        told.unit_name,
        say.label(SECTORS[line.sector]) if line.sector in SECTORS else "",
        MUNICIPALITIES.get(line.municipality_code or "", ""),
        say.label(FIELDS[line.field]) if line.field in FIELDS else "",
        _moment(told.created_at),
        _moment(line.respond_by),
    )


def _moment(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"

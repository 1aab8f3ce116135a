"""All cases of an edition: narrowed by state, words or a sign-up, a page at a time, and as a file.

Words come by POST and are answered by the page itself; everything else stands in the address (see `desk.words_in`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_matching.store.board import cases, people
from ipraktik_matching.store.board.cases import Case, Narrowed
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.csv_out import csv_answer
from ipraktik_matching.web.board.desk import (
    NOT_HERE,
    PAGE_ROWS,
    ROOT,
    BoardRoute,
    at_desk,
    lead,
    show,
    uuid_in,
    words_in,
)

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/cases"
MOST_SHOWN: Final = 999
MOST_IDS: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and the form where one was sent."""

    state: str
    words: str
    participant_id: UUID | None
    after: str


@router.get(HERE)
async def list_cases(request: Request) -> Response:
    """A page of cases, of everything or of a state or a sign-up."""
    return await _listed(request, _asked(request, None))


@router.post(HERE)
async def find_cases(request: Request) -> Response:
    """A page of the cases that words find. Without words there is an address for it."""
    asked = _asked(request, await form_of(request))
    if not asked.words:
        edition = uuid_in(request.query_params.get("edition"))
        return lead(request, "/cases", edition=edition, state=asked.state)
    return await _listed(request, asked)


async def _listed(request: Request, asked: Asked) -> Response:
    edition_id = await _edition_of(request, asked.participant_id)
    desk = await at_desk(request, edition_id=edition_id)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=HERE)
    narrowed = await _narrowed(request, desk.edition, asked)
    async with context_of(request).database.reading() as conn:
        found = await cases.page(conn, narrowed=narrowed, after=_place_in(asked.after), limit=PAGE_ROWS + 1)
        number = await cases.count(conn, narrowed=narrowed, most=MOST_SHOWN + 1)
        rows = found[:PAGE_ROWS]
        ids = [one for row in rows for one in (row.intern_id, row.host_id)]
        who = await people.of(conn, [*ids, asked.participant_id])
    say = speech_of(request)
    return show(
        request,
        "cases.html",
        desk=desk,
        here=HERE,
        form=Form({"state": asked.state, "q": asked.words}),
        asked=asked,
        rows=rows,
        who=who,
        number=say("over {n}").format(n=say.number(MOST_SHOWN))
        if number > MOST_SHOWN
        else say.number(number),
        states=[
            ("", say("Alle")),
            ("open", say("Alle i gang")),
            *((code, say(words)) for code, words in codes.STATES.items()),
        ],
        later=bool(asked.after),
        next_after=_place_out(rows[-1]) if len(found) > PAGE_ROWS else "",
    )


@router.get(HERE + ".csv")
async def as_csv(request: Request) -> Response:
    """All cases of everything or of a state or a sign-up."""
    return await _file(request, _asked(request, None))


@router.post(HERE + ".csv")
async def found_as_csv(request: Request) -> Response:
    """All cases that words find."""
    return await _file(request, _asked(request, await form_of(request)))


async def _file(request: Request, asked: Asked) -> Response:
    desk = await at_desk(request, edition_id=await _edition_of(request, asked.participant_id))
    if desk.edition is None:
        raise NOT_HERE
    narrowed = await _narrowed(request, desk.edition, asked)
    async with context_of(request).database.reading() as conn:
        rows = await cases.page(conn, narrowed=narrowed, after=None)
        who = await people.of(conn, [one for row in rows for one in (row.intern_id, row.host_id)])
    say = speech_of(request)
    header = (
        say("Sag"),
        say("Praktikant"),
        say("Praktikantens arbejdsplads"),
        say("Vært"),
        say("Værtens arbejdsplads"),
        say("Tilstand"),
        say("Første dag"),
        say("Sidste dag"),
        say("Opstået ved"),
        say("Grund"),
        say("Frist"),
    )
    return csv_answer("sager", header, [_line(say, row, who) for row in rows])


def _line(say: Speech, row: Case, who: dict[UUID, people.Who]) -> tuple[object, ...]:
    intern, host = who.get(row.intern_id), who.get(row.host_id)
    return (
        row.placement_id,
        codes.named(say, intern),
        intern.organisation_name if intern else "",
        codes.named(say, host),
        host.organisation_name if host else "",
        codes.word(say, codes.STATES, row.state),
        *(day.isoformat() for day in row.days),
        codes.word(say, codes.ORIGINS, row.origin),
        codes.ended(say, row.state, row.ended_reason),
        codes.deadline_in_file(row.due_at),
    )


def _asked(request: Request, form: Form | None) -> Asked:
    given: Mapping[str, str] = {**request.query_params, **(form or {})}
    state = given.get("state", "")
    return Asked(
        state=state if state == "open" or state in codes.STATES else "",
        words=words_in(form),
        participant_id=uuid_in(given.get("participant")),
        after=given.get("after", ""),
    )


async def _edition_of(request: Request, participant_id: UUID | None) -> UUID | None:
    """A sign-up leads to its own edition, whichever the address names."""
    if participant_id is None:
        return None
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        found = (await people.of(conn, [participant_id])).get(participant_id)
    return None if found is None else found.edition_id


async def _narrowed(request: Request, edition: Edition, asked: Asked) -> Narrowed:
    states = codes.OPEN_STATES if asked.state == "open" else (asked.state,) if asked.state else None
    found: list[UUID] | None = None
    placements: list[UUID] = []
    async with context_of(request).database.reading() as conn:
        if asked.words:
            found = await people.find(conn, words=asked.words, edition_id=edition.edition_id)
            if span := people.span_of(asked.words):
                placements = await cases.with_ids_like(conn, first=span[0], last=span[1], limit=MOST_IDS)
    if asked.participant_id is not None:
        # one sign-up's cases are few: words beside it would only hide them
        found, placements = [asked.participant_id], []
    return Narrowed(edition.edition_id, states, found, placements)


def _place_out(case: Case) -> str:
    return f"{case.first_day.isoformat()}.{case.placement_id}"


def _place_in(text: str) -> tuple[date, UUID] | None:
    day, _, rest = text[:60].partition(".")
    placement_id = uuid_in(rest)
    try:
        return None if placement_id is None else (date.fromisoformat(day), placement_id)
    except ValueError:
        return None

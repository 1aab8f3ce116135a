"""A list is brought, looked at, and taken in just as it was shown.

The second page reads the list anew each time it is opened, so it shows what would happen now; its button carries what was shown, and
does that or nothing. Pressing it again shows what came of it.
"""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.texts import N_, Speech
from ipraktik_registration.domain.csv_text import MAX_BYTES, Unreadable, decoded
from ipraktik_registration.domain.importing import Verdict, digest
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import editions, imports
from ipraktik_registration.usecases.import_sign_ups import bring_list, look_at_list, take_list_in
from ipraktik_registration.web.desk import lists, words
from ipraktik_registration.web.desk.finding import PATH
from ipraktik_registration.web.desk.lists import Brought, UnfitList, left_over, read_list, sentences
from ipraktik_registration.web.desk.register_pages import origin_of
from ipraktik_registration.web.windows import name_with_days

IMPORT: Final = f"{PATH}/import"
LARGE: Final = {IMPORT: MAX_BYTES + 65_536}
"""How much this one route takes: the list, and what a browser wraps around it."""
SHOWN: Final = 200
"""Rows on one page of the table."""
_NO_EDITION: Final = N_("Vælg en runde.")
_CHOOSE: Final = N_("Vælg")
_BOTH: Final = N_("Vælg en fil, eller sæt en liste ind, men ikke begge dele.")
_GONE: Final = Problem(
    404,
    "The list is gone",
    "A list is kept for a day. Bring it again.",
    danish=("Listen er væk", "En liste bliver gemt i et døgn. Hent den ind igen."),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the table shows it."""

    line: int
    what: str
    name: str
    organisation: str
    role: str
    sentence: str


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(IMPORT)
    async def ask(request: Request) -> Response:
        await access.coordinator(request)
        return await _asked(frame, request, Form())

    @routes.get(f"{IMPORT}/template.csv")
    async def template(request: Request) -> Response:
        await access.coordinator(request)
        return _csv(lists.template(), "skabelon.csv")

    @routes.post(IMPORT)
    async def bring(request: Request) -> Response:
        who = await access.coordinator(request)
        context, say = context_of(request), speech_of(request)
        form, content = await _sent(request)
        edition_id = _uuid(form.get("edition", ""))
        errors = {} if edition_id else {"edition": say(_NO_EDITION)}
        text = ""
        try:
            if content and form.filled("pasted"):
                raise UnfitList(say(_BOTH))
            text = decoded(content) if content else form.get("pasted", "")
            if edition_id is not None:
                await asyncio.to_thread(read_list, text, edition_id=edition_id, say=say)
        except Unreadable as why:
            errors["file"] = say(lists.UNREADABLE[why.why])
        except UnfitList as unfit:
            errors["file" if content else "pasted"] = str(unfit)
        if errors or edition_id is None:
            return await _asked(frame, request, form.with_errors(errors))
        async with context.database.transaction() as tx:
            import_id = await bring_list(tx, edition_id=edition_id, content=text, coordinator=who.name)
        return frame.to(request, f"{IMPORT}/{import_id}")

    @routes.get(f"{IMPORT}/{{import_id}}")
    async def look(request: Request, import_id: UUID, page: int = 1, only: str = "") -> Response:
        await access.coordinator(request)
        return await _looked(frame, request, import_id, page=page, only=only)

    @routes.post(f"{IMPORT}/{{import_id}}")
    async def take_in(request: Request, import_id: UUID) -> Response:
        who = await access.coordinator(request)
        context, say = context_of(request), speech_of(request)
        form = await form_of(request)
        try:
            async with context.database.transaction() as tx:
                kept = await imports.locked(tx.conn, import_id=import_id, now=tx.now)
                if kept is None:
                    raise _GONE
                if kept.done_at is None and kept.content is not None:
                    brought = await asyncio.to_thread(
                        read_list, kept.content, edition_id=kept.edition_id, say=say
                    )
                    verdicts = await look_at_list(
                        tx.conn, edition_id=kept.edition_id, candidates=brought.candidates
                    )
                    await take_list_in(
                        tx,
                        brought=kept,
                        candidates=brought.candidates,
                        verdicts=verdicts,
                        unreadable=len(brought.errors),
                        left=left_over(brought, verdicts, say),
                        shown=form.get("shown", ""),
                        coordinator=who.name,
                        origin=origin_of(context),
                    )
        except Refused as refusal:
            if refusal.reason not in words.REFUSED:
                raise
            told = Form(errors={"": say(words.REFUSED[refusal.reason])})
            return await _looked(frame, request, import_id, form=told)
        return frame.to(request, f"{IMPORT}/{import_id}")

    @routes.get(f"{IMPORT}/{{import_id}}/left.csv")
    async def left(request: Request, import_id: UUID) -> Response:
        await access.coordinator(request)
        say = speech_of(request)
        async with context_of(request).database.reading() as conn:
            kept = await _kept(request, conn, import_id)
            text = kept.content
            if kept.done_at is None and text is not None:
                brought = await asyncio.to_thread(read_list, text, edition_id=kept.edition_id, say=say)
                verdicts = await look_at_list(conn, edition_id=kept.edition_id, candidates=brought.candidates)
                text = left_over(brought, verdicts, say)
        if text is None:
            raise _GONE
        return _csv(text, "ret-og-hent-ind-igen.csv")

    return routes


async def _sent(request: Request) -> tuple[Form, bytes]:
    """The posted form, and the bytes of its file. A plain form does too: it has the pasted text only."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return await form_of(request), b""
    async with request.form(max_files=1, max_fields=10, max_part_size=LARGE[IMPORT]) as sent:
        values = {name: value.replace("\r\n", "\n") for name, value in sent.items() if isinstance(value, str)}
        file = sent.get("file")
        content = await file.read(MAX_BYTES + 1) if isinstance(file, UploadFile) else b""
    return Form(values), content


async def _asked(frame: Pages, request: Request, form: Form) -> Response:
    context, say = context_of(request), speech_of(request)
    async with context.database.reading() as conn:
        known = await editions.every(conn)
    now = context.clock.now()
    choices = [
        (str(one.edition_id), name_with_days(say, one.frame))
        for one in known
        if one.frame.takes_sign_ups(now)
    ]
    return frame.render(
        request,
        "desk/import.html",
        status=422 if form.errors else 200,
        form=form,
        editions=choices if len(choices) == 1 else [("", say(_CHOOSE)), *choices],
    )


async def _kept(request: Request, conn: object, import_id: UUID) -> imports.Brought:
    kept = await imports.one(conn, import_id=import_id, now=context_of(request).clock.now())
    if kept is None:
        raise _GONE
    return kept


async def _looked(
    frame: Pages,
    request: Request,
    import_id: UUID,
    *,
    form: Form | None = None,
    page: int = 1,
    only: str = "",
) -> Response:
    say = speech_of(request)
    async with context_of(request).database.reading() as conn:
        kept = await _kept(request, conn, import_id)
        edition = await editions.one(conn, edition_id=kept.edition_id)
        if kept.done_at is not None or kept.content is None:
            return frame.render(request, "desk/import_done.html", kept=kept, edition=edition)
        brought = await asyncio.to_thread(read_list, kept.content, edition_id=kept.edition_id, say=say)
        verdicts = await look_at_list(conn, edition_id=kept.edition_id, candidates=brought.candidates)
    rows = _lines(brought, verdicts, say)
    count = {what: sum(one.what == what for one in rows) for what in ("new", "known", "error")}
    chosen = [one for one in rows if only != "errors" or one.what == "error"]
    last = max(1, -(-len(chosen) // SHOWN))
    page = min(max(page, 1), last)
    return frame.render(
        request,
        "desk/import_look.html",
        status=409 if form is not None else 200,
        form=form,
        kept=kept,
        edition=edition,
        rows=chosen[(page - 1) * SHOWN : page * SHOWN],
        count=count,
        only=only if only == "errors" else "",
        page=page,
        last=last,
        shown=digest(verdicts),
        words=words,
    )


def _lines(brought: Brought, verdicts: list[Verdict], say: Speech) -> list[Line]:
    told = sentences(brought, verdicts, say)
    by_line = {one.line: one for one in verdicts}
    return [
        Line(
            line=row.line,
            what="error" if row.line in told else by_line[row.line].what,
            name=brought.cell(row, "name")[:200],
            organisation=brought.cell(row, "organisation")[:200],
            role=brought.cell(row, "role")[:40],
            sentence=told.get(row.line, ""),
        )
        for row in brought.rows
    ]


def _csv(text: str, name: str) -> Response:
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

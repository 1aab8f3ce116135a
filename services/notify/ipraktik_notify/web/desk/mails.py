"""The list of mails, finding somebody's, one mail with all that became of it, and the list as a file."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.problem import NOTHING_HERE
from ipraktik_notify.domain.again import hindrance_to_repeat
from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store import mail_list
from ipraktik_notify.store.find_people import MOST_FOUND, find_people
from ipraktik_notify.usecases.send_again import standing_of
from ipraktik_notify.web import words
from ipraktik_notify.web.desk import showing
from ipraktik_notify.web.desk.narrowing import Asked, asked, narrowing_of
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False, dependencies=[Depends(access.coordinator)])
PAGE: Final = 50
MOST_IN_FILE: Final = 50_000
_FILE_COLUMNS: Final = (
    "mail_id",
    "kind",
    "party",
    "state",
    "reason",
    "code",
    "attempts",
    "resent",
    "resend_of",
    "participant_id",
    "placement_id",
    "edition_id",
    "created_at",
    "due_at",
    "sent_at",
)


@router.get("/notify/mails")
async def listed(request: Request, chosen: Annotated[Asked, Depends(asked)]) -> Response:
    """The mails, newest first."""
    narrowing = narrowing_of(chosen)
    async with context_of(request).database.reading() as conn:
        rows = await mail_list.page(conn, narrowing=narrowing, before=chosen.before, limit=PAGE + 1)
        editions = await mail_list.editions(conn, days=speech_of(request).days)
        back = (
            await mail_list.newer(conn, narrowing=narrowing, after=chosen.before, limit=PAGE)
            if chosen.before
            else None
        )
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return PAGES.render(
        request,
        "desk/mails.html",
        form=Form({name: str(value) for name, value in chosen.query().items()}),
        rows=rows,
        editions=editions,
        edition_names=dict(editions),
        coordinators=_coordinators(request),
        words=words,
        chosen=chosen,
        query=chosen.query(),
        next_before=rows[-1].mail_id if more else None,
        back=back,
    )


@router.post("/notify/mails/find")
async def find(request: Request) -> Response:
    """Whose mails? What was typed may be a name, so it comes in a form and never stands in an address."""
    form = await form_of(request)
    wanted = form.filled("who")[:200]
    try:
        return PAGES.to(request, "/notify/mails", about=str(UUID(wanted)))
    except ValueError:
        pass
    async with context_of(request).database.reading() as conn:
        found = await find_people(conn, words=wanted)
    if len(found) == 1:
        return PAGES.to(request, "/notify/mails", about=str(found[0].contact_id))
    say = speech_of(request)
    if not found:
        typed = say("Skriv et navn, en e-mail eller et nummer")
        nobody = say("Vi fandt ingen. Prøv med begyndelsen af navnet eller e-mailen")
        form = form.with_errors({"who": nobody if wanted else typed})
    return PAGES.render(
        request,
        "desk/found.html",
        status=200 if found else 422,
        form=form,
        found=found,
        words=words,
        most=MOST_FOUND,
    )


@router.get("/notify/mails.csv")
async def as_file(request: Request, chosen: Annotated[Asked, Depends(asked)]) -> Response:
    """The same list as a file: codes and ids, no names and no addresses."""
    narrowing = narrowing_of(chosen)

    async def lines() -> AsyncIterator[bytes]:
        yield "\ufeff".encode() + _line(_FILE_COLUMNS)
        before: UUID | None = None
        for _ in range(MOST_IN_FILE // 1000):
            async with context_of(request).database.reading() as conn:
                rows = await mail_list.page(conn, narrowing=narrowing, before=before, limit=1000)
            yield b"".join(_line([getattr(row, name) for name in _FILE_COLUMNS]) for row in rows)
            if len(rows) < 1000:
                return
            before = rows[-1].mail_id

    headers = {"content-disposition": 'attachment; filename="mails.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def _line(values: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow("" if value is None else str(value) for value in values)
    return out.getvalue().encode()


@router.get("/notify/mails/{mail_id}")
async def one(request: Request, mail_id: UUID, said: Annotated[str, Query(max_length=20)] = "") -> Response:
    """One mail: what it says, what became of it, what to do."""
    context = context_of(request)
    async with context.database.reading() as conn:
        row = await mail_list.one(conn, mail_id=mail_id)
        if row is None:
            raise NOTHING_HERE
        troubles = await mail_list.troubles(conn, mail_id=mail_id)
        repeats = await mail_list.repeats(conn, mail_id=mail_id)
        preview = await showing.shown(request, conn, row)
        editions = dict(await mail_list.editions(conn, days=speech_of(request).days))
    standing = standing_of(row, repeats)
    page = PAGES.render(
        request,
        "desk/mail.html",
        mail=row,
        troubles=troubles,
        repeats=repeats,
        preview=preview,
        edition=editions.get(row["edition_id"], ""),
        words=words,
        calendar=KINDS[row["kind"]].calendar,
        hindrance=hindrance_to_repeat(standing, now=context.clock.now()),
        number=len(repeats) + 1,
        said=said,
        form=Form(),
    )
    page.headers["content-security-policy"] = showing.FRAMING
    return page


@router.get("/notify/mails/{mail_id}/html")
async def one_as_html(request: Request, mail_id: UUID) -> Response:
    """The mail's own HTML, for the frame on its page."""
    async with context_of(request).database.reading() as conn:
        row = await mail_list.one(conn, mail_id=mail_id)
        preview = None if row is None else await showing.shown(request, conn, row)
    if preview is None or preview.words is None:
        raise NOTHING_HERE
    return showing.mail_page(preview.words)


def _coordinators(request: Request) -> dict[UUID, str]:
    settings: NotifySettings = context_of(request).settings
    return settings.coordinators()

"""Who has not answered yet: each open question with its reminders, and a button that reminds now."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.again import NotAgain, day_began
from ipraktik_notify.domain.reminders import REMINDER_OF
from ipraktik_notify.store import mail_list, questions
from ipraktik_notify.usecases.remind_now import REMINDERS, remind_now
from ipraktik_notify.web import words
from ipraktik_notify.web.desk.again import refused
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False)
PAGE: Final = 50


@router.get("/notify/nudges")
async def open_questions(
    request: Request,
    about: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=40)] = "",
    said: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Those whose time runs out first come first."""
    await access.coordinator(request)
    now = context_of(request).clock.now()
    kinds = words.TOPICS[about][1] if about in words.TOPICS else tuple(REMINDER_OF)
    async with context_of(request).database.reading() as conn:
        start = await _place(conn, after)
        rows = await questions.open_questions(
            conn, reminders=REMINDERS, kinds=kinds, now=now, after=start, limit=PAGE + 1
        )
        editions = dict(await mail_list.editions(conn, days=speech_of(request).days))
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return PAGES.render(
        request,
        "desk/nudges.html",
        form=Form({"about": about}),
        rows=rows,
        words=words,
        topics=words.TOPICS,
        topic_of={kind: topic for topic, (_, kinds) in words.TOPICS.items() for kind in kinds},
        editions=editions,
        today=day_began(now),
        about=about if about in words.TOPICS else "",
        said=said,
        next_after=rows[-1].mail_id if more else None,
        first=start is None,
    )


@router.post("/notify/nudges/{mail_id}")
async def remind(request: Request, mail_id: UUID) -> Response:
    """Remind of that question now."""
    who = await access.coordinator(request)
    try:
        async with context_of(request).database.transaction() as tx:
            await remind_now(tx, mail_id=mail_id, acted_by=who.name)
    except NotAgain as error:
        raise refused(error) from None
    return PAGES.to(request, "/notify/nudges", said="reminded")


async def _place(conn: Connection, after: str) -> tuple[datetime, UUID] | None:
    """Where the page begins: after that question."""
    try:
        mail_id = UUID(after)
    except ValueError:
        return None
    row = await mail_list.one(conn, mail_id=mail_id)
    return None if row is None or row["useless_after"] is None else (row["useless_after"], mail_id)

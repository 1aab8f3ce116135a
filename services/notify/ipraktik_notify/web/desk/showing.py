"""A mail of the log as it reads today: written anew from its facts and from what is known of people now. No text was ever kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_notify.mailing.materials import gather_materials
from ipraktik_notify.mailing.rendering import Rendered
from ipraktik_notify.mailing.writing import NobodyThere, Writer
from ipraktik_notify.store import people
from ipraktik_notify.store.queue import Claimed

NotShown = Literal["erased", "not_yet", "unwritable"]
_MAIL_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
FRAMING: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The pages' policy, and frames of our own: a mail is shown inside one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail's words and whom they are for; or why there are none."""

    words: Rendered | None
    name: str
    email: str
    language: str
    why_not: NotShown | None = None


def writer_of(request: Request) -> Writer:
    """What writes previews."""
    writer: Writer = request.app.state.previewing
    return writer


async def shown(request: Request, conn: Any, row: Mapping[str, Any]) -> Shown:
    """The mail as it reads now."""
    contact_id: UUID | None = row["contact_id"]
    if contact_id is None and row["relation"] is not None and row["participant_id"] is not None:
        found = await people.contact_in(conn, participant_id=row["participant_id"], relation=row["relation"])
        contact_id = found.contact_id if found else None
    if contact_id is None or row["needs_placement"]:
        return Shown(None, "", "", "da", "not_yet")
    mail = Claimed(
        id=row["mail_id"],
        fact_id=row["fact_id"],
        kind=row["kind"],
        party=row["party"],
        contact_id=contact_id,
        edition_id=row["edition_id"],
        participant_id=row["participant_id"],
        placement_id=row["placement_id"],
        intern_id=row["intern_id"],
        host_id=row["host_id"],
        aggregate_id=row["aggregate_id"],
        subject_id=row["subject_id"],
        facts=json.loads(row["facts"]),
        attempts=row["attempts"],
    )
    materials = await gather_materials(conn, mails=[mail])
    writer = writer_of(request)
    try:
        recipient = writer.recipient(mail, materials)
    except NobodyThere:
        return Shown(None, "", "", "da", "erased")
    who = (recipient.name, recipient.email, recipient.language)
    try:
        words = writer.words(mail, materials, recipient=recipient, now=context_of(request).clock.now())
    except Exception:  # noqa: BLE001 - whatever a template trips over is what the page is there to show
        return Shown(None, *who, "unwritable")
    return Shown(words, *who)


def mail_page(words: Rendered) -> Response:
    """The mail's own HTML, to stand in a frame of our pages: it runs nothing, fetches nothing and leads nowhere."""
    return HTMLResponse(words.html, headers={"content-security-policy": _MAIL_POLICY})

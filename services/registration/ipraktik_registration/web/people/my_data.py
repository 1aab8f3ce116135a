"""What registration holds about the person who asks, as a file. The other services give their own parts.

Who somebody else is stays out of it, but for those this person named themselves.
"""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.store import history, own_data
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.usecases.tell_own_course import OwnCourse, tell_own_course
from ipraktik_registration.web.acting import signed_in
from ipraktik_registration.web.own_sign_up import own_answer

router = APIRouter(include_in_schema=False)


@router.get("/registration/my-data")
async def my_data(request: Request) -> Response:
    """The file."""
    _, contact = await signed_in(request)
    context = context_of(request)
    async with context.database.reading() as conn:
        found = await _held(conn, contact, today=local_day(context.clock.now()))
    told = {"service": "registration", "made_at": context.clock.now(), **found}
    return Response(
        json.dumps(told, ensure_ascii=False, indent=2, default=_plain),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="innovationspraktik-registration.json"'},
    )


async def _held(conn: Any, contact: Contact, *, today: date) -> dict[str, Any]:
    """By relation: the owner's whole sign-up; of others the contact, and what they answered themselves."""
    held: dict[str, Any] = {
        "you": {
            "relation": contact.relation,
            "name": contact.name,
            "email": contact.email,
            "language": contact.language,
        }
    }
    if contact.relation == "invited":
        return held
    mine = await tell_own_course(
        conn, participant_id=contact.participant_id, relation=contact.relation, today=today
    )
    held["evaluations"] = [asdict(one) for one in mine.evaluations]
    if contact.relation == "manager":
        return held | {"consent": mine.own.sign_up.consent}
    if contact.relation == "reserve":
        return held
    written = await own_data.written_by_others(
        conn,
        participant_id=contact.participant_id,
        key=email_key(contact.email),
        edition_id=mine.own.sign_up.edition_id,
    )
    return held | {
        "sign_up": own_answer(mine.own).model_dump(mode="json"),
        "manager_agreed": mine.own.sign_up.consent,
        "ended_at": mine.ended_at,
        "history": await _history(conn, contact, mine),
        "written_by_others": [asdict(one) for one in written],
    }


async def _history(conn: Any, contact: Contact, mine: OwnCourse) -> list[dict[str, Any]]:
    noted = await history.of(conn, participant_id=contact.participant_id)
    heard = [entry for placement in mine.placements for entry in placement.entries] + mine.heard
    return [
        *({"at": one.at, "act": one.act, "by": one.actor, "reason": one.reason} for one in noted),
        *(asdict(entry) for entry in heard),
    ]


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a file of data")

"""JSON for coordinators: what was mailed to whom and when (never the address), and letting held mails go."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.security import HTTPBearer
from pydantic import Field

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_notify.store import log
from ipraktik_notify.usecases.release_held_mails import release_held_mails
from ipraktik_notify.web.problems import Answer, problems

State = Literal["scheduled", "waiting", "held", "pending", "sending", "sent", "failed", "dropped"]


class MailOut(Answer):
    """One mail of the log. Who it went to is a contact's id; names and addresses are not kept here."""

    mail_id: UUID = Field(description="The mail's id.")
    fact_id: UUID = Field(description="The event that the mail tells of.")
    kind: str = Field(
        description="What the mail is about: the name of its template.", examples=["match_proposed"]
    )
    party: str = Field(description="As what the person is written to.", examples=["intern"])
    contact_id: UUID | None = Field(description="Whom it goes to; null for a coordinator or an agency.")
    participant_id: UUID | None = Field(description="The sign-up that it is about; null where there is none.")
    placement_id: UUID | None = Field(description="The placement that it is about; null where there is none.")
    edition_id: UUID | None = Field(description="The edition that it belongs to; null where there is none.")
    state: State = Field(
        description="scheduled: its moment is to come; waiting: something is missing, such as an address; held: for a coordinator; pending: next to be sent; sending; sent; failed; dropped: not needed any more."
    )
    reason: str | None = Field(description="Why it was dropped, failed or put off: a code.")
    code: int | None = Field(description="The mail server's last refusal.")
    attempts: int = Field(description="How often sending was tried.")
    resent: int = Field(description="How often it was in doubt and sent again, with the same Message-ID.")
    message_id: str | None = Field(description="Its Message-ID; null until it is written.")
    created_at: datetime = Field(description="When it was planned.")
    due_at: datetime | None = Field(description="A reminder's moment.")
    ready_at: datetime | None = Field(description="When it could be sent; null until then.")
    sent_at: datetime | None = Field(description="When the mail server took it; null until then.")


class MailPage(Answer):
    """A page of the log; `next` is the `after` of the following one, null at the end."""

    mails: list[MailOut] = Field(description="Mails, oldest first.")
    next: UUID | None = Field(description="The `after` of the following page; null on the last one.")


class Released(Answer):
    """How many held mails were let go."""

    released: int = Field(description="How many.")


_bearer = HTTPBearer(auto_error=False, description="A coordinator's token.")
router = APIRouter(
    prefix="/notify/api/v1",
    tags=["mails"],
    dependencies=[Depends(_bearer), Depends(access.coordinator)],
    responses=problems(),
)


@router.get("/mails", summary="The mail log, oldest first")
async def mails(
    request: Request,
    participant_id: Annotated[UUID | None, Query(description="Only mails about this sign-up.")] = None,
    state: Annotated[State | None, Query(description="Only mails that stand so.")] = None,
    after: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
) -> MailPage:
    """Mails of a sign-up or in a state."""
    async with context_of(request).database.reading() as conn:
        rows = await log.page(conn, participant_id=participant_id, state=state, after=after, limit=limit)
    page = [MailOut(**row) for row in rows]
    return MailPage(mails=page, next=page[-1].mail_id if len(page) == limit else None)


@router.post("/editions/{edition_id}/mails/release", summary="Let the held mails of an edition go")
async def release(
    request: Request,
    edition_id: Annotated[UUID, Path(description="The edition, as registration lists it.")],
) -> Released:
    """What is held now is sent. Repeating it lets go what came meanwhile, and nothing twice."""
    async with context_of(request).database.transaction() as tx:
        return Released(released=await release_held_mails(tx, edition_id=edition_id))

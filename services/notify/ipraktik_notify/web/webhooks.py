"""JSON over webhooks: for an agency by its own token, within its scope, and for coordinators, who may act for any agency."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.cursor import Cursor, CursorRefused
from ipraktik_notify.store import deliveries, event_log, webhooks
from ipraktik_notify.store.webhooks import Webhook
from ipraktik_notify.usecases import change_webhook as changing
from ipraktik_notify.usecases.make_webhook import MOST_PER_AGENCY, TooManyWebhooks, Wanted, make_webhook
from ipraktik_notify.web.agencies import Asker, agency_bearer, agency_or_coordinator
from ipraktik_notify.web.asked import address_asked_for, callback_asked_for, scope_asked_for, unfit
from ipraktik_notify.web.feed import cursor_problem
from ipraktik_notify.web.problems import problems
from ipraktik_notify.web.shapes import (
    AgencyName,
    AttemptOut,
    AttemptPage,
    SecretWanted,
    WebhookChange,
    WebhookId,
    WebhookMade,
    WebhookOut,
    WebhookPage,
    WebhookWanted,
)

router = APIRouter(
    prefix="/notify/api/v1/webhooks",
    tags=["webhooks"],
    dependencies=[Depends(agency_bearer)],
    responses=problems(),
)
Asks = Annotated[Asker, Depends(agency_or_coordinator)]
_OF_ONE = problems({404: "There is no such webhook, or it is another agency's."})
_CURSOR = "The cursor is not of this log."


@router.post(
    "",
    status_code=201,
    summary="Be called about what happens",
    responses=problems({409: f"{_CURSOR} Or the agency has as many webhooks as it may have."}),
)
async def make(request: Request, wanted: WebhookWanted, asker: Asks) -> WebhookMade:
    """Active at once. The answer holds the secret that deliveries are signed with, once."""
    name = asker.agency or wanted.agency
    if name is None:
        raise unfit("agency", "Say which agency the webhook is for.")
    if wanted.agency not in (None, name):
        raise Problem(
            403, "Your token is another agency's", "Leave `agency` out: your token says whose the webhook is."
        )
    scope = scope_asked_for(asker, topics=wanted.topics, types=wanted.types)
    email = address_asked_for(wanted.owner_email)
    callback = await callback_asked_for(request, wanted.url)
    async with context_of(request).database.transaction() as tx:
        try:
            made = await make_webhook(
                tx,
                wanted=Wanted(
                    agency=name,
                    callback=callback,
                    scope=scope,
                    owner_email=email,
                    language=wanted.language,
                    after=Cursor.parse(wanted.after),
                    created_by=asker.name,
                ),
            )
        except CursorRefused as refusal:
            raise cursor_problem(refusal) from None
        except TooManyWebhooks:
            raise Problem(
                409,
                "The agency has enough webhooks",
                f"An agency may have {MOST_PER_AGENCY}: delete one that is not needed any more.",
            ) from None
        return WebhookMade.model_validate(
            {"secret": made.secret, **(await _shown(tx.conn, [made], tx.now))[0]}
        )


@router.get("", summary="The webhooks there are, oldest first")
async def listed(
    request: Request,
    asker: Asks,
    agency: Annotated[AgencyName | None, Query(description="For coordinators: only this agency's.")] = None,
    after_id: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
) -> WebhookPage:
    """An agency sees its own."""
    context = context_of(request)
    if asker.agency is not None and agency not in (None, asker.agency):
        raise Problem(403, "Your token is another agency's", "Leave `agency` out: you see your own webhooks.")
    async with context.database.reading() as conn:
        found = await webhooks.page(conn, agency=asker.agency or agency, after=after_id, limit=limit)
        page = [WebhookOut.model_validate(one) for one in await _shown(conn, found, context.clock.now())]
    return WebhookPage(webhooks=page, next=page[-1].webhook_id if len(page) == limit else None)


@router.get("/{webhook_id}", summary="One webhook as it stands", responses=_OF_ONE)
async def one(request: Request, webhook_id: WebhookId, asker: Asks) -> WebhookOut:
    """Never its secret."""
    context = context_of(request)
    async with context.database.reading() as conn:
        webhook = await own(conn, webhook_id, asker)
        return await _out(conn, webhook, context.clock.now())


@router.patch(
    "/{webhook_id}",
    summary="Change a webhook",
    responses=problems({404: "There is no such webhook, or it is another agency's.", 409: _CURSOR}),
)
async def change(request: Request, webhook_id: WebhookId, wanted: WebhookChange, asker: Asks) -> WebhookOut:
    """What waits for its next attempt is tried at once. A paused one stays paused."""
    email = None if wanted.owner_email is None else address_asked_for(wanted.owner_email)
    callback = None if wanted.url is None else await callback_asked_for(request, wanted.url)
    async with context_of(request).database.transaction() as tx:
        webhook = await own(tx.conn, webhook_id, asker, lock=True)
        try:
            changed = await changing.change_webhook(
                tx,
                webhook=webhook,
                callback=callback,
                owner_email=email,
                language=wanted.language,
                after=None if wanted.after is None else Cursor.parse(wanted.after),
            )
        except CursorRefused as refusal:
            raise cursor_problem(refusal) from None
        return await _out(tx.conn, changed, tx.now)


@router.delete(
    "/{webhook_id}",
    status_code=204,
    summary="Delete a webhook, its log and its owner's address",
    responses=_OF_ONE,
)
async def delete(request: Request, webhook_id: WebhookId, asker: Asks) -> None:
    """Nothing more is delivered. An attempt that is under way may still arrive."""
    async with context_of(request).database.transaction() as tx:
        await own(tx.conn, webhook_id, asker, lock=True)
        await webhooks.remove(tx.conn, webhook_id=webhook_id)


@router.post("/{webhook_id}/pause", summary="Pause a webhook", responses=_OF_ONE)
async def pause(request: Request, webhook_id: WebhookId, asker: Asks) -> WebhookOut:
    """It keeps its place. An attempt that is under way may still arrive, and counts."""
    async with context_of(request).database.transaction() as tx:
        webhook = await own(tx.conn, webhook_id, asker, lock=True)
        return await _out(tx.conn, await changing.pause_webhook(tx, webhook=webhook), tx.now)


@router.post("/{webhook_id}/resume", summary="Resume a webhook from where it stands", responses=_OF_ONE)
async def resume(request: Request, webhook_id: WebhookId, asker: Asks) -> WebhookOut:
    """At once, also one that is active and waits for its next attempt."""
    async with context_of(request).database.transaction() as tx:
        webhook = await own(tx.conn, webhook_id, asker, lock=True)
        return await _out(tx.conn, await changing.resume_webhook(tx, webhook=webhook), tx.now)


@router.post("/{webhook_id}/secret", summary="Get a new signing secret", responses=_OF_ONE)
async def renew_secret(
    request: Request, webhook_id: WebhookId, wanted: SecretWanted, asker: Asks
) -> WebhookMade:
    """For the overlap every delivery has two signatures, one by each secret: whoever knows either can check it."""
    async with context_of(request).database.transaction() as tx:
        webhook = await own(tx.conn, webhook_id, asker, lock=True)
        overlap = timedelta(hours=wanted.overlap_hours)
        renewed = await changing.renew_secret(tx, webhook=webhook, overlap=overlap)
        shown = (await _shown(tx.conn, [renewed], tx.now))[0]
        return WebhookMade.model_validate({"secret": renewed.secret, **shown})


@router.get("/{webhook_id}/deliveries", summary="The delivery log, newest first", responses=_OF_ONE)
async def delivery_log(
    request: Request,
    webhook_id: WebhookId,
    asker: Asks,
    outcome: Annotated[
        str | None,
        Query(pattern="^[a-z_]{1,30}$", description="Only attempts that ended so, such as delivered."),
    ] = None,
    before: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
) -> AttemptPage:
    """A row per attempt, kept for a month. What a receiver answered is not kept, but for its status."""
    async with context_of(request).database.reading() as conn:
        await own(conn, webhook_id, asker)
        rows = await deliveries.log(conn, webhook_id=webhook_id, before=before, outcome=outcome, limit=limit)
    page = [AttemptOut(**row) for row in rows]
    return AttemptPage(deliveries=page, next=page[-1].id if len(page) == limit else None)


async def own(conn: Connection, webhook_id: UUID, asker: Asker, *, lock: bool = False) -> Webhook:
    """The webhook, if whoever asks may see it. Raises Problem."""
    webhook = await webhooks.get(conn, webhook_id=webhook_id, lock=lock)
    if webhook is None or not asker.may_see(webhook.agency):
        raise Problem(
            404, "There is no such webhook", "Look at the list of yours: GET /notify/api/v1/webhooks."
        )
    return webhook


async def _out(conn: Connection, webhook: Webhook, now: datetime) -> WebhookOut:
    return WebhookOut.model_validate((await _shown(conn, [webhook], now))[0])


async def _shown(conn: Connection, found: Sequence[Webhook], now: datetime) -> list[dict[str, Any]]:
    """What is shown of webhooks."""
    end = await event_log.head(conn)
    cursors = await event_log.cursors(conn, positions={webhook.position for webhook in found})
    return [
        {
            "webhook_id": webhook.webhook_id,
            "agency": webhook.agency,
            "url": webhook.url,
            "topics": list(webhook.scope.topics),
            "types": list(webhook.scope.types),
            "owner_email": webhook.owner_email,
            "language": webhook.language,
            "state": webhook.state,
            "reason": webhook.reason,
            "after": str(cursors[webhook.position]),
            "behind": max(end.position - webhook.position, 0),
            "failed_attempts": webhook.attempts,
            "failing_since": webhook.failing_since,
            "next_try_at": webhook.next_try_at,
            "former_secret_until": webhook.former_until if len(webhook.secrets(now)) > 1 else None,
            "created_by": webhook.created_by,
            "created_at": webhook.created_at,
            "changed_at": webhook.changed_at,
        }
        for webhook in found
    ]

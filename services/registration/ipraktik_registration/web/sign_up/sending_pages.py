"""The check of the answers, the sending, and the receipt, which can be opened again as often as one likes.

Invariants: what is sent is what was shown, or the answers are shown again; sending twice is one sign-up per role; the receipt shows
nobody's data but the sender's own.
"""

import hashlib
import json

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import form_of
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.domain.life import SILENCE
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, named, participants
from ipraktik_registration.store.workplaces import of_host
from ipraktik_registration.usecases.finish_draft import finish_draft
from ipraktik_registration.usecases.send_draft import send_draft
from ipraktik_registration.web.sign_up import bodies, flow
from ipraktik_registration.web.sign_up.drafting import begun, closed
from ipraktik_registration.web.sign_up.summary import sections
from ipraktik_registration.web.windows import closing_text


def router(frame: Pages, pace: Pace) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-up/{key}/check")
    async def check(request: Request, key: str, changed: str = "") -> Response:
        async with context_of(request).database.reading() as conn:
            at = await begun(request, conn, key)
            if at.onward != at.path(flow.CHECK):
                return frame.to(request, at.onward)
            if not at.open:
                return await closed(frame, request, conn, at=at)
            draft = at.draft
            host = await of_host(conn, participant_id=draft.host_id) if draft.host_id else None
        number, of = flow.step_of(draft.part, flow.CHECK)
        return frame.render(
            request,
            "sign_up/check.html",
            at=at,
            sections=sections(at, speech_of(request), host=host or ""),
            based_on=_digest(draft),
            changed=bool(changed),
            step=number,
            steps=of,
            back=at.path(flow.page_before(draft.part, draft.answers, flow.CHECK) or flow.YOU),
        )

    @routes.post("/registration/sign-up/{key}/check")
    async def send(request: Request, key: str) -> Response:
        form = await form_of(request)
        context = context_of(request)
        async with context.database.reading() as conn:
            at = await begun(request, conn, key)
            if at.onward != at.path(flow.CHECK) or form.trapped:
                return frame.to(request, at.onward)
            if form.filled("based_on") != _digest(at.draft):
                return frame.to(request, at.onward, changed="yes")
            if not at.open:
                return await closed(frame, request, conn, at=at, status=409)
            pace.pass_or_refuse(request)
            try:
                sendings = bodies.sendings(at.draft)
            except ValidationError:
                found = bodies.faults(at.draft, stand_in=False)
                return frame.to(request, at.path(found[0].page if found else flow.YOU), mend="yes")
            try:
                taken = await send_draft(
                    conn,
                    now=at.now,
                    origin=Origin(
                        source=source_urn(context.settings.organiser, context.service),
                        topic_namespace=context.settings.topic_namespace,
                    ),
                    draft=at.draft,
                    sendings=sendings,
                )
            except Refused as refusal:
                if refusal.reason == "host_in_mind_unknown":
                    return frame.to(request, at.path(flow.TIME), mend="yes")
                return await closed(frame, request, conn, at=at, status=409)
        async with context.database.transaction() as tx:
            at = await begun(request, tx.conn, key, lock=True)
            if at.draft.sent_at is None:
                await finish_draft(
                    tx, draft=at.draft, sign_ups=taken, namespace=context.settings.topic_namespace
                )
        return frame.to(request, at.path(flow.RECEIPT))

    @routes.get("/registration/sign-up/{key}/receipt")
    async def receipt(request: Request, key: str) -> Response:
        async with context_of(request).database.reading() as conn:
            at = await begun(request, conn, key)
            if at.draft.sent_at is None:
                return frame.to(request, at.onward)
            found = [await participants.one(conn, participant_id=one) for one in at.draft.sign_ups]
            own = [one for one in await contacts.of(conn, *at.draft.sign_ups) if one.relation == "self"]
            kinds = {kind for one in at.draft.sign_ups for kind in await named.of(conn, participant_id=one)}
        sign_ups = [one for one in found if one is not None]
        if own:
            request.state.language = own[0].language
        return frame.render(
            request,
            "sign_up/receipt.html",
            at=at,
            sign_ups=sign_ups,
            waiting=[one for one in sign_ups if one.state == "unconfirmed"],
            email=own[0].email if own else "",
            taken=at.draft.taken,
            refused=at.draft.refused,
            kinds=kinds,
            days=SILENCE.days,
            closing=closing_text(speech_of(request), at.edition.frame),
        )

    return routes


def _digest(draft: Draft) -> str:
    """What the check page was based on: other answers give another one."""
    told = json.dumps([str(draft.edition_id), draft.answers], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]

"""A coordinator signs somebody up who has written an e-mail: one dense page per role, over the models and use case of the public form.

The person confirms the own address, and the manager is asked, as always. The key of the form makes one sign-up of it, however often
it is sent.
"""

from typing import Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import N_, Speech
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, MINISTERIAL_AREAS, SECTORS
from ipraktik_contracts.envelope import source_urn
from ipraktik_contracts.municipalities import MUNICIPALITIES
from ipraktik_registration.domain.life import Role
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import editions, sign_ups
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.usecases.sign_up import sign_up
from ipraktik_registration.web.desk import words
from ipraktik_registration.web.desk.columns import of_role
from ipraktik_registration.web.desk.finding import PATH, by_name, in_order
from ipraktik_registration.web.desk.rows import SEPARATOR, Fits, read_row, role_of
from ipraktik_registration.web.windows import name_with_days

REGISTER: Final = f"{PATH}/register"
_LISTS: Final = ("wish_fields", "wish_sectors", "wish_areas")
_NO_EDITION: Final = N_("Vælg en runde.")
_CHOOSE: Final = N_("Vælg")
_SENT: Final = N_("Formularen er sendt én gang med andre svar. Begynd på en ny tilmelding.")
_KEY_GONE: Final = N_("Siden er for gammel. Send den igen.")


def origin_of(context: Context) -> Origin:
    """Who speaks, for what is said outside a transaction's own way."""
    return Origin(
        source=source_urn(context.settings.organiser, context.service),
        topic_namespace=context.settings.topic_namespace,
    )


def router(frame: Pages) -> APIRouter:
    """The page's routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(REGISTER)
    async def show(request: Request, role: str = "", key: str = "") -> Response:
        await access.coordinator(request)
        chosen = role_of(role)
        if chosen is None:
            return frame.render(request, "desk/register_role.html")
        if _uuid(key) is None:
            # the key stands in the address, so that who comes back to the page has the same one
            return frame.to(request, REGISTER, role=chosen, key=uuid4())
        fresh = {"key": key, "language": "da", "country": "DK", "days_min": "2", "days_max": "5"}
        return await _shown(frame, request, chosen, Form(fresh))

    @routes.post(REGISTER)
    async def post(request: Request) -> Response:
        who = await access.coordinator(request)
        context, say = context_of(request), speech_of(request)
        form = await form_of(request)
        role = role_of(form.get("role", ""))
        if role is None:
            return frame.to(request, REGISTER)
        row = {name: form.get(name, "") for name in form} | {
            name: SEPARATOR.join(form.all(name)) for name in _LISTS
        }
        edition_id, errors = _uuid(form.get("edition", "")), {}
        if edition_id is None:
            errors["edition"] = say(_NO_EDITION)
        key = _uuid(form.get("key", ""))
        if key is None:
            form = Form({**{name: form.all(name) for name in form}, "key": str(uuid4())})
            return await _shown(frame, request, role, form.with_errors({"": say(_KEY_GONE)}))
        found = read_row(role, row, edition_id=edition_id, say=say)
        if not isinstance(found, Fits):
            errors |= found.errors
        if errors or not isinstance(found, Fits):
            return await _shown(frame, request, role, form.with_errors(errors))
        try:
            async with context.database.reading() as conn:
                receipt = await sign_up(
                    conn,
                    now=context.clock.now(),
                    origin=origin_of(context),
                    role=role,
                    edition_id=edition_id,
                    details=found.details,
                    key=key,
                    fingerprint=found.fingerprint,
                    on_behalf=who.name,
                )
        except Refused as refusal:
            if refusal.reason == "key_used_otherwise":
                return await _shown(
                    frame, request, role, form.with_errors({"": say(_SENT)}), sent=key, status=409
                )
            if refusal.reason not in words.REFUSED:
                raise
            refused = {"edition": say(words.REFUSED[refusal.reason])}
            return await _shown(frame, request, role, form.with_errors(refused), status=409)
        return frame.to(request, f"{PATH}/sign-ups/{receipt.participant_id}", done="registered")

    return routes


async def _shown(
    frame: Pages,
    request: Request,
    role: Role,
    form: Form,
    *,
    sent: UUID | None = None,
    status: int = 0,
) -> Response:
    context = context_of(request)
    async with context.database.reading() as conn:
        known = await editions.every(conn)
        before = None if sent is None else await sign_ups.by_key(conn, key=sent)
    open_now = [one for one in known if one.frame.takes_sign_ups(context.clock.now())]
    return frame.render(
        request,
        "desk/register.html",
        status=status or (422 if form.errors else 200),
        form=form,
        role=role,
        headings={column.name: column.heading for column in of_role(role)},
        next_year=local_day(context.clock.now()).year + 1,
        editions=_choices(open_now, speech_of(request)),
        before=before,
        fields=in_order(FIELDS, speech_of(request)),
        sectors=SECTORS,
        journeys=JOURNEY_TYPES,
        ministerial=MINISTERIAL_AREAS,
        municipalities=by_name(MUNICIPALITIES),
        words=words,
    )


def _choices(open_now: list[Edition], say: Speech) -> list[tuple[str, str]]:
    """The open editions; where there are several, none is chosen beforehand."""
    choices = [(str(one.edition_id), name_with_days(say, one.frame)) for one in open_now]
    return choices if len(choices) == 1 else [("", say(_CHOOSE)), *choices]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The page on which a person changes the sign-up: one page with all of it, checked by the models that the JSON route uses.

What is wrong keeps what was written. What was changed elsewhere meanwhile is said, and overwritten only by sending once more; the
same sent twice is the same. A new address voids the link in use, so the way on leads to the new inbox.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.mends import Misfit
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_registration.domain import life
from ipraktik_registration.domain.life import Role
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import editions
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.usecases.tell_own_sign_up import OwnSignUp, tell_own_sign_up
from ipraktik_registration.usecases.update_sign_up import update_sign_up
from ipraktik_registration.web.acting import acting
from ipraktik_registration.web.own_sign_up import own_answer
from ipraktik_registration.web.people.change_form import (
    BadDay,
    Details,
    details_in,
    fields_of,
    periods_shown,
    version_of,
)
from ipraktik_registration.web.people.host_search import by_name
from ipraktik_registration.web.people.told import place_name
from ipraktik_registration.web.sign_up import choices
from ipraktik_registration.web.sign_up.sentences import sentence
from ipraktik_registration.web.sign_up.workplaces import sectors_for
from ipraktik_registration.web.sign_up_forms import HostDetailsSent, InternDetailsSent

_CHANGED: Final = N_(
    "Tilmeldingen er ændret et andet sted, mens du skrev. Tjek felterne. Gemmer du nu, gælder det, der står her."
)
_NEW_ADDRESS: Final = N_("Se i din nye indbakke")
_LINK_SENT: Final = N_("Din tilmelding er rettet. Vi har sendt et nyt link til din nye e-mail.")
_OLD_LINKS: Final = N_("De gamle links virker ikke længere.")
_FIELDS: Final[Mapping[str, str]] = {
    "name": "name",
    "email": "email",
    "language": "language",
    "job_title": "job-title",
    "field": "field",
    "workplace.organisation_name": "organisation",
    "workplace.unit_name": "unit",
    "workplace.sector": "sector",
    "workplace.municipality_code": "municipality",
    "workplace.country": "country",
    "workplace.ministerial_area": "ministerial-area",
    "manager.name": "manager-name",
    "manager.email": "manager-email",
    "reserve.name": "reserve-name",
    "reserve.email": "reserve-email",
    "journey_type": "journey",
    "motivation": "motivation",
    "companion.name": "companion-name",
    "companion.email": "companion-email",
    "self_found_host.name": "host-name",
    "self_found_host.email": "host-email",
    "host_in_mind.name": "host-name",
    "host_in_mind.email": "host-email",
    "offer": "offer",
    "capacity": "capacity",
    "self_found_intern.name": "intern-name",
    "self_found_intern.email": "intern-email",
    "wishes.fields": "fields",
    "wishes.sectors": "sectors",
    "wishes.areas": "areas",
    "days": "days-max",
}


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-ups/{participant_id}/update")
    async def show_update(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "update")
        own, edition, details = await _standing(request, participant_id)
        offered = choices.days_to_tick(edition.frame)
        form = Form(fields_of(details, role=own.sign_up.role, offered=offered))
        return _page(request, form, own, edition, details)

    @routes.post("/registration/sign-ups/{participant_id}/update")
    async def update(request: Request, participant_id: UUID) -> Response:
        await acting(request, participant_id, "update")
        form, say, context = await form_of(request), speech_of(request), context_of(request)
        own, edition, standing = await _standing(request, participant_id)
        role, offered = own.sign_up.role, choices.days_to_tick(edition.frame)
        try:
            wanted = details_in(form, role=role, standing=standing, offered=offered)
            sent = _model(role).model_validate(wanted)
        except BadDay as bad:
            wrong = {bad.field: sentence(say, *_day_words(bad.field))}
            return _page(request, form.with_errors(wrong), own, edition, standing)
        except ValidationError as error:
            return _page(request, form.with_errors(_errors(say, form, error)), own, edition, standing)
        before = _model(role).model_validate(standing)
        if form.get("based-on") != version_of(standing) and sent != before:
            return _page(request, form.with_errors({"": say(_CHANGED)}), own, edition, standing, status=409)
        async with context.database.transaction() as tx:
            await update_sign_up(
                tx,
                participant_id=participant_id,
                details=sent.details(),
                namespace=context.settings.topic_namespace,
            )
        if email_key(sent.email) != email_key(before.email):
            moved = frame.to(request, f"/registration/address-changed?lang={sent.language}")
            access.forget(moved, context=context)
            return moved
        return frame.to(request, f"/registration/sign-ups/{participant_id}", saved="1")

    @routes.get("/registration/address-changed")
    async def address_changed(request: Request) -> Response:
        say = speech_of(request)
        return frame.render(
            request, "done.html", heading=say(_NEW_ADDRESS), paragraphs=[say(_LINK_SENT), say(_OLD_LINKS)]
        )

    def _page(
        request: Request,
        form: Form,
        own: OwnSignUp,
        edition: Edition,
        details: Details,
        *,
        status: int | None = None,
    ) -> Response:
        say, role = speech_of(request), own.sign_up.role
        return frame.render(
            request,
            "people/update.html",
            status=status or (422 if form.errors else 200),
            form=form,
            role=role,
            participant_id=own.sign_up.participant_id,
            based_on=version_of(details),
            consented=own.sign_up.consent,
            registry_host="host_in_mind" in own.names and own.names["host_in_mind"].email is None,
            periods=periods_shown(details["available"]),
            **_choices(say, role, edition, details),
        )

    return routes


async def _standing(request: Request, participant_id: UUID) -> tuple[OwnSignUp, Edition, Details]:
    """The sign-up, which may be changed now, its edition, its details. Raises Refused."""
    async with context_of(request).database.reading() as conn:
        own = await tell_own_sign_up(conn, participant_id=participant_id)
        edition = await editions.one(conn, edition_id=own.sign_up.edition_id)
    life.may_change(own.sign_up.standing, now=context_of(request).clock.now())
    details = own_answer(own).details
    if edition is None or details is None:
        raise Refused("ended")
    return own, edition, details


def _model(role: Role) -> type[InternDetailsSent | HostDetailsSent]:
    return HostDetailsSent if role == "host" else InternDetailsSent


def _choices(say: Speech, role: Role, edition: Edition, details: Details) -> dict[str, Any]:
    areas = choices.regions(edition.frame.first_day)
    known = {value for value, _ in areas}
    areas += [(area, _area(say, area)) for area in details["wishes"]["areas"] if area not in known]
    return {
        "fields": choices.fields(say),
        "sectors": choices.sectors(say, sectors_for(role)),
        "wished_sectors": choices.sectors(say, SECTORS),
        "municipalities": [
            ("", say(N_("Vælg kommune"))),
            *by_name(list(MUNICIPALITIES.items())),
        ],
        "countries": choices.countries(say),
        "ministerial_areas": [("", say(N_("Ved ikke"))), *choices.ministerial_areas(say)],
        "journeys": choices.journeys(say),
        "areas": areas,
        "day_counts": _numbers(say, 2, 5),
        "capacities": _numbers(say, 1, 3),
        "dates": choices.ticks(say, choices.days_to_tick(edition.frame)),
        "languages": [("da", "Dansk"), ("en", "English")],
    }


def _numbers(say: Speech, fewest: int, most: int) -> list[tuple[str, str]]:
    return [(str(n), say.number(n)) for n in range(fewest, most + 1)]


def _area(say: Speech, area: str) -> str:
    kind, _, code = area.partition(":")
    if kind == "municipality":
        return place_name(say, code)
    return REGIONS.get(code) or dict(choices.countries(say)).get(code, code)


def _errors(say: Speech, form: Form, error: ValidationError) -> dict[str, str]:
    """A sentence for each field, in the order of the page."""
    found: dict[str, str] = {}
    for one in error.errors(include_input=False, include_url=False):
        if "HostByIdSent" in one["loc"]:
            continue  # the other shape of a host in mind; what was filled in is a person
        parts = [part for part in one["loc"] if isinstance(part, str) and part != "PersonSent"]
        facts, kind = dict(one.get("ctx", {})), str(one["type"])
        if isinstance(misfit := facts.get("error"), Misfit):
            parts, kind = [*parts, *misfit.field.split(".")], "misfit"
        names = (_FIELDS.get(".".join(parts[:length])) for length in range(len(parts), 0, -1))
        field = next((name for name in names if name is not None), "")
        if field not in found:
            found[field] = _said(
                say, field, kind, written=bool(form.filled(field)), most=facts.get("max_length")
            )
    order = list(_FIELDS.values())
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else -1))


def _said(say: Speech, field: str, kind: str, *, written: bool, most: int | None) -> str:
    if kind == "misfit":
        return sentence(say, field, "misfit")
    if kind in ("string_too_long", "too_long"):
        return sentence(say, field, "long", limit=most or "")
    return sentence(say, field, "odd" if written else "empty")


def _day_words(field: str) -> tuple[str, str]:
    return ("dates", "empty") if field == "dates" else (field.partition("-")[0], "odd")

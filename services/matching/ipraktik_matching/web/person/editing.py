"""The page on which a party changes the agreement: every term with its guidance, kept as it was typed when something is wrong.

A new version says upon which it was written. Where somebody else was faster, the page shows what they changed and keeps what
was typed, now upon theirs.
"""

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, day_fields, day_in, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import N_, Speech
from ipraktik_matching.domain.first_draft import days_outside, language_for, programme_sketch
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.terms import MAX_TEXT, STANDING_POINTS_NOW, TEXTS, Terms
from ipraktik_matching.store import editions
from ipraktik_matching.usecases.put_up_agreement_version import put_up_agreement_version
from ipraktik_matching.web import words
from ipraktik_matching.web.page_routes import attempt, back_to, refused_page, render
from ipraktik_matching.web.parties import Asking, asking
from ipraktik_matching.web.person.agreement import version_read
from ipraktik_matching.web.person.agreement_text import DECLARATION, STANDING_POINTS, differences
from ipraktik_matching.web.person.reading import Agreement, agreement_of

router = APIRouter(prefix="/matching/placements/{placement_id}/agreement", include_in_schema=False)
DAYS: Final = ("first_day", "last_day")
CHOICES: Final = ("host_contact_id", "host_reserve_id")
TICKS: Final = ("hr_asked", "confidentiality_declaration")
_MENDS: Final = {
    "days_outside": ("first_day", N_("Vælg kommende dage inden for rundens datoer")),
    "stay_length": ("last_day", N_("En praktik varer 2 til 5 hverdage. Vælg andre dage")),
    "same_person": ("host_reserve_id", N_("Reserven skal være en anden end kontaktpersonen")),
    "contact_outside": ("host_contact_id", N_("Vælg værtens kontaktperson eller reserve")),
    "nothing_changed": ("", N_("Du har ikke ændret noget. Ret noget, eller gå tilbage")),
}
"""Where on the page a refusal belongs that the person can mend there."""


@router.get("/edit")
async def show(request: Request, placement_id: UUID) -> Response:
    """The newest version, to be changed."""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    agreement = await agreement_of(request, who)
    return await _page(request, who, agreement, Form(_fields(agreement.current.terms)))


@router.post("/edit")
async def put_up(request: Request, placement_id: UUID) -> Response:
    """Put up the changed version."""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    form = await form_of(request)
    based_on = version_read(form)
    errors, terms = _read(speech_of(request), form, placement_id)
    if terms is None:
        return await _page(
            request,
            who,
            await agreement_of(request, who),
            form.with_errors(errors),
            based_on=based_on,
            status=422,
        )
    refused = await attempt(
        request,
        lambda tx: put_up_agreement_version(
            tx,
            placement_id=placement_id,
            party=who.party,
            based_on=based_on,
            terms=terms,
            actor=who.actor,
        ),
    )
    return (
        back_to(request, who, "agreement") if refused is None else await _refused(request, who, form, refused)
    )


async def _refused(request: Request, who: Asking, form: Form, refused: Refused) -> Response:
    agreement = await agreement_of(request, who)
    if refused.code == "newer_version":
        # what they typed is kept and now stands upon the newest version, which they see beside it
        return await _page(request, who, agreement, form, read=version_read(form), status=409)
    if refused.code in _MENDS:
        field, sentence = _MENDS[refused.code]
        errors = {field: speech_of(request)(sentence)}
        return await _page(
            request, who, agreement, form.with_errors(errors), based_on=version_read(form), status=422
        )
    return refused_page(request, who, refused, lead="agreement")


def _fields(terms: Terms) -> dict[str, str]:
    values = {name: str(getattr(terms, name)) for name in TEXTS}
    for name in DAYS:
        values |= day_fields(name, getattr(terms, name))
    values |= {name: str(getattr(terms, name) or "") for name in CHOICES}
    return values | {name: "yes" for name in TICKS if getattr(terms, name)}


def _read(say: Speech, form: Form, placement_id: UUID) -> tuple[dict[str, str], Terms | None]:
    """What was typed as terms, or what has to be mended, in the order of the page."""
    errors: dict[str, str] = {}
    days: dict[str, date] = {}
    for name in DAYS:
        try:
            day = day_in(form, name)
        except ValueError:
            day = None
        if day is None:
            errors[name] = say("Skriv {label} som dag, måned og år").format(
                label=say.label(words.TERMS[name]).lower()
            )
        else:
            days[name] = day
    if len(days) == 2 and days["last_day"] < days["first_day"]:
        errors["last_day"] = say("Den sidste dag må ikke ligge før den første")
    chosen: dict[str, UUID | None] = {}
    for name in CHOICES:
        try:
            chosen[name] = UUID(form.filled(name)) if form.filled(name) else None
        except ValueError:
            errors[name] = say("Vælg værtens kontaktperson eller reserve")
    for name in TEXTS:
        if len(form.filled(name)) > MAX_TEXT:
            errors[name] = say("{label}: Skriv højst {most} tegn").format(
                label=say.label(words.TERMS[name]), most=say.number(MAX_TEXT)
            )
    if not errors and (
        outside := days_outside(form.filled("programme"), days["first_day"], days["last_day"])
    ):
        errors["programme"] = say(
            "Programmet har en linje for {day}, men praktikken er {days}. Ret en af dem"
        ).format(day=say.day(outside[0]), days=say.days(days["first_day"], days["last_day"]))
    if errors:
        return errors, None
    values: dict[str, Any] = {name: form.filled(name) for name in TEXTS}
    values |= days | chosen | {name: form.filled(name) == "yes" for name in TICKS}
    return {}, Terms(placement_id=placement_id, version=1, **values)


async def _page(
    request: Request,
    who: Asking,
    agreement: Agreement,
    form: Form,
    *,
    based_on: int | None = None,
    read: int | None = None,
    status: int = 200,
) -> Response:
    say = speech_of(request)
    names = agreement.people.names
    async with context_of(request).database.reading() as conn:
        edition = await editions.find(conn, edition_id=who.placement.edition_id)
    terms = agreement.current.terms
    kept = [
        one for one in (terms.host_contact_id, terms.host_reserve_id) if one is not None and one not in names
    ]
    people = [("", say("Ikke valgt"))]
    people += [(str(one.contact_id), one.name) for one in agreement.people.of_host]
    people += [(str(one), say("Ikke længere kendt her")) for one in kept]
    before = None if read is None else agreement.numbered(read)
    return render(
        request,
        "edit.html",
        who,
        status=status,
        form=form,
        active=agreement.active,
        based_on=agreement.current.number if based_on is None else based_on,
        signed=agreement.standing is not None,
        people=people,
        dates=edition.dates if edition else None,
        most=MAX_TEXT,
        points=STANDING_POINTS[STANDING_POINTS_NOW],
        declaration=DECLARATION,
        overtaken=read is not None,
        differences=differences(say, before.terms, terms, names) if before else (),
        version=agreement.current,
        sketch=programme_sketch(
            terms.first_day,
            terms.last_day,
            language=language_for(one.language for one in agreement.people.known),
        ),
    )

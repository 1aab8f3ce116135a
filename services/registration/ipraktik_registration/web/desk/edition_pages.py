"""Editions: a list, a new one, a change that is shown with what it means before it is saved."""

from dataclasses import fields
from typing import Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import N_
from ipraktik_registration.domain.edition_changes import Meaning, meanings
from ipraktik_registration.domain.editions import Frame
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import editions, lines
from ipraktik_registration.usecases.open_edition import change_edition, open_edition
from ipraktik_registration.web.desk.edition_forms import form_of_frame, frame_in, fresh_form, print_of
from ipraktik_registration.web.desk.finding import PATH

EDITIONS: Final = f"{PATH}/editions"
_SENT: Final = N_("Runden er oprettet med andre oplysninger. Begynd på en ny.")
_CHANGED_SINCE: Final = N_("En anden har ændret runden, mens du skrev. Se, hvad der gælder nu, og ret igen.")
_KEY_GONE: Final = N_("Siden er for gammel. Send den igen.")
DONE: Final = {
    "opened": N_("Runden er oprettet."),
    "changed": N_("Ændringen er gemt."),
    "same": N_("Der var ikke noget at gemme. Runden er, som den var."),
}
MEANINGS: Final[dict[Meaning, str]] = {
    "closes_now": N_("Der lukkes for nye tilmeldinger med det samme."),
    "opens_now": N_("Der åbnes for nye tilmeldinger med det samme."),
    "closes_earlier": N_(
        "Tilmeldingen lukker tidligere end før. Den, der er midt i at tilmelde sig, kan komme for sent."
    ),
    "closes_later": N_("Tilmeldingen lukker senere end før."),
    "stays_open": N_("Tilmeldingen lukker ikke af sig selv."),
    "days_move": N_(
        "Praktikken ligger på andre dage. Dage i tilmeldinger, forslag og aftaler flytter ikke med. Skriv til dem, det gælder."
    ),
    "answer_days": N_("Den nye svarfrist gælder forslag, der bliver sendt fra nu af."),
    "sign_days": N_("Den nye frist for aftaler gælder aftaler, der bliver lavet fra nu af."),
    "follow_up": N_("Den sene evaluering kommer på et andet tidspunkt for praktik, der slutter fra nu af."),
    "mails_held": N_("Nye mails om runden bliver holdt tilbage, til du slipper dem under Mails."),
    "mails_go": N_(
        "Nye mails om runden bliver sendt med det samme. De mails, der er holdt tilbage, venter stadig på dig."
    ),
    "mode": N_("Runden skifter mellem kampagne og løbende. Tilmeldinger, der er kommet, bliver, som de er."),
}
_CONFIRMABLE: Final = ("unconfirmed", "awaiting_consent")


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(EDITIONS)
    async def show(request: Request, done: str = "") -> Response:
        await access.coordinator(request)
        context = context_of(request)
        async with context.database.reading() as conn:
            known = await editions.every(conn)
        now = context.clock.now()
        return frame.render(
            request,
            "desk/editions.html",
            rows=[(one, one.frame.takes_sign_ups(now), one.frame.opens_at > now) for one in known],
            done=DONE.get(done, ""),
        )

    @routes.get(f"{EDITIONS}/new")
    async def new(request: Request, key: str = "") -> Response:
        await access.coordinator(request)
        if _key(key) is None:
            # the key stands in the address, so that who comes back to the page has the same one
            return frame.to(request, f"{EDITIONS}/new", key=uuid4())
        return frame.render(request, "desk/edition.html", form=fresh_form(key), edition=None)

    @routes.post(f"{EDITIONS}/new")
    async def open_one(request: Request) -> Response:
        await access.coordinator(request)
        form, say = await form_of(request), speech_of(request)
        wanted = frame_in(form, say, today=local_day(context_of(request).clock.now()))
        errors = {} if isinstance(wanted, Frame) else wanted
        key = _key(form.get("key", ""))
        if key is None:
            form = Form({**dict(form), "key": str(uuid4())})
            errors[""] = say(_KEY_GONE)
        if errors or not isinstance(wanted, Frame):
            return _form(frame, request, form.with_errors(errors))
        try:
            async with context_of(request).database.transaction() as tx:
                await open_edition(tx, frame=wanted, key=key)
        except Refused as refusal:
            if refusal.reason != "key_used_otherwise":
                raise
            return _form(frame, request, form.with_errors({"": say(_SENT)}), status=409)
        return frame.to(request, EDITIONS, done="opened")

    @routes.get(f"{EDITIONS}/{{edition_id}}")
    async def change(request: Request, edition_id: UUID) -> Response:
        await access.coordinator(request)
        edition = await _standing(request, edition_id)
        return _form(frame, request, form_of_frame(edition.frame), edition=edition)

    @routes.post(f"{EDITIONS}/{{edition_id}}")
    async def save(request: Request, edition_id: UUID) -> Response:
        await access.coordinator(request)
        form, say = await form_of(request), speech_of(request)
        edition = await _standing(request, edition_id)
        today = local_day(context_of(request).clock.now())
        wanted = frame_in(form, say, today=today, standing=edition.frame)
        if not isinstance(wanted, Frame):
            return _form(frame, request, form.with_errors(wanted), edition=edition)
        if wanted == edition.frame:
            return frame.to(request, EDITIONS, done="changed" if form.get("seen") else "same")
        if form.get("based_on") != print_of(edition.frame):
            fresh = form_of_frame(edition.frame).with_errors({"": say(_CHANGED_SINCE)})
            return _form(frame, request, fresh, edition=edition, status=409)
        if form.get("back"):
            return _form(frame, request, form, edition=edition)
        if form.get("seen") != print_of(wanted):
            return await _meaning(frame, request, form, edition, wanted)
        async with context_of(request).database.transaction() as tx:
            await editions.lock(tx.conn, edition_id)
            now = await editions.one(tx.conn, edition_id=edition_id)
            if now is not None and print_of(now.frame) != form.get("based_on"):
                fresh = form_of_frame(now.frame).with_errors({"": say(_CHANGED_SINCE)})
                return _form(frame, request, fresh, edition=now, status=409)
            await change_edition(tx, edition_id=edition_id, frame=wanted)
        return frame.to(request, EDITIONS, done="changed")

    return routes


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _standing(request: Request, edition_id: UUID) -> editions.Edition:
    async with context_of(request).database.reading() as conn:
        edition = await editions.one(conn, edition_id=edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    return edition


def _form(
    frame: Pages,
    request: Request,
    form: Form,
    *,
    edition: editions.Edition | None = None,
    status: int = 0,
) -> Response:
    return frame.render(
        request,
        "desk/edition.html",
        status=status or (422 if form.errors else 200),
        form=form,
        edition=edition,
    )


async def _meaning(
    frame: Pages, request: Request, form: Form, edition: editions.Edition, wanted: Frame
) -> Response:
    """The change, and what it means, before it is saved."""
    context, say = context_of(request), speech_of(request)
    async with context.database.reading() as conn:
        counts = await lines.counts(conn, edition_id=edition.edition_id)
    found = meanings(edition.frame, wanted, now=context.clock.now())
    return frame.render(
        request,
        "desk/edition_change.html",
        form=form,
        edition=edition,
        wanted=wanted,
        changed=[
            one.name for one in fields(Frame) if getattr(edition.frame, one.name) != getattr(wanted, one.name)
        ],
        meanings=[say(MEANINGS[one]) for one in found],
        waiting=sum(number for (_, state), number in counts.items() if state in _CONFIRMABLE),
        registered=sum(number for (_, state), number in counts.items() if state == "registered"),
        seen=print_of(wanted),
    )

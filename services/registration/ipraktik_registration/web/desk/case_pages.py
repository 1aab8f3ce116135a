"""One sign-up: everything that is held, its history, and what a coordinator can do for its people.

Each act is a form of its own that says what follows. Doing it twice is doing it once; what cannot be done is said on the same page.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import N_
from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.details import OwnRelation, Person
from ipraktik_registration.domain.history import Actor, coordinator
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.domain.withdrawal import REASONS_ON_BEHALF
from ipraktik_registration.store import contacts, editions
from ipraktik_registration.usecases.ask_again import ask_again
from ipraktik_registration.usecases.change_contact import change_contact, name_deputy
from ipraktik_registration.usecases.erase_sign_up import erase_sign_up
from ipraktik_registration.usecases.tell_case import Case, tell_case
from ipraktik_registration.usecases.withdraw_sign_up import withdraw_sign_up
from ipraktik_registration.web.desk import words
from ipraktik_registration.web.desk.facts import facts_of
from ipraktik_registration.web.desk.finding import PATH
from ipraktik_registration.web.fields import Email, Name

CASE: Final = f"{PATH}/sign-ups/{{participant_id}}"
_EMAIL: Final[TypeAdapter[str]] = TypeAdapter(Email)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(Name)
_RELATIONS: Final[tuple[OwnRelation, ...]] = ("self", "manager", "reserve")
DONE: Final = {
    "registered": N_("Tilmeldingen er oprettet. Personen får en mail og skal selv bekræfte."),
    "again": N_("Spørgsmålet er sendt igen."),
    "address": N_("E-mailen er rettet. De gamle links virker ikke mere."),
    "deputy": N_("Stedfortræderen er sat ind. Lederens gamle links virker ikke mere."),
    "withdrawn": N_("Tilmeldingen er meldt fra."),
    "erased": N_("Alt om personerne er slettet."),
}
_BAD_EMAIL: Final = N_("Skriv en e-mail som navn@eksempel.dk.")
_NO_NAME: Final = N_("Skriv stedfortræderens navn.")
_OWN_EMAIL: Final = N_("Skriv en anden e-mail end personens egen.")
_NO_CONTACT: Final = N_("Vælg, hvis e-mail der skal rettes.")
_NO_REASON: Final = N_("Vælg, hvorfor tilmeldingen meldes fra.")
_NOT_SURE: Final = N_("Sæt kryds, hvis alt skal slettes.")

Act = Callable[[Transaction, UUID, Form, Actor, Context], Awaitable[None]]


class Unfit(Exception):
    """A field of the act's form has to be mended."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


def router(frame: Pages) -> APIRouter:
    """The page's routes, one for each act."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(CASE)
    async def show(request: Request, participant_id: UUID, done: str = "") -> Response:
        await access.coordinator(request)
        return await _shown(frame, request, participant_id, done=DONE.get(done, ""))

    def offer(name: str, act: Act, done: str) -> None:
        @routes.post(f"{CASE}/{name}", name=name)
        async def post(request: Request, participant_id: UUID) -> Response:
            who = await access.coordinator(request)
            form = await form_of(request)
            context, say = context_of(request), speech_of(request)
            try:
                async with context.database.transaction() as tx:
                    await act(tx, participant_id, form, coordinator(who.name), context)
            except Unfit as unfit:
                errors = {unfit.field: say(unfit.sentence)}
                return await _shown(frame, request, participant_id, form=form.with_errors(errors), act=name)
            except Refused as refusal:
                if refusal.reason not in words.REFUSED:
                    raise
                errors = {"": say(words.REFUSED[refusal.reason])}
                return await _shown(
                    frame, request, participant_id, form=form.with_errors(errors), act=name, status=409
                )
            return frame.to(request, CASE.format(participant_id=participant_id), done=done)

    offer("ask-again", _ask_again, "again")
    offer("address", _address, "address")
    offer("deputy", _deputy, "deputy")
    offer("withdraw", _withdraw, "withdrawn")
    offer("erase", _erase, "erased")
    return routes


async def _ask_again(
    tx: Transaction, participant_id: UUID, _form: Form, actor: Actor, _context: Context
) -> None:
    await ask_again(tx, participant_id=participant_id, actor=actor)


async def _address(
    tx: Transaction, participant_id: UUID, form: Form, actor: Actor, _context: Context
) -> None:
    relation = next((one for one in _RELATIONS if one == form.get("relation")), None)
    if relation is None:
        raise Unfit("relation", _NO_CONTACT)
    email = _email(form.get("email", ""), "email")
    await _nobody_twice(tx, participant_id, relation, email, "email")
    await change_contact(tx, participant_id=participant_id, relation=relation, email=email, actor=actor)


async def _deputy(tx: Transaction, participant_id: UUID, form: Form, actor: Actor, _context: Context) -> None:
    try:
        name = _NAME.validate_python(form.get("deputy_name", ""))
    except ValidationError:
        raise Unfit("deputy_name", _NO_NAME) from None
    email = _email(form.get("deputy_email", ""), "deputy_email")
    await _nobody_twice(tx, participant_id, "manager", email, "deputy_email")
    deputy = Person(name, email, "en" if form.get("deputy_language") == "en" else "da")
    await name_deputy(tx, participant_id=participant_id, deputy=deputy, actor=actor)


async def _withdraw(
    tx: Transaction, participant_id: UUID, form: Form, actor: Actor, _context: Context
) -> None:
    reason = next((one for one in REASONS_ON_BEHALF if one == form.get("reason")), None)
    if reason is None:
        raise Unfit("reason", _NO_REASON)
    await withdraw_sign_up(tx, participant_id=participant_id, reason=reason, actor=actor)


async def _erase(tx: Transaction, participant_id: UUID, form: Form, actor: Actor, context: Context) -> None:
    if form.get("sure") != "yes":
        raise Unfit("sure", _NOT_SURE)
    await erase_sign_up(
        tx,
        participant_id=participant_id,
        namespace=context.settings.topic_namespace,
        actor=actor,
    )


def _email(text: str, field: str) -> str:
    try:
        return _EMAIL.validate_python(text)
    except ValidationError:
        raise Unfit(field, _BAD_EMAIL) from None


async def _nobody_twice(
    tx: Transaction, participant_id: UUID, relation: OwnRelation, email: str, field: str
) -> None:
    """Nobody is their own manager or reserve, whoever writes the address."""
    people = await contacts.by_relation(tx.conn, participant_id=participant_id)
    others = [one for name, one in people.items() if (name == "self") is not (relation == "self")]
    if any(email_key(one.email) == email_key(email) for one in others):
        raise Unfit(field, _OWN_EMAIL)


async def _shown(
    frame: Pages,
    request: Request,
    participant_id: UUID,
    *,
    form: Form | None = None,
    act: str = "",
    status: int = 200,
    done: str = "",
) -> Response:
    async with context_of(request).database.reading() as conn:
        case = await tell_case(conn, participant_id=participant_id)
        edition = await editions.one(conn, edition_id=case.own.sign_up.edition_id)
    return frame.render(
        request,
        "desk/case.html",
        status=422 if form is not None and form.errors and status == 200 else status,
        form=form,
        case=case,
        edition=edition,
        act=act,
        done=done,
        may=_may(case),
        reasons=REASONS_ON_BEHALF,
        facts=facts_of(case.own.sign_up, edition, speech_of(request)),
        words=words,
    )


def _may(case: Case) -> frozenset[str]:
    """The acts that the state allows; the rules decide again when one is done."""
    state, role = case.own.sign_up.state, case.own.sign_up.role
    acts: set[str] = set()
    if state in ("unconfirmed", "awaiting_consent"):
        acts |= {"ask-again", "address", "withdraw"}
    if state == "registered":
        acts |= {"address", "withdraw"}
    if acts and role == "intern":
        acts.add("deputy")
    if state != "erased":
        acts.add("erase")
    return frozenset(acts)

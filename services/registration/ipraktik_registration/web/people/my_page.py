"""A person's own page: how far it has come, what they can do now, whom it waits for, what has happened, what is kept of them.

The owner sees everything; the reserve and the own manager see the course and their own tasks. What others decide is heard over
events, so the page says when it was made, and asks for a moment where the reader may just have acted elsewhere.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.addresses import link
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import Label
from ipraktik_registration.domain import course
from ipraktik_registration.domain.course import Party, Task
from ipraktik_registration.domain.standing import SEARCHING, Standing, standing
from ipraktik_registration.store import history as sign_up_history
from ipraktik_registration.store.contacts import Contact, Relation
from ipraktik_registration.store.history import Noted
from ipraktik_registration.usecases.tell_own_course import OwnCourse, tell_own_course
from ipraktik_registration.web.acting import READERS, acting
from ipraktik_registration.web.labels import EVALUATION, PLACEMENT, STATE, STATE_OF_INTERN, WAVE
from ipraktik_registration.web.people.calendar_file import Deadline, StayEntry, calendar_file
from ipraktik_registration.web.people.telling import (
    TASK_PATHS,
    history,
    standing_words,
    task_words,
    wait_words,
)
from ipraktik_registration.web.people.told import told_rows
from ipraktik_registration.web.windows import name_with_days

STAGE_WORDS: Final[dict[str, str]] = {
    "signed_up": N_("Tilmeldt"),
    "proposal": N_("Forslag"),
    "agreement": N_("Aftale"),
    "stay": N_("Praktik"),
    "evaluation": N_("Evaluering"),
}
_UNTIL: Final = N_("Senest {instant}")
_LATER_ON: Final = N_("Når du vil")
_CONSENT: Final = N_("Sig ja eller nej til, at {name} er med")
_CONFIRM: Final = N_("Bekræft din tilmelding")
_PAIR: Final = N_("Svar {name}: Har I aftalt praktik?")
_COMPANION: Final = N_("Svar {name}: Vil I rejse sammen?")
_AWAITS_CONSENT: Final = N_("Vi venter på, at din leder siger ja.")
_AWAITS_OTHER: Final[dict[str, str]] = {
    "companion": N_("Vi venter på, at {name} siger ja til at rejse sammen med dig."),
    "self_found": N_("Vi venter på, at {name} siger, at I har aftalt praktik."),
}
_SEARCH: Final[dict[Party, str]] = {
    "manager": N_(
        "Vi leder efter en vært, der passer til {name}. Vi skriver, når der er en aftale at godkende."
    ),
    "intern": N_("Vi leder efter en vært, der passer til dig. Vi skriver, når der er et forslag."),
    "host": N_("Vi leder efter en praktikant, der passer til jer. Vi skriver, når der er et forslag."),
}
_STILL: Final[dict[Party, str]] = {
    "manager": N_("Vi har ikke fundet en plads til {name} endnu. Vi leder videre."),
    "intern": N_("Vi har ikke fundet en plads til dig endnu. Vi leder videre."),
    "host": N_("Vi har ikke fundet en praktikant til jer endnu. Vi leder videre."),
}
_FOR_OTHERS: Final = frozenset({"confirmed", "consented", "refused", "withdrawn", "expired"})
"""What a reserve or a manager reads of the sign-up's own history; the rest is the owner's."""
_STAY_WITH: Final = N_("Innovationspraktik: {other}")
_SEE: Final = N_("Se mere på din side: {address}")


def router(frame: Pages) -> APIRouter:
    """The pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/registration/sign-ups/{participant_id}")
    async def my_page(request: Request, participant_id: UUID, just: str = "", saved: str = "") -> Response:
        contact = await acting(request, participant_id, "overview", whose=READERS)
        mine, noted = await _read(request, contact)
        if contact.relation != "self":
            noted = [one for one in noted if one.act in _FOR_OTHERS]
        say = speech_of(request)
        now = context_of(request).clock.now()
        tasks = _tasks(request, say, mine, contact)
        stands = _standing(request, mine)
        waits = _waits(request, say, mine, contact.relation, stands)
        # a page elsewhere leads back with `just`; else what is open elsewhere may have been done a moment ago
        lagging = bool(just) or any(task.must for task in _course_tasks(request, mine))
        return frame.render(
            request,
            "people/my_page.html",
            mine=mine,
            sign_up=mine.own.sign_up,
            relation=contact.relation,
            owner=_owner(mine),
            others=[(one.role, name_with_days(say, one.frame)) for one in mine.others],
            heading=standing_words(say, stands, mine.party)
            if stands
            else say.label(_state(mine, contact.relation)),
            no_place=stands is not None and stands.code == "no_place",
            over=stands is not None and stands.code == "over",
            stages=[(code, say(STAGE_WORDS[code])) for code in course.STAGES],
            stage=_stage(mine),
            tasks=tasks,
            waits=waits,
            lines=history(
                say,
                party=mine.party,
                created_at=mine.own.sign_up.created_at,
                registered_at=mine.own.sign_up.registered_at,
                noted=noted,
                placements=mine.placements,
                heard=mine.heard,
            ),
            rows=told_rows(say, mine.own) if contact.relation == "self" else [],
            placement_states=PLACEMENT,
            evaluation_states=EVALUATION,
            waves=WAVE,
            now=now,
            just=bool(just),
            saved=bool(saved),
            lagging=lagging,
        )

    @routes.get("/registration/sign-ups/{participant_id}/calendar.ics")
    async def calendar(request: Request, participant_id: UUID) -> Response:
        contact = await acting(request, participant_id, "overview", whose=READERS)
        mine, _ = await _read(request, contact)
        say, context = speech_of(request), context_of(request)
        address = f"{context.settings.registration_public_url}/registration/sign-ups/{participant_id}"
        domain = context.settings.organiser_email.rpartition("@")[2]
        see = say(_SEE).format(address=address)
        body = calendar_file(
            name="Innovationspraktik",
            stays=[
                StayEntry(
                    uid=f"{one.placement_id}@{domain}",
                    first_day=one.first_day,
                    last_day=one.last_day,
                    summary=say(_STAY_WITH).format(other=one.other_organisation),
                    description=see,
                    sequence=2 * (course.standing_version(one) or 0),
                    agreed=one.agreed,
                )
                for one in mine.placements
                if one.state in course.LIVE and one.first_day and one.last_day
            ],
            deadlines=[
                Deadline(
                    uid=f"{task.act}-{task.about_id}@{domain}",
                    until=task.until,
                    summary=task_words(say, task, mine.party),
                    description=see,
                )
                for task in _course_tasks(request, mine)
                if task.until is not None
            ],
            now=context.clock.now(),
        )
        return Response(
            body,
            media_type="text/calendar; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="innovationspraktik.ics"'},
        )

    return routes


async def _read(request: Request, contact: Contact) -> tuple[OwnCourse, list[Noted]]:
    today = local_day(context_of(request).clock.now())
    async with context_of(request).database.reading() as conn:
        mine = await tell_own_course(
            conn, participant_id=contact.participant_id, relation=contact.relation, today=today
        )
        return mine, await sign_up_history.of(conn, participant_id=contact.participant_id)


def _course_tasks(request: Request, mine: OwnCourse) -> list[Task]:
    if mine.own.sign_up.state != "registered":
        # who has withdrawn may still be asked to evaluate a stay that was
        placements = [one for one in mine.placements if one.state == "completed"]
    else:
        placements = mine.placements
    now = context_of(request).clock.now()
    return course.tasks(
        party=mine.party, placements=placements, evaluations=mine.evaluations, now=now, today=local_day(now)
    )


def _tasks(
    request: Request, say: Speech, mine: OwnCourse, contact: Contact
) -> list[tuple[str, str, str, str]]:
    """Rows for the task list: what, where, until when, how it is shown."""
    sign_up = mine.own.sign_up
    here = f"/registration/sign-ups/{sign_up.participant_id}"
    rows: list[tuple[str, str, datetime | None]] = []
    if contact.relation == "self" and sign_up.state == "unconfirmed":
        rows.append((say(_CONFIRM), f"{here}/confirm", sign_up.respond_by))
    if contact.relation == "manager" and sign_up.state == "awaiting_consent":
        rows.append((say(_CONSENT).format(name=_owner(mine)), f"{here}/consent", sign_up.respond_by))
    if sign_up.state == "registered":
        for one in mine.asking:
            pair = one.kind == "self_found"
            path = f"{here}/pair" if pair else f"/registration/invitations/{one.participant_id}"
            rows.append((say(_PAIR if pair else _COMPANION).format(name=one.name), path, None))
    found = [
        (
            words,
            link(request, path),
            say(_UNTIL).format(instant=say.deadline(until)) if until else "",
            "warning",
        )
        for words, path, until in rows
    ]
    for task in _course_tasks(request, mine):
        until = say(_UNTIL).format(instant=say.deadline(task.until)) if task.until else ""
        status = until or ("" if task.must else say(_LATER_ON))
        path = link(request, TASK_PATHS[task.act](task.about_id))
        found.append((task_words(say, task, mine.party), path, status, "warning" if task.must else "info"))
    return found


def _waits(
    request: Request, say: Speech, mine: OwnCourse, relation: Relation, stands: Standing | None
) -> list[tuple[str, str]]:
    """Rows of what is waited for: the sentence, and until when."""
    sign_up = mine.own.sign_up
    found: list[tuple[str, str]] = []

    def until(instant: datetime | None) -> str:
        return say(_UNTIL).format(instant=say.deadline(instant)) if instant else ""

    if relation == "self" and sign_up.state == "awaiting_consent":
        found.append((say(_AWAITS_CONSENT), until(sign_up.respond_by)))
    if sign_up.state != "registered":
        return found
    if relation == "self":
        found += [
            (say(_AWAITS_OTHER[kind]).format(name=one.name), "")
            for kind, one in mine.own.names.items()
            if kind in _AWAITS_OTHER and kind not in mine.own.mutual and one.answer is not False
        ]
    if stands is not None and stands.code in SEARCHING:
        searching = _STILL if mine.own.no_place is False else _SEARCH
        found.append((say(searching[mine.party]).format(name=_owner(mine)), ""))
    today = local_day(context_of(request).clock.now())
    for wait in course.waits(party=mine.party, placements=mine.placements, today=today):
        several = len(mine.placements) > 1 and wait.other_organisation
        words = wait_words(say, wait, mine.party)
        words = f"{wait.other_organisation}: {words}" if several else words
        found.append((words, until(wait.until)))
    return found


def _owner(mine: OwnCourse) -> str:
    """Whose sign-up it is, as far as it is kept."""
    return mine.own.people["self"].name if "self" in mine.own.people else ""


def _stage(mine: OwnCourse) -> str | None:
    sign_up = mine.own.sign_up
    return course.stage(
        registered=sign_up.state == "registered", placements=mine.placements, evaluations=mine.evaluations
    )


def _standing(request: Request, mine: OwnCourse) -> Standing | None:
    """Where a sign-up that counts stands; None for one that does not: its state says it."""
    if mine.own.sign_up.state != "registered":
        return None
    now = context_of(request).clock.now()
    return standing(
        party=mine.party,
        placements=mine.placements,
        evaluations=mine.evaluations,
        no_place=mine.own.no_place,
        last_day=mine.edition.frame.last_day,
        now=now,
        today=local_day(now),
    )


def _state(mine: OwnCourse, relation: Relation) -> Label:
    """How the sign-up stands, to its owner; to others, about its owner."""
    return (STATE if relation in ("self", "reserve") else STATE_OF_INTERN)[mine.own.sign_up.state]

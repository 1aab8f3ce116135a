"""One case whole: who, what was proposed, every version and who has approved it, what has happened, and a coordinator's two acts."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import PARTIES, REASONS
from ipraktik_matching.domain.facts import NotHeldReason
from ipraktik_matching.domain.pair_rules import MAX_COMMENT
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.terms import TEXTS, Terms
from ipraktik_matching.store import contacts, history, pair_rules, placements, versions
from ipraktik_matching.store.board import people
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.decide_disputed_stay import decide_disputed_stay
from ipraktik_matching.usecases.withdraw_placement import withdraw_placement
from ipraktik_matching.web import words
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.desk import (
    NOT_HERE,
    ROOT,
    BoardRoute,
    Desk,
    acting,
    at_desk,
    lead,
    refused,
    show,
)

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/cases"
_TERMS = tuple(field.name for field in fields(Terms) if field.name in TEXTS)


@router.get(HERE + "/{placement_id:uuid}")
async def case(request: Request, placement_id: UUID) -> Response:
    """The case as it stands."""
    return await _show(request, placement_id, Form())


@router.post(HERE + "/{placement_id:uuid}/withdrawal")
async def withdraw(request: Request, placement_id: UUID) -> Response:
    """Take the placement back before the stay. What the page was based on must still hold."""
    form = await form_of(request)
    desk, placement = await _asked(request, placement_id)
    say = speech_of(request)
    comment = form.filled("comment")
    errors = {}
    if form.get("sure") != "yes":
        errors["sure"] = (
            say("Sæt hak, hvis forslaget skal trækkes tilbage")
            if placement.state == "proposed"
            else say("Sæt hak, hvis aftalen skal aflyses")
        )
    if len(comment) > MAX_COMMENT:
        errors["comment"] = say("Skriv højst {n} tegn i bemærkningen").format(n=MAX_COMMENT)
    if errors:
        return await _show(request, placement_id, form.with_errors(errors), status=422)
    try:
        async with acting(request) as tx:
            await withdraw_placement(
                tx,
                placement_id=placement_id,
                actor=Actor("coordinator", desk.who.name),
                comment=comment,
                seen=form.get("state", ""),
            )
    except Refused as refusal:
        if refusal.code == "moved_on":
            _, moved = await _asked(request, placement_id)
            return show(request, "case_moved.html", desk=desk, here=HERE, status=409, placement=moved)
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}/{placement_id}")
    return lead(request, f"/cases/{placement_id}")


@router.post(HERE + "/{placement_id:uuid}/decision")
async def decide(request: Request, placement_id: UUID) -> Response:
    """Decide whether a stay was held about which the parties contradict each other."""
    form = await form_of(request)
    desk, _ = await _asked(request, placement_id)
    say = speech_of(request)
    comment = form.filled("decision_comment")
    held, reason = form.get("held"), form.get("reason", "")
    errors = {}
    if held not in ("yes", "no"):
        errors["held"] = say("Vælg, om praktikken blev gennemført")
    if held == "no" and reason not in REASONS["InternshipNotHeld"]:
        errors["reason"] = say("Vælg en grund til, at praktikken ikke blev gennemført")
    if len(comment) > MAX_COMMENT:
        errors["decision_comment"] = say("Skriv højst {n} tegn i bemærkningen").format(n=MAX_COMMENT)
    if errors:
        return await _show(request, placement_id, form.with_errors(errors), status=422)
    why: NotHeldReason = reason if held == "no" else "other"  # type: ignore[assignment]  # it is one of the list's
    try:
        async with acting(request) as tx:
            await decide_disputed_stay(
                tx,
                placement_id=placement_id,
                held=held == "yes",
                reason=why,
                actor=Actor("coordinator", desk.who.name),
                comment=comment,
            )
    except Refused as refusal:
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}/{placement_id}")
    return lead(request, f"/cases/{placement_id}")


async def _show(request: Request, placement_id: UUID, form: Form, *, status: int = 200) -> Response:
    desk, placement = await _asked(request, placement_id)
    both = [placement.intern_id, placement.host_id]
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, both)
        persons = await contacts.of_participants(conn, participant_ids=both)
        put_up = await versions.of_placement(conn, placement_id=placement_id)
        lines = await history.of_placement(conn, placement_id=placement_id)
        rules = await pair_rules.of_pair(conn, intern_id=placement.intern_id, host_id=placement.host_id)
    say = speech_of(request)
    names = {str(person.contact_id): person.name for person in persons}
    now = context_of(request).clock.now()
    agreed = placement.standing.terms if placement.standing else None
    return show(
        request,
        "case.html",
        desk=desk,
        here=HERE,
        status=status,
        form=form,
        placement=placement,
        days=(agreed.first_day, agreed.last_day) if agreed else (placement.first_day, placement.last_day),
        who=who,
        persons={
            side: sorted(
                (person for person in persons if person.participant_id == participant_id),
                key=lambda person: codes.place_of(person.relation),
            )
            for side, participant_id in (("intern", placement.intern_id), ("host", placement.host_id))
        },
        versions=list(reversed(put_up)),
        told=[
            (say.label(words.TERMS[name]), getattr(put_up[-1].terms, name) or say("Ikke udfyldt"))
            for name in _TERMS
            if put_up and name in words.TERMS
        ],
        lines=[_line(say, line, names) for line in lines],
        rules=rules,
        open_to_withdrawal=placement.state in codes.OPEN_STATES and not placement.stay_begun(now),
        open_to_decision=placement.disputed and placement.state == "signed",
        not_held_reasons=[
            ("", say("Vælg en grund")),
            *((code, say.label(label)) for code, label in REASONS["InternshipNotHeld"].items()),
        ],
        said=[(say.label(PARTIES[party]), held) for party, held in placement.words.items()],
        why_ended=codes.ended(say, placement.state, placement.ended_reason),
        max_comment=MAX_COMMENT,
    )


def _line(say: Speech, line: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    # the first draft is ours: whoever said the second yes only brought it about
    ours = line["act"] == "AgreementDrafted" and line["version"] == 1
    return {
        "at": line["at"],
        "act": codes.word(say, codes.ACTS, line["act"]),
        "actor": say("Lavet af os") if ours else codes.actor(say, line["actor_kind"], line["actor"], names),
        "party": codes.parties(say, [line["party"]] if line["party"] else []),
        "version": line["version"],
        "reason": codes.reason(say, line["act"], line.get("reason")),
        "comment": line["comment"],
    }


async def _asked(request: Request, placement_id: UUID) -> tuple[Desk, Placement]:
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        placement = await placements.find(conn, placement_id=placement_id)
    if placement is None:
        raise NOT_HERE
    return await at_desk(request, edition_id=placement.edition_id), placement

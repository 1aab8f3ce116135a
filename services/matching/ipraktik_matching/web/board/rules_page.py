"""Must and never: a coordinator's word on a pair for the runs to come. Listed, made in three steps, undone with a button."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_matching.domain.pair_rules import MAX_COMMENT, MUST_REASONS, NEVER_REASONS, Kind
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import pair_rules, placements
from ipraktik_matching.store.board import people
from ipraktik_matching.usecases.rule_on_pair import rule_on_pair, undo_pair_rule
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
    uuid_in,
    words_in,
)

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
MENU = f"{ROOT}/runs"
HERE = f"{ROOT}/rules"
MOST_RULES = 200
MOST_FOUND = 20


@router.get(HERE)
async def list_rules(request: Request) -> Response:
    """The edition's rules, those in force first."""
    desk = await at_desk(request)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=MENU)
    edition_id = desk.edition.edition_id
    async with context_of(request).database.reading() as conn:
        found = await pair_rules.of_edition(conn, edition_id=edition_id, limit=MOST_RULES)
        seats = await placements.seats(conn, edition_id=edition_id)
        who = await people.of(conn, [one for rule in found for one in (rule.intern_id, rule.host_id)])
    return show(
        request,
        "rules.html",
        desk=desk,
        here=MENU,
        rules=[rule for rule in found if rule.undone_at is None],
        undone=[rule for rule in found if rule.undone_at is not None],
        kept={(seat.intern_id, seat.host_id) for seat in seats if seat.taken},
        tried={(seat.intern_id, seat.host_id) for seat in seats if seat.forbids},
        who=who,
    )


@router.get(HERE + "/new")
async def new_rule(request: Request) -> Response:
    """Find the intern, find the host, say which rule."""
    return await _step(request, None)


@router.post(HERE + "/new")
async def find_for_rule(request: Request) -> Response:
    """Who fits the words; who is chosen already stands in the address."""
    return await _step(request, await form_of(request))


async def _step(request: Request, form: Form | None) -> Response:
    desk = await at_desk(request)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=MENU)
    intern_id = uuid_in(request.query_params.get("intern"))
    host_id = uuid_in(request.query_params.get("host"))
    if intern_id is None or host_id is None:
        role = "intern" if intern_id is None else "host"
        return await _find(request, desk, words=words_in(form), role=role)
    return await _ask(request, desk, intern_id, host_id, Form())


@router.post(HERE)
async def make_rule(request: Request) -> Response:
    """Keep the rule; sent twice, it is the same one."""
    form = await form_of(request)
    edition_id, intern_id, host_id, rule_id = (
        uuid_in(form.get(name)) for name in ("edition", "intern", "host", "rule_id")
    )
    if edition_id is None or intern_id is None or host_id is None or rule_id is None:
        raise NOT_HERE
    desk = await at_desk(request, edition_id=edition_id)
    say = speech_of(request)
    kind: Kind | None = {"must": "must", "never": "never"}.get(form.filled("kind"))  # type: ignore[assignment]  # the table holds the two
    errors = _errors(say, form, kind)
    if errors or kind is None:
        return await _ask(request, desk, intern_id, host_id, form.with_errors(errors), status=422)
    try:
        async with acting(request) as tx:
            await rule_on_pair(
                tx,
                rule_id=rule_id,
                edition_id=edition_id,
                intern_id=intern_id,
                host_id=host_id,
                kind=kind,
                reason=form.filled("reason"),
                comment=form.filled("comment"),
                by=desk.who.name,
            )
    except Refused as refusal:
        sentence = refusal.sentence(say.language)
        told = form.with_errors({"kind": f"{sentence.title}. {sentence.detail}"})
        return await _ask(request, desk, intern_id, host_id, told, status=409)
    return lead(request, "/rules", edition=edition_id)


@router.post(HERE + "/{rule_id:uuid}/undo")
async def undo(request: Request, rule_id: UUID) -> Response:
    """Take the rule back; who did so first stays on record."""
    desk = await at_desk(request)
    try:
        async with acting(request) as tx:
            rule = await undo_pair_rule(tx, rule_id=rule_id, by=desk.who.name)
    except Refused as refusal:
        return refused(request, desk, refusal, here=MENU, back=HERE)
    return lead(request, "/rules", edition=rule.edition_id)


async def _find(request: Request, desk: Desk, *, words: str, role: str) -> Response:
    edition_id = None if desk.edition is None else desk.edition.edition_id
    async with context_of(request).database.reading() as conn:
        ids = (
            await people.find(
                conn, words=words, edition_id=edition_id, role=role, registered=True, limit=MOST_FOUND + 1
            )
            if words
            else []
        )
        who = await people.of(conn, ids[:MOST_FOUND])
        intern_id = uuid_in(request.query_params.get("intern"))
        chosen = (await people.of(conn, [intern_id])).get(intern_id) if intern_id else None
    return show(
        request,
        "rule_find.html",
        desk=desk,
        here=MENU,
        form=Form({"q": words}),
        role=role,
        words=words,
        found=[who[one] for one in ids[:MOST_FOUND] if one in who],
        more=len(ids) > MOST_FOUND,
        chosen=chosen,
        intern_id=intern_id,
        host_id=uuid_in(request.query_params.get("host")),
    )


async def _ask(
    request: Request, desk: Desk, intern_id: UUID, host_id: UUID, form: Form, *, status: int = 200
) -> Response:
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, [intern_id, host_id])
    if intern_id not in who or host_id not in who:
        raise NOT_HERE
    say = speech_of(request)
    return show(
        request,
        "rule_new.html",
        desk=desk,
        here=MENU,
        status=status,
        form=form,
        intern=who[intern_id],
        host=who[host_id],
        rule_id=uuid_in(form.get("rule_id")) or new_id(context_of(request).clock.now()),
        reasons=[
            ("", say("Vælg en grund")),
            *_reasons(say, say("Skal til værten"), MUST_REASONS),
            *_reasons(say, say("Må ikke til værten"), NEVER_REASONS),
        ],
        max_comment=MAX_COMMENT,
    )


def _reasons(say: Speech, prefix: str, reasons: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, f"{prefix}: {codes.word(say, codes.RULE_REASONS, code)}") for code in reasons]


def _errors(say: Speech, form: Form, kind: Kind | None) -> dict[str, str]:
    errors: dict[str, Any] = {}
    if kind is None:
        errors["kind"] = say("Vælg, om praktikanten skal til værten eller ikke må")
    allowed = {"must": MUST_REASONS, "never": NEVER_REASONS}.get(kind or "", (*MUST_REASONS, *NEVER_REASONS))
    if form.filled("reason") not in allowed:
        errors["reason"] = say("Vælg en grund, der passer til reglen")
    if len(form.filled("comment")) > MAX_COMMENT:
        errors["comment"] = say("Skriv højst {n} tegn i bemærkningen").format(n=MAX_COMMENT)
    return errors

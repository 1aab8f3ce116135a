"""What if? A host more or fewer, other seats, other weights: the plan that would come of it beside the plan there is.

Asked by an address, since nothing is stored and nobody is told; the ids and numbers in it are nobody's name.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import FIELDS, SECTORS
from ipraktik_contracts.municipalities import REGIONS
from ipraktik_matching import policies
from ipraktik_matching.policies import RunPolicy
from ipraktik_matching.solver import SolverFailed
from ipraktik_matching.store import placements
from ipraktik_matching.store.board import people, plans
from ipraktik_matching.usecases.lay_out_puzzle import movable_seats
from ipraktik_matching.web.board import codes, policy_form
from ipraktik_matching.web.board.asking import counsel, too_large
from ipraktik_matching.web.board.desk import ROOT, BoardRoute, show
from ipraktik_matching.web.board.laid_out import LaidOut
from ipraktik_matching.web.board.planned import Planned, laid_out_of, planned, puzzle_text
from ipraktik_matching.web.board.supposing import NEW

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_CHANGES = 100
_SEATS = ("0", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class Supposed:
    """What the form supposes, in the words of the question."""

    policy: RunPolicy
    seats: Mapping[str, int]
    host: Mapping[str, Any] | None
    never: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]

    @property
    def nothing(self) -> bool:
        """Whether hosts and pairs stay as they are."""
        return not self.seats and self.host is None and not self.never


@router.get(HERE + "/{run_id:uuid}/what-if")
async def what_if(request: Request, run_id: UUID) -> Response:
    """The form, and where something was supposed, both plans."""
    here = await planned(request, run_id)
    if too_large(interns=here.interns, seats=here.plan.stats.seats):
        return show(request, "what_if_too_large.html", desk=here.desk, here=HERE, run=here.run)
    laid = await laid_out_of(request, here.run)
    say = speech_of(request)
    usual = policies.read(here.run.policy)
    asked = "try" in request.query_params
    form = Form({**policy_form.filled(usual), **({"move_open": ""} if asked else {}), **request.query_params})
    supposed = _supposed(say, form, laid, usual)
    errors = dict(supposed.errors)
    if asked and not errors and supposed.nothing and supposed.policy == usual:
        errors = {"host": say("Vælg mindst én ting, der skal være anderledes")}
    result, failed = None, False
    if asked and not errors:
        try:
            question = await _question(request, here, laid, supposed)
            result = await counsel(request).asked(question, await puzzle_text(request, run_id))
        except SolverFailed:
            failed = True
    changes = [] if result is None else result["changes"][:MOST_CHANGES]
    ids = {UUID(one) for row in changes for one in row if one and one != NEW} | {
        UUID(one) for pair in supposed.never for one in pair
    }
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, ids | {UUID(one) for one in laid.hosts})
    return show(
        request,
        "what_if.html",
        desk=here.desk,
        here=HERE,
        status=422 if asked and errors else 200,
        form=form.with_errors(errors if asked else {}),
        run=here.run,
        result=result,
        failed=failed,
        changes=[(kind_of(row), *row) for row in changes],
        name_of=lambda one: say("Den nye vært") if one == NEW else codes.named(say, who.get(UUID(one))),
        never=supposed.never,
        weights=policy_form.labelled(say),
        usual=policy_form.filled(usual),
        other_weights=supposed.policy != usual,
        weights_open=supposed.policy != usual or any(name in errors for name, _ in policy_form.labelled(say)),
        price=supposed.nothing
        and supposed.policy == replace(usual, keep_open=0, keep_draft=0, move_open=True),
        after_of={} if result is None else {one: after for one, _, after in result["changes"]},
        new_run_id=new_id(context_of(request).clock.now()),
        policy_values=policy_form.filled(supposed.policy),
        choices=_choices(say, laid, who),
    )


def kind_of(change: tuple[str, str | None, str | None]) -> str:
    """Which kind of difference it is."""
    _, before, after = change
    return "loses" if after is None else "gains" if before is None else "changes"


def _supposed(say: Speech, form: Form, laid: LaidOut, usual: RunPolicy) -> Supposed:
    policy, errors = policy_form.chosen(say, form, start=usual)
    seats: dict[str, int] = {}
    host_id, number = form.filled("host"), form.filled("seats")
    if host_id and host_id not in laid.hosts:
        errors["host"] = say("Vælg en vært på listen")
    elif host_id and number not in _SEATS:
        errors["seats"] = say("Vælg, hvor mange pladser værten skal have")
    elif number and not host_id:
        errors["host"] = say("Vælg, hvilken vært det gælder")
    elif host_id and 0 < int(number) < laid.taken[host_id]:
        errors["seats"] = say(
            "Værten har {n} pladser, der er givet væk. Vælg flere, eller tag værten ud"
        ).format(n=laid.taken[host_id])
    elif host_id:
        seats = {host_id: int(number)}
    host = _new_host(say, form, laid, errors)
    intern_id, never = form.filled("intern"), form.filled("never")
    pair = ((intern_id, never),) if intern_id in laid.interns and never in laid.hosts else ()
    return Supposed(policy, seats, host, pair, errors)


def _new_host(say: Speech, form: Form, laid: LaidOut, errors: dict[str, str]) -> dict[str, Any] | None:
    """The kind of host that comes, if one is spoken of."""
    told = {name: form.filled(f"new_{name}") for name in ("field", "sector", "region", "seats")}
    if not any(told.values()):
        return None
    known = {
        "field": (FIELDS, say("Vælg den nye værts fag")),
        "sector": (SECTORS, say("Vælg den nye værts sektor")),
        "region": (set(laid.puzzle.region_of.values()), say("Vælg den nye værts region")),
        "seats": (_SEATS[1:], say("Vælg, hvor mange pladser den nye vært har")),
    }
    wrong = {f"new_{name}": words for name, (allowed, words) in known.items() if told[name] not in allowed}
    errors |= wrong
    return None if wrong else {**told, "seats": int(told["seats"])}


async def _question(request: Request, here: Planned, laid: LaidOut, supposed: Supposed) -> dict[str, Any]:
    free: list[tuple[str, str]] = []
    async with context_of(request).database.reading() as conn:
        placed = await plans.placed(conn, run_id=here.run.run_id)
        if supposed.policy.move_open:
            seats = await placements.seats(conn, edition_id=here.run.edition_id)
            known = {UUID(one) for one in (*laid.interns, *laid.hosts)}
            movable = movable_seats(seats, known).values()
            free = sorted((str(one.intern_id), str(one.host_id)) for one in movable)
    return {
        "ask": "what_if",
        "plan": {str(one.intern_id): (str(one.host_id), one.days) for one in placed},
        "best": here.plan.stats.count_proven and here.plan.stats.fit_proven,
        "seats": dict(supposed.seats),
        "host": supposed.host,
        "never": supposed.never,
        "free": free,
        "policy": asdict(supposed.policy.of_engine),
    }


def _choices(say: Speech, laid: LaidOut, who: Mapping[UUID, Any]) -> dict[str, list[tuple[str, str]]]:
    none = ("", say("Vælg"))
    hosts = sorted(
        ((_with_organisation(say, who.get(UUID(one))), one) for one in laid.hosts),
    )
    regions = sorted(set(laid.puzzle.region_of.values()), key=lambda code: REGIONS.get(code, code))
    return {
        "host": [("", say("Ingen")), *((one, name) for name, one in hosts)],
        "seats": [
            none,
            ("0", say("Værten er ikke med")),
            *((one, say.many("{n} plads", "{n} pladser", int(one))) for one in _SEATS[1:]),
        ],
        "new_field": [none, *((code, say.label(label)) for code, label in FIELDS.items())],
        "new_sector": [none, *((code, say.label(label)) for code, label in SECTORS.items())],
        "new_region": [none, *((code, REGIONS.get(code, code)) for code in regions)],
        "new_seats": [none, *((one, one) for one in _SEATS[1:])],
    }


def _with_organisation(say: Speech, who: people.Who | None) -> str:
    name = codes.named(say, who)
    organisation = who.organisation_name if who is not None else None
    return f"{name}, {organisation}" if organisation and organisation != name else name

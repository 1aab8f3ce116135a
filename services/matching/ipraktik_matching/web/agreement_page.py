"""The page on which the three parties read the agreement, approve or refuse it, change it or call it off."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.web import Problem
from ipraktik_contracts.fields import Version
from ipraktik_matching.domain.terms import TEXTS
from ipraktik_matching.usecases.approve_agreement import approve_agreement
from ipraktik_matching.usecases.cancel_agreement import cancel_agreement
from ipraktik_matching.usecases.put_up_agreement_version import put_up_agreement_version
from ipraktik_matching.usecases.refuse_agreement import refuse_agreement
from ipraktik_matching.web.models import ApprovalIn, CancellationIn, RefusalIn, Text, VersionIn, terms_of
from ipraktik_matching.web.others import host_people, others_of
from ipraktik_matching.web.page_routes import PageRoute, page_asking, posted, render
from ipraktik_matching.web.problems import acting

router = APIRouter(
    prefix="/matching/placements/{placement_id}/agreement", include_in_schema=False, route_class=PageRoute
)


class _ApprovalForm(ApprovalIn):
    """A form has only text."""

    version: Version


class _RefusalForm(RefusalIn):
    """A form has only text."""

    version: Version


class _VersionForm(VersionIn):
    """A form has only text. An empty field of a form is not sent, so texts and choices have defaults; a box that is not ticked is no."""

    based_on: Version
    meeting_place: Text = ""
    goals_intern: Text = ""
    goals_manager: Text = ""
    goals_host: Text = ""
    programme: Text = ""
    follow_up: Text = ""
    host_contact_id: UUID | None = None
    host_reserve_id: UUID | None = None
    hr_asked: bool = False
    confidentiality_declaration: bool = False


@router.get("")
async def show(request: Request, placement_id: UUID) -> Response:
    """The newest version, who has approved it, and what one can do."""
    who = await page_asking(request, placement_id, "agreement")
    current = who.placement.current
    if current is None:
        english = who.contact.language == "en"
        raise Problem(
            404,
            "There is no agreement yet" if english else "Der er ingen aftale endnu",
            "It follows when both have said yes." if english else "Den kommer, når I begge har sagt ja.",
        )
    async with context_of(request).database.reading() as conn:
        others = await others_of(conn, who)
        people = await host_people(conn, who)
    now = context_of(request).clock.now()
    active = who.placement.state in ("drafted", "signed") and not who.placement.stay_begun(now)
    return render(
        request,
        "agreement.html",
        who,
        version=current,
        others=others,
        people=people,
        names={person.contact_id: person.name for person in people},
        texts=TEXTS,
        active=active,
        open_version=active and who.placement.draft is not None,
    )


@router.post("/approval")
async def approve(request: Request, placement_id: UUID) -> Response:
    """Approve the version and fingerprint that the page showed."""
    who = await page_asking(request, placement_id, "agreement")
    form = await posted(request, _ApprovalForm)
    async with acting(request) as tx:
        await approve_agreement(
            tx,
            placement_id=placement_id,
            party=who.party,
            version=form.version,
            fingerprint=form.fingerprint,
            actor=who.actor,
        )
    return _back(placement_id)


@router.post("/refusal")
async def refuse(request: Request, placement_id: UUID) -> Response:
    """Say no to the version that the page showed."""
    who = await page_asking(request, placement_id, "agreement")
    form = await posted(request, _RefusalForm)
    async with acting(request) as tx:
        await refuse_agreement(
            tx,
            placement_id=placement_id,
            party=who.party,
            version=form.version,
            reason=form.reason,
            comment=form.comment,
            actor=who.actor,
        )
    return _back(placement_id)


@router.post("/versions")
async def put_up(request: Request, placement_id: UUID) -> Response:
    """Put up a changed version."""
    who = await page_asking(request, placement_id, "agreement")
    form = await posted(request, _VersionForm)
    terms = terms_of(placement_id, form)
    if terms is None:
        english = who.contact.language == "en"
        raise Problem(
            422,
            "The days run backwards" if english else "Dagene vender forkert",
            "Go back and mend the last day." if english else "Gå tilbage, og ret den sidste dag.",
        )
    async with acting(request) as tx:
        await put_up_agreement_version(
            tx,
            placement_id=placement_id,
            party=who.party,
            based_on=form.based_on,
            terms=terms,
            actor=who.actor,
        )
    return _back(placement_id)


@router.post("/cancellation")
async def cancel(request: Request, placement_id: UUID) -> Response:
    """Call the agreement off."""
    who = await page_asking(request, placement_id, "agreement")
    form = await posted(request, CancellationIn)
    async with acting(request) as tx:
        await cancel_agreement(
            tx, placement_id=placement_id, party=who.party, reason=form.reason, actor=who.actor
        )
    return _back(placement_id)


def _back(placement_id: UUID) -> Response:
    return RedirectResponse(f"/matching/placements/{placement_id}/agreement", 303)

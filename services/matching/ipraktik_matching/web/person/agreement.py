"""The page on which the three parties read the agreement and approve it. An approval is of the version that was read."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import N_, Speech
from ipraktik_matching.domain.needs import Reader, may_read, may_write
from ipraktik_matching.store.versions import PutUp
from ipraktik_matching.usecases.approve_agreement import approve_agreement
from ipraktik_matching.web.page_routes import attempt, back_to, refused_page, render
from ipraktik_matching.web.parties import Asking, asking
from ipraktik_matching.web.person.agreement_text import SHORT, answers_to, differences, text_of
from ipraktik_matching.web.person.reading import Agreement, agreement_of

router = APIRouter(prefix="/matching/placements/{placement_id}/agreement", include_in_schema=False)


@router.get("")
async def show(request: Request, placement_id: UUID) -> Response:
    """The newest version, who has approved it, and what one can do."""
    return await _page(request, await asking(request, placement_id=placement_id, acts=("agreement",)))


@router.post("/approval")
async def approve(request: Request, placement_id: UUID) -> Response:
    """Approve the version and fingerprint that the page showed."""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    form = await form_of(request)
    read = version_read(form)
    if form.filled("read") != "yes":
        say = speech_of(request)
        if 0 < read < (await agreement_of(request, who)).current.number:
            return await changed_page(request, who, read)
        return await _page(
            request, who, form.with_errors({"read": say("Læs aftalen, og sæt kryds, før du godkender")})
        )
    refused = await attempt(
        request,
        lambda tx: approve_agreement(
            tx,
            placement_id=placement_id,
            party=who.party,
            version=read,
            fingerprint=form.filled("fingerprint")[:64],
            actor=who.actor,
        ),
    )
    if refused is None:
        return back_to(request, who, "agreement")
    if refused.code == "newer_version":
        return await changed_page(request, who, read)
    return refused_page(request, who, refused, lead="agreement")


def version_read(form: Form) -> int:
    """The number of the version that a page was about; 0 where it says none."""
    number = form.filled("version")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 4 else 0


async def changed_page(request: Request, who: Asking, read: int) -> Response:
    """The agreement was changed since this person read it: what is different, and the way to the newest version."""
    agreement = await agreement_of(request, who)
    say = speech_of(request)
    before, after = agreement.numbered(read), agreement.current
    return render(
        request,
        "changed.html",
        who,
        status=409,
        read=read,
        version=after,
        differences=differences(say, before.terms, after.terms, agreement.people.names) if before else (),
    )


async def _page(request: Request, who: Asking, form: Form | None = None) -> Response:
    agreement = await agreement_of(request, who)
    say = speech_of(request)
    version = agreement.current
    placement = agreement.placement
    mine = agreement.open and placement.draft is not None and who.party in placement.draft.missing
    if form is not None and not (mine and not version.refused):
        return back_to(
            request, who, "agreement"
        )  # from a window that stood open: there is no box to tick any more
    reader = Reader(who.contact.contact_id, who.party, who.contact.relation)
    return render(
        request,
        "agreement.html",
        who,
        status=200 if form is None else 422,
        form=form,
        state=placement.state,
        version=version,
        standing=agreement.standing,
        text=text_of(say, version.terms, agreement.people.names, agreement.workplaces),
        answers=answers_to(say, version, agreement.approvals, agreement.people),
        objections=agreement.objections(version.number),
        active=agreement.active,
        open=agreement.open,
        begun=agreement.begun,
        may_approve=mine and not version.refused,
        put_up_by_me=_put_up_by(version, who.party),
        unsettled=_unsettled(say, agreement),
        may_refuse=mine and who.party not in version.refused,
        ended=placement.state not in ("drafted", "signed"),
        needs_shown=may_write(reader) or (who.party == "host" and may_read(placement, reader)),
        short=version.fingerprint[:SHORT],
    )


def _put_up_by(version: PutUp, party: str) -> bool:
    """Whether the reader has just sent it to all three. The first draft is ours, whoever brought it about."""
    return version.number > 1 and version.put_up_by == party


def _unsettled(say: Speech, agreement: Agreement) -> list[str]:
    """What nobody has filled in or made their own yet. It may be approved so; whoever approves should know."""
    terms, first = agreement.current.terms, agreement.versions[0].terms
    goals = [(one.goals_intern, one.goals_manager, one.goals_host) for one in (terms, first)]
    found = {
        N_("Målene er vores forslag. Skriv jeres egne."): goals[0] == goals[1] and first.version == 1,
        N_("Der er ingen reserve hos værten."): terms.host_reserve_id is None,
        N_("Ingen af jer har spurgt HR om forsikring."): not terms.hr_asked,
    }
    return [say(words) for words, so in found.items() if so]

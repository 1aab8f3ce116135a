"""All versions of an agreement: who put each up, what it changed, who approved it."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.pages import speech_of
from ipraktik_contracts.codes import PARTIES
from ipraktik_matching.domain.verifying import standing_of
from ipraktik_matching.web.page_routes import render
from ipraktik_matching.web.parties import asking
from ipraktik_matching.web.person.agreement_text import SHORT, answers_to, differences
from ipraktik_matching.web.person.reading import agreement_of

router = APIRouter(prefix="/matching/placements/{placement_id}/agreement", include_in_schema=False)


@router.get("/versions")
async def show(request: Request, placement_id: UUID) -> Response:
    """The versions, the newest first."""
    who = await asking(request, placement_id=placement_id, acts=("agreement",))
    agreement = await agreement_of(request, who)
    say = speech_of(request)
    names = agreement.people.names
    listed = []
    for version in agreement.versions:
        before = agreement.numbered(version.number - 1)
        by = PARTIES.get(version.put_up_by or "")
        listed.append(
            {
                "number": version.number,
                "status": standing_of(agreement.placement, number=version.number, signed=version.signed),
                "put_up_at": version.put_up_at,
                "put_up_by": say.label(by) if by and before else "",
                "differences": differences(say, before.terms, version.terms, names) if before else (),
                "first": before is None,
                "answers": answers_to(say, version, agreement.approvals, agreement.people),
                "objections": agreement.objections(version.number),
                "fingerprint": version.fingerprint,
                "short": version.fingerprint[:SHORT],
            }
        )
    return render(request, "versions.html", who, listed=listed[::-1])

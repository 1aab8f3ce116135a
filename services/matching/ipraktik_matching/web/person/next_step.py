"""The address of a placement leads to the page on which its person has something to do next, or to read."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_matching.domain.placement import Placement, settle
from ipraktik_matching.web.page_routes import back_to
from ipraktik_matching.web.parties import asking

router = APIRouter(prefix="/matching/placements/{placement_id}", include_in_schema=False)


@router.get("")
async def lead_on(request: Request, placement_id: UUID) -> Response:
    """Lead to the answer, the agreement or the stay."""
    who = await asking(request, placement_id=placement_id)
    now = context_of(request).clock.now()
    placement, _ = settle(who.placement, now)
    return back_to(request, who, next_page(placement, stay_begun=placement.stay_begun(now)))


def next_page(placement: Placement, *, stay_begun: bool) -> str:
    """Which page comes next."""
    if placement.state in ("completed", "not_held") or (placement.state == "signed" and stay_begun):
        return "stay"
    return "agreement" if placement.current else "answer"

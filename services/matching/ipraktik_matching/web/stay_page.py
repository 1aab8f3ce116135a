"""The page on which the three parties say whether the stay was held."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_matching.domain.facts import NotHeldReason
from ipraktik_matching.usecases.say_how_the_stay_went import say_how_the_stay_went
from ipraktik_matching.web.page_routes import PageRoute, page_asking, posted, render
from ipraktik_matching.web.problems import acting

router = APIRouter(
    prefix="/matching/placements/{placement_id}", include_in_schema=False, route_class=PageRoute
)


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    held: Literal["yes", "no"]
    reason: NotHeldReason = "other"


@router.get("/stay")
async def show(request: Request, placement_id: UUID) -> Response:
    """What is on record, and the question."""
    who = await page_asking(request, placement_id, "stay")
    now = context_of(request).clock.now()
    asked = who.placement.state == "signed" and who.placement.stay_begun(now) and not who.placement.disputed
    return render(request, "stay.html", who, asked=asked, said=who.placement.words.get(who.party))


@router.post("/stay")
async def say(request: Request, placement_id: UUID) -> Response:
    """Held or not held."""
    who = await page_asking(request, placement_id, "stay")
    form = await posted(request, _Word)
    async with acting(request) as tx:
        await say_how_the_stay_went(
            tx,
            placement_id=placement_id,
            party=who.party,
            held=form.held == "yes",
            reason=form.reason,
            actor=who.actor,
        )
    return RedirectResponse(f"/matching/placements/{placement_id}/stay", 303)

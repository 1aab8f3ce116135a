"""The page on which intern and host read a proposal and answer it."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_matching.domain.facts import DeclineReason
from ipraktik_matching.usecases.answer_proposal import answer_proposal
from ipraktik_matching.web.others import others_of
from ipraktik_matching.web.page_routes import PageRoute, page_asking, posted, render
from ipraktik_matching.web.problems import acting

router = APIRouter(
    prefix="/matching/placements/{placement_id}", include_in_schema=False, route_class=PageRoute
)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    accept: Literal["yes", "no"]
    reason: DeclineReason = "other"


@router.get("/answer")
async def show(request: Request, placement_id: UUID) -> Response:
    """The proposal."""
    who = await page_asking(request, placement_id, "answer")
    async with context_of(request).database.reading() as conn:
        others = await others_of(conn, who)
    now = context_of(request).clock.now()
    asked = (
        who.placement.state == "proposed"
        and who.party != "manager"
        and who.party not in who.placement.accepted
        and now < who.placement.answer_by
    )
    return render(request, "answer.html", who, others=others, asked=asked)


@router.post("/answer")
async def answer(request: Request, placement_id: UUID) -> Response:
    """Yes or no."""
    who = await page_asking(request, placement_id, "answer")
    form = await posted(request, _Answer)
    async with acting(request) as tx:
        await answer_proposal(
            tx,
            placement_id=placement_id,
            party=who.party,
            accept=form.accept == "yes",
            reason=form.reason,
            actor=who.actor,
        )
    return RedirectResponse(f"/matching/placements/{placement_id}/answer", 303)

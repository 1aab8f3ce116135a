"""What intern, manager and host do with the link they have got, as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPBearer

from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.usecases.answer_proposal import answer_proposal
from ipraktik_matching.usecases.approve_agreement import approve_agreement
from ipraktik_matching.usecases.cancel_agreement import cancel_agreement
from ipraktik_matching.usecases.put_up_agreement_version import put_up_agreement_version
from ipraktik_matching.usecases.refuse_agreement import refuse_agreement
from ipraktik_matching.usecases.say_how_the_stay_went import say_how_the_stay_went
from ipraktik_matching.web.models import (
    AgreementOut,
    AnswerIn,
    ApprovalIn,
    CancellationIn,
    MyPlacementOut,
    PlacementOut,
    RefusalIn,
    StayIn,
    VersionIn,
    agreement_out,
    placement_fields,
    placement_out,
    terms_of,
)
from ipraktik_matching.web.others import others_of
from ipraktik_matching.web.parties import Asking, asking
from ipraktik_matching.web.problems import acting, problems

_LINK = HTTPBearer(
    scheme_name="link", description="The token of the link in the newest mail.", auto_error=False
)
router = APIRouter(
    prefix="/matching/api/v1/placements/{placement_id}",
    tags=["placements"],
    dependencies=[Depends(_LINK)],
    responses=problems(404),
)


async def _any(request: Request, placement_id: UUID) -> Asking:
    return await asking(request, placement_id=placement_id)


async def _answering(request: Request, placement_id: UUID) -> Asking:
    return await asking(request, placement_id=placement_id, acts=("answer",))


async def _agreeing(request: Request, placement_id: UUID) -> Asking:
    return await asking(request, placement_id=placement_id, acts=("agreement",))


async def _staying(request: Request, placement_id: UUID) -> Asking:
    return await asking(request, placement_id=placement_id, acts=("stay",))


Any_ = Annotated[Asking, Depends(_any)]
Answering = Annotated[Asking, Depends(_answering)]
Agreeing = Annotated[Asking, Depends(_agreeing)]
Staying = Annotated[Asking, Depends(_staying)]


def _agreement(placement: Placement) -> AgreementOut:
    if placement.current is None:
        raise Problem(404, "No agreement yet", "The agreement follows when both have said yes.")
    return agreement_out(placement, placement.current)


@router.get("")
async def show_placement(request: Request, who: Any_) -> MyPlacementOut:
    """The placement, and what you may read about the others."""
    async with context_of(request).database.reading() as conn:
        others = await others_of(conn, who)
    return MyPlacementOut.model_validate(
        {**placement_fields(who.placement), "party": who.party, "others": others}
    )


@router.post("/answer", responses=problems(409))
async def answer(request: Request, who: Answering, body: AnswerIn) -> PlacementOut:
    """Say yes or no to the proposal."""
    async with acting(request) as tx:
        placement = await answer_proposal(
            tx,
            placement_id=who.placement.placement_id,
            party=who.party,
            accept=body.accept,
            reason=body.reason or "other",
            actor=who.actor,
        )
    return placement_out(placement)


@router.get("/agreement")
async def show_agreement(who: Agreeing) -> AgreementOut:
    """The newest version of the agreement."""
    return _agreement(who.placement)


@router.post("/agreement/approval", responses=problems(409))
async def approve(request: Request, who: Agreeing, body: ApprovalIn) -> AgreementOut:
    """Approve the version that you have read. The third approval signs the agreement."""
    async with acting(request) as tx:
        placement = await approve_agreement(
            tx,
            placement_id=who.placement.placement_id,
            party=who.party,
            version=body.version,
            fingerprint=body.fingerprint,
            actor=who.actor,
        )
    return _agreement(placement)


@router.post("/agreement/refusal", responses=problems(409))
async def refuse(request: Request, who: Agreeing, body: RefusalIn) -> AgreementOut:
    """Say no to a version. A new version or a cancellation is to follow."""
    async with acting(request) as tx:
        placement = await refuse_agreement(
            tx,
            placement_id=who.placement.placement_id,
            party=who.party,
            version=body.version,
            reason=body.reason,
            comment=body.comment,
            actor=who.actor,
        )
    return _agreement(placement)


@router.post("/agreement/versions", responses=problems(409))
async def put_up_version(request: Request, who: Agreeing, body: VersionIn) -> AgreementOut:
    """Put up a new version. It voids the approvals of the one before; what is signed stands until all approve the new one."""
    terms = terms_of(who.placement.placement_id, body)
    if terms is None:
        raise Problem(
            422,
            "Some fields need to be mended",
            "Correct the fields listed under errors and send again.",
            errors=[{"field": "last_day", "message": "the last day lies before the first"}],
        )
    async with acting(request) as tx:
        placement = await put_up_agreement_version(
            tx,
            placement_id=who.placement.placement_id,
            party=who.party,
            based_on=body.based_on,
            terms=terms,
            actor=who.actor,
        )
    return _agreement(placement)


@router.post("/cancellation", responses=problems(409))
async def cancel(request: Request, who: Agreeing, body: CancellationIn) -> PlacementOut:
    """Call the agreement off before the stay."""
    async with acting(request) as tx:
        placement = await cancel_agreement(
            tx,
            placement_id=who.placement.placement_id,
            party=who.party,
            reason=body.reason,
            actor=who.actor,
        )
    return placement_out(placement)


@router.post("/stay", responses=problems(409))
async def say_stay(request: Request, who: Staying, body: StayIn) -> PlacementOut:
    """Say whether the stay was held."""
    async with acting(request) as tx:
        placement = await say_how_the_stay_went(
            tx,
            placement_id=who.placement.placement_id,
            party=who.party,
            held=body.held,
            reason=body.reason or "other",
            actor=who.actor,
        )
    return placement_out(placement)

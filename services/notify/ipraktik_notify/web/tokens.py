"""JSON for coordinators: give an agency a token, see which there are, revoke one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.security import HTTPBearer

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.links import Coordinator
from ipraktik_chassis.problem import Problem
from ipraktik_notify.store import agency_tokens
from ipraktik_notify.usecases.mint_agency_token import mint_agency_token
from ipraktik_notify.web.problems import problems
from ipraktik_notify.web.shapes import (
    AgencyName,
    TokenMade,
    TokenOut,
    TokenPage,
    TokenWanted,
    scope_of,
    token_fields,
)

_bearer = HTTPBearer(auto_error=False, description="A coordinator's token.")
router = APIRouter(
    prefix="/notify/api/v1/agency-tokens",
    tags=["agency tokens"],
    dependencies=[Depends(_bearer)],
    responses=problems(),
)
CoordinatorAsks = Annotated[Coordinator, Depends(access.coordinator)]


@router.post("", status_code=201, summary="Give an agency a token")
async def mint(request: Request, wanted: TokenWanted, coordinator: CoordinatorAsks) -> TokenMade:
    """The answer holds the token, once: hand it to the agency by a way you trust. We keep a digest of it and no more."""
    async with context_of(request).database.transaction() as tx:
        token, kept = await mint_agency_token(
            tx,
            agency=wanted.agency,
            scope=scope_of(wanted.topics, wanted.types),
            days=wanted.days,
            minted_by=coordinator.name,
        )
        return TokenMade.model_validate({"token": token, **token_fields(kept, now=tx.now)})


@router.get("", summary="The tokens there are, oldest first, revoked ones included")
async def listed(
    request: Request,
    _: CoordinatorAsks,
    agency: Annotated[AgencyName | None, Query(description="Only this agency's.")] = None,
    after: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
) -> TokenPage:
    """Never a token itself: only whose it is, what it opens and whether it still does."""
    context = context_of(request)
    async with context.database.reading() as conn:
        found = await agency_tokens.page(conn, agency=agency, after=after, limit=limit)
    now = context.clock.now()
    page = [TokenOut.model_validate(token_fields(token, now=now)) for token in found]
    return TokenPage(tokens=page, next=page[-1].token_id if len(page) == limit else None)


@router.delete("/{token_id}", summary="Revoke a token", responses=problems({404: "There is no such token."}))
async def revoke(
    request: Request,
    token_id: Annotated[UUID, Path(description="The token's id, from the list.")],
    _: CoordinatorAsks,
) -> TokenOut:
    """It opens nothing from now on, and repeating this changes nothing. Webhooks stand until they are paused or deleted."""
    async with context_of(request).database.transaction() as tx:
        token = await agency_tokens.revoke(tx.conn, token_id=token_id, now=tx.now)
        if token is None:
            raise Problem(
                404, "There is no such token", "Look at the list: GET /notify/api/v1/agency-tokens."
            )
        return TokenOut.model_validate(token_fields(token, now=tx.now))

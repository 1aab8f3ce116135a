"""Somebody comes late, or is left: the three ways in as things stand now, each with its price, and how to go on from there.

Weighed on the sign-ups of this moment and the last plan that was not sent out; placements that stand are never moved.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.puzzle import PuzzleError
from ipraktik_matching.puzzle.pieces import companions
from ipraktik_matching.solver import SolverFailed
from ipraktik_matching.store.board import people
from ipraktik_matching.web.board.asking import counsel
from ipraktik_matching.web.board.desk import NOT_HERE, ROOT, BoardRoute, Desk, at_desk, refused, show
from ipraktik_matching.web.board.live import Live, live_puzzle

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_MOVES = 25
KINDS = ("nobody_moves", "one_moves", "anew")


@router.get(ROOT + "/interns/{intern_id:uuid}/ways")
async def ways(request: Request, intern_id: UUID) -> Response:
    """The ways in for this intern."""
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        me = (await people.of(conn, [intern_id])).get(intern_id)
    if me is None or me.role != "intern" or me.state != "registered":
        raise NOT_HERE
    desk = await at_desk(request, edition_id=me.edition_id)
    try:
        live = await live_puzzle(request, edition_id=me.edition_id)
        state, found = ("too_large", None) if live is None else await _found(request, live, str(intern_id))
    except Refused as refusal:
        return refused(request, desk, refusal, here=HERE, back=f"{HERE}?edition={me.edition_id}")
    except (PuzzleError, SolverFailed):
        state, found = "failed", None
    return await _show(request, desk, me, state, found)


async def _found(request: Request, live: Live, intern_id: str) -> tuple[str, dict[str, Any] | None]:
    """What stands in the way of an answer, or the ways. Raises SolverFailed."""
    puzzle = live.puzzle
    if intern_id in dict(puzzle.fixed):
        return "seated", None
    if intern_id not in {one.id for one in puzzle.interns}:
        return "failed", None
    if intern_id in companions(puzzle.interns):
        return "companion", None
    where = {**dict(puzzle.drafts), **dict(puzzle.open)}
    question = {"ask": "ways", "intern": intern_id, "where": where}
    return "found", await counsel(request).asked(question, live.text)


async def _show(
    request: Request, desk: Desk, me: people.Who, state: str, found: dict[str, Any] | None
) -> Response:
    rows = [(kind, (found or {}).get(kind)) for kind in KINDS]
    ids = {UUID(way["host_id"]) for _, way in rows if way}
    ids |= {UUID(one) for _, way in rows if way for move in way["moves"][:MOST_MOVES] for one in move if one}
    async with context_of(request).database.reading() as conn:
        who = await people.of(conn, ids)
    return show(
        request,
        "ways.html",
        desk=desk,
        here=HERE,
        me=me,
        state=state,
        rows=[] if found is None else rows,
        most_moves=MOST_MOVES,
        who={str(one): known for one, known in who.items()},
    )

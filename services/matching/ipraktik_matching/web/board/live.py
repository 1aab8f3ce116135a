"""The puzzle as the tables stand now, for pages that ask before any run: counted before it is laid out, since it is everybody."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from ipraktik_chassis.access import context_of
from ipraktik_matching.domain.balance import totals
from ipraktik_matching.puzzle import Puzzle, to_json
from ipraktik_matching.store.board import balance
from ipraktik_matching.usecases.lay_out_puzzle import lay_out_puzzle
from ipraktik_matching.web.board.asking import too_large


@dataclass(frozen=True, slots=True)
class Live:
    """The puzzle, and its text as the engine reads it."""

    puzzle: Puzzle
    text: str


async def live_puzzle(request: Request, *, edition_id: UUID) -> Live | None:
    """The puzzle of an edition, from one snapshot; None where a page asks nothing of it. Raises Refused, PuzzleError."""
    context = context_of(request)
    async with (
        context.database.reading() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        of_fields, _ = await balance.shares(conn, edition_id=edition_id)
        everybody = totals(of_fields, placed=0)
        if too_large(interns=everybody.interns, seats=everybody.seats):
            return None
        laid = await lay_out_puzzle(conn, edition_id=edition_id, now=context.clock.now())
    return Live(laid.puzzle, await asyncio.to_thread(to_json, laid.puzzle))

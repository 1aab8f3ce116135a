"""The queue: what waits for whom, since when and until when, the most urgent first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_matching.domain.placement import ANSWERING, PARTIES
from ipraktik_matching.store.board import people, queue
from ipraktik_matching.store.board.queue import Details, Place, Waiting
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.desk import PAGE_ROWS, ROOT, BoardRoute, at_desk, show, uuid_in

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
_SOON: Final = 3
"""A deadline within so many days is urgent."""


@router.get(ROOT)
async def overview(request: Request) -> Response:
    """The first page of the queue, or the one after a place."""
    desk = await at_desk(request)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=ROOT)
    kind = request.query_params.get("kind", "")
    kinds: Sequence[str] = (kind,) if kind in queue.KINDS else queue.KINDS
    async with context_of(request).database.reading() as conn:
        counts = await queue.counts(conn, edition_id=desk.edition.edition_id)
        found = await queue.page(
            conn,
            edition_id=desk.edition.edition_id,
            kinds=kinds,
            after=_place_in(request.query_params.get("after")),
            limit=PAGE_ROWS + 1,
        )
        rows = found[:PAGE_ROWS]
        placements = [row.placement_id for row in rows if row.placement_id is not None]
        details = await queue.details(conn, placement_ids=placements) if placements else {}
        since = await queue.since_of(
            conn,
            participant_ids=[row.id for row in rows if row.kind in ("unplaced", "one_sided")],
            run_ids=[row.run_id for row in rows if row.run_id is not None],
        )
        who = await people.of(conn, [one for row in rows for one in (row.intern_id, row.host_id)])
    say = speech_of(request)
    now = context_of(request).clock.now()
    return show(
        request,
        "queue.html",
        desk=desk,
        here=ROOT,
        form=Form({"kind": kind, "edition": str(desk.edition.edition_id)}),
        rows=[_row(say, row, details, since, who, now) for row in rows],
        counts=[
            (code, say(words), counts[code], _count(say, counts[code]))
            for code, words in codes.WAITING.items()
        ],
        kind=kind if kind in queue.KINDS else "",
        later=request.query_params.get("after", "")[:100],
        next_after=_place_out(rows[-1].place) if len(found) > PAGE_ROWS else "",
    )


def _row(
    say: Speech,
    row: Waiting,
    details: dict[UUID, Details],
    since: dict[UUID, datetime | None],
    who: dict[UUID, people.Who],
    now: datetime,
) -> dict[str, Any]:
    known = details.get(row.placement_id) if row.placement_id else None
    return {
        "kind": row.kind,
        "what": say(codes.WAITING[row.kind]),
        "whom": _whom(say, row.kind, known),
        "intern": who.get(row.intern_id) if row.intern_id else None,
        "intern_id": row.intern_id,
        "host": who.get(row.host_id) if row.host_id else None,
        "host_id": row.host_id,
        "since": known.since if known else since.get(row.id),
        "until": row.until,
        "urgent": row.until is not None and (row.until - now).days < _SOON,
        "placement_id": row.placement_id,
        "run_id": row.run_id,
    }


def _whom(say: Speech, kind: str, known: Details | None) -> str:
    if kind == "proposal" and known is not None:
        return codes.parties(say, (one for one in ANSWERING if one not in known.accepted))
    if kind in ("agreement", "amendment") and known is not None:
        return codes.parties(say, (one for one in PARTIES if one not in known.approved))
    if kind == "refused":
        return say("en ny version fra en af parterne")
    if kind == "one_sided":
        return say("den anden halvdel af parret")
    return say("koordinator")


def _count(say: Speech, number: int) -> str:
    if number > queue.MOST_COUNTED:
        return say("over {n}").format(n=say.number(queue.MOST_COUNTED))
    return say.number(number)


def _place_out(place: Place) -> str:
    until = "" if place.until is None else str(int(place.until.timestamp() * 1_000_000))
    return f"{place.rank}.{until}.{place.id}"


def _place_in(text: str | None) -> Place | None:
    rank, _, rest = (text or "")[:100].partition(".")
    until, _, place_id = rest.partition(".")
    found = uuid_in(place_id)
    whole = rank.isascii() and rank.isdigit() and (not until or (until.isascii() and until.isdigit()))
    # the queue has five ranks, and no deadline lies beyond the year 5138
    if found is None or not whole or len(rank) > 1 or len(until) > 17:
        return None
    # only deadlines have a rank of their own; a place made up otherwise leads to the beginning
    if bool(until) != (rank == "2"):
        return None
    seconds, rest_of_it = divmod(int(until or 0), 1_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest_of_it) if until else None
    return Place(int(rank), moment, found)

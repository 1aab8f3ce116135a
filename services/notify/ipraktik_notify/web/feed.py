"""The HTTP feed: `GET /api/v1/events`, a batch of CloudEvents after a cursor, for those without Kafka.

Invariant: whoever asks on with the cursor that an answer gave gets every event of their scope, once, in the log's order; no
commit comes so late that a cursor has passed it. While a request waits it holds no database connection.
"""

import hashlib
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.service import Context
from ipraktik_chassis.web import resting
from ipraktik_notify.domain.cursor import MAX_CHARS, PATTERN, Cursor, CursorRefused
from ipraktik_notify.domain.scope import TYPES, Scope
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store import event_log
from ipraktik_notify.usecases.read_events import Page, read_events
from ipraktik_notify.web.agencies import Asker, Pace, agency, agency_bearer
from ipraktik_notify.web.asked import unfit
from ipraktik_notify.web.described import FEED_RESPONSES
from ipraktik_notify.web.shapes import PublicType
from ipraktik_notify.web.waiting import Places, Watch

BATCH: Final = "application/cloudevents-batch+json"
MOST: Final = 1000
MOST_SECONDS: Final = 10
_ASKED_BY: Final = frozenset({"after", "limit", "type", "wait"})

router = APIRouter(prefix="/api/v1", tags=["events"], dependencies=[Depends(agency_bearer)])


class Feed:
    """What the requests of one process share: the pace of each token, room to wait, and one look at the log."""

    def __init__(self, context: Context) -> None:
        settings: NotifySettings = context.settings
        self.monotonic = context.clock.monotonic
        self.pace = Pace(
            per_minute=settings.feed_requests_per_minute,
            monotonic=self.monotonic,
            advice="`limit` up to 1000 and `wait` up to 10 spare you most of them.",
        )
        self.places = Places(settings.feed_waiting)
        # a request that waits must not hold up a shutdown
        self.most_seconds = min(float(MOST_SECONDS), settings.drain_seconds / 2)

        async def end() -> int:
            async with context.database.reading() as conn:
                return (await event_log.head(conn)).position

        self.watch = Watch(end)


class BatchResponse(Response):
    """CloudEvents in JSON batch format."""

    media_type: str | None = BATCH


@router.get(
    "/events",
    summary="What has happened, from a cursor on",
    response_class=BatchResponse,
    responses=FEED_RESPONSES,
)
async def events(
    request: Request,
    asker: Annotated[Asker, Depends(agency)],
    types: Annotated[
        list[PublicType],
        Query(
            alias="type", max_length=len(TYPES), description="Only these types; may be given several times."
        ),
    ] = [],  # noqa: B006 - FastAPI makes a list of its own for each request
    after: Annotated[
        str,
        Query(
            pattern=PATTERN,
            max_length=MAX_CHARS,
            description="The cursor of the last answer (`Feed-Cursor`, or all of `Link: rel=next`). 0: from the first event on.",
        ),
    ] = "0",
    limit: Annotated[
        int, Query(ge=1, le=MOST, description="So many events at most; a batch also ends at about 4 MiB.")
    ] = 100,
    wait: Annotated[
        int,
        Query(
            ge=0,
            le=MOST_SECONDS,
            description="Where there is nothing yet: wait so many seconds for it. The answer may be empty all the same, and sooner.",
        ),
    ] = 0,
    if_none_match: Annotated[
        str | None, Header(max_length=1000, description="The `ETag` of an earlier answer.")
    ] = None,
) -> Response:
    """Events of your token's scope in the order of the log, as they were said. Keep `Feed-Cursor` in the transaction in which
    you keep the events, and ask on with it. Order holds per aggregate (`subject`, `sequence`). What is asked for again is
    given again, so keep the ids you have had.
    """
    feed: Feed = request.app.state.feed
    if odd := sorted(set(request.query_params) - _ASKED_BY):
        raise unfit(odd[0][:100], f"There is no such parameter; there are {', '.join(sorted(_ASKED_BY))}.")
    if asker.token_id is None:
        raise AssertionError("an agency asks by a token")
    feed.pace.take(asker.token_id)
    scope = _scope(asker, types)
    page = await _read(request, after=after, scope=scope, limit=limit)
    if wait and not page.events:
        deadline = feed.monotonic() + min(float(wait), feed.most_seconds)
        with feed.places.one(asker.token_id), resting(request):
            while not page.events and (left := deadline - feed.monotonic()) > 0:
                if not await feed.watch.beyond(page.next.position + page.behind, seconds=left):
                    break
                page = await _read(request, after=after, scope=scope, limit=limit)
    body = f"[{','.join(page.events)}]".encode()
    following = urlencode(
        [("after", str(page.next)), ("limit", limit), *(("type", type) for type in types)]
        + ([("wait", wait)] if wait else [])
    )
    tag = hashlib.sha256(f"{page.next}\n".encode() + body).hexdigest()[:32]
    headers = {
        "link": f'<?{following}>; rel="next"',
        "feed-cursor": str(page.next),
        "feed-behind": str(page.behind),
        "etag": f'"{tag}"',
        "cache-control": "private, no-cache",
        "vary": "authorization",
    }
    if if_none_match is not None and _known(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return BatchResponse(body, headers=headers)


def _scope(asker: Asker, types: list[str]) -> Scope:
    try:
        return asker.scope.narrowed(types)
    except ValueError as error:
        raise Problem(
            403,
            "Your token does not open that type",
            f"Leave {error} out, or ask the coordinators for a token that opens it.",
        ) from None


async def _read(request: Request, *, after: str, scope: Scope, limit: int) -> Page:
    try:
        async with context_of(request).database.reading() as conn:
            return await read_events(conn, after=Cursor.parse(after), scope=scope, limit=limit)
    except CursorRefused as refusal:
        raise cursor_problem(refusal) from None


def cursor_problem(refusal: CursorRefused) -> Problem:
    """The problem for a cursor that is not of this log."""
    return Problem(
        409,
        "This cursor lies ahead of the log" if str(refusal) == "ahead" else "This cursor is not of this log",
        "Give the cursor of the last answer you got, unchanged. If you did, the log was restored from a copy: begin again with "
        "0, and leave out the ids you have had.",
    )


def _known(if_none_match: str, tag: str) -> bool:
    given: list[Any] = [one.strip().removeprefix("W/").strip('"') for one in if_none_match.split(",")]
    return "*" in given or tag in given

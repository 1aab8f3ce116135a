"""A page of the event log for a reader: what follows its cursor, and the cursor that follows the page."""

from dataclasses import dataclass
from typing import Final

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.cursor import Cursor, CursorRefused
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.store import event_log

PAGE_BYTES: Final = 4 * 1024 * 1024
"""A page ends before the event that would start beyond this, however many were asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """Events as JSON texts, where the reader then stands, and how many events of the log it has not looked at yet."""

    events: tuple[str, ...]
    next: Cursor
    behind: int


async def read_events(conn: Connection, *, after: Cursor, scope: Scope, limit: int) -> Page:
    """The page after a cursor. Raises CursorRefused where the cursor is not of this log.

    The log's end is looked at first: what is read then holds all up to there, so a reader who got everything that matches
    stands at that end, also where nothing matched.
    """
    end = await event_log.head(conn)
    await check_cursor(conn, cursor=after, end=end)
    events, whole = await event_log.following(
        conn, after=after.position, scope=scope, limit=limit, most_bytes=PAGE_BYTES
    )
    reached = Cursor.at(events[-1].position, events[-1].event_id) if events else after
    if whole and end.position > reached.position:
        reached = end
    return Page(tuple(one.event for one in events), reached, max(end.position - reached.position, 0))


async def check_cursor(conn: Connection, *, cursor: Cursor, end: Cursor) -> None:
    """Raises CursorRefused where the cursor lies ahead of the log or names another event than the log has there."""
    if cursor.position == 0:
        return
    if cursor.position > end.position:
        raise CursorRefused("ahead")
    found = await event_log.event_at(conn, position=cursor.position)
    if found is None or Cursor.at(cursor.position, found) != cursor:
        raise CursorRefused("foreign")

"""The draft behind an address, and what a closed window means for it.

The key in the address is the capability: who holds it may go on, and there is no further cookie. See
docs/decisions/012-drafts-by-address.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_registration.domain.drafts import Draft, key_hash
from ipraktik_registration.store import drafts, editions, registry
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.web.sign_up import flow
from ipraktik_registration.web.windows import closing_text

BASE: Final = "/registration/sign-up"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that somebody is at, and its edition as it stands."""

    key: str
    draft: Draft
    edition: Edition
    now: datetime

    @property
    def open(self) -> bool:
        """Whether the edition still takes sign-ups."""
        return self.edition.frame.takes_sign_ups(self.now)

    def path(self, page: str) -> str:
        """The address of one of its pages."""
        return f"{BASE}/{self.key}/{page}"

    @property
    def onward(self) -> str:
        """The address of the first page that is not answered yet; the receipt of one that was sent."""
        if self.draft.sent_at is not None:
            return self.path(flow.RECEIPT)
        return self.path(flow.next_page(self.draft.part, self.draft.answers))


def gone() -> Problem:
    """There is no such draft, or not any more."""
    return Problem(
        404,
        "There is no unfinished sign-up here",
        "It was sent, deleted, or taken up again somewhere else. Use the link in your mail, or begin anew.",
        danish=(
            "Her er ingen tilmelding at gå videre med",
            "Den er sendt, slettet eller åbnet et andet sted. Brug linket i din mail, eller begynd forfra.",
        ),
    )


async def begun(request: Request, conn: Any, key: str, *, lock: bool = False) -> Begun:
    """The draft of the key in the address. Raises Problem 404. `lock` in a transaction that changes it."""
    now = context_of(request).clock.now()
    if not _KEY.fullmatch(key):
        raise gone()
    find = drafts.locked if lock else drafts.by_key
    draft = await find(conn, hashed=key_hash(key), now=now)
    edition = None if draft is None else await editions.one(conn, edition_id=draft.edition_id)
    if draft is None or edition is None:
        raise gone()
    request.state.language = draft.answers.get(flow.YOU, {}).get("language")
    return Begun(key, draft, edition, now)


async def open_editions(conn: Any, *, now: datetime) -> list[Edition]:
    """The editions that take sign-ups now, the one that closes first at the top."""
    found = [one for one in await editions.every(conn) if one.frame.takes_sign_ups(now)]
    return sorted(
        found, key=lambda one: (one.frame.closes_at is None, one.frame.closes_at or now, one.frame.name)
    )


async def host_on_offer(conn: Any, text: str, *, among: Sequence[Edition]) -> tuple[UUID, UUID] | None:
    """(host, edition) where the text is the id of a host of an edition that takes sign-ups."""
    try:
        host_id = UUID(text)
    except ValueError:
        return None
    edition_id = await registry.edition_of_host(conn, participant_id=host_id)
    if edition_id is None or edition_id not in {one.edition_id for one in among}:
        return None
    return host_id, edition_id


async def closed(
    frame: Pages, request: Request, conn: Any, *, at: Begun | None = None, status: int = 200
) -> Response:
    """The page that says when sign-ups are taken, and what becomes of a draft whose edition has closed under way."""
    now = context_of(request).clock.now()
    every = await editions.every(conn)
    return frame.render(
        request,
        "sign_up/closed.html",
        status=status,
        at=at,
        closing=closing_text(speech_of(request), at.edition.frame) if at else "",
        coming=sorted((one for one in every if one.frame.opens_at > now), key=lambda one: one.frame.opens_at),
        others=await open_editions(conn, now=now) if at else [],
    )

"""What every page of the board begins with: the coordinator who asks, the edition it is about, and how a refusal is shown.

The edition is the one the address names, else the one whose dates come next and in which somebody takes part, else the one whose
dates come next, else the latest.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form
from ipraktik_chassis.links import Coordinator
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import editions
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.usecases.locked_placement import NoSuchThing
from ipraktik_matching.web.board import codes

ROOT: Final = "/matching/board"
PAGE_ROWS: Final = 50
MOST_WORDS: Final = 100
NOT_HERE: Final = Problem(
    404,
    "Not found",
    "There is nothing with that id here. Go back to the board.",
    danish=("Det findes ikke her", "Gå tilbage til overblikket, og vælg derfra."),
)


class BoardRoute(APIRoute):
    """A page of the board: what is not there is said inside the board's own frame."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                if problem is not NOT_HERE:
                    raise
                pages: Pages = request.app.state.pages
                return pages.render(request, "board/not_here.html", status=404, here="")

        return handled


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, and about which edition. `edition` is None only where none is known yet."""

    who: Coordinator
    editions: list[Edition]
    edition: Edition | None


async def at_desk(request: Request, *, edition_id: UUID | None = None) -> Desk:
    """The coordinator and the edition that the address or the thing at hand names. Raises Problem."""
    who = await access.coordinator(request)
    wanted = edition_id or uuid_in(request.query_params.get("edition"))
    today = local_day(context_of(request).clock.now())
    async with context_of(request).database.reading() as conn:
        known = await editions.all_known(conn)
        ahead = [one for one in known if one.last_day >= today]
        asked = [one.edition_id for one in ahead] if wanted is None else []
        alive = await editions.alive(conn, edition_ids=asked) if asked else set()
    chosen = next((one for one in known if one.edition_id == wanted), None)
    if chosen is None and wanted is not None:
        raise NOT_HERE
    going = [one for one in ahead if one.edition_id in alive]
    first = next((some[-1] for some in (going, ahead) if some), known[0] if known else None)
    return Desk(who, known, chosen or first)


def show(
    request: Request,
    template: str,
    *,
    desk: Desk,
    here: str,
    status: int = 200,
    form: Form | None = None,
    **values: Any,
) -> Response:
    """A page of the board."""
    pages: Pages = request.app.state.pages
    say = speech_of(request)
    return pages.render(
        request,
        f"board/{template}",
        status=status,
        form=form,
        desk=desk,
        edition=desk.edition,
        edition_id=None if desk.edition is None else desk.edition.edition_id,
        here=here,
        codes=codes,
        named=lambda who: codes.named(say, who),
        deadline=lambda instant: codes.deadline(say, instant),
        **values,
    )


def refused(request: Request, desk: Desk, refusal: Refused, *, here: str, back: str) -> Response:
    """A page that says why the act was not done and where to go on."""
    sentence = refusal.sentence(speech_of(request).language)
    return show(request, "refused.html", desk=desk, here=here, status=409, sentence=sentence, back=back)


def lead(request: Request, path: str, **query: object) -> Response:
    """Lead on after an act."""
    pages: Pages = request.app.state.pages
    return pages.to(request, f"{ROOT}{path}", **query)


@asynccontextmanager
async def acting(request: Request) -> AsyncIterator[Transaction]:
    """A transaction for one act. What the domain refuses passes through; what is not there is a page that says so."""
    try:
        async with context_of(request).database.transaction() as tx:
            yield tx
    except NoSuchThing:
        raise NOT_HERE from None


def uuid_in(text: str | None) -> UUID | None:
    """The id that a text is, if it is one."""
    try:
        return UUID(text) if text and len(text) <= 36 else None
    except ValueError:
        return None


def words_in(form: Form | None) -> str:
    """What was typed into a search field, bounded; nothing where no form was sent.

    What is typed may be a name, which has no business in an address, where it would lie in logs and histories: it is posted, and the
    page that answers carries it on in its forms. In an address it is not even read.
    """
    return "" if form is None else form.filled("q").replace("\x00", " ")[:MOST_WORDS].strip()


def page_in(request: Request) -> int:
    """The number of the page asked for, from 1."""
    text = request.query_params.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 5 else 1

"""What the pages of matching share: their templates and texts, and acts whose refusals become pages that lead on."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages
from ipraktik_chassis.texts import Texts
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.codes import FIELDS, PARTIES
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.usecases.locked_placement import NoSuchThing
from ipraktik_matching.web import words
from ipraktik_matching.web.parties import Asking, no_such_placement

_HERE: Final = Path(__file__).parent
PAGES: Final = Pages(templates=_HERE / "templates", texts=Texts(_HERE.parent / "locale" / "en"))


def render(request: Request, template: str, who: Asking, **values: Any) -> Response:
    """A page for this person about this placement."""
    return PAGES.render(
        request,
        f"person/{template}",
        who=who,
        placement=who.placement,
        here=f"/matching/placements/{who.placement.placement_id}",
        words=words,
        parties=PARTIES,
        fields=FIELDS,
        **values,
    )


async def attempt(request: Request, act: Callable[[Transaction], Awaitable[object]]) -> Refused | None:
    """Do the act in a transaction of its own; what the domain refuses is given back. Raises Problem."""
    try:
        async with context_of(request).database.transaction() as tx:
            await act(tx)
    except Refused as refused:
        return refused
    except NoSuchThing:
        raise no_such_placement() from None
    return None


def refused_page(request: Request, who: Asking, refused: Refused, *, lead: str) -> Response:
    """The act did not fit the state of things: what is so, and the way to what stands now."""
    return render(request, "refused.html", who, status=409, refused=refused, lead=lead)


def back_to(request: Request, who: Asking, page: str) -> Response:
    """Lead on after an act."""
    return PAGES.to(request, f"/matching/placements/{who.placement.placement_id}/{page}")

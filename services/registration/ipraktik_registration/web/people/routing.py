"""The pages of people who take part, and of those who look for a host, as one list of routers; and where links' acts land."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter

from ipraktik_chassis.kept_pages import KeptPages
from ipraktik_chassis.links import Link
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages
from ipraktik_chassis.service import Context
from ipraktik_registration.web.people import (
    change_pages,
    host_pages,
    leaving_pages,
    link_pages,
    mail_pages,
    my_data,
    my_page,
)


def routers(frame: Pages, *, context: Context, kept: KeptPages, link_requests: Pace) -> Sequence[APIRouter]:
    """The routers. `kept` holds public pages; `link_requests` counts networks that ask for a new link."""
    return (
        mail_pages.router(frame),
        my_page.router(frame),
        my_data.router,
        change_pages.router(frame),
        leaving_pages.router(frame),
        link_pages.router(frame, context=context, networks=link_requests),
        host_pages.router(frame, kept=kept),
    )


def _own(act: str = "") -> Callable[[Link], str]:
    return lambda link: f"/registration/sign-ups/{link.participant_id}{act}"


def _invitation(link: Link) -> str:
    return f"/registration/invitations/{link.aggregates[0] if link.aggregates else link.participant_id}"


LANDING: Final[Mapping[str, Callable[[Link], str]]] = {
    "confirm": _own("/confirm"),
    "consent": _own("/consent"),
    "pair": _own("/pair"),
    "invited": _invitation,
    "overview": _own(),
    "update": _own("/update"),
    "withdraw": _own("/withdraw"),
    "erase": _own("/erase"),
    "draft": lambda link: f"/registration/drafts/{link.participant_id}",
}
"""By a link's first act."""

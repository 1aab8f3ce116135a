"""The link of a sign-in mail, in two steps: a GET shows whose it is and a button, the button's POST uses the link up for the session.

A program that opens every link of a mail uses nothing up. Who is signed in already and follows a used link is led to the board: a
button that was pressed twice, or the mail opened once more.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import form_of
from ipraktik_chassis.links import MAX_TOKEN_CHARS, Coordinator
from ipraktik_chassis.pages import BOARD
from ipraktik_chassis.problem import Problem
from ipraktik_notify.usecases.use_sign_in_link import look_at_sign_in_link, use_sign_in_link
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False)


@router.get("/notify/sign-in")
async def show(request: Request, t: str = "") -> Response:
    """Whose link it is. Nothing happens."""
    token = t[: MAX_TOKEN_CHARS + 1]
    context = context_of(request)
    async with context.database.reading() as conn:
        session = await look_at_sign_in_link(conn, mailed=token, now=context.clock.now())
    coordinator = _whose(request, session)
    if coordinator is None:
        return await _gone(request)
    return PAGES.render(request, "signing_in/link.html", name=coordinator.name, token=token, squeeze=False)


@router.post("/notify/sign-in")
async def sign_in(request: Request) -> Response:
    """The session for the link."""
    token = (await form_of(request)).get("t", "")[: MAX_TOKEN_CHARS + 1]
    context = context_of(request)
    async with context.database.transaction() as tx:
        session = await use_sign_in_link(tx, mailed=token)
    if session is None or _whose(request, session) is None:
        return await _gone(request)
    response = PAGES.to(request, BOARD)
    access.remember(response, context=context, token=session, board=True)
    return response


def _whose(request: Request, session: str | None) -> Coordinator | None:
    """Whom a session is for; None for none, and for one that was signed by a key that is not in use any more."""
    try:
        return None if session is None else access.coordinator_in(request, session)
    except Problem:
        return None


async def _gone(request: Request) -> Response:
    try:
        await access.coordinator(request)
    except Problem:
        return PAGES.render(request, "signing_in/gone.html", status=410)
    return PAGES.to(request, BOARD)

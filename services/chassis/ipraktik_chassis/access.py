"""Who is asking: a person by their link, a coordinator by their session (cookie or bearer). Refusals are problems with a mend.

A service gives the way to a contact's epoch in its own tables. A higher epoch than the link's revokes it, and so does erasure.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from .links import Coordinator, Link, LinkRefused
from .problem import Problem, SignInFirst
from .service import Context

EpochOf = Callable[[Any, UUID], Awaitable[int | None]]
"""(connection, contact id) -> the contact's epoch here; None where it is not known here yet, ERASED where it is gone."""

ERASED: Final = 2**31 - 1

_SENTENCES: Final = {
    "invalid": (
        401,
        "This link does not work",
        "Open the newest link you have got by mail, or ask for a new one.",
        ("Linket virker ikke", "Åbn det nyeste link, du har fået på mail, eller bed om et nyt."),
    ),
    "expired": (
        410,
        "This link has run out",
        "Ask for a new link.",
        ("Linket er udløbet", "Bed om et nyt link."),
    ),
    "revoked": (
        410,
        "This link is no longer in use",
        "Open the newest link you have got by mail. If your sign-up has been deleted, there is none.",
        (
            "Linket bruges ikke længere",
            "Åbn det nyeste link, du har fået på mail. Er din tilmelding slettet, findes der ikke et nyt.",
        ),
    ),
    "not_allowed": (
        403,
        "This link does not open that",
        "Open the link in the mail that asks you for it.",
        ("Linket åbner ikke denne side", "Åbn linket i den mail, der beder dig om det."),
    ),
}


def refusal(error: LinkRefused) -> Problem:
    """The problem for a link that does not hold."""
    status, title, detail, danish = _SENTENCES[error.reason]
    return Problem(status, title, detail, danish=danish)


def context_of(request: Request) -> Context:
    """The context of the application a request came to."""
    context: Context = request.app.state.context
    return context


def bearer(request: Request) -> str | None:
    """The bearer token of a request, if it has one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def cookie_name(context: Context, *, board: bool = False) -> str:
    """The name of the cookie that carries a person's link, or a coordinator's session.

    It is bound to this host and goes to all services of it; on the local stack's plain http it cannot be marked secure.
    """
    name = "ipraktik-board" if board else "ipraktik"
    return name if context.settings.local_stack else f"__Host-{name}"


def remember(response: Response, *, context: Context, token: str, board: bool = False) -> None:
    """Put a verified token into the HttpOnly cookie."""
    response.set_cookie(
        cookie_name(context, board=board),
        token,
        path="/",
        httponly=True,
        secure=not context.settings.local_stack,
        samesite="lax",
    )


def forget(response: Response, *, context: Context) -> None:
    """End the sessions that this browser has."""
    for board in (False, True):
        response.delete_cookie(
            cookie_name(context, board=board),
            path="/",
            httponly=True,
            secure=not context.settings.local_stack,
            samesite="lax",
        )


async def verified(request: Request, *, token: str, epoch_of: EpochOf) -> Link:
    """The link a token stands for, its epoch checked. Raises Problem."""
    context = context_of(request)
    if context.links is None:
        raise Problem(
            503,
            "Links are not set up",
            "Set LINK_PUBLIC_KEY_FILE.",
            danish=("Links er ikke sat op", "Sig det til os, så retter vi det."),
        )
    try:
        link = context.links.link(token, now=context.clock.now())
        async with context.database.reading() as conn:
            epoch = await epoch_of(conn, link.contact_id)
    except LinkRefused as error:
        raise refusal(error) from None
    if epoch is None:
        raise Problem(
            503,
            "Not ready yet",
            "We are still fetching your details. Try again in a moment.",
            headers={"retry-after": "2"},
            danish=(
                "Siden er ikke klar endnu",
                "Vi henter stadig dine oplysninger. Prøv igen om et øjeblik.",
            ),
        )
    if epoch > link.epoch:
        raise refusal(LinkRefused("revoked"))
    return link


async def person(request: Request, *, epoch_of: EpochOf) -> Link:
    """The person who asks, by bearer token or cookie. Raises Problem 401 where there is neither."""
    token = bearer(request) or request.cookies.get(cookie_name(context_of(request)))
    if token is None:
        raise refusal(LinkRefused("invalid"))
    return await verified(request, token=token, epoch_of=epoch_of)


async def coordinator(request: Request) -> Coordinator:
    """The coordinator who asks, by bearer token or session cookie. Raises Problem; SignInFirst where there is neither."""
    context = context_of(request)
    own = bearer(request)
    token = own or request.cookies.get(cookie_name(context, board=True))
    if token is None or context.links is None:
        raise SignInFirst
    try:
        return context.links.coordinator(token, now=context.clock.now())
    except LinkRefused as error:
        if own is None:
            raise SignInFirst from None
        if error.reason == "expired":
            raise Problem(410, "This token has run out", "Sign in again, or have a new one minted.") from None
        status = 401 if error.reason == "invalid" else refusal(error).status
        raise Problem(
            status,
            "This is no coordinator's token",
            "Check that it was copied whole, or ask a coordinator of the programme to do it for you.",
        ) from None


def coordinator_in(request: Request, token: str) -> Coordinator | None:
    """The coordinator that a link's token signs in; None where it is another token. Raises Problem where it has run out."""
    context = context_of(request)
    if context.links is None:
        return None
    try:
        return context.links.coordinator(token, now=context.clock.now())
    except LinkRefused as error:
        if error.reason == "expired" and context.links.is_coordinators(token):
            raise refusal(error) from None
        return None

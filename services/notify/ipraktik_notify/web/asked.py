"""What is asked for in a webhook, checked: the scope against the token's, the owner's address, and where it would call."""

from fastapi import Request

from ipraktik_chassis.problem import Problem
from ipraktik_notify.delivering.calling import Caller
from ipraktik_notify.delivering.gate import MayNotCall
from ipraktik_notify.domain.callback import BadCallback, Callback
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.mailing.message import UnusableAddress, mail_address
from ipraktik_notify.web.agencies import Asker
from ipraktik_notify.web.shapes import scope_of


def unfit(field: str, message: str) -> Problem:
    """The problem for one field."""
    return Problem(
        422,
        "Some fields need to be mended",
        "Correct the fields listed under errors and send again.",
        errors=[{"field": field, "message": message}],
    )


def scope_asked_for(asker: Asker, *, topics: list[str], types: list[str]) -> Scope:
    """The scope; who asks for nothing in particular gets all that their token opens. Raises Problem."""
    scope = scope_of(topics, types)
    if scope.everything:
        return asker.scope
    if not asker.scope.covers(scope):
        raise Problem(
            403,
            "Your token does not open all of that",
            "Leave out what it does not open, or ask the coordinators for a token that does.",
        )
    return scope


def address_asked_for(email: str) -> str:
    """The owner's address. Raises Problem."""
    try:
        mail_address(email)
    except UnusableAddress:
        raise unfit("owner_email", "This is no address that mail can be sent to.") from None
    return email.strip()


async def callback_asked_for(request: Request, url: str) -> Callback:
    """Where to call, looked up and allowed at this moment; every delivery looks again. Raises Problem."""
    caller: Caller = request.app.state.caller
    try:
        callback = Callback.parse(url)
        await caller.gate.addresses(callback)
    except BadCallback as error:
        raise unfit("url", str(error)) from None
    except MayNotCall as refusal:
        raise unfit("url", refusal.detail) from None
    return callback

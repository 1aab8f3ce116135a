"""The life of a sign-up: which act leads from which state to which. Pure decisions; nothing is stored here.

    unconfirmed -> (intern: awaiting_consent ->) registered -> withdrawn
    unconfirmed, awaiting_consent -> expired (silence) | withdrawn;  awaiting_consent -> refused;  anything -> erased

Invariants: an act that is repeated changes nothing; one that contradicts an earlier act is refused; a deadline that has passed
counts as passed whether or not the clock's job has come by yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from ipraktik_registration.domain.refusals import Refused

Role = Literal["intern", "host"]
State = Literal["unconfirmed", "awaiting_consent", "registered", "withdrawn", "erased", "expired", "refused"]

SILENCE: Final = timedelta(days=14)
"""How long each step may be left unanswered."""
KEPT_AFTER_END: Final = timedelta(days=7)
"""How long the people of a sign-up that never became valid are kept, so that the mail about its end can go out."""

_WAITING: Final = ("unconfirmed", "awaiting_consent")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sign-up stands."""

    role: Role
    state: State
    respond_by: datetime | None = None
    consent: bool | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads: the new state, until when an answer is wanted, when its people are forgotten. None: no change."""

    state: State
    respond_by: datetime | None = None
    forget_at: datetime | None = None


def confirm(standing: Standing, *, now: datetime, signed_up_already: bool) -> Step | None:
    """The address is confirmed. Who is signed up already ends with this second sign-up, without a word in public."""
    if standing.state == "unconfirmed":
        _in_time(standing, now)
        if signed_up_already:
            return Step("expired", forget_at=now + KEPT_AFTER_END)
        if standing.role == "intern":
            return Step("awaiting_consent", respond_by=now + SILENCE)
        return Step("registered")
    if standing.state == "erased":
        raise Refused("erased")
    if standing.state == "expired" and not standing.duplicate:
        raise Refused("expired")
    return None


def answer_consent(standing: Standing, *, agree: bool, now: datetime) -> Step | None:
    """The manager's answer."""
    if standing.state == "erased":
        raise Refused("erased")
    if standing.consent is not None:
        if standing.consent is not agree:
            raise Refused("already_answered")
        return None
    if standing.state == "expired":
        raise Refused("expired")
    if standing.state != "awaiting_consent":
        raise Refused("ended" if standing.state == "withdrawn" else "nobody_asked")
    _in_time(standing, now)
    return Step("registered") if agree else Step("refused", forget_at=now + KEPT_AFTER_END)


def withdraw(standing: Standing, *, now: datetime) -> Step | None:
    """The sign-up is taken back. One that was never valid is forgotten like one that ran out."""
    if standing.state == "registered":
        return Step("withdrawn")
    if standing.state in _WAITING:
        _in_time(standing, now)
        return Step("withdrawn", forget_at=now + KEPT_AFTER_END)
    if standing.state == "withdrawn":
        return None
    raise Refused("erased" if standing.state == "erased" else "ended")


def expire(standing: Standing, *, now: datetime) -> Step | None:
    """Silence ends a sign-up that waits; None where it does not wait any more or has time left."""
    if standing.state not in _WAITING or standing.respond_by is None or standing.respond_by > now:
        return None
    return Step("expired", forget_at=now + KEPT_AFTER_END)


def may_change(standing: Standing, *, now: datetime) -> None:
    """Raise Refused unless the sign-up's details may be changed now."""
    match standing.state:
        case "registered":
            return
        case "awaiting_consent":
            _in_time(standing, now)
        case "unconfirmed":
            raise Refused("confirm_first")
        case "erased":
            raise Refused("erased")
        case _:
            raise Refused("ended")


def may_be_reached_anew(standing: Standing, *, now: datetime) -> None:
    """Raise Refused unless a coordinator may give its people other addresses now: also before the first is confirmed."""
    if standing.state == "unconfirmed":
        _in_time(standing, now)
        return
    may_change(standing, now=now)


def asked_now(standing: Standing, *, now: datetime) -> Literal["confirm", "consent"]:
    """The question that is out. Raises Refused where none is."""
    if standing.state in _WAITING:
        _in_time(standing, now)
        return "confirm" if standing.state == "unconfirmed" else "consent"
    raise Refused("erased" if standing.state == "erased" else "nobody_asked")


def _in_time(standing: Standing, now: datetime) -> None:
    if standing.respond_by is not None and standing.respond_by <= now:
        raise Refused("expired")

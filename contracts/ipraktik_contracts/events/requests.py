"""What must be mailed or asked before or beside the public facts. Topic `innovationspraktik.internal.requests.v1`, internal."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from ..fields import Instant
from .event import InternalEvent


class RequestEvent(InternalEvent):
    """Ask one contact for something, or tell them."""

    TOPIC: ClassVar[str] = "innovationspraktik.internal.requests.v1"
    KEY: ClassVar[str] = "participant_id"
    OWNER: ClassVar[str] = "registration"

    request_id: UUID = Field(description="The request; never reused.")
    participant_id: UUID = Field(description="The sign-up it is about.")
    contact_id: UUID = Field(description="The contact who is asked or told.")
    aggregate_id: UUID = Field(description="What it is about: a sign-up, a placement or an evaluation.")
    respond_by: Instant | None = Field(description="When the answer is wanted; null where none is.")


class ConfirmationRequested(RequestEvent):
    """Confirm the address of a new sign-up."""


class SignUpExpired(RequestEvent):
    """The sign-up ran out unconfirmed or without the manager's consent."""


class ConsentRequested(RequestEvent):
    """The intern's own manager is asked to agree."""


class ConsentGiven(RequestEvent):
    """The manager agreed."""


class ConsentRefused(RequestEvent):
    """The manager did not agree; the sign-up ends."""


class CompanionInvited(RequestEvent):
    """A colleague is invited to sign up as travel companion."""


class PairConfirmationRequested(RequestEvent):
    """Someone named this contact as the other half of a self-found pair; confirm it."""


class HostAsked(RequestEvent):
    """An intern has this host in mind; would you take part?"""


class DraftSaved(RequestEvent):
    """An unfinished sign-up was kept; here is the link back."""


class LinkRequested(RequestEvent):
    """A new link is wanted."""


class SignInRequested(RequestEvent):
    """A coordinator wants to sign in."""

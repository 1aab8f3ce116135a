"""What goes in and out over tokens and webhooks. Every text has a limit; nothing that came in is repeated in an error."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ipraktik_notify.domain.callback import MAX_CHARS
from ipraktik_notify.domain.cursor import MAX_CHARS as CURSOR_CHARS
from ipraktik_notify.domain.cursor import PATTERN
from ipraktik_notify.domain.scope import TOPICS, TYPES, Scope
from ipraktik_notify.store.agency_tokens import AgencyToken
from ipraktik_notify.usecases.mint_agency_token import AGENCY, MOST_DAYS
from ipraktik_notify.web.problems import Answer


def _public_type(text: str) -> str:
    if text not in TYPES:
        raise ValueError("name a public event type in full, such as dk.innovationspraktik.AgreementSigned.v1")
    return text


def _public_topic(text: str) -> str:
    if text not in TOPICS:
        raise ValueError(f"name a public topic: {', '.join(TOPICS)}")
    return text


PublicType = Annotated[
    str, AfterValidator(_public_type), Field(max_length=100, json_schema_extra={"enum": [*TYPES]})
]
PublicTopic = Annotated[
    str, AfterValidator(_public_topic), Field(max_length=100, json_schema_extra={"enum": [*TOPICS]})
]
CursorText = Annotated[str, Field(pattern=PATTERN, max_length=CURSOR_CHARS)]
WebhookId = Annotated[UUID, Path(description="The webhook's id, from the list or from making it.")]
AgencyName = Annotated[str, Field(pattern=AGENCY, examples=["skat"])]
Topics = Annotated[list[PublicTopic], Field(max_length=len(TOPICS))]
Types = Annotated[list[PublicType], Field(max_length=len(TYPES))]

SCOPE: Final = "Topics and types add up; with neither, everything public."


class Sent(BaseModel):
    """What is sent."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="forbid")


class TokenWanted(Sent):
    """A token for an agency."""

    agency: AgencyName = Field(description="Short name of the agency: the same as on the event bus.")
    topics: Topics = Field(default_factory=list, description=SCOPE)
    types: Types = Field(default_factory=list, description=SCOPE)
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] = Field(
        default=365, description="How long it holds."
    )


class TokenOut(Answer):
    """What is known of a token. The token itself is shown once, when it is minted."""

    token_id: UUID = Field(description="The token's id: what revoking names.")
    agency: str = Field(description="Short name of the agency.", examples=["skat"])
    topics: list[str] = Field(description="Topics that it opens; with no types either: everything public.")
    types: list[str] = Field(description="Event types that it opens beside those of the topics.")
    state: Literal["valid", "expired", "revoked"] = Field(
        description="valid, expired (its time has run out) or revoked."
    )
    minted_by: str = Field(description="The coordinator who gave it.")
    created_at: datetime = Field(description="When it was given.")
    expires_at: datetime = Field(description="Until when it holds.")
    revoked_at: datetime | None = Field(description="When it was revoked; null where it was not.")
    last_used_on: str | None = Field(description="The Danish day on which it was last used.")


class TokenMade(TokenOut):
    """A new token: keep it now, it is not shown again."""

    token: str = Field(
        description="Sent as a bearer token.", examples=["ipf_Zk3v0cU4mJmQ1xT8b0m3sJ1l5h6q7r8s9t0u1v2w3x4"]
    )


class TokenPage(Answer):
    """A page of tokens; `next` is the `after` of the following one, null at the end."""

    tokens: list[TokenOut] = Field(description="Tokens in the order in which they were given.")
    next: UUID | None = Field(description="The `after` of the following page; null on the last one.")


class WebhookWanted(Sent):
    """A webhook. It is active at once."""

    agency: AgencyName | None = Field(
        default=None, description="Whose it is. A coordinator says it; an agency's own token says it already."
    )
    url: str = Field(
        max_length=MAX_CHARS,
        description="Where to call: https, without user name, password or #.",
        examples=["https://events.example.dk/innovationspraktik"],
    )
    topics: Topics = Field(default_factory=list, description=SCOPE)
    types: Types = Field(default_factory=list, description=SCOPE)
    owner_email: str = Field(
        max_length=254,
        description="Who is told by mail when the webhook is paused: best a shared mailbox. Deleted with the webhook.",
        examples=["drift@example.dk"],
    )
    language: Literal["da", "en"] = Field(default="da", description="Of the mails to the owner.")
    after: CursorText = Field(
        default="0", description="Where to begin: 0 for the first event of all, or a cursor of the feed."
    )


class WebhookChange(Sent):
    """What is to be different. What is left out stays as it is."""

    url: str | None = Field(default=None, max_length=MAX_CHARS, description="Where to call from now on.")
    owner_email: str | None = Field(default=None, max_length=254, description="Who is told from now on.")
    language: Literal["da", "en"] | None = Field(default=None, description="Of the mails to the owner.")
    after: CursorText | None = Field(
        default=None,
        description="Move it: everything after this cursor is delivered, again or for the first time.",
    )


class SecretWanted(Sent):
    """A new signing secret."""

    overlap_hours: Annotated[int, Field(ge=0, le=168, strict=True)] = Field(
        default=24,
        description="How long the secret until now signs beside the new one; 0 makes it void at once.",
    )


class WebhookOut(Answer):
    """A webhook as it stands."""

    webhook_id: UUID = Field(description="The webhook's id.")
    agency: str = Field(description="Whose it is.", examples=["skat"])
    url: str = Field(description="Where it calls.", examples=["https://events.example.dk/innovationspraktik"])
    topics: list[str] = Field(description="Topics that it delivers; with no types either: everything public.")
    types: list[str] = Field(description="Event types that it delivers beside those of the topics.")
    owner_email: str = Field(
        description="Who is told by mail when it is paused.", examples=["drift@example.dk"]
    )
    language: Literal["da", "en"] = Field(description="Of the mails to the owner.")
    state: Literal["active", "paused"] = Field(
        description="active: it delivers; paused: it keeps its place and waits."
    )
    reason: Literal["owner", "failing", "gone"] | None = Field(
        description="Why it is paused: asked for, about a day of failures, or the receiver answered 410."
    )
    after: str = Field(description="The cursor of the last event it has taken.")
    behind: int = Field(description="Events of the log that come after that, of whatever type.")
    failed_attempts: int = Field(description="Failures in a row at the event that is next.")
    failing_since: datetime | None = Field(
        description="Since when the next event has not got through; null where all is well."
    )
    next_try_at: datetime | None = Field(
        description="When it tries again; null where all is well or it is paused."
    )
    former_secret_until: datetime | None = Field(description="Until when two secrets sign.")
    created_by: str = Field(description="The agency or the coordinator who made it.")
    created_at: datetime = Field(description="When it was made.")
    changed_at: datetime = Field(description="When it was last changed.")


class WebhookMade(WebhookOut):
    """A webhook with its signing secret: keep it now, it is not shown again."""

    secret: str = Field(
        description="What deliveries are signed with, by Standard Webhooks.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw2DpqX1rqMS0="],
    )


class WebhookPage(Answer):
    """A page of webhooks; `next` is the `after_id` of the following one, null at the end."""

    webhooks: list[WebhookOut] = Field(description="Webhooks in the order of their ids.")
    next: UUID | None = Field(description="The `after_id` of the following page; null on the last one.")


class AttemptOut(Answer):
    """One attempt to deliver."""

    id: int = Field(description="Counts up; the `before` of a page names it.")
    kind: Literal["event", "test"] = Field(
        description="event: an event of the log; test: one that was asked for."
    )
    message_id: str = Field(
        description="`webhook-id` of the delivery: the event's id, the same at every attempt."
    )
    type: str = Field(description="The event's type.", examples=["dk.innovationspraktik.AgreementSigned.v1"])
    position: int | None = Field(description="The event's place in the log; null for a test.")
    attempt: int = Field(description="Which attempt in a row.")
    attempted_at: datetime = Field(description="When the attempt began.")
    outcome: str = Field(description="delivered, or what went wrong: a code of docs/http-feed.md.")
    status: int | None = Field(description="The receiver's HTTP status, where it gave one.")
    milliseconds: int = Field(description="How long it took.")


class AttemptPage(Answer):
    """A page of the delivery log, newest first; `next` is the `before` of the following one, null at the end."""

    deliveries: list[AttemptOut] = Field(description="Attempts, newest first.")
    next: int | None = Field(description="The `before` of the following page; null on the last one.")


class Tested(Answer):
    """What came of a test event."""

    delivered: bool = Field(description="Whether the receiver took it (a status from 200 to 299).")
    message_id: str = Field(description="`webhook-id` of the test.")
    outcome: str = Field(
        description="delivered, or what went wrong: a code of docs/http-feed.md.", examples=["delivered"]
    )
    status: int | None = Field(description="The receiver's HTTP status; null where it gave none.")
    milliseconds: int = Field(description="How long it took.")


def token_fields(token: AgencyToken, *, now: datetime) -> dict[str, object]:
    """What is shown of a token."""
    state = "revoked" if token.revoked_at else "expired" if now >= token.expires_at else "valid"
    return {
        "token_id": token.token_id,
        "agency": token.agency,
        "topics": list(token.scope.topics),
        "types": list(token.scope.types),
        "state": state,
        "minted_by": token.minted_by,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_on": token.last_used_on.isoformat() if token.last_used_on else None,
    }


def scope_of(topics: list[str], types: list[str]) -> Scope:
    """The scope that is asked for."""
    return Scope(tuple(dict.fromkeys(topics)), tuple(dict.fromkeys(types)))

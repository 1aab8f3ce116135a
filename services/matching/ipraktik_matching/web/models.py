"""What comes in and goes out as JSON. Everything that comes in is bounded; nothing that went wrong is echoed."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

from ipraktik_contracts.fields import Fingerprint, Party, Version
from ipraktik_matching.domain.facts import DeclineReason, NotHeldReason, RefusalReason
from ipraktik_matching.domain.placement import Placement, State
from ipraktik_matching.domain.placement import Version as AgreementVersion
from ipraktik_matching.domain.terms import MAX_TEXT, Terms

Text = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]
"""Free text; PostgreSQL keeps no NUL."""


def _as_text(value: object) -> object:
    """JSON has no dates: only text may become one, never a number of seconds."""
    if not isinstance(value, str | date):
        raise ValueError("a date such as 2018-09-10 is expected")  # noqa: TRY004 - pydantic takes no TypeError for a refusal
    return value


def as_number(value: object) -> object:
    """A number is a number: neither true nor a text."""
    if isinstance(value, bool | str):
        raise ValueError("a whole number is expected")  # noqa: TRY004 - pydantic takes no TypeError for a refusal
    return value


Day = Annotated[date, BeforeValidator(_as_text)]
Number = Annotated[Version, BeforeValidator(as_number)]
Yes = Annotated[bool, Strict()]
OwnCancellationReason = Literal["dates", "workplace", "other"]


class In(BaseModel):
    """What comes in: nothing unknown, and nothing of it told back."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class Out(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True)


class AnswerIn(In):
    """Yes or no to a proposal."""

    accept: Yes
    reason: DeclineReason | None = Field(default=None, description="Why not; read where accept is false.")


class ApprovalIn(In):
    """Approval of the version that was read."""

    version: Number
    fingerprint: Fingerprint


class RefusalIn(In):
    """No to a version."""

    version: Number
    reason: RefusalReason = "other"
    comment: Text = ""


class CancellationIn(In):
    """Calling the agreement off."""

    reason: OwnCancellationReason = "other"


class StayIn(In):
    """How the stay went."""

    held: Yes
    reason: NotHeldReason | None = Field(default=None, description="Why not; read where held is false.")


class DecisionIn(In):
    """A coordinator's decision where the parties contradict each other."""

    held: Yes
    reason: NotHeldReason | None = Field(default=None, description="Why not; read where held is false.")


class TermsFields(In):
    """The terms that people change."""

    first_day: Day
    last_day: Day
    meeting_place: Text
    host_contact_id: UUID | None
    host_reserve_id: UUID | None
    goals_intern: Text
    goals_manager: Text
    goals_host: Text
    programme: Text
    follow_up: Text
    hr_asked: Yes
    confidentiality_declaration: Yes


class VersionIn(TermsFields):
    """A new version. `based_on` is the version that was read."""

    based_on: Number


class OtherParty(Out):
    """What one party reads about the other."""

    organisation_name: str
    unit_name: str
    municipality_code: str | None
    field: str
    name: str = Field(description="Empty until there is an agreement.")
    job_title: str
    text: str = Field(description="The intern's motivation, or what the host offers.")


class PlacementOut(Out):
    """A placement as it stands."""

    placement_id: UUID
    edition_id: UUID
    intern_id: UUID
    host_id: UUID
    group_id: UUID | None
    run_id: UUID | None
    origin: str
    reasons: tuple[str, ...]
    state: State
    first_day: date
    last_day: date
    answer_by: datetime
    accepted: tuple[str, ...]
    draft_version: int | None
    standing_version: int | None
    missing: tuple[Party, ...] = Field(description="Who has not approved the version put up.")
    disputed: bool
    ended_by: str | None
    ended_reason: str | None


class MyPlacementOut(PlacementOut):
    """A placement as one of its parties reads it."""

    party: Party
    others: dict[Literal["intern", "host"], OtherParty]


class TermsOut(TermsFields):
    """The terms of a version, as they are fingerprinted."""

    placement_id: UUID
    version: int


class AgreementOut(Out):
    """The newest version of an agreement."""

    version: int
    fingerprint: str
    terms: TermsOut
    sign_by: datetime
    approved: tuple[Party, ...]
    refused: tuple[Party, ...]
    missing: tuple[Party, ...]
    signed: bool
    standing_version: int | None
    state: State


class PlacementsOut(Out):
    """All placements of an edition."""

    placements: tuple[PlacementOut, ...]


def placement_fields(placement: Placement) -> dict[str, object]:
    """The fields of `PlacementOut`. The days are those agreed, once something is signed."""
    agreed = placement.standing.terms if placement.standing else None
    draft = placement.draft
    return {
        "placement_id": placement.placement_id,
        "edition_id": placement.edition_id,
        "intern_id": placement.intern_id,
        "host_id": placement.host_id,
        "group_id": placement.group_id,
        "run_id": placement.run_id,
        "origin": placement.origin,
        "reasons": placement.reasons,
        "state": placement.state,
        "first_day": agreed.first_day if agreed else placement.first_day,
        "last_day": agreed.last_day if agreed else placement.last_day,
        "answer_by": placement.answer_by,
        "accepted": tuple(sorted(placement.accepted)),
        "draft_version": draft.number if draft else None,
        "standing_version": placement.standing.number if placement.standing else None,
        "missing": draft.missing if draft else (),
        "disputed": placement.disputed,
        "ended_by": placement.ended_by,
        "ended_reason": placement.ended_reason,
    }


def placement_out(placement: Placement) -> PlacementOut:
    """The placement for a coordinator."""
    return PlacementOut.model_validate(placement_fields(placement))


def agreement_out(placement: Placement, version: AgreementVersion) -> AgreementOut:
    """The version for its parties."""
    standing = placement.standing
    return AgreementOut(
        version=version.number,
        fingerprint=version.fingerprint,
        terms=terms_out(version.terms),
        sign_by=version.sign_by,
        approved=tuple(sorted(version.approved)),
        refused=tuple(sorted(version.refused)),
        missing=version.missing,
        signed=not version.missing,
        standing_version=standing.number if standing else None,
        state=placement.state,
    )


def terms_out(terms: Terms) -> TermsOut:
    """The terms."""
    return TermsOut.model_validate({name: getattr(terms, name) for name in TermsOut.model_fields})


def terms_of(placement_id: UUID, fields: TermsFields) -> Terms | None:
    """The terms that somebody sent, version number yet to be given; None where the days run backwards."""
    if fields.last_day < fields.first_day:
        return None
    values = {name: getattr(fields, name) for name in TermsFields.model_fields}
    return Terms(placement_id=placement_id, version=1, **values)

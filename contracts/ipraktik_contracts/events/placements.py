"""Events of matching about one intern at one host, from proposal to internship. Topic `innovationspraktik.placements.v1`.

A placement is one aggregate from beginning to end; each transition has exactly one event. Companions are two placements
with one `group_id`.
"""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ..fields import AnsweringParty, Code, Fingerprint, Instant, Party, Version
from .event import Event


class PlacementEvent(Event):
    """What every event of a placement repeats, so that each can be read alone."""

    TOPIC: ClassVar[str] = "innovationspraktik.placements.v1"
    KEY: ClassVar[str] = "placement_id"
    OWNER: ClassVar[str] = "matching"

    placement_id: UUID = Field(description="One intern at one host; never reused.")
    edition_id: UUID = Field(description="The edition.")
    intern_id: UUID = Field(description="The intern's sign-up.")
    host_id: UUID = Field(description="The host's sign-up.")
    group_id: UUID | None = Field(description="The same for the two placements of companions; else null.")


class MatchProposed(PlacementEvent):
    """A coordinator released a proposal, or a self-found pair holds (then both count as accepted)."""

    run_id: UUID | None = Field(description="The solver run it comes from; null for a self-found pair.")
    origin: Literal["matched", "host_in_mind", "self_found"] = Field(description="How the pair came about.")
    first_day: date = Field(description="First day proposed.")
    last_day: date = Field(description="Last day proposed.")
    answer_by: Instant = Field(description="Silence until this instant ends the proposal.")
    reasons: tuple[Code, ...] = Field(max_length=10, description="What speaks for the pair, strongest first.")


class MatchAccepted(PlacementEvent):
    """A party said yes."""

    party: AnsweringParty = Field(description="Who said yes.")
    both: bool = Field(description="True where both have now said yes; an agreement draft follows.")


class MatchDeclined(PlacementEvent):
    """A party said no; the placement ends and both are free for the next run."""

    party: AnsweringParty = Field(description="Who said no.")
    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )


class MatchExpired(PlacementEvent):
    """The deadline passed without both answers; the placement ends."""

    silent: tuple[AnsweringParty, ...] = Field(min_length=1, max_length=2, description="Who did not answer.")


class MatchWithdrawn(PlacementEvent):
    """The proposal was taken back before an agreement draft existed; the placement ends."""

    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )


class MatchNotFound(Event):
    """A released solver run has no place for this intern."""

    TOPIC: ClassVar[str] = "innovationspraktik.placements.v1"
    KEY: ClassVar[str] = "participant_id"
    OWNER: ClassVar[str] = "matching"

    participant_id: UUID = Field(description="The intern's sign-up.")
    edition_id: UUID = Field(description="The edition.")
    run_id: UUID = Field(description="The solver run.")
    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )
    final: bool = Field(description="True where the edition makes no further run.")


class AgreementDrafted(PlacementEvent):
    """A version of the agreement was put up for approval; it voids the approvals of earlier ones."""

    version: Version = Field(description="The version put up.")
    fingerprint: Fingerprint = Field(description="Of this version's terms.")
    first_day: date = Field(description="First day in this version.")
    last_day: date = Field(description="Last day in this version.")
    sign_by: Instant = Field(description="All three approvals are wanted by this instant.")


class AgreementApproved(PlacementEvent):
    """The first or second of three parties approved a version (the third is AgreementSigned)."""

    party: Party = Field(description="Who approved.")
    version: Version = Field(description="The version approved.")
    fingerprint: Fingerprint = Field(description="Of the version approved.")


class AgreementRefused(PlacementEvent):
    """A party does not approve a version; a new version or a cancellation is to follow."""

    party: Party = Field(description="Who refused.")
    version: Version = Field(description="The version refused.")
    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )


class AgreementSigned(PlacementEvent):
    """The third approval: all three parties have approved the same version. Also said anew for an amended version."""

    version: Version = Field(description="The version that now stands.")
    fingerprint: Fingerprint = Field(description="Of the version that now stands.")
    first_day: date = Field(description="First day agreed.")
    last_day: date = Field(description="Last day agreed.")


class AgreementAmended(PlacementEvent):
    """A new version was put up after signing; the signed one stands until all three approve the new one."""

    version: Version = Field(description="The version put up.")
    standing_version: Version = Field(description="The signed version that stands meanwhile.")
    fingerprint: Fingerprint = Field(description="Of the version put up.")
    changed: tuple[Code, ...] = Field(max_length=20, description="Which parts of the terms differ.")
    sign_by: Instant = Field(description="All three approvals are wanted by this instant.")


class AgreementLapsed(PlacementEvent):
    """A version ran out without all three approvals. With nothing signed before it, the placement ends."""

    version: Version = Field(description="The version that lapsed.")
    missing: tuple[Party, ...] = Field(min_length=1, max_length=3, description="Who had not approved.")
    standing_version: Version | None = Field(
        default=None,
        description="The signed version that still stands; null where none does and the placement ends.",
    )


class AgreementCancelled(PlacementEvent):
    """The agreement, signed or not, was called off before the stay; the placement ends."""

    by: Literal["intern", "manager", "host", "coordinator", "programme"] = Field(
        description="Who called it off."
    )
    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )


class InternshipCompleted(PlacementEvent):
    """The stay took place. Final."""

    first_day: date = Field(description="First day of the stay.")
    last_day: date = Field(description="Last day of the stay.")
    decided_by: Literal["intern", "manager", "host", "silence", "coordinator"] = Field(
        description="Whose word it is; silence: nobody said otherwise until noon three days after the last day."
    )


class InternshipNotHeld(PlacementEvent):
    """The stay did not take place although it was agreed. Final."""

    by: Literal["intern", "manager", "host", "coordinator"] = Field(description="Who said so.")
    reason: Code = Field(
        description="Why, as a code from a list that may grow; treat an unknown one as `other`."
    )

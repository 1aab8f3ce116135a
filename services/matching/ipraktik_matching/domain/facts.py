"""What a transition makes true. Each fact is said as the public event of the same name with the same fields."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

AnsweringParty = Literal["intern", "host"]
Party = Literal["intern", "manager", "host"]
Origin = Literal["matched", "host_in_mind", "self_found"]
DeclineReason = Literal["dates", "distance", "field", "capacity", "workplace", "other"]
WithdrawalReason = Literal["intern_withdrew", "host_withdrew", "erased", "companion_out", "coordinator"]
RefusalReason = Literal["dates", "terms", "cover", "other"]
Canceller = Literal["intern", "manager", "host", "coordinator", "programme"]
CancellationReason = Literal[
    "intern_withdrew",
    "host_withdrew",
    "erased",
    "companion_out",
    "dates",
    "workplace",
    "coordinator",
    "other",
]
NotHeldReason = Literal["intern_prevented", "host_prevented", "postponed", "other"]
Decider = Literal["intern", "manager", "host", "silence", "coordinator"]


@dataclass(frozen=True, slots=True)
class MatchProposed:
    """A coordinator released a proposal, or a self-found pair holds."""

    run_id: UUID | None
    origin: Origin
    first_day: date
    last_day: date
    answer_by: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchAccepted:
    """A party said yes."""

    party: AnsweringParty
    both: bool


@dataclass(frozen=True, slots=True)
class MatchDeclined:
    """A party said no."""

    party: AnsweringParty
    reason: DeclineReason


@dataclass(frozen=True, slots=True)
class MatchExpired:
    """Not both answered in time."""

    silent: tuple[AnsweringParty, ...]


@dataclass(frozen=True, slots=True)
class MatchWithdrawn:
    """The proposal was taken back."""

    reason: WithdrawalReason


@dataclass(frozen=True, slots=True)
class AgreementDrafted:
    """A version was put up before anything was signed."""

    version: int
    fingerprint: str
    first_day: date
    last_day: date
    sign_by: datetime


@dataclass(frozen=True, slots=True)
class AgreementApproved:
    """The first or second approval of a version."""

    party: Party
    version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AgreementRefused:
    """A party does not approve a version."""

    party: Party
    version: int
    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """The third approval."""

    version: int
    fingerprint: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class AgreementAmended:
    """A version was put up beside the signed one."""

    version: int
    standing_version: int
    fingerprint: str
    changed: tuple[str, ...]
    sign_by: datetime


@dataclass(frozen=True, slots=True)
class AgreementLapsed:
    """A version ran out."""

    version: int
    missing: tuple[Party, ...]
    standing_version: int | None


@dataclass(frozen=True, slots=True)
class AgreementCancelled:
    """Called off before the stay."""

    by: Canceller
    reason: CancellationReason


@dataclass(frozen=True, slots=True)
class InternshipCompleted:
    """The stay took place."""

    first_day: date
    last_day: date
    decided_by: Decider


@dataclass(frozen=True, slots=True)
class InternshipNotHeld:
    """The stay did not take place."""

    by: Literal["intern", "manager", "host", "coordinator"]
    reason: NotHeldReason


Fact = (
    MatchProposed
    | MatchAccepted
    | MatchDeclined
    | MatchExpired
    | MatchWithdrawn
    | AgreementDrafted
    | AgreementApproved
    | AgreementRefused
    | AgreementSigned
    | AgreementAmended
    | AgreementLapsed
    | AgreementCancelled
    | InternshipCompleted
    | InternshipNotHeld
)

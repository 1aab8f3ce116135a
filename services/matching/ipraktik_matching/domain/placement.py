"""One intern at one host, from proposal to internship: the states, what is always true of them, and what the clock does.

| state | act or moment | becomes | fact |
|---|---|---|---|
| (none) | a run is released | proposed | MatchProposed |
| (none) | a self-found pair holds | accepted | MatchProposed, origin self_found: both count as accepted |
| proposed | one says yes | proposed | MatchAccepted, both false |
| proposed | the other says yes | accepted | MatchAccepted, both true |
| proposed | one says no | declined | MatchDeclined |
| proposed | `answer_by` | expired | MatchExpired |
| proposed | a sign-up leaves, companion out, coordinator | withdrawn | MatchWithdrawn |
| accepted | at once, in the same transaction | drafted | AgreementDrafted, version 1 |
| drafted | a new version | drafted | AgreementDrafted; approvals of the old one are void |
| drafted, signed with a draft | first, second approval | the same | AgreementApproved |
| drafted, signed with a draft | a refusal | the same | AgreementRefused; that version can no longer be approved |
| drafted, signed with a draft | third approval | signed | AgreementSigned |
| drafted | `sign_by` | lapsed | AgreementLapsed, nothing stands |
| signed | a new version | signed with a draft | AgreementAmended; the signed version stands |
| signed with a draft | `sign_by` (the stay begins) | signed | AgreementLapsed, the signed version stands |
| drafted, signed before the stay | cancelled, a sign-up leaves, companion out, coordinator | cancelled | AgreementCancelled |
| signed, from the first day | "held" before the last day | the same | none: a word on record |
| signed, from the last day | "held" | completed | InternshipCompleted |
| signed, from the first day | "not held", no other party's "held" on record | not_held | InternshipNotHeld |
| signed, from the first day | "not held" against another party's "held" | disputed | none: a coordinator is waited for |
| disputed | the coordinator decides | completed or not_held | InternshipCompleted or InternshipNotHeld |
| signed, not disputed | noon, three days after the last day | completed | InternshipCompleted, by silence |

Every act first lets the clock have its say (`settle`), so a deadline binds from its very instant, whether or not a job has
come round. Nothing is said after an ending. Once the stay has begun, leaving or cancelling no longer ends it; words do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from ipraktik_matching.domain.days import silence_ends, start_of
from ipraktik_matching.domain.facts import (
    AgreementLapsed,
    AnsweringParty,
    Fact,
    InternshipCompleted,
    MatchExpired,
    Origin,
    Party,
)
from ipraktik_matching.domain.terms import Terms

State = Literal[
    "proposed",
    "accepted",
    "drafted",
    "signed",
    "completed",
    "not_held",
    "declined",
    "expired",
    "withdrawn",
    "lapsed",
    "cancelled",
]
ANSWERING: Final[tuple[AnsweringParty, ...]] = ("intern", "host")
PARTIES: Final[tuple[Party, ...]] = ("intern", "manager", "host")
OUT: Final[frozenset[State]] = frozenset({"declined", "expired", "withdrawn", "lapsed", "cancelled"})
"""Ended before the stay: the seat and the intern are free again."""
ENDED: Final[frozenset[State]] = OUT | {"completed", "not_held"}
_SHAPES: Final[Mapping[str, tuple[bool, bool]]] = {
    "proposed": (False, False),
    "accepted": (False, False),
    "drafted": (True, False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the agreement. The fingerprint is on record: it outlives the texts it was made from."""

    terms: Terms
    fingerprint: str
    sign_by: datetime
    approved: frozenset[Party] = frozenset()
    refused: frozenset[Party] = frozenset()

    @property
    def number(self) -> int:
        """The version's number, from 1."""
        return self.terms.version

    @property
    def missing(self) -> tuple[Party, ...]:
        """Who has not approved."""
        return tuple(party for party in PARTIES if party not in self.approved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A placement as it stands. `draft` is put up and not approved by all; `standing` is approved by all three."""

    placement_id: UUID
    edition_id: UUID
    intern_id: UUID
    host_id: UUID
    group_id: UUID | None
    run_id: UUID | None
    origin: Origin
    reasons: tuple[str, ...]
    first_day: date
    last_day: date
    answer_by: datetime
    state: State = "proposed"
    accepted: frozenset[AnsweringParty] = frozenset()
    draft: Version | None = None
    standing: Version | None = None
    last_version: int = 0
    words: Mapping[Party, bool] = field(default_factory=dict)
    disputed: bool = False
    ended_by: str | None = None
    ended_reason: str | None = None

    def __post_init__(self) -> None:
        shape = (self.draft is not None, self.standing is not None)
        if shape != _SHAPES.get(self.state, shape):
            raise ValueError(f"a placement that is {self.state} has other versions than these")
        if self.state == "signed" and self.standing is None:
            raise ValueError("a signed placement has a standing version")
        if self.standing is not None and self.standing.missing:
            raise ValueError("a standing version is approved by all three")
        if self.draft is not None and not self.draft.missing:
            raise ValueError("a version approved by all three is no draft")
        if self.draft is not None and self.draft.refused & self.draft.approved:
            raise ValueError("nobody both approves and refuses a version")

    @property
    def current(self) -> Version | None:
        """The newest version: what pages show and acts answer."""
        return self.draft or self.standing

    def stay_begun(self, now: datetime) -> bool:
        """Whether the first day that was signed for has begun."""
        return self.standing is not None and now >= start_of(self.standing.terms.first_day)


Change = tuple[Placement, tuple[Fact, ...]]
"""A placement after an act, and what became true by it, in order."""


def ended(
    placement: Placement, state: State, fact: Fact, *, by: str | None = None, reason: str | None = None
) -> Change:
    """The placement at its end. The last versions stay to be read."""
    return replace(placement, state=state, ended_by=by, ended_reason=reason), (fact,)


def due_at(placement: Placement) -> datetime | None:
    """When the clock next does something about the placement; None where it waits for people only."""
    if placement.state == "proposed":
        return placement.answer_by
    if placement.state not in ("drafted", "signed"):
        return None
    moments = [placement.draft.sign_by] if placement.draft else []
    if placement.standing and not placement.disputed:
        moments.append(silence_ends(placement.standing.terms.last_day))
    return min(moments, default=None)


def settle(placement: Placement, now: datetime) -> Change:
    """Let the clock have its say: everything that was due by now has happened."""
    facts: tuple[Fact, ...] = ()
    while (moment := due_at(placement)) is not None and moment <= now:
        placement, more = _pass(placement, moment)
        facts += more
    return placement, facts


def _pass(placement: Placement, moment: datetime) -> Change:
    if placement.state == "proposed":
        silent = tuple(party for party in ANSWERING if party not in placement.accepted)
        return ended(placement, "expired", MatchExpired(silent), by="silence")
    standing, draft = placement.standing, placement.draft
    if draft is not None and draft.sign_by <= moment:
        number = None if standing is None else standing.number
        lapse = AgreementLapsed(draft.number, draft.missing, number)
        if standing is None:
            return ended(placement, "lapsed", lapse, by="silence")
        return replace(placement, draft=None), (lapse,)
    if standing is None:
        raise ValueError("nothing is due about this placement")
    terms = standing.terms
    done = InternshipCompleted(terms.first_day, terms.last_day, "silence")
    return ended(placement, "completed", done, by="silence")

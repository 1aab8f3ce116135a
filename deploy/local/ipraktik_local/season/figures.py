"""What a season came to: the funnel, the indicators beside the programme's published ones, events, mails, the reconciliation."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Final

from ipraktik_contracts.events import (
    AgreementCancelled,
    AgreementLapsed,
    AgreementSigned,
    EvaluationRequested,
    EvaluationSubmitted,
    InternshipCompleted,
    InternshipNotHeld,
    MatchAccepted,
    MatchDeclined,
    MatchExpired,
    MatchProposed,
    ParticipantRegistered,
    ReportPublished,
)

from .reconcile import Reading, Reconciliation

PUBLISHED: Final = {
    "concrete_use": ("3 of 4", 0.75),
    "would_recommend": ("more than 9 of 10", 0.9),
    "in_contact_afterwards": ("2 of 3", 2 / 3),
}
"""The programme's own evaluations (domain facts), to stand beside a season's."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the last screen shows, as plain data."""

    participants: int
    seed: int
    funnel: dict[str, int]
    indicators: dict[str, dict[str, Any]]
    events: dict[str, int]
    mails: dict[str, int]
    mails_sent_again: int
    mails_twice: int
    reconciliation: dict[str, Any]
    holds: bool
    clock_steps: int
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """For `.local/demo.json`."""
        return asdict(self)


def funnel(reading: Reading, *, posted: int) -> dict[str, int]:
    """How many came how far. Placements count, not people, from the proposals on."""
    kinds = Counter(type(event.data) for event in reading.events)
    both = sum(isinstance(event.data, MatchAccepted) and event.data.both for event in reading.events)
    signed = {event.key for event in reading.events if isinstance(event.data, AgreementSigned)}
    roles = Counter(
        event.data.role for event in reading.events if isinstance(event.data, ParticipantRegistered)
    )
    return {
        "sign-ups posted": posted,
        "registered": kinds[ParticipantRegistered],
        "interns registered": roles["intern"],
        "hosts registered": roles["host"],
        "proposals": kinds[MatchProposed],
        "accepted by both": both,
        "declined": kinds[MatchDeclined],
        "expired": kinds[MatchExpired],
        "agreements signed": len(signed),
        "agreements lapsed": kinds[AgreementLapsed],
        "agreements cancelled": kinds[AgreementCancelled],
        "internships completed": kinds[InternshipCompleted],
        "internships not held": kinds[InternshipNotHeld],
        "evaluations asked for": kinds[EvaluationRequested],
        "evaluations answered": kinds[EvaluationSubmitted],
    }


def indicators(reading: Reading) -> dict[str, dict[str, Any]]:
    """The newest report's indicators, the three classic ones beside what the programme has published."""
    reports = [event.data for event in reading.events if isinstance(event.data, ReportPublished)]
    if not reports:
        return {}
    newest = max(reports, key=lambda report: report.revision)
    return {
        one.code: {"n": one.n, "share": one.share, "published": PUBLISHED.get(one.code, ("", None))[0]}
        for one in newest.indicators
    }


def reconciled(outcome: Reconciliation) -> dict[str, Any]:
    """The reconciliation as plain data."""
    return {
        "events committed": outcome.committed,
        "different events on topics": outcome.on_topics,
        "records repeated": outcome.repeated,
        "tombstones": outcome.tombstones,
        "aggregates": outcome.aggregates,
        "findings": outcome.findings,
    }

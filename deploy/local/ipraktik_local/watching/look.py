"""What is looked at while a season passes through: how far it is, what is oldest, what fires; and how that is said in one line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

STEPS: Final = {
    "signed up": "ParticipantRegistered",
    "proposed": "MatchProposed",
    "said yes": "MatchAccepted",
    "signed": "AgreementSigned",
    "held": "InternshipCompleted",
    "asked": "EvaluationRequested",
    "evaluated": "EvaluationSubmitted",
    "reports": "ReportPublished",
}
"""A step and the event that notify hears of it; a yes is one party's."""
AGES: Final = {
    "outbox": "max(innovationspraktik_outbox_oldest_age_seconds)",
    "lag": "max(innovationspraktik_consumer_lag_seconds)",
    "parked": "max(innovationspraktik_parked_oldest_age_seconds)",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What Prometheus says at one moment."""

    steps: tuple[int, ...]
    mails: int
    ages: tuple[float, ...]
    firing: tuple[str, ...]

    def line(self, at: datetime) -> str:
        """In one line."""
        steps = "  ".join(f"{name} {count}" for name, count in zip(STEPS, self.steps, strict=True))
        ages = "  ".join(f"{name} {age:.0f} s" for name, age in zip(AGES, self.ages, strict=True))
        alerts = ", ".join(self.firing) or "none"
        return f"{at:%H:%M:%S}  {steps}  mails {self.mails}  |  oldest: {ages}  |  alerts: {alerts}"

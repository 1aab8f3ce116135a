"""Whether a mail may be sent once more on a coordinator's word, and whether somebody may be reminded now."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
MOST_REPEATS: Final = 10
NOT_AGAIN: Final = ("sign_in", "webhook_paused")
"""Kinds that their reader asks for anew."""

Hindrance = Literal[
    "gone", "not_done", "erased", "too_late", "answered", "on_its_way", "too_often", "own_way", "today"
]


class NotAgain(ValueError):
    """It is not done; `hindrance` says why."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance)
        self.hindrance: Final = hindrance


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a mail stands, as far as it matters for another one."""

    kind: str
    state: str
    erased: bool
    answered: bool
    useless_after: datetime | None
    repeats: int
    repeat_on_its_way: bool


def hindrance_to_repeat(mail: Standing, *, now: datetime) -> Hindrance | None:
    """Why the mail is not to be sent again; None where it may be."""
    if mail.kind in NOT_AGAIN:
        return "own_way"
    if mail.state not in ("sent", "failed", "dropped"):
        return "not_done"
    if mail.erased:
        return "erased"
    if mail.answered:
        return "answered"
    if mail.useless_after is not None and mail.useless_after <= now:
        return "too_late"
    if mail.repeat_on_its_way:
        return "on_its_way"
    return "too_often" if mail.repeats >= MOST_REPEATS else None


def day_began(now: datetime) -> datetime:
    """When the present local day began: nobody is reminded twice on one."""
    day: date = now.astimezone(_ZONE).date()
    return datetime(day.year, day.month, day.day, tzinfo=_ZONE)

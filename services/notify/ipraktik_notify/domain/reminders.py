"""When somebody is reminded or gets a check list, and what makes that pointless. Moments follow from the facts, so they can be worked out anew.

A reminder is planned with the fact that asks and forgotten with the fact that answers; what is never answered is reminded of
once. It keeps a day's distance from the question itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ipraktik_notify.domain.plan import ALL_PARTIES, PAIR_OF_PARTIES, Facts
from ipraktik_notify.domain.preparing import list_afterwards, lists_ahead

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_DISTANCE: Final = timedelta(days=1)
_SILENCE_DAYS: Final = 3  # a stay counts as held when nobody has said otherwise until noon so many days later


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail that is written at `due_at` unless the matter is settled before."""

    kind: str
    to: str
    due_at: datetime


_BEFORE: Final[Mapping[str, tuple[str, str, int]]] = {
    # event: kind, the fact that holds the deadline, days before it
    "ConsentRequested": ("consent_reminder", "respond_by", 3),
    "MatchProposed": ("answer_reminder", "answer_by", 2),
    "AgreementDrafted": ("sign_reminder", "sign_by", 3),
    "AgreementAmended": ("sign_reminder", "sign_by", 3),
    "EvaluationRequested": ("evaluation_reminder", "answer_by", 3),
}

LISTS: Final = ("prepare_before", "prepare_during")
REMINDER_OF: Final[Mapping[str, str]] = {
    "consent_wanted": "consent_reminder",
    "proposal": "answer_reminder",
    "agreement_draft": "sign_reminder",
    "agreement_changed": "sign_reminder",
    "evaluation_wanted": "evaluation_reminder",
}
"""The mails that ask a question, and the kind that reminds of each."""
_ALSO_ASKS: Final = {"answer_reminder": ("accepted_wait",)}
_ALL_OF_PLACEMENT: Final = ("answer_reminder", "sign_reminder", "last_day", *LISTS)
_SETTLED: Final[Mapping[str, tuple[str, ...]]] = {
    "ConsentRequested": ("consent_reminder",),  # asked anew, perhaps another manager
    "ConsentGiven": ("consent_reminder",),
    "ConsentRefused": ("consent_reminder",),
    "SignUpExpired": ("consent_reminder",),
    "MatchDeclined": ("answer_reminder",),
    "MatchExpired": ("answer_reminder",),
    "MatchWithdrawn": ("answer_reminder",),
    "AgreementDrafted": ("answer_reminder", "sign_reminder"),
    "AgreementAmended": ("sign_reminder",),
    "AgreementRefused": ("sign_reminder",),  # that version is dead; a new one brings its own
    "AgreementSigned": _ALL_OF_PLACEMENT,
    "AgreementCancelled": _ALL_OF_PLACEMENT,
    "InternshipCompleted": _ALL_OF_PLACEMENT,
    "InternshipNotHeld": _ALL_OF_PLACEMENT,
    "EvaluationSubmitted": ("evaluation_reminder",),
    "EvaluationExpired": ("evaluation_reminder",),
}
_SETTLED_BY_PARTY: Final[Mapping[str, str]] = {
    "MatchAccepted": "answer_reminder",
    "AgreementApproved": "sign_reminder",
}


def stay_over(last_day: date) -> datetime:
    """The instant at which silence settles that a stay was held."""
    return datetime.combine(last_day + timedelta(days=_SILENCE_DAYS), time(12), _ZONE)


def settled_by(event: str, facts: Facts) -> tuple[tuple[str, ...], str | None]:
    """(kinds, party) of the planned reminders that this fact makes pointless; party None: everybody's."""
    if event in _SETTLED_BY_PARTY:
        return (_SETTLED_BY_PARTY[event],), None if facts.get("both") else str(facts["party"])
    if event == "AgreementLapsed":
        standing = facts.get("standing_version") is not None
        return (("sign_reminder",) if standing else _ALL_OF_PLACEMENT), None
    return _SETTLED.get(event, ()), None


def asked_by(reminders: Collection[str]) -> tuple[str, ...]:
    """Every kind that asks what these reminders remind of, the reminders themselves among them."""
    asking = [kind for kind, reminder in REMINDER_OF.items() if reminder in reminders]
    own = [kind for kind in reminders if kind in REMINDER_OF.values()]
    return (*asking, *own, *(kind for reminder in own for kind in _ALSO_ASKS.get(reminder, ())))


def planned_by(event: str, facts: Facts, *, now: datetime) -> tuple[Reminder, ...]:
    """The reminders that this fact calls for. `now` is when it happened."""
    if event == "AgreementSigned":
        noon = datetime.combine(date.fromisoformat(facts["last_day"]), time(12), _ZONE)
        lists = lists_ahead(date.fromisoformat(facts["first_day"]), signed_at=now, told=facts.get("told", ()))
        return (
            *(Reminder("last_day", party, noon) for party in PAIR_OF_PARTIES),
            *(Reminder(kind, party, due_at) for kind, due_at in lists for party in ALL_PARTIES),
        )
    if event == "InternshipCompleted":
        morning = list_afterwards(completed_at=now)
        return tuple(Reminder("prepare_after", party, morning) for party in ALL_PARTIES)
    if event not in _BEFORE or facts.get("origin") == "self_found":
        return ()
    kind, deadline_of, days = _BEFORE[event]
    if facts.get(deadline_of) is None:
        return ()
    due_at = datetime.fromisoformat(facts[deadline_of]) - timedelta(days=days)
    if due_at < now + _DISTANCE:
        return ()
    return tuple(Reminder(kind, to, due_at) for to in _asked(event, facts))


def _asked(event: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    if event == "ConsentRequested":
        return ("asked",)
    if event == "MatchProposed":
        return PAIR_OF_PARTIES
    return (str(facts["party"]),) if event == "EvaluationRequested" else ALL_PARTIES

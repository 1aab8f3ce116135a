"""What becomes of a pair: the placement from proposal to stay, with all the ways that end early. As matching would say it.

Every step takes the instant of the one before and gives its own, or None where the placement has ended.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from ... import events
from .course import DAY, HOUR, Course, at
from .signups import SignUp, withdraw

Origin = Literal["matched", "host_in_mind", "self_found"]
_PARTIES: Final[tuple[Literal["intern", "manager", "host"], ...]] = ("intern", "manager", "host")
_DECIDERS: Final[tuple[Literal["intern", "manager", "host", "silence"], ...]] = (*_PARTIES, "silence")
_ANSWERING: Final[tuple[Literal["intern", "host"], ...]] = ("intern", "host")


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay that took place, and when that was decided."""

    placement_id: UUID
    edition_id: UUID
    last_day: date
    completed_at: datetime


@dataclass
class Pair:
    """One intern at one host. `version` is the newest version of the agreement, `ids` what every event repeats."""

    course: Course
    intern: SignUp
    host: SignUp
    begun_at: datetime
    group_id: UUID | None = None
    version: int = 0

    def __post_init__(self) -> None:
        days = self.intern.body["days"]
        self.first_day = self.course.calendar.monday
        self.last_day = self.first_day + (self.course.chance.randint(days.min, days.max) - 1) * DAY
        self.ids: dict[str, Any] = {
            "placement_id": self.course.new_id(self.begun_at),
            "edition_id": self.intern.body["edition_id"],
            "intern_id": self.intern.participant_id,
            "host_id": self.host.participant_id,
            "group_id": self.group_id,
        }

    @property
    def terms(self) -> dict[str, Any]:
        """The newest version and its fingerprint."""
        text = f"{self.ids['placement_id']} {self.version}"
        return {"version": self.version, "fingerprint": hashlib.sha256(text.encode()).hexdigest()}

    @property
    def dates(self) -> dict[str, Any]:
        """The days of the stay."""
        return {"first_day": self.first_day, "last_day": self.last_day}

    def fate(self) -> float:
        """What decides over an early end; companions stand or fall together, and here they stand."""
        drawn = self.course.chance.random()
        return drawn if self.group_id is None else 1.0


def placed(pair: Pair, *, run_id: UUID | None, origin: Origin) -> Stay | None:
    """Tell the whole life of a placement. Gives the stay if there was one; None if it ended before."""
    answer_by = pair.begun_at + 7 * DAY
    reasons = ("field_wished", "near_wished_area")[: pair.course.chance.randrange(3)]
    proposed = events.MatchProposed(
        **pair.ids, **pair.dates, run_id=run_id, origin=origin, answer_by=answer_by, reasons=reasons
    )
    pair.course.tell(pair.begun_at, proposed)
    when = pair.begun_at if origin == "self_found" else _answered(pair, answer_by)
    if when is not None:
        when = _signed(pair, when)
    if when is not None and pair.course.happens(0.12):
        when = _amended(pair, when)
    if when is not None and pair.fate() < 0.04:
        when = _cancelled(pair, pair.course.between(when, at(pair.first_day, 0)))
    return None if when is None else _held(pair)


def _answered(pair: Pair, answer_by: datetime) -> datetime | None:
    course, ids = pair.course, pair.ids
    first, second = course.chance.sample(_ANSWERING, 2)
    when, fate = course.later(pair.begun_at, days=3), pair.fate()
    if fate < 0.05:
        course.tell(when, events.MatchDeclined(**ids, party=first, reason="dates"))
    elif fate < 0.08:
        course.tell(answer_by, events.MatchExpired(**ids, silent=_ANSWERING))
    elif fate < 0.11:
        withdraw(course, pair.intern, when)
        course.tell(when + timedelta(seconds=2), events.MatchWithdrawn(**ids, reason="intern_withdrew"))
    else:
        course.tell(when, events.MatchAccepted(**ids, party=first, both=False))
        return _answered_too(pair, second, course.later(when, days=3), answer_by, fate)
    return None


def _answered_too(
    pair: Pair, second: Literal["intern", "host"], when: datetime, answer_by: datetime, fate: float
) -> datetime | None:
    course, ids = pair.course, pair.ids
    if fate < 0.14:
        course.tell(answer_by, events.MatchExpired(**ids, silent=(second,)))
        return None
    if fate < 0.18:
        course.tell(when, events.MatchDeclined(**ids, party=second, reason="capacity"))
        return None
    course.tell(when, events.MatchAccepted(**ids, party=second, both=True))
    return when


def _signed(pair: Pair, when: datetime) -> datetime | None:
    """Drafted at once, refused and drafted anew perhaps, approved by three."""
    course = pair.course
    _drafted(pair, when)
    while pair.version < 3 and course.happens(0.15):
        when = _refused(pair, when)
        _drafted(pair, when)
    fate = pair.fate()
    if fate < 0.04:
        approving, *missing = course.chance.sample(_PARTIES, 3)
        course.tell(course.later(when, days=3), _approved(pair, approving))
        lapsed = events.AgreementLapsed(**pair.ids, version=pair.version, missing=tuple(missing))
        course.tell(when + 21 * DAY, lapsed)
        return None
    if fate < 0.07:
        return _cancelled(pair, course.later(when, days=4))
    return _approved_by_all(pair, when)


def _drafted(pair: Pair, when: datetime) -> None:
    pair.version += 1
    drafted = events.AgreementDrafted(**pair.ids, **pair.terms, **pair.dates, sign_by=when + 21 * DAY)
    pair.course.tell(when, drafted)


def _refused(pair: Pair, when: datetime) -> datetime:
    when = pair.course.later(when, days=2)
    party = pair.course.chance.choice(_PARTIES)
    refused = events.AgreementRefused(**pair.ids, party=party, version=pair.version, reason="terms")
    pair.course.tell(when, refused)
    return pair.course.later(when, days=2)


def _approved(pair: Pair, party: Literal["intern", "manager", "host"]) -> events.AgreementApproved:
    return events.AgreementApproved(**pair.ids, **pair.terms, party=party)


def _approved_by_all(pair: Pair, when: datetime) -> datetime:
    for party in pair.course.chance.sample(_PARTIES, 2):
        when = pair.course.later(when, days=3)
        pair.course.tell(when, _approved(pair, party))
    when = pair.course.later(when, days=3)
    pair.course.tell(when, events.AgreementSigned(**pair.ids, **pair.terms, **pair.dates))
    return when


def _amended(pair: Pair, when: datetime) -> datetime | None:
    """A day more or less after all: signed anew, lapsed so that the old one stands, or called off."""
    course, standing, days_before = pair.course, pair.version, pair.dates
    when = course.later(when, days=10)
    _changed(pair, when, standing)
    if course.happens(0.2):
        when = _refused(pair, when)
        _changed(pair, when, standing)
    fate = pair.fate()
    if fate < 0.1:
        return _cancelled(pair, course.later(when, days=3))
    if fate < 0.4:
        course.tell(course.later(when, days=3), _approved(pair, "intern"))
        when = at(pair.first_day, 0) - HOUR
        lapsed = events.AgreementLapsed(
            **pair.ids, version=pair.version, missing=("manager", "host"), standing_version=standing
        )
        course.tell(when, lapsed)
        pair.last_day = days_before["last_day"]
        return when
    return _approved_by_all(pair, when)


def _changed(pair: Pair, when: datetime, standing: int) -> None:
    pair.version += 1
    pair.last_day = min(pair.last_day + DAY, pair.course.calendar.friday)
    amended = events.AgreementAmended(
        **pair.ids,
        **pair.terms,
        standing_version=standing,
        changed=("last_day",),
        sign_by=at(pair.first_day, 0),
    )
    pair.course.tell(when, amended)


def _cancelled(pair: Pair, when: datetime) -> datetime | None:
    by, reason = pair.course.chance.choice(
        (("intern", "dates"), ("manager", "workplace"), ("host", "workplace"), ("coordinator", "coordinator"))
    )
    cancelled = {"by": by, "reason": reason}
    pair.course.tell(when, events.AgreementCancelled.model_validate({**pair.ids, **cancelled}))
    return None


def _held(pair: Pair) -> Stay | None:
    course = pair.course
    if pair.fate() < 0.04:
        when = at(pair.first_day, 9)
        course.tell(when, events.InternshipNotHeld(**pair.ids, by="intern", reason="intern_prevented"))
        return None
    decided_by = course.chance.choice(_DECIDERS)
    when = at(pair.last_day, 15) if decided_by != "silence" else at(pair.last_day + 3 * DAY, 12)
    course.tell(when, events.InternshipCompleted(**pair.ids, **pair.dates, decided_by=decided_by))
    return Stay(pair.ids["placement_id"], pair.ids["edition_id"], pair.last_day, when)

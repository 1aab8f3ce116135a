"""Who signs up: interns and hosts at fictional units of the kinds of workplace that take part."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from ... import events
from ...codes import FIELD_GROUPS, FIELDS, JOURNEY_DAYS, MINISTERIAL_AREAS
from ...fields import Days, Period, Sector, Wishes, Workplace
from ...municipalities import MUNICIPALITIES, REGIONS
from .course import DAY, HOUR, Course

_SECTORS: Final[dict[Sector, int]] = {"municipal": 58, "state": 22, "regional": 12}
_HOST_SECTORS: Final[dict[Sector, int]] = {**_SECTORS, "private": 10, "association": 4}
_REASONS: Final[tuple[Literal["own_wish", "workplace", "new_job", "other"], ...]] = (
    "own_wish",
    "workplace",
    "new_job",
    "other",
)
_NAMES: Final = {
    "municipal": "{place} Kommune (opdigtet)",
    "regional": "Region {place} (opdigtet)",
    "state": "Styrelsen for {field} (opdigtet)",
    "private": "{place} Værksted A/S (opdigtet)",
    "association": "Foreningen {place} (opdigtet)",
}


@dataclass
class SignUp:
    """One sign-up. `body` is that of its newest event; `gone_at` is when it was taken back."""

    participant_id: UUID
    role: str
    registered_at: datetime
    body: dict[str, Any]
    places_left: int = 0
    companion: "SignUp | None" = None
    self_found: "SignUp | None" = None
    gone_at: datetime | None = None
    last_told: datetime | None = None

    @property
    def organisation(self) -> UUID:
        """The organisation of the unit."""
        workplace: Workplace = self.body["workplace"]
        return workplace.organisation_id


def sign_ups(course: Course, *, edition_id: UUID, participants: int) -> tuple[list[SignUp], list[SignUp]]:
    """Interns and hosts, registered, some changed, some gone again before the matching."""
    hosts = max(participants // 3, 1)  # too few on purpose: some find no place
    everybody = [
        _registered(course, edition_id=edition_id, number=number, role="host" if number < hosts else "intern")
        for number in range(participants)
    ]
    host_list, interns = everybody[:hosts], everybody[hosts:]
    _companions(course, interns)
    _self_found(course, interns, host_list)
    for sign_up in everybody:
        _told(course, sign_up)
    for _ in range(
        participants // 40
    ):  # a sign-up that never became valid is heard of only when it is erased
        when = course.between(course.calendar.opens_at + 30 * DAY, course.calendar.closes_at)
        course.tell(when, events.ParticipantErased(participant_id=course.new_id(when), edition_id=edition_id))
    return interns, host_list


def _registered(course: Course, *, edition_id: UUID, number: int, role: str) -> SignUp:
    when = course.between(course.calendar.opens_at, course.calendar.closes_at)
    chance = course.chance
    journey = chance.choice(list(JOURNEY_DAYS)) if role == "intern" else None
    fewest, most = JOURNEY_DAYS[journey] if journey else (2, chance.choice((3, 4, 5)))
    field = chance.choice(list(FIELDS))
    body: dict[str, Any] = {
        "participant_id": course.new_id(when),
        "edition_id": edition_id,
        "role": role,
        "workplace": _workplace(course, field, _HOST_SECTORS if role == "host" else _SECTORS),
        "field": field,
        "wishes": _wishes(course, field),
        "journey_type": journey,
        "days": Days(min=fewest, max=most),
        "available": (Period(first_day=course.calendar.monday, last_day=course.calendar.friday),)
        if course.happens(0.3)
        else (),
        "capacity": chance.choice((1, 1, 2, 3)) if role == "host" else None,
        "unplaced_before": role == "intern" and course.happens(0.1),
        "lot": hashlib.sha256(f"{course.seed} {number}".encode()).hexdigest(),
    }
    return SignUp(body["participant_id"], role, when, body, places_left=body["capacity"] or 0)


def _workplace(course: Course, field: str, sectors: dict[Sector, int]) -> Workplace:
    chance = course.chance
    [sector] = chance.choices(list(sectors), list(sectors.values()))
    code = chance.choice(list(MUNICIPALITIES))
    place = (
        chance.choice(list(REGIONS.values())).removeprefix("Region ")
        if sector == "regional"
        else MUNICIPALITIES[code]
    )
    abroad = sector in ("private", "association") and course.happens(0.1)
    return Workplace(
        organisation_id=course.new_id(course.calendar.opens_at),
        workplace_id=course.new_id(course.calendar.opens_at),
        organisation_name=_NAMES[sector].format(place=place, field=FIELDS[field].da),
        sector=sector,
        ownership="public" if sector in _SECTORS else "private" if sector == "private" else "association",
        municipality_code=None if abroad else code,
        country="SE" if abroad else "DK",
        ministerial_area=chance.choice(list(MINISTERIAL_AREAS)) if sector == "state" else None,
    )


def _wishes(course: Course, field: str) -> Wishes:
    chance = course.chance
    near = next((group for group in FIELD_GROUPS.values() if field in group), tuple(FIELDS))
    areas = (
        f"municipality:{chance.choice(list(MUNICIPALITIES))}",
        f"region:{chance.choice(list(REGIONS))}",
    )
    return Wishes(
        fields=tuple(chance.sample(near, min(len(near), chance.randrange(3)))),
        sectors=("municipal", "private") if course.happens(0.3) else (),
        areas=areas[: chance.randrange(3)],
        own_organisation=course.happens(0.03),
    )


def _companions(course: Course, interns: list[SignUp]) -> None:
    """Some interns travel in pairs from one unit; each names the other."""
    for one, other in zip(interns[0::7], interns[1::7], strict=False):
        if one.self_found or other.self_found:
            continue
        one.companion, other.companion = other, one
        other.body["workplace"], other.body["days"] = one.body["workplace"], one.body["days"]
        other.body["journey_type"] = one.body["journey_type"]
        one.body["companion_id"], other.body["companion_id"] = other.participant_id, one.participant_id


def _self_found(course: Course, interns: list[SignUp], hosts: list[SignUp]) -> None:
    for intern, host in zip(interns[3::7], hosts[1::4], strict=False):
        intern.self_found, host.self_found = host, intern
        intern.body["self_found_with"], host.body["self_found_with"] = (
            host.participant_id,
            intern.participant_id,
        )
        host.places_left -= 1
    for intern in interns[4::9]:
        if intern.self_found is None and hosts:
            intern.body["host_in_mind_id"] = course.chance.choice(hosts).participant_id


def _told(course: Course, sign_up: SignUp) -> None:
    when = sign_up.registered_at
    course.tell(when, events.ParticipantRegistered(**sign_up.body))
    while course.happens(0.25):
        when = course.later(when, days=5)
        sign_up.body["unplaced_before"] = sign_up.role == "intern" and not sign_up.body["unplaced_before"]
        course.tell(when, events.ParticipantUpdated(**sign_up.body))
    sign_up.last_told = when
    if course.happens(0.06) and sign_up.companion is None and sign_up.self_found is None:
        withdraw(course, sign_up, max(course.later(when, days=20), when + HOUR))


def withdraw(course: Course, sign_up: SignUp, when: datetime) -> None:
    """The sign-up is taken back, and for some of them everything is deleted soon after."""
    reason = course.chance.choice(_REASONS)
    ids = {"participant_id": sign_up.participant_id, "edition_id": sign_up.body["edition_id"]}
    course.tell(when, events.ParticipantWithdrawn(**ids, reason=reason))
    sign_up.gone_at = sign_up.last_told = when
    if course.happens(0.4):
        sign_up.last_told = course.later(when, days=10)
        course.tell(sign_up.last_told, events.ParticipantErased(**ids))

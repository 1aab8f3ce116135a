"""A whole edition from its opening to its report, told in the order of time and put into envelopes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ... import events
from ...envelope import CloudEvent, source_urn
from ...events import Indicator
from ...fields import Period, Window
from .course import DAY, Calendar, Course, at
from .placements import Pair, Stay, placed
from .signups import SignUp, sign_ups

MOST_PARTICIPANTS: Final = 50_000
_PARTIES: Final = ("intern", "host", "manager")


@dataclass(frozen=True, slots=True)
class Edition:
    """What the edition is to be like."""

    seed: int = 37
    participants: int = 60
    year: int = 2027
    organiser: str = "sandkasse"


def edition_events(edition: Edition) -> list[CloudEvent]:
    """Every public event of a fictional edition, in the order in which it happens. The same for the same edition."""
    course = Course(edition.seed, Calendar(edition.year))
    edition_id = course.new_id(course.calendar.opens_at)
    _frame(course, edition_id, edition.year)
    interns, hosts = sign_ups(course, edition_id=edition_id, participants=edition.participants)
    stays = _self_found_pairs(course, interns) + _matched(course, interns, hosts)
    answers = [answer for stay in stays for answer in _evaluated(course, stay)]
    _reported(course, edition_id, answers)
    _erased_afterwards(course, interns + hosts)
    return _in_envelopes(course, edition.organiser)


def _frame(course: Course, edition_id: UUID, year: int) -> None:
    calendar = course.calendar
    frame: dict[str, Any] = {
        "edition_id": edition_id,
        "name": f"Sandkasse, uge 37, {year}",
        "mode": "campaign",
        "window": Window(opens_at=calendar.opens_at, closes_at=calendar.closes_at - 7 * DAY),
        "dates": Period(first_day=calendar.monday, last_day=calendar.friday),
        "answer_days": 7,
        "sign_days": 21,
        "follow_up": 3,
        "hold_mails": False,
    }
    course.tell(calendar.opens_at - 14 * DAY, events.EditionChanged(**frame))
    longer = Window(opens_at=calendar.opens_at, closes_at=calendar.closes_at)
    course.tell(calendar.closes_at - 10 * DAY, events.EditionChanged(**frame | {"window": longer}))


def _self_found_pairs(course: Course, interns: list[SignUp]) -> list[Stay]:
    stays = []
    for intern in interns:
        if (host := intern.self_found) is not None:
            when = max(intern.last_told or intern.registered_at, host.last_told or host.registered_at)
            pair = Pair(course, intern, host, begun_at=course.later(when, days=1))
            stays.append(placed(pair, run_id=None, origin="self_found"))
    return [stay for stay in stays if stay is not None]


def _matched(course: Course, interns: list[SignUp], hosts: list[SignUp]) -> list[Stay]:
    """Two runs. Who gets no place in one hears so; who fell out of the first is in the second."""
    stays: list[Stay] = []
    waiting = [intern for intern in interns if intern.self_found is None]
    for number in (1, 2):
        when = course.calendar.run(number)
        run_id = course.new_id(when)
        course.chance.shuffle(waiting)
        free = [host for host in hosts if host.gone_at is None and host.places_left > 0]
        left_over: list[SignUp] = []
        given_back: list[SignUp] = []  # in this run they are taken, whatever becomes of the proposals
        for intern in waiting:
            if intern.gone_at is not None or _is_second(intern):
                continue
            party = [intern] if intern.companion is None else [intern, intern.companion]
            host = next((one for one in free if one.places_left >= len(party)), None)
            if host is None:
                reason = "no_free_place" if len(party) == 1 else "companion_has_no_place"
                for one in party:
                    _not_found(course, one, when, run_id=run_id, reason=reason, final=number == 2)
                left_over.append(intern)
                continue
            host.places_left -= len(party)
            found = _proposed(course, party, host, when, run_id)
            stays += found
            if not found:
                given_back += [host] * len(party)
                left_over.append(intern)
        for host in given_back:
            host.places_left += 1
        waiting = left_over
    return stays


def _is_second(intern: SignUp) -> bool:
    """Of two companions the one with the lower id speaks for both."""
    return intern.companion is not None and intern.companion.participant_id < intern.participant_id


def _proposed(course: Course, party: list[SignUp], host: SignUp, when: datetime, run_id: UUID) -> list[Stay]:
    group_id = course.new_id(when) if len(party) > 1 else None
    found = []
    for intern in party:
        hoped = intern.body.get("host_in_mind_id") == host.participant_id
        pair = Pair(course, intern, host, begun_at=when, group_id=group_id)
        found.append(placed(pair, run_id=run_id, origin="host_in_mind" if hoped else "matched"))
    return [stay for stay in found if stay is not None]


def _not_found(
    course: Course, intern: SignUp, when: datetime, *, run_id: UUID, reason: str, final: bool
) -> None:
    told = {
        "participant_id": intern.participant_id,
        "edition_id": intern.body["edition_id"],
        "run_id": run_id,
    }
    course.tell(when, events.MatchNotFound.model_validate({**told, "reason": reason, "final": final}))


def _evaluated(course: Course, stay: Stay) -> list[bool]:
    """Three parties are asked after the stay, and again some months later. Who answered."""
    answers = []
    for wave, asked_at in (("after", stay.completed_at), ("follow_up", at(stay.last_day + 92 * DAY, 8))):
        for party in _PARTIES:
            answer_by = asked_at + 28 * DAY
            asked: dict[str, Any] = {
                "evaluation_id": course.new_id(asked_at),
                "edition_id": stay.edition_id,
                "placement_id": stay.placement_id,
                "party": party,
                "wave": wave,
                "question_set_version": 1,
                "answer_by": answer_by,
            }
            course.tell(asked_at, events.EvaluationRequested(**asked))
            answered = course.happens(0.75)
            if answered:
                course.tell(course.later(asked_at, days=20), events.EvaluationSubmitted(**asked))
            else:
                course.tell(answer_by, events.EvaluationExpired(**asked))
            answers.append(answered)
    return answers


def _reported(course: Course, edition_id: UUID, answers: list[bool]) -> None:
    n = sum(answers)
    for revision in (1, 2):
        share = round(course.chance.uniform(0.6, 0.95), 4) if n >= 5 else None
        indicators = (
            Indicator(code="concrete_use", n=n, share=share),
            Indicator(code="recommend", n=3, share=None),
        )
        told = events.ReportPublished(edition_id=edition_id, revision=revision, indicators=indicators)
        course.tell(course.calendar.report_at + (revision - 1) * 9 * DAY, told)


def _erased_afterwards(course: Course, everybody: list[SignUp]) -> None:
    for sign_up in everybody:
        if sign_up.gone_at is None and course.happens(0.1):
            ids = {"participant_id": sign_up.participant_id, "edition_id": sign_up.body["edition_id"]}
            course.tell(course.later(course.calendar.report_at, days=30), events.ParticipantErased(**ids))


def _in_envelopes(course: Course, organiser: str) -> list[CloudEvent]:
    numbers: defaultdict[tuple[str, str], int] = defaultdict(int)
    before: dict[tuple[str, str], UUID] = {}
    made = []
    for when, event in sorted(course.told, key=lambda told: told[0]):  # stable: an aggregate keeps its order
        place = (event.TOPIC, event.key)
        numbers[place] += 1
        id = course.new_id(when)
        cause = before.get(place)
        made.append(
            CloudEvent(
                id=id,
                source=source_urn(organiser, event.OWNER),
                time=when,
                sequence=numbers[place],
                data=event,
                correlation_id=f"{course.chance.getrandbits(128):032x}",
                causation_id=None if cause is None else str(cause),
                traceparent=f"00-{course.chance.getrandbits(128):032x}-{course.chance.getrandbits(64):016x}-01",
            )
        )
        before[place] = id
    return made

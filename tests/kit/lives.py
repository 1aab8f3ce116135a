"""What really happened in three editions: every event in the order of its aggregate, told side by side. True to the lifecycles.

Deterministic per seed. Placements walk at random through the published lifecycle, so a stream long enough passes every step.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ipraktik_contracts import CloudEvent, Event, events
from ipraktik_contracts.envelope import source_urn
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.lifecycle import PLACEMENT, Transition

_EXAMPLES: Final[dict[type[Event], Event]] = {type(made.data): made.data for made in example_envelopes()}
_BEGIN: Final = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


@dataclass
class Teller:
    """Draws ids and numbers. `told` is everything said, in order."""

    chance: random.Random
    told: list[CloudEvent] = field(default_factory=list)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def new_id(self) -> UUID:
        """A UUID in the form of a version 7, the same for the same seed."""
        return UUID(int=self.chance.getrandbits(128) & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62)

    def number(self, topic: str, key: str) -> int:
        """The next of the aggregate's line."""
        self._lines[topic, key] = self._lines.get((topic, key), 0) + 1
        return self._lines[topic, key]

    def say(self, kind: type[Event], **fields: Any) -> CloudEvent:
        """An event like the published example of its type, with these fields."""
        data = _EXAMPLES[kind].model_copy(update=fields)
        made = CloudEvent(
            id=self.new_id(),
            source=source_urn("coi", data.OWNER),
            time=_BEGIN + timedelta(minutes=len(self.told)),
            sequence=self.number(data.TOPIC, data.key),
            data=data,
        )
        self.told.append(made)
        return made


@dataclass(frozen=True)
class Happened:
    """The whole story, in the order in which it was told, and who was erased in it."""

    told: tuple[CloudEvent, ...]
    erased: frozenset[UUID]
    steps: frozenset[Transition]


def three_editions(seed: int, *, interns: int = 12, placements: int = 24) -> Happened:
    """Three editions at once, with withdrawals, evaluations, a report each, and one intern and one host of each erased."""
    chance = random.Random(seed)
    teller = Teller(chance)
    erased: set[UUID] = set()
    steps: set[Transition] = set()
    editions = [_edition(teller, interns, placements, erased, steps) for _ in range(3)]
    while editions:
        edition = chance.choice(editions)
        if next(edition, None) is None:
            editions.remove(edition)
    return Happened(tuple(teller.told), frozenset(erased), frozenset(steps))


def _edition(
    teller: Teller, interns: int, placements: int, erased: set[UUID], steps: set[Transition]
) -> Iterator[CloudEvent]:
    edition = teller.new_id()
    yield teller.say(events.EditionChanged, edition_id=edition)
    people = [teller.new_id() for _ in range(interns)]
    hosts = [teller.new_id() for _ in range(interns // 2)]
    for who in people + hosts:
        told = {"participant_id": who, "edition_id": edition, "companion_id": None}
        yield teller.say(events.ParticipantRegistered, **told)
        if teller.chance.random() < 0.3:
            yield teller.say(events.ParticipantUpdated, **told)
    yield teller.say(events.EditionChanged, edition_id=edition)
    going = [
        _placement(teller, edition, teller.chance.choice(people), teller.chance.choice(hosts), erased, steps)
        for _ in range(placements)
    ]
    going += [_leaving(teller, edition, teller.chance.choice(people), erased)]
    going += [_leaving(teller, edition, teller.chance.choice(hosts), erased)]
    going += [_searching(teller, edition, teller.chance.choice(people))]
    while going:
        one = teller.chance.choice(going)
        event = next(one, None)
        if event is None:
            going.remove(one)
        else:
            yield event
    yield teller.say(events.ReportPublished, edition_id=edition, revision=1)


def _placement(
    teller: Teller, edition: UUID, intern: UUID, host: UUID, erased: set[UUID], steps: set[Transition]
) -> Iterator[CloudEvent]:
    ids = {"placement_id": teller.new_id(), "edition_id": edition, "intern_id": intern, "host_id": host}
    state: str | None = None
    for _ in range(16):
        ways = PLACEMENT.steps_from(state)
        if not ways:
            break
        if state == "proposed" and {intern, host} & erased:
            ways = tuple(way for way in ways if way.event is events.MatchWithdrawn)
        # the ways that end early are the most, so without weight few placements would come to signing and amending
        (step,) = teller.chance.choices(ways, [1 if way.after in PLACEMENT.finals else 3 for way in ways])
        yield teller.say(step.event, **ids, **_condition(step, state))
        steps.add(step)
        state = step.after
    if state == "completed":
        answer = {
            "evaluation_id": teller.new_id(),
            "edition_id": edition,
            "placement_id": ids["placement_id"],
        }
        yield teller.say(events.EvaluationRequested, **answer)
        ended = teller.chance.choice((events.EvaluationSubmitted, events.EvaluationExpired))
        yield teller.say(ended, **answer)


def _condition(step: Transition, state: str | None) -> dict[str, Any]:
    """What the event must say so that this step, and no other, is the one that it makes."""
    if step.event is events.MatchProposed:
        return {"origin": "self_found" if step.after == "accepted" else "matched"}
    if step.event is events.MatchAccepted:
        return {"both": step.after == "accepted"}
    if step.event is events.AgreementLapsed:
        return {"standing_version": 1 if state == "amending" else None}
    return {}


def _leaving(teller: Teller, edition: UUID, who: UUID, erased: set[UUID]) -> Iterator[CloudEvent]:
    """Withdrawn and erased, while placements that name the sign-up are still under way."""
    yield teller.say(events.ParticipantWithdrawn, participant_id=who, edition_id=edition)
    erased.add(who)
    yield teller.say(events.ParticipantErased, participant_id=who, edition_id=edition)


def _searching(teller: Teller, edition: UUID, who: UUID) -> Iterator[CloudEvent]:
    for final in itertools.chain([False], [True]):
        yield teller.say(events.MatchNotFound, participant_id=who, edition_id=edition, final=final)

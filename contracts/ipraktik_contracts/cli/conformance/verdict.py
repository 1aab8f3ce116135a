"""The verdict over a subscriber: what was played, held against what it showed and committed. No broker, no clock.

Repeats and types that this version does not know need not be shown; everything else must be shown once, with its number, and in the
order of its aggregate.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from ...counted import counted, times
from ..playing import Played
from ..records import Place
from .echo import Echo

Partition = tuple[str, int]
_EXAMPLES: Final = 3

FAILURES: Final[dict[str, str]] = {
    "missed": "an event was passed and never shown",
    "twice": "an event was shown more than once",
    "out of order": "an event of an aggregate was shown after a later one",
    "early": "an offset was committed before the event was shown: a crash in between loses it",
    "stuck": "the group stands still before the end",
    "number": "an event was shown with another number than its ce_sequence",
    "invented": "an id was shown that was never played",
    "unreadable": "a line of the echo is none",
    "ended": "the subscriber ended by itself",
}
"""What can be wrong, and what it means."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong: what, how often, the first cases, and what points at the cause."""

    what: str
    count: int
    cases: tuple[str, ...]
    hint: str = ""

    def __str__(self) -> str:
        shown = "; ".join(self.cases) + (
            f"; and {self.count - len(self.cases)} more" if self.count > len(self.cases) else ""
        )
        return f"{self.what} ({self.count}): {FAILURES[self.what]}: {shown}" + (
            f". {self.hint}" if self.hint else ""
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out. `passed` is true where nothing is wrong."""

    events: int
    aggregates: int
    repeats: int
    unknown: int
    restarts: int
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """The verdict for a program."""
        return {
            "passed": self.passed,
            "events": self.events,
            "aggregates": self.aggregates,
            "repeats": self.repeats,
            "unknown": self.unknown,
            "restarts": self.restarts,
            "failures": [
                {"what": one.what, "count": one.count, "cases": list(one.cases), "hint": one.hint}
                for one in self.failures
            ],
        }

    def as_lines(self) -> list[str]:
        """The verdict for people."""
        said = (
            f"played: {counted(self.events, 'event', 'events')} of {counted(self.aggregates, 'aggregate', 'aggregates')}, "
            f"{counted(self.repeats, 'record', 'records')} again, "
            f"{self.unknown} of types nobody knows yet; {counted(self.restarts, 'restart', 'restarts')}"
        )
        if self.passed:
            return [said, "PASS: every event taken in once, with its number, in the order of its aggregate"]
        return [
            said,
            *(f"failed: {one}" for one in self.failures),
            f"FAIL: {', '.join(one.what for one in self.failures)}",
        ]


@dataclass
class Observed:
    """What was seen of the subscriber beside its echo."""

    committed: Mapping[Partition, int] = field(default_factory=dict)
    """The next offset that the group would read; a partition that it never committed is not in it."""
    stuck: bool = False
    early: Mapping[UUID, Place] = field(default_factory=dict)
    """Events that were committed and not shown when looked at twice."""
    lost_by_kill: int = 0
    restarts: int = 0
    ended: str = ""


def verdict_of(played: Sequence[Played], echo: Echo, observed: Observed) -> Verdict:
    """Hold what was shown against what was played."""
    firsts = {one.play.id: one for one in played if not one.play.repeat}
    known = {id: one for id, one in firsts.items() if one.play.known}
    found = [
        *_ended(observed),
        *_stuck(played, observed, echo),
        *_missed(known, echo, observed),
        *_early(known, echo, observed),
        *_twice(firsts, echo),
        *_out_of_order(firsts, echo),
        *_wrong(firsts, echo),
        *_counted("unreadable", echo.unreadable),
    ]
    return Verdict(
        events=len(known),
        aggregates=len({(one.play.record.topic, one.play.record.key) for one in known.values()}),
        repeats=sum(1 for one in played if one.play.repeat),
        unknown=len(firsts) - len(known),
        restarts=observed.restarts,
        failures=tuple(found),
    )


def _counted(what: str, cases: Sequence[str], hint: str = "") -> list[Failure]:
    return [Failure(what, len(cases), tuple(cases[:_EXAMPLES]), hint)] if cases else []


def _said(one: Played) -> str:
    return f"{_type_of(one)} {one.play.id}, number {one.play.sequence} of {one.play.record.key.decode()}, at {one.place}"


def _type_of(one: Played) -> str:
    return dict(one.play.record.headers)["ce_type"].decode().removeprefix("dk.innovationspraktik.")


def _ended(observed: Observed) -> list[Failure]:
    return _counted("ended", [observed.ended] if observed.ended else [])


def _stuck(played: Sequence[Played], observed: Observed, echo: Echo) -> list[Failure]:
    if not observed.stuck:
        return []
    ends: dict[Partition, int] = {}
    at: dict[Partition, Played] = {}
    for one in played:
        partition = (one.place.topic, one.place.partition)
        ends[partition] = max(ends.get(partition, 0), one.place.offset + 1)
        first = observed.committed.get(partition, 0)
        if one.place.offset >= first and (
            partition not in at or one.place.offset < at[partition].place.offset
        ):
            at[partition] = one
    if not observed.committed and not echo.shown:
        hint = "Is it running, in this group, on these topics, and does it begin with the earliest record?"
        return [Failure("stuck", 1, ("the group has never committed anything",), hint)]
    cases: list[str] = []
    never: list[str] = []
    for partition, end in sorted(ends.items()):
        if partition not in observed.committed:
            never.append(f"{partition[0]}[{partition[1]}] was never committed")
        elif observed.committed[partition] < end:
            one = at[partition]
            unknown = "" if one.play.known else ", a type it does not know: log it and go on"
            left = end - observed.committed[partition]
            said = f"{counted(left, 'record', 'records')} left at {one.place}: {_type_of(one)}{unknown}"
            cases.insert(
                len(cases) if one.play.known else 0, said
            )  # what it may have stumbled over comes first
    return _counted("stuck", cases + never, "It may be slow: --patience waits longer")


def _missed(known: Mapping[UUID, Played], echo: Echo, observed: Observed) -> list[Failure]:
    """Only what the group has passed is missed; what it never reached is told as stuck."""
    missed = [
        one
        for id, one in known.items()
        if id not in echo.ids
        and one.place.offset < observed.committed.get((one.place.topic, one.place.partition), 0)
    ]
    return _counted("missed", [_said(one) for one in missed], _what_they_share(missed, known, observed))


def _what_they_share(missed: Sequence[Played], known: Mapping[UUID, Played], observed: Observed) -> str:
    if not missed:
        return ""
    if observed.lost_by_kill * 2 >= len(missed):
        return f"{observed.lost_by_kill} of them were committed and not shown when it was killed: commit after your transaction"
    partitions = {(one.place.topic, one.place.partition) for one in missed}
    whole = Counter((one.place.topic, one.place.partition) for one in known.values())
    if all(count == whole[partition] for partition, count in Counter(map(_partition, missed)).items()):
        named = ", ".join(f"{topic}[{number}]" for topic, number in sorted(partitions)[:_EXAMPLES])
        return f"They are all that {named} holds: is the partition read and let go?"
    if len(types := {_type_of(one) for one in missed}) == 1:
        return f"All are {types.pop()}"
    return ""


def _partition(one: Played) -> Partition:
    return one.place.topic, one.place.partition


def _early(known: Mapping[UUID, Played], echo: Echo, observed: Observed) -> list[Failure]:
    shown_later = [known[id] for id in observed.early if id in known and id in echo.ids]
    return _counted(
        "early",
        [_said(one) for one in shown_later],
        "Commit the offset after your own transaction, and the echo between",
    )


def _twice(firsts: Mapping[UUID, Played], echo: Echo) -> list[Failure]:
    counts = Counter(one.id for one in echo.shown)
    again = [
        f"{_said(firsts[id])}, {times(count)}" for id, count in counts.items() if count > 1 and id in firsts
    ]
    return _counted("twice", again, "Keep the ids that you have taken in, in the same transaction")


def _out_of_order(firsts: Mapping[UUID, Played], echo: Echo) -> list[Failure]:
    highest: dict[tuple[str, bytes], int] = {}
    seen: set[UUID] = set()
    late: list[str] = []
    for shown in echo.shown:
        one = firsts.get(shown.id)
        if one is None or shown.id in seen:
            continue
        seen.add(shown.id)
        aggregate = (one.play.record.topic, one.play.record.key)
        if one.play.sequence < highest.get(aggregate, 0):
            late.append(f"{_said(one)}, shown after number {highest[aggregate]}")
        highest[aggregate] = max(highest.get(aggregate, 0), one.play.sequence)
    return _counted("out of order", late, "Take the records of one partition one after another")


def _wrong(firsts: Mapping[UUID, Played], echo: Echo) -> list[Failure]:
    numbers = [
        f"{_said(firsts[one.id])}, shown as number {one.sequence}"
        for one in echo.shown
        if one.id in firsts and firsts[one.id].play.sequence != one.sequence
    ]
    invented = list(dict.fromkeys(str(one.id) for one in echo.shown if one.id not in firsts))
    return _counted("number", numbers) + _counted("invented", invented)

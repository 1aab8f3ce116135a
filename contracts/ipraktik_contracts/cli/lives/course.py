"""What has been told so far, the fictional calendar, and the chance that decides. Every draw comes from the one seed."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from ...events import Event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An instant on a day. The edition is fictional and so is its time zone: UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of an edition whose stays lie in week 37 of the year."""

    year: int

    @property
    def monday(self) -> date:
        """The first day of the stays."""
        return date.fromisocalendar(self.year, 37, 1)

    @property
    def friday(self) -> date:
        """The last day of the stays."""
        return self.monday + 4 * DAY

    @property
    def opens_at(self) -> datetime:
        """When sign-up opens: in April."""
        return at(self.monday - 160 * DAY, 7)

    @property
    def closes_at(self) -> datetime:
        """When sign-up closes: in June."""
        return at(self.monday - 94 * DAY, 22)

    def run(self, number: int) -> datetime:
        """When the proposals of a run of the matching are released; from 1."""
        return self.closes_at + 7 * DAY + (number - 1) * 14 * DAY

    @property
    def report_at(self) -> datetime:
        """When the report comes out."""
        return at(self.friday + 150 * DAY, 9)


@dataclass
class Course:
    """Collects what is told. Events of one aggregate are told in their order and never earlier than the one before."""

    seed: int
    calendar: Calendar
    told: list[tuple[datetime, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - must be repeatable, not secret

    def tell(self, when: datetime, event: Event) -> None:
        """This happens then."""
        self.told.append((when, event))

    def new_id(self, when: datetime) -> UUID:
        """A UUIDv7 of that time."""
        bits = self.chance.getrandbits(74)
        milliseconds = int(when.timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 0x7 << 76 | bits >> 62 << 64 | 0b10 << 62 | bits & (1 << 62) - 1)

    def between(self, first: datetime, last: datetime) -> datetime:
        """Some second in between."""
        return first + timedelta(seconds=self.chance.randrange(max(int((last - first).total_seconds()), 1)))

    def later(self, when: datetime, *, days: float) -> datetime:
        """Some time within so many days."""
        return when + timedelta(seconds=self.chance.randrange(60, max(int(days * 86_400), 61)))

    def happens(self, share: float) -> bool:
        """True in that share of cases."""
        return self.chance.random() < share

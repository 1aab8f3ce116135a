"""Takes in every record of the public topics once and knows what is proved so far.

Two ways through, one verdict. A record that is plainly right, the next of its aggregate, goes the short way: a few comparisons, one
validation of the body, one look into the lifecycle's table. Whatever is odd in any way goes the long way, which asks `decode` and
names what is wrong; so the short way may only ever say yes. Nothing is skipped: a record is held, repeated, left alone because its
type is not known to this build, or named in a finding.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ...envelope import MAX_BODY_BYTES, MAX_HEADER_BYTES
from ...events import Event
from ...lifecycle import IllegalTransition, follow
from ...topics import TOPICS
from ..records import Taken, place_of
from .attributes import UUID_TEXT
from .findings import Findings
from .kinds import Kind, next_state, public_kinds
from .lines import Line, number_of, said_missing
from .odd import Odd, digest_of, read_oddly

_PUBLIC: Final = tuple(topic.name for topic in TOPICS if topic.public)
_IS_UUID: Final = UUID_TEXT.fullmatch
_INSTANT_BYTES: Final = 27
"""As `envelope.instant_text` writes it, to the microsecond and with Z."""
_T, _Z = b"TZ"
_TYPES: Final = 200
"""Unknown types counted by their name; more than these are one number."""


@dataclass
class Ledger:
    """All lines of all public topics in one namespace. Call `take`, then `close`, then read."""

    namespace: str = ""
    findings: Findings = field(default_factory=Findings)
    records: int = 0
    repeats: int = 0
    left_alone: Counter[str] = field(default_factory=Counter)
    """Types that this build does not know, with how many events of each came."""
    lines: dict[str, dict[bytes, Line]] = field(default_factory=dict)
    """By topic with its namespace, by key."""

    def __post_init__(self) -> None:
        self._kinds = public_kinds(self.namespace)
        self._ids: set[bytes] = set()
        self._sources: set[bytes] = set()
        for topic in _PUBLIC:
            self.lines[self.namespace + topic] = {}

    @property
    def kinds(self) -> Sequence[Kind]:
        """The public types, with their counts."""
        return tuple(self._kinds.values())

    def all_lines(self) -> Iterator[Line]:
        """Every aggregate that was told of."""
        for lines in self.lines.values():
            yield from lines.values()

    def take(self, records: Iterable[Taken]) -> None:
        """Take in records in the order in which their partition holds them."""
        kinds, all_lines, ids, sources = self._kinds, self.lines, self._ids, self._sources
        count = 0
        for record in records:
            count += 1
            headers = dict(record.headers)
            try:
                ce_type = headers["ce_type"]
                kind = kinds[ce_type]
                key, value, id = record.key, record.value, headers["ce_id"]
                told, sequence, source = headers["ce_time"], headers["ce_sequence"], headers["ce_source"]
                lines = all_lines[record.topic]
                line = lines.get(key)
                if line is None:
                    last, before = 0, None
                else:
                    last, before = len(line.ids), line.state
                after = kind.after[before]
                if not (
                    key == headers["ce_subject"] == headers["ce_partitionkey"]
                    and record.topic == kind.topic
                    and len(headers) == len(record.headers)
                    and headers["ce_specversion"] == b"1.0"
                    and headers["content-type"] == b"application/json"
                    and headers["ce_dataschema"] == kind.schema
                    and source in sources
                    and len(sequence)
                    == 10  # `is_sequence` in place: a call for every record costs too much here
                    and sequence.isdigit()
                    and int(sequence) == last + 1
                    and id not in ids
                    and _IS_UUID(id)
                    and len(told) == _INSTANT_BYTES
                    and told[10] == _T
                    and told[26] == _Z
                    and len(value) <= MAX_BODY_BYTES
                    and len(texts := b"".join(headers.values())) <= MAX_HEADER_BYTES
                    and texts.isascii()
                ):
                    self._take_slowly(record)
                    continue
                datetime.fromisoformat(told.decode())
                data = kind.validate(value, extra="ignore")
                if line is None:
                    if _IS_UUID(key) is None or kind.key(data) != number_of(key):
                        self._take_slowly(record)
                        continue
                elif not (
                    line.followed
                    and line.lifecycle is kind.lifecycle
                    and line.partition == record.partition
                    and kind.key(data) == line.number
                    and kind.identity(data) == line.identity
                ):
                    self._take_slowly(record)
                    continue
            except (KeyError, TypeError, ValueError):  # missing, null or malformed: the long way says what
                self._take_slowly(record)
                continue
            state = after if isinstance(after, str) else next_state(kind.after, before, data)
            if state is None:
                self._take_slowly(record)
                continue
            if line is None:
                line = lines[key] = _begun(record, kind, data)
            line.state = state
            ids.add(id)
            line.ids.append(id)
            line.digests.append(digest_of(value, ce_type, told, source))
            kind.count += 1
        self.records += count

    def close(self) -> None:
        """The end is reached: what has not come by now is missing."""
        for line in self.all_lines():
            ranges = list(line.missing())
            if ranges and line.jumped_at is not None:
                said = f"{line.key.decode()}: number {said_missing(ranges)} is missing"
                self.findings.add("gap", line.jumped_at, said)

    def _take_slowly(self, record: Taken) -> None:
        odd = read_oddly(record, self._kinds)
        for rule, said in odd.breaches:
            self.findings.add(rule, place_of(record), said)
        if not any(rule == "envelope" for rule, _ in odd.breaches):
            self._sources.add(odd.source)
        lines = self.lines.get(record.topic)
        new = self._place(record, odd, lines) if lines is not None and odd.has_place else True
        if odd.unknown and new:
            many = odd.unknown not in self.left_alone and len(self.left_alone) >= _TYPES
            self.left_alone["others" if many else odd.unknown] += 1

    def _place(self, record: Taken, odd: Odd, lines: dict[bytes, Line]) -> bool:
        """Put an event into its aggregate's line; False where it stands there. One that is broken or not known only takes up its number."""
        line = lines.get(record.key)
        if line is None:
            line = lines[record.key] = Line(record.key, number_of(record.key), record.partition)
        elif line.partition != record.partition:
            said = f"{_text(line.key)}: its earlier records lie in partition {line.partition}"
            self.findings.add("partition", place_of(record), said)
        id, number = odd.id or b"", odd.number or 0
        if self._is_told(record, line, number, id, odd.digest):
            return False
        if id in self._ids:
            said = f"{_text(line.key)}: id {_text(id)} of number {number} was given to another event before"
            self.findings.add("twin", place_of(record), said)
        self._ids.add(id)
        if number == len(line.ids) + 1 and not line.beyond:
            line.ids.append(id)
            line.digests.append(odd.digest)
        else:
            self._put_beyond(record, line, number, id, odd.digest)
        if odd.breaches:
            line.followed = False
        elif odd.data is None or odd.kind is None:
            line.doubtful = True
        else:
            odd.kind.count += 1
            self._follow(record, line, odd.kind, odd.data)
        return True

    def _is_told(self, record: Taken, line: Line, number: int, id: bytes, digest: int) -> bool:
        told = line.told(number)
        if told is None:
            return False
        if told == (id, digest):
            self.repeats += 1
        else:
            other = "with other content" if told[0] == id else f"as id {_text(told[0])}"
            said = f"{_text(line.key)}: number {number}, id {_text(id)}, was told before {other}"
            self.findings.add("twin", place_of(record), said)
        return True

    def _put_beyond(self, record: Taken, line: Line, number: int, id: bytes, digest: int) -> None:
        if line.beyond and number < (highest := max(line.beyond)):
            said = f"{_text(line.key)}: number {number} comes after number {highest}"
            self.findings.add("order", place_of(record), said)
        elif not line.beyond:
            line.jumped_at = place_of(record)
        line.beyond[number] = (id, digest)
        line.followed = False

    def _follow(self, record: Taken, line: Line, kind: Kind, data: Event) -> None:
        identity = kind.identity(data)
        if line.lifecycle is None:
            line.lifecycle, line.identity, line.edition = kind.lifecycle, identity, _edition_of(data)
        elif line.identity != identity and line.lifecycle is kind.lifecycle:
            said = (
                f"{_text(line.key)}: number {line.last}, {kind.name}, names others than the events before it"
            )
            self.findings.add("identity", place_of(record), said)
        if not line.followed:
            return
        try:
            if line.lifecycle is not kind.lifecycle:
                raise IllegalTransition(f"{kind.name} is about no {line.lifecycle.aggregate}")
            line.state = follow(line.lifecycle, line.state, data)
        except IllegalTransition as error:
            line.followed = False
            if not line.doubtful:
                self.findings.add(
                    "state", place_of(record), f"{_text(line.key)}: number {line.last}: {error}"
                )


def _begun(record: Taken, kind: Kind, data: Any) -> Line:
    """The line of an aggregate that is told of for the first time."""
    line = Line(record.key, kind.key(data), record.partition, kind.lifecycle)
    line.identity, line.edition = kind.identity(data), _edition_of(data)
    return line


def _edition_of(data: Any) -> UUID:
    edition: UUID = data.edition_id  # every public event names its edition
    return edition


def _text(raw: bytes) -> str:
    """An id or a key as it came; one of ours has 36 characters."""
    return raw[:60].decode("utf-8", "replace")

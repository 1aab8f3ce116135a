"""What becomes of a record, whichever client brought it: checked, told from a repeat, put in its line, written down.

Invariants: state, inbox and progress change in one transaction of our database, and the offset is committed only after it; no
record can make that transaction fail for ever; nothing is passed over without a line in the log.
"""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
from aiokafka import ConsumerRecord

from ipraktik_contracts import TOPICS, NewerMajor, UnknownType, decode, events
from ipraktik_contracts.topics import PLACEMENTS

log = logging.getLogger(__name__)

PUBLIC_TOPICS: Final = tuple(topic.name for topic in TOPICS if topic.public)
SCHEMA: Final = Path(__file__).with_name("schema.sql").read_text("utf-8")
# The last one is what asyncpg says of a connection that was cut at the very moment at which it was used.
DATABASE_AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a missing database looks like. It comes back; a record is never given up for it."""

_STATES: Final[Mapping[type[events.Event], str]] = {
    events.MatchProposed: "proposed",
    events.MatchDeclined: "declined",
    events.MatchExpired: "expired",
    events.MatchWithdrawn: "withdrawn",
    events.AgreementDrafted: "drafted",
    events.AgreementSigned: "signed",
    events.AgreementAmended: "amending",
    events.AgreementLapsed: "lapsed",
    events.AgreementCancelled: "cancelled",
    events.InternshipCompleted: "completed",
    events.InternshipNotHeld: "not_held",
}

_PLACE_IN_LINE: Final = ("ce_id", "ce_subject", "ce_sequence")

_LAST: Final = "select last_sequence from progress where topic = $1 and key = $2 for update"
_INBOX: Final = "insert into inbox values ($1) on conflict do nothing returning event_id"
_ADVANCE: Final = """
with filled as (delete from gap where topic = $1 and key = $2 and seen <= $3)
insert into progress values ($1, $2, $3) on conflict (topic, key) do update set last_sequence = $3
"""
_GAP: Final = """
insert into gap values ($1, $2, $3, $4)
on conflict (topic, key) do update set missing = $3, seen = greatest(gap.seen, $4)
"""
_REFUSED: Final = "insert into refused values ($1, $2, $3, $4) on conflict do nothing"
_ERASED: Final = "insert into erased values ($1) on conflict do nothing"
_FORGET: Final = "delete from placement where intern_id = $1 or host_id = $1"
_PLACE: Final = """
insert into placement select $1, $2, $3, $4, $5, $6 where not exists (select from erased where participant_id in ($5, $6))
on conflict (placement_id) do update set state = $3, last_sequence = $4
"""
_NUMBER: Final = "update placement set last_sequence = $2 where placement_id = $1"


@dataclass(frozen=True, slots=True)
class Heard:
    """A record that keeps the contract. `data` is None for a type that we do not know: it counts in its line all the same."""

    id: UUID
    topic: str
    key: UUID
    sequence: int
    data: events.Event | None


def state_after(event: events.Event) -> str | None:
    """The placement's state after its event; None where it stays as it is."""
    match event:
        case events.MatchProposed(origin="self_found") | events.MatchAccepted(both=True):
            return "accepted"
        case events.AgreementLapsed(standing_version=int()):
            return "signed"
        case _:
            return _STATES.get(type(event))


class Intake:
    """The way in. `namespace` stands before topic names on a shared broker; `echo_file` is for `ipraktik-events check`."""

    def __init__(self, *, pool: asyncpg.Pool, namespace: str, echo_file: Path | None) -> None:
        self._pool = pool
        self._namespace = namespace
        self._echo_file = echo_file

    async def take_in(self, records: Sequence[ConsumerRecord]) -> None:
        """Records of one partition, in their order, in one transaction. When this returns, their offsets may be committed."""
        taken: list[Heard] = []
        async with self._pool.acquire() as connection, connection.transaction():
            # Members of a group write side by side. Nobody is erased between our looking it up and our writing a row.
            if records[0].topic == self._namespace + PLACEMENTS.name:
                await connection.execute("lock table erased in share mode")
            for record in records:
                heard = await self._hear(connection, record)
                if heard is not None and await self._is_next(connection, heard):
                    await self._apply(connection, heard)
                    taken.append(heard)
        self._echo(taken)

    async def _hear(self, connection: Any, record: ConsumerRecord) -> Heard | None:
        """Read it. What breaks the contract is noted and passed: waiting for it would stop everything behind it, for ever."""
        topic = record.topic.removeprefix(self._namespace)
        place = f"{record.topic}[{record.partition}]@{record.offset}"
        try:
            return _read(record, topic, place)
        except ValueError as error:  # all of `decode`'s errors are; none of them quotes the content
            reason = str(error).replace("\0", "")  # the one character that PostgreSQL does not take
            log.error("REFUSED %s: %s", place, reason)  # noqa: TRY400 - a trace says nothing to whoever is on call
            await connection.execute(_REFUSED, topic, record.partition, record.offset, reason)
            return None

    async def _is_next(self, connection: Any, heard: Heard) -> bool:
        """Whether it is the next of its line, and new. After a hole the line waits; the other lines go on."""
        last = await connection.fetchval(_LAST, heard.topic, heard.key) or 0
        if heard.sequence <= last:
            return False  # a repeat
        if heard.sequence > last + 1:
            log.error("GAP %s %s: %d is missing, %d came", heard.topic, heard.key, last + 1, heard.sequence)
            await connection.execute(_GAP, heard.topic, heard.key, last + 1, heard.sequence)
            if isinstance(heard.data, events.ParticipantErased):
                await self._apply(
                    connection, heard
                )  # whatever is missing before it: an erasure waits for nothing
            return False
        if await connection.fetchval(_INBOX, heard.id) is None:
            return False  # another member took it in while we read
        await connection.execute(_ADVANCE, heard.topic, heard.key, heard.sequence)
        return True

    async def _apply(self, connection: Any, heard: Heard) -> None:
        """What the event means to us. The place for your own rules."""
        match heard.data:
            case events.ParticipantErased(participant_id=who):
                await connection.execute(_ERASED, who)
                await connection.execute(_FORGET, who)
            case events.PlacementEvent() as data if state := state_after(data):
                place = (
                    data.placement_id,
                    data.edition_id,
                    state,
                    heard.sequence,
                    data.intern_id,
                    data.host_id,
                )
                await connection.execute(_PLACE, *place)
            case _ if heard.topic == PLACEMENTS.name:
                await connection.execute(_NUMBER, heard.key, heard.sequence)

    def _echo(self, taken: Sequence[Heard]) -> None:
        if self._echo_file is None or not taken:
            return
        with self._echo_file.open("a", encoding="utf-8") as file:
            for heard in taken:
                line = {
                    "id": str(heard.id),
                    "sequence": heard.sequence,
                    "key": str(heard.key),
                    "topic": heard.topic,
                }
                file.write(json.dumps(line) + "\n")


def _read(record: ConsumerRecord, topic: str, place: str) -> Heard:
    """Envelope and body. Raises ValueError where the record breaks the contract."""
    try:
        event = decode(record.headers, record.value)
    except (UnknownType, NewerMajor) as error:
        heard = _unknown(record, topic)
        log.warning("skipped %s: %s", place, error)
    else:
        heard = Heard(event.id, topic, UUID(event.key), event.sequence, event.data)
    if record.key != str(heard.key).encode():
        raise ValueError("the record's key is not its ce_subject")
    return heard


def _unknown(record: ConsumerRecord, topic: str) -> Heard:
    """The envelope is the same for every type and major, so what we cannot read still has its place in its line."""
    header = {
        name: raw.decode() for name, raw in record.headers if name in _PLACE_IN_LINE and raw is not None
    }
    id_, key, sequence = (header.get(name, "") for name in _PLACE_IN_LINE)
    if not re.fullmatch("[0-9]{1,18}", sequence) or int(sequence) < 1:
        raise ValueError("ce_sequence is not a number from 1")
    return Heard(UUID(id_), topic, UUID(key), int(sequence), None)

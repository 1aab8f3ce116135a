"""Streams to prove: a fictional edition as records, spread over partitions as a topic holds them."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from zlib import crc32

from ipraktik_contracts.cli.lives.edition import Edition, edition_events
from ipraktik_contracts.cli.lives.hostile import PEACE, Hostility, Play, hostile
from ipraktik_contracts.cli.proof.ledger import Ledger
from ipraktik_contracts.cli.proof.report import Proof, proof_of
from ipraktik_contracts.cli.records import RawRecord
from ipraktik_contracts.envelope import CloudEvent

PARTITIONS = 4


@cache
def events(seed: int = 1, participants: int = 30) -> Sequence[CloudEvent]:
    """The events of an edition."""
    return edition_events(Edition(seed=seed, participants=participants))


@cache
def plays(seed: int = 1, hostility: Hostility = PEACE, participants: int = 30) -> Sequence[Play]:
    """The edition as it is played."""
    return hostile(events(seed, participants), seed=seed, hostility=hostility)


def records_of(played: Sequence[Play]) -> list[RawRecord]:
    """Where they come to lie: a key in one partition, offsets from 0."""
    ends: defaultdict[tuple[str, int], int] = defaultdict(int)
    made = []
    for play in played:
        record = play.record
        at = (record.topic, crc32(record.key) % PARTITIONS)
        made.append(RawRecord(*at, ends[at], record.key, record.value, list(record.headers)))
        ends[at] += 1
    return made


def stream(seed: int = 1, hostility: Hostility = PEACE) -> list[RawRecord]:
    """The edition as records, to be changed freely."""
    return records_of(plays(seed, hostility))


def ledger_of(records: Sequence[RawRecord]) -> Ledger:
    """Everything taken in, and closed."""
    ledger = Ledger()
    ledger.take(records)
    ledger.close()
    return ledger


def proof(records: Sequence[RawRecord]) -> Proof:
    """The proof of these."""
    return proof_of(ledger_of(records))

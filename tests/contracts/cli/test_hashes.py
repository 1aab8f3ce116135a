"""The hashes are what their description says, whoever computes them, and tell two different streams apart."""

import hashlib
import random
from collections import defaultdict

import pytest
from contracts.cli.streams import ledger_of, plays, proof, records_of, stream

from ipraktik_contracts.cli.lives.hostile import PEACE, Hostility
from ipraktik_contracts.cli.proof.canonical import aggregates_of, kind_hashes, state_hash, without_erased
from ipraktik_contracts.cli.records import RawRecord
from ipraktik_contracts.envelope import DecodingError, decode
from ipraktik_contracts.lifecycle import follow, lifecycle_of

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def sha(lines: list[str]) -> str:
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def naively(records: list[RawRecord]) -> tuple[dict[str, str], str, str]:
    """From the description alone, one event at a time: the kinds, the state, the events."""
    states: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], list[str]] = {}
    ids: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    last: defaultdict[tuple[str, str], int] = defaultdict(int)
    for record in records:
        headers = {name: (raw or b"").decode() for name, raw in record.headers}
        key = (record.topic, (record.key or b"").decode())
        number = int(headers["ce_sequence"])
        if number <= last[key]:
            continue
        last[key] = number
        ids[key][number] = headers["ce_id"]
        try:
            event = decode(record.headers, record.value)
        except DecodingError:
            if key in rows:
                rows[key][4] = str(number)
            continue
        lifecycle = lifecycle_of(type(event.data))
        states[key] = follow(lifecycle, states.get(key), event.data)
        edition = str(event.data.edition_id)  # type: ignore[attr-defined]  # every public event names it
        rows[key] = [lifecycle.aggregate, key[1], edition, states[key], str(number)]
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows.values():
        kinds[row[0]].append(" ".join(row[1:]) + "\n")
    hashes = {kind: sha(lines) for kind, lines in kinds.items()}
    events = [
        f"{topic} {key} {' '.join(told[n] for n in sorted(told))}\n" for (topic, key), told in ids.items()
    ]
    return hashes, sha([f"{kind} {made}\n" for kind, made in hashes.items()]), sha(events)


@pytest.mark.parametrize(
    "hostility",
    [PEACE, Hostility(), Hostility(0.2, 0.2, unknown_within=True)],
    ids=["peaceful", "hostile", "within"],
)
def test_the_hashes_are_those_of_a_naive_recomputation(hostility: Hostility) -> None:
    records = stream(3, hostility)
    found = proof(records)
    assert (found.kind_hashes, found.state_hash, found.events_hash) == naively(records)


def test_the_hashes_do_not_depend_on_how_topics_and_partitions_were_read() -> None:
    records = stream(2, Hostility())
    by_partition: defaultdict[tuple[str, int], list[RawRecord]] = defaultdict(list)
    for record in records:
        by_partition[record.topic, record.partition].append(record)
    chance = random.Random(4)
    mixed = []
    while by_partition:
        partition = chance.choice(list(by_partition))
        mixed.append(by_partition[partition].pop(0))
        if not by_partition[partition]:
            del by_partition[partition]
    one, other = proof(records), proof(mixed)
    assert one.proved
    assert other.proved
    assert (one.state_hash, one.events_hash) == (other.state_hash, other.events_hash)


def test_a_hostile_stream_ends_in_the_state_of_the_peaceful_one() -> None:
    peaceful, hostile = proof(stream(5)), proof(stream(5, Hostility()))
    assert peaceful.state_hash == hostile.state_hash
    assert peaceful.kind_hashes == hostile.kind_hashes
    assert peaceful.events_hash != hostile.events_hash, "the unknown types are told in it"


def test_repeats_change_no_hash() -> None:
    assert proof(stream(5)).events_hash == proof(stream(5, Hostility(0.5, 0, 0, 0, 0))).events_hash


@pytest.mark.parametrize("lost", [0, 50, -1])
def test_one_event_less_is_another_hash(lost: int) -> None:
    records = stream(6)
    whole = proof(records)
    del records[lost]
    assert proof(records).events_hash != whole.events_hash
    assert proof(records).state_hash != whole.state_hash


def test_nothing_has_the_hash_of_nothing() -> None:
    found = proof([])
    assert found.proved
    assert found.state_hash == found.events_hash == NOTHING


def test_what_is_erased_can_be_left_out_as_a_subscriber_does() -> None:
    rows = aggregates_of(ledger_of(records_of(plays(7, participants=120))))
    kept = without_erased(rows)
    erased = {row.id for row in rows if row.aggregate == "participant" and row.state == "erased"}
    placements = [row for row in rows if row.aggregate == "placement"]
    assert erased
    assert not {row.id for row in kept} & erased
    named = [one.record for one in plays(7, participants=120) if b"intern_id" in one.record.value]
    gone = {one.key.decode() for one in named if any(id.encode() in one.value for id in erased)}
    assert gone
    assert {row.id for row in placements} - {row.id for row in kept} == gone
    assert state_hash(kind_hashes(rows)) != state_hash(kind_hashes(kept))


def test_a_row_is_one_line_of_plain_words() -> None:
    row = aggregates_of(ledger_of(stream()))[0]
    assert row._replace(id="a", edition_id="b", state="c", last_sequence=12).line == b"a b c 12\n"

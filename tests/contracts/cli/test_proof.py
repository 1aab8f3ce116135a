"""A clean stream is proved; whatever is broken in it is found and named, and nothing else is."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from contracts.cli.streams import ledger_of, proof, stream

from ipraktik_contracts.cli.lives.hostile import Hostility
from ipraktik_contracts.cli.proof.findings import KEPT, RULES
from ipraktik_contracts.cli.proof.ledger import Ledger
from ipraktik_contracts.cli.proof.report import proof_of
from ipraktik_contracts.cli.records import RawRecord, Taken
from ipraktik_contracts.counted import counted
from ipraktik_contracts.envelope import decode, encode, encode_structured
from ipraktik_contracts.examples import example_envelopes

Records = list[RawRecord]
SIGNED = "dk.innovationspraktik.AgreementSigned.v1"


def header(record: RawRecord, name: str) -> bytes:
    raw = dict(record.headers)[name]
    assert raw is not None
    return raw


def with_header(record: RawRecord, name: str, raw: bytes | None) -> RawRecord:
    return replace(record, headers=[(one, raw if one == name else old) for one, old in record.headers])


def without_header(record: RawRecord, name: str) -> RawRecord:
    return replace(record, headers=[(one, old) for one, old in record.headers if one != name])


def place_of(records: Records, ce_type: str = SIGNED, *, nth: int = 0) -> int:
    return [at for at, one in enumerate(records) if header(one, "ce_type") == ce_type.encode()][nth]


def body(record: RawRecord, **changes: object) -> RawRecord:
    assert record.value is not None
    return replace(record, value=json.dumps(json.loads(record.value) | changes).encode())


def with_change(change: Callable[[RawRecord], RawRecord]) -> Callable[[Records], None]:
    def changed(records: Records) -> None:
        at = place_of(records)
        records[at] = change(records[at])

    return changed


def swap(records: Records) -> None:
    """Two neighbours of one line that are told once each."""
    counts = Counter(header(one, "ce_id") for one in records)
    at, later = next(
        (at, later)
        for at, one in enumerate(records)
        for later in range(at + 1, len(records))
        if records[later].key == one.key
        and counts[header(one, "ce_id")] == counts[header(records[later], "ce_id")] == 1
    )
    one, other = records[at], records[later]
    records[at] = replace(other, offset=one.offset)
    records[later] = replace(one, offset=other.offset)


def drop(records: Records) -> None:
    del records[place_of(records)]


def other_partition(records: Records) -> None:
    at = place_of(records)
    records[at] = replace(records[at], partition=9)


def twin_of_a_number(records: Records) -> None:
    at = place_of(records)
    records.append(
        body(with_header(records[at], "ce_id", header(records[0], "ce_id")[:-4] + b"0000"), version=7)
    )


def twin_of_an_id(records: Records) -> None:
    at = place_of(records)
    records.append(body(records[at], first_day="2027-09-14", last_day="2027-09-14"))


def id_used_again(records: Records) -> None:
    at = place_of(records)
    records[at] = with_header(records[at], "ce_id", header(records[0], "ce_id"))


def illegal(records: Records) -> None:
    """In place of the signature it is proposed again."""
    at = place_of(records)
    proposed = next(
        one
        for one in records[:at]
        if one.key == records[at].key and b"MatchProposed" in header(one, "ce_type")
    )
    records[at] = replace(
        proposed,
        offset=records[at].offset,
        headers=[
            (name, header(records[at], name) if name in ("ce_sequence", "ce_id") else raw)
            for name, raw in proposed.headers
        ],
    )


def internal(records: Records) -> None:
    contact = next(encode(one) for one in example_envelopes() if type(one.data).__name__ == "ContactChanged")
    records.append(
        RawRecord(
            "innovationspraktik.participants.v1", 0, 999, contact.key, contact.value, list(contact.headers)
        )
    )


def in_structured_mode(records: Records) -> None:
    at = place_of(records)
    told = decode(records[at].headers, records[at].value)
    made = encode_structured(told)
    records[at] = replace(records[at], value=made.value, headers=list(made.headers))


def other_topic(records: Records) -> None:
    """The last event of a placement lies on the evaluations topic."""
    at = place_of(records, "dk.innovationspraktik.InternshipCompleted.v1")
    records[at] = replace(records[at], topic="innovationspraktik.evaluations.v1")


CORRUPTIONS: list[tuple[str, Callable[[Records], None], str, str]] = [
    ("a record is lost", drop, "gap", "is missing"),
    ("two records change places", swap, "order", "comes after number"),
    ("a number is told twice", twin_of_a_number, "twin", "was told before as id"),
    ("an id is told with other content", twin_of_an_id, "twin", "with other content"),
    ("an id is given to another event", id_used_again, "twin", "was given to another event"),
    ("a tombstone", with_change(lambda one: replace(one, value=None)), "tombstone", "no body"),
    ("a body that is too large", with_change(lambda one: body(one, more="x" * 66_000)), "size", "65536"),
    ("a field is missing", with_change(lambda one: replace(one, value=(one.value or b"").replace(b'"version"', b'"versions"'))), "schema", "version: missing"),
    ("a field of another kind", with_change(lambda one: body(one, fingerprint=3)), "schema", "fingerprint: string_type"),
    ("no JSON", with_change(lambda one: replace(one, value=b"{")), "schema", "json_invalid"),
    ("a header is missing", with_change(lambda one: without_header(one, "ce_dataschema")), "envelope", "header ce_dataschema is missing"),
    ("a needed header is null", with_change(lambda one: with_header(one, "ce_source", None)), "envelope", "header ce_source is null"),
    ("an optional header is null", with_change(lambda one: with_header(one, "traceparent", None)), "envelope", "header traceparent is null"),
    ("a header that is not text", with_change(lambda one: with_header(one, "ce_correlationid", b"\xff")), "envelope", "is not UTF-8"),
    ("a header is there twice", with_change(lambda one: replace(one, headers=[*one.headers, ("ce_id", b"x")])), "envelope", "is there twice"),
    ("an id that is no UUID", with_change(lambda one: with_header(one, "ce_id", b"17")), "envelope", "ce_id is not a UUID"),
    ("another time zone", with_change(lambda one: with_header(one, "ce_time", b"2027-06-08T10:00:00+02:00")), "envelope", "ce_time is not"),
    ("a thirteenth month", with_change(lambda one: with_header(one, "ce_time", b"2027-13-08T10:00:00.000000Z")), "envelope", "ce_time is not"),
    ("a short number", with_change(lambda one: with_header(one, "ce_sequence", header(one, "ce_sequence")[-3:])), "envelope", "ten digits"),
    ("somebody else's source", with_change(lambda one: with_header(one, "ce_source", b"urn:other")), "envelope", "ce_source is not"),
    ("the schema of another type", with_change(lambda one: with_header(one, "ce_dataschema", b"https://innovationspraktik.dk/schemas/MatchProposed.v1.json")), "envelope", "ce_dataschema"),
    ("another content type", with_change(lambda one: with_header(one, "content-type", b"text/plain")), "envelope", "content-type"),
    ("another version of CloudEvents", with_change(lambda one: with_header(one, "ce_specversion", b"0.3")), "envelope", "ce_specversion is not 1.0"),
    ("no key", with_change(lambda one: replace(one, key=None)), "key", "no key"),
    ("another key", with_change(lambda one: replace(one, key=b"0" * 8 + (one.key or b"")[8:])), "key", "is not the record's key"),
    ("another subject", with_change(lambda one: with_header(one, "ce_subject", header(one, "ce_id"))), "key", "ce_subject is not"),
    ("another partition key", with_change(lambda one: with_header(one, "ce_partitionkey", header(one, "ce_id"))), "key", "ce_partitionkey is not"),
    ("another id in the body", with_change(lambda one: body(one, placement_id="0" * 8 + (one.key or b"").decode()[8:])), "key", "ce_subject is not the placement_id of the body"),
    ("a key in two partitions", other_partition, "partition", "its earlier records lie in partition"),
    ("another host on the way", with_change(lambda one: body(one, host_id="01900000-0000-7000-8000-000000000000")), "identity", "names others"),
    ("another edition on the way", with_change(lambda one: body(one, edition_id="01900000-0000-7000-8000-000000000000")), "identity", "names others"),
    ("an event that may not come there", illegal, "state", "may not come while it is drafted"),
    ("an internal record in public", internal, "topic", "is internal"),
    ("an event in structured mode", in_structured_mode, "envelope", "content-type is not application/json"),
    ("a type on another topic", other_topic, "topic", "belongs on innovationspraktik.placements.v1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("corrupt", "rule", "said"), [one[1:] for one in CORRUPTIONS], ids=[one[0] for one in CORRUPTIONS]
)
@pytest.mark.parametrize(
    "hostility", [Hostility(0, 0, 0, 0, 0), Hostility(0.2, 0.1, 0, 0, 0)], ids=["plain", "hostile"]
)
def test_a_corruption_is_found_and_named(
    corrupt: Callable[[Records], None], rule: str, said: str, hostility: Hostility
) -> None:
    records = stream(hostility=hostility)
    assert proof(records).proved
    corrupt(records)
    found = proof(records)
    assert not found.proved
    assert found.broken.get(rule), found.findings
    assert any(one.rule == rule and said in one.said for one in found.findings), found.findings
    assert f"NOT PROVED: {counted(sum(found.broken.values()), 'finding', 'findings')}" in found.as_lines()
    assert any(line.startswith("broken") and rule in line for line in found.as_lines())


class TheLongWay(Ledger):
    """Every record is asked about in full."""

    def take(self, records: Iterable[Taken]) -> None:
        for record in records:
            self.records += 1
            self._take_slowly(record)


@pytest.mark.parametrize(
    "corrupt",
    [lambda records: None, *(one[1] for one in CORRUPTIONS)],
    ids=["none", *(one[0] for one in CORRUPTIONS)],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_short_way_says_what_the_long_way_says(corrupt: Callable[[Records], None], seed: int) -> None:
    records = stream(seed, Hostility(0.2, 0.1, 0.1, 0.1, 0.01, unknown_within=seed == 2))
    corrupt(records)
    slow = TheLongWay()
    slow.take(records)
    slow.close()
    assert proof_of(slow) == proof(records)


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"beginning"}))
def test_every_rule_is_broken_by_some_corruption(rule: str) -> None:
    assert any(one[2] == rule for one in CORRUPTIONS)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "hostility",
    [Hostility(0, 0, 0, 0, 0), Hostility(), Hostility(0.3, 0.2, 0.2, 0.2, 0.01, unknown_within=True)],
    ids=["peaceful", "hostile", "within"],
)
def test_a_stream_as_the_contract_allows_it_is_proved(seed: int, hostility: Hostility) -> None:
    found = proof(stream(seed, hostility))
    assert found.proved, found.findings
    assert found.records == found.events + found.repeats
    assert found.events == sum(found.by_type.values()) + sum(found.left_alone.values())
    assert not found.not_followed


def test_one_fault_is_named_once_and_what_follows_it_is_not_blamed() -> None:
    records = stream()
    at = place_of(records)
    followers = sum(1 for one in records[at + 1 :] if one.key == records[at].key)
    assert followers
    del records[at]
    found = proof(records)
    assert found.broken == {"gap": 1}
    assert found.not_followed == 1


def test_every_finding_is_counted_though_not_all_are_kept() -> None:
    records = [with_header(one, "ce_source", b"urn:other") for one in stream() * 3]
    found = proof(records)
    assert len(found.findings) == KEPT < found.broken["envelope"] == len(records)


def test_types_of_tomorrow_are_counted_and_not_skipped() -> None:
    found = proof(stream(hostility=Hostility(0, 0.2, 0, 0, 0)))
    assert set(found.left_alone) <= {
        "dk.innovationspraktik.WorkshopBooked.v1",
        "dk.innovationspraktik.AgreementSigned.v2",
        "dk.innovationspraktik.InternshipPostponed.v1",
    }
    assert sum(found.left_alone.values()) > 10
    assert any(line.startswith("left alone") for line in found.as_lines())


def test_a_line_in_which_something_unknown_stands_is_followed_as_far_as_it_goes() -> None:
    records = stream()
    at = place_of(records)
    records[at] = with_header(
        with_header(records[at], "ce_type", b"dk.innovationspraktik.AgreementSealed.v1"),
        "ce_dataschema",
        b"https://innovationspraktik.dk/schemas/AgreementSealed.v1.json",
    )
    found = proof(records)
    assert found.proved, "what follows may have become legal by what we do not know"
    assert found.not_followed == 1


def test_a_namespace_is_taken_for_what_it_is() -> None:
    records = [replace(one, topic=f"t1.{one.topic}") for one in stream()]
    ledger = ledger_of([])
    ledger = type(ledger)("t1.")
    ledger.take(records)
    ledger.close()
    assert not ledger.findings.total
    assert ledger.records == len(records)


def test_no_content_is_repeated_in_a_finding() -> None:
    records = stream()
    at = place_of(records)
    records[at] = body(records[at], fingerprint="Secret Person <secret@example.org>")
    assert not any("ecret" in line for line in proof(records).as_lines())

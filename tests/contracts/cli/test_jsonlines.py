"""A file of JSON lines holds the stream whole: what is proved of it, or found in it, is the same as on the topics."""

import io
import json
from dataclasses import replace

import pytest
from contracts.cli.streams import ledger_of, proof, stream

from ipraktik_contracts.cli.jsonlines import MAX_LINE_BYTES, is_raw, line_of, record_of, records_in
from ipraktik_contracts.cli.lives.hostile import Hostility
from ipraktik_contracts.cli.proof.report import proof_of
from ipraktik_contracts.cli.records import RawRecord
from ipraktik_contracts.cli.refusal import CannotDo
from ipraktik_contracts.envelope import to_structured
from ipraktik_contracts.examples import example_envelopes

ODD: dict[str, RawRecord] = {
    name: replace(stream()[20], **changed)  # type: ignore[arg-type]  # the fields of a record
    for name, changed in {
        "a tombstone": {"value": None},
        "no JSON": {"value": b"{"},
        "not text": {"value": b"\xff"},
        "two lines": {"value": b'{\n"a": 1}'},
        "half a character": {"value": b'{"a": "\\ud800"}'},
        "not a number": {"value": b'{"a": NaN}'},
        "no key": {"key": None},
        "another key": {"key": b"k"},
        "no headers": {"headers": []},
        "a null header": {"headers": [*stream()[20].headers, ("ce_more", None)]},
        "a header that is not text": {"headers": [*stream()[20].headers, ("ce_more", b"\xff")]},
        "a foreign header": {"headers": [*stream()[20].headers, ("b3", b"1")]},
        "a header twice": {"headers": [*stream()[20].headers, ("ce_id", b"1")]},
        "a body called data": {"headers": [*stream()[20].headers, ("ce_data", b"1")]},
        "another traceparent": {"headers": [*stream()[20].headers[:-1], ("ce_traceparent", b"1")]},
    }.items()
}


def there_and_back(record: RawRecord) -> RawRecord:
    return record_of(line_of(record), number=1)


@pytest.mark.parametrize("hostility", [Hostility(), Hostility(0.2, 0.2, 0.2, 0.2, 0.05, unknown_within=True)])
def test_the_proof_of_a_file_is_the_proof_of_the_topics(hostility: Hostility) -> None:
    records = stream(4, hostility)
    lines = [line_of(record) for record in records]
    assert not any(is_raw(line) for line in lines)
    file = io.BytesIO(b"\n".join(lines))
    ledger = ledger_of([])
    ledger.take(records_in(file))
    ledger.close()
    assert proof_of(ledger) == proof(records)


@pytest.mark.parametrize("record", ODD.values(), ids=list(ODD))
def test_what_is_no_event_comes_back_whole(record: RawRecord) -> None:
    line = line_of(record)
    back = record_of(line, number=1)
    assert (back.topic, back.partition, back.offset, back.key) == (
        record.topic,
        record.partition,
        record.offset,
        record.key,
    )
    if is_raw(line):
        assert back.value == record.value
        assert list(back.headers) == list(record.headers)
    assert proof([record]).broken == proof([back]).broken
    assert b"\n" not in line


def test_bodies_are_kept_to_the_byte() -> None:
    record = replace(stream()[5], value=b'{"b":  1.50, "a": "\xc3\xa6"}')
    assert b'"data": {"b":  1.50, "a": "\xc3\xa6"}}' in line_of(record)


def test_namespaces_stay_outside_the_file() -> None:
    record = replace(stream()[5], topic="t1." + stream()[5].topic)
    line = line_of(record, namespace="t1.")
    assert json.loads(line)["kafkatopic"] == stream()[5].topic
    assert record_of(line, number=1, namespace="t2.").topic == "t2." + stream()[5].topic


def test_events_of_the_http_feed_are_read_too() -> None:
    for event in example_envelopes():
        record = record_of(json.dumps(to_structured(event)).encode(), number=7)
        assert record.topic == event.data.TOPIC
        assert record.key == event.key.encode()
        assert record.offset == 7


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 3 is not JSON"),
        (b"[1]", "line 3 is not a JSON object"),
        (b"{}", "line 3 is no CloudEvent"),
        (b'{"subject": "a", "id": {}}', "line 3 is no CloudEvent"),
        (b'{"subject": "a", "kafkaoffset": "x", "data": 1}', "line 3 is no CloudEvent"),
        (b'{"raw": 1}', "line 3 is no CloudEvent"),
        (b'{"raw": {"key": "!", "value": null, "headers": []}}', "line 3 is no CloudEvent"),
        (b'{"subject": "a", "data_base64": "!"}', "line 3 is no CloudEvent"),
        (b"[" * 100_000, "line 3 is not JSON"),
        (b'"' + b"x" * MAX_LINE_BYTES + b'"', "more than"),
    ],
)
def test_a_line_that_is_none_is_refused_with_its_number(line: bytes, said: str) -> None:
    with pytest.raises(CannotDo, match=said):
        record_of(line, number=3)


def test_empty_lines_are_let_pass_and_counted() -> None:
    file = io.BytesIO(b"\n" + line_of(stream()[0]) + b"\n\n{")
    reading = records_in(file)
    assert next(reading).key == stream()[0].key
    with pytest.raises(CannotDo, match="line 4"):
        next(reading)


def test_a_line_without_an_end_does_not_fill_the_memory() -> None:
    with pytest.raises(CannotDo, match="more than"):
        next(records_in(io.BytesIO(b"x" * (MAX_LINE_BYTES * 3))))


def test_coming_back_changes_nothing_twice() -> None:
    for record in stream(2, Hostility())[:50]:
        once = there_and_back(record)
        assert there_and_back(once) == once

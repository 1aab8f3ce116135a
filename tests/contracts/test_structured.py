"""Structured mode is read like binary mode, and what is no single JSON event of ours is refused in a sentence."""

import json
from typing import Any

import pytest
from contracts.made import events_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipraktik_contracts import events
from ipraktik_contracts.envelope import (
    MAX_BODY_BYTES,
    CloudEvent,
    DecodingError,
    MalformedRecord,
    NewerMajor,
    UnknownType,
    decode,
    encode,
    encode_structured,
    to_structured,
)
from ipraktik_contracts.events import Event
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_contracts.structured import MAX_BYTES

EXAMPLES = {type(one.data): one for one in example_envelopes()}
GOOD = EXAMPLES[events.MatchAccepted]
JSON = [("content-type", b"application/cloudevents+json")]
SECRET = "hemmeligt-indhold"


def written(**changes: Any) -> bytes:
    """The good event with attributes changed; None takes one out."""
    made = to_structured(GOOD) | changes
    return json.dumps({name: value for name, value in made.items() if value is not None}).encode()


@pytest.mark.parametrize("event_class", EVENT_CLASSES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_event_is_the_same_in_both_modes(event_class: type[Event], data: st.DataObject) -> None:
    known = EXAMPLES[event_class]
    event = CloudEvent(known.id, known.source, known.time, known.sequence, data.draw(events_of(event_class)))
    record = encode_structured(event)
    assert record.key == encode(event).key
    assert decode(record.headers, record.value) == event


def test_the_json_format_has_the_headers_names_without_their_prefix() -> None:
    made = to_structured(GOOD)
    headers = {name: value.decode() for name, value in encode(GOOD).headers}
    assert made["datacontenttype"] == headers.pop("content-type")
    assert {name.removeprefix("ce_"): value for name, value in headers.items()} == {
        name: value for name, value in made.items() if name not in ("data", "datacontenttype")
    }
    assert made["data"] == json.loads(encode(GOOD).value)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/cloudevents+json; charset=utf-8",
        "Application/CloudEvents+JSON",
        " application/cloudevents+json",
    ],
)
def test_the_content_type_may_be_written_in_its_usual_ways(content_type: str) -> None:
    assert decode([("content-type", content_type.encode())], written()) == GOOD


def test_headers_beside_a_structured_event_are_copies_and_do_not_matter() -> None:
    assert decode([*JSON, ("ce_type", b"org.example.other"), ("ce_id", b"1")], written()) == GOOD


def test_extensions_and_fields_that_nobody_knows_are_ignored_whatever_they_hold() -> None:
    value = written(
        priority=3, sampled=True, data=to_structured(GOOD)["data"] | {"tomorrow": [1]}, note="x" * 2000
    )
    assert decode(JSON, value) == GOOD


def test_attributes_that_may_be_missing_may_be_null() -> None:
    found = decode(JSON, json.dumps(to_structured(GOOD) | {"correlationid": None}).encode())
    assert found.correlation_id is None


BROKEN: list[tuple[str, bytes, bytes | None, type[DecodingError], str]] = [
    ("a batch", b"application/cloudevents-batch+json", b"[]", MalformedRecord, "one event as JSON"),
    ("another format", b"application/cloudevents+avro", b"\x00", MalformedRecord, "one event as JSON"),
    ("a tombstone", JSON[0][1], None, MalformedRecord, "tombstone"),
    ("not JSON", JSON[0][1], b'{"id": "hemmeligt-indhold', MalformedRecord, "not JSON"),
    ("not text", JSON[0][1], b"\xff\xfe{}", MalformedRecord, "not JSON"),
    ("deep", JSON[0][1], b"[" * 60_000, MalformedRecord, "not JSON"),
    ("a list", JSON[0][1], b'["hemmeligt-indhold"]', MalformedRecord, "not a JSON object"),
    ("endless", JSON[0][1], b" " * (MAX_BYTES + 1), MalformedRecord, str(MAX_BYTES)),
    ("no id", JSON[0][1], written(id=None), MalformedRecord, "attribute ce_id is missing".replace("ce_", "")),
    ("a number as id", JSON[0][1], written(id=5), MalformedRecord, "attribute id is not a text"),
    ("a long id", JSON[0][1], written(id=SECRET * 100), MalformedRecord, "attribute id has 1700 characters"),
    (
        "a number as sequence",
        JSON[0][1],
        written(sequence=3),
        MalformedRecord,
        "attribute sequence is not a text",
    ),
    ("another CloudEvents", JSON[0][1], written(specversion="0.3"), MalformedRecord, "specversion"),
    ("base64", JSON[0][1], written(data=None, data_base64="e30="), MalformedRecord, "data_base64"),
    ("no data", JSON[0][1], written(data=None), MalformedRecord, "no data"),
    ("text as data", JSON[0][1], written(data=SECRET), MalformedRecord, "MatchAccepted: body"),
    ("XML inside", JSON[0][1], written(datacontenttype="text/xml"), MalformedRecord, "datacontenttype"),
    ("half a letter", JSON[0][1], written(data={"placement_id": "\ud800"}), MalformedRecord, "not Unicode"),
    (
        "a wrong field",
        JSON[0][1],
        written(data={"party": SECRET}),
        MalformedRecord,
        "MatchAccepted: placement_id",
    ),
    (
        "another aggregate",
        JSON[0][1],
        written(subject=str(GOOD.id)),
        MalformedRecord,
        "placement_id of the body",
    ),
    (
        "an unknown type",
        JSON[0][1],
        written(type=f"org.{SECRET}.v1", data="<xml/>"),
        UnknownType,
        "not known",
    ),
    (
        "a newer major",
        JSON[0][1],
        written(type="dk.innovationspraktik.MatchAccepted.v2", data="anything"),
        NewerMajor,
        "MatchAccepted has major version 2",
    ),
]


@pytest.mark.parametrize(
    ("content_type", "value", "expected", "words"),
    [one[1:] for one in BROKEN],
    ids=[one[0] for one in BROKEN],
)
def test_a_broken_structured_event_says_what_is_wrong_and_nothing_of_its_content(
    content_type: bytes, value: bytes | None, expected: type[DecodingError], words: str
) -> None:
    with pytest.raises(DecodingError, match=words) as error:
        decode([("content-type", content_type)], value)
    assert type(error.value) is expected
    assert SECRET not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_body_above_the_limit_is_too_large_in_this_mode_too() -> None:
    value = written(data=to_structured(GOOD)["data"] | {"tomorrow": "x" * MAX_BODY_BYTES})
    assert len(value) < MAX_BYTES
    with pytest.raises(MalformedRecord, match=str(MAX_BODY_BYTES)):
        decode(JSON, value)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_no_structured_value_whatever_raises_anything_else(value: bytes) -> None:
    with pytest.raises(DecodingError):
        decode(JSON, value)


@given(
    st.sampled_from(sorted(to_structured(GOOD))), st.none() | st.integers() | st.text() | st.lists(st.text())
)
def test_one_odd_attribute_is_taken_or_refused(name: str, value: Any) -> None:
    try:
        decode(JSON, json.dumps(to_structured(GOOD) | {name: value}).encode())
    except DecodingError as error:
        refusal = str(error)
    else:
        refusal = ""
    assert len(refusal) < 200

"""Records go out and come back the same; what is broken says whose fault it is and nothing of its content."""

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from contracts.made import events_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # published without types
from pydantic import ValidationError

from ipraktik_contracts import events
from ipraktik_contracts.envelope import (
    MAX_BODY_BYTES,
    CloudEvent,
    DecodingError,
    MalformedRecord,
    NewerMajor,
    Record,
    TooLarge,
    UnknownType,
    decode,
    encode,
    source_urn,
)
from ipraktik_contracts.events import Event
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_contracts.schemas import VIEWS, schema_of

EXAMPLES = {type(one.data): one for one in example_envelopes()}
SECRET = "hemmeligt-indhold"


def changed(record: Record, **headers: bytes | None) -> list[tuple[str, bytes | None]]:
    """The record's headers with some replaced."""
    made: dict[str, bytes | None] = dict(record.headers)
    made.update(headers)
    return list(made.items())


def without(record: Record, gone: str) -> list[tuple[str, bytes | None]]:
    """The record's headers but one."""
    return [(name, raw) for name, raw in record.headers if name != gone]


def body_of(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record.value)
    return found


@pytest.mark.parametrize("event_class", EVENT_CLASSES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_event_comes_back_as_it_went_out(event_class: type[Event], data: st.DataObject) -> None:
    event = CloudEvent(
        id=data.draw(st.uuids()),
        source=source_urn("coi", event_class.OWNER),
        time=data.draw(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - hypothesis adds the zone
        sequence=data.draw(st.integers(1, 10**12)),
        data=data.draw(events_of(event_class)),
        correlation_id=data.draw(st.none() | st.just("0af7651916cd43dd8448eb211c80319c")),
    )
    record = encode(event)
    assert decode(record.headers, record.value) == event
    assert encode(decode(record.headers, record.value)) == record
    for view in VIEWS:
        Draft202012Validator(schema_of(event_class, view=view)).validate(body_of(record))


def test_the_wire_form_is_cloudevents_in_binary_mode() -> None:
    event = EXAMPLES[events.MatchAccepted]
    record = encode(event)
    headers = dict(record.headers)
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"dk.innovationspraktik.MatchAccepted.v1"
    assert headers["ce_source"] == b"urn:innovationspraktik:coi:matching"
    assert headers["ce_subject"] == headers["ce_partitionkey"] == record.key == event.key.encode()
    assert headers["ce_sequence"] == b"0000000003"
    assert headers["ce_time"] == b"2018-06-14T07:00:00.000000Z"
    assert headers["content-type"] == b"application/json"
    assert not {name for name, _ in record.headers if "_" in name and not name.startswith("ce_")}


def test_time_is_told_in_utc_whatever_zone_it_came_in() -> None:
    local = datetime(2018, 9, 10, 9, 0, tzinfo=timezone(timedelta(hours=2)))
    event = CloudEvent(
        id=uuid.uuid4(), source="s", time=local, sequence=1, data=EXAMPLES[events.MatchAccepted].data
    )
    assert dict(encode(event).headers)["ce_time"] == b"2018-09-10T07:00:00.000000Z"


def test_the_key_is_lower_case_however_the_id_was_written() -> None:
    shouted = events.ParticipantErased.model_validate_json(
        json.dumps({"participant_id": str(uuid.uuid4()).upper(), "edition_id": str(uuid.uuid4())})
    )
    assert shouted.key == shouted.key.lower()


def nested_places(value: Any) -> list[dict[str, Any]]:
    """Every object inside a body, the body itself first."""
    if isinstance(value, dict):
        return [value, *(place for part in value.values() for place in nested_places(part))]
    if isinstance(value, list):
        return [place for part in value for place in nested_places(part)]
    return []


@pytest.mark.parametrize("event_class", EVENT_CLASSES)
def test_readers_ignore_what_they_do_not_know_and_producers_do_not(event_class: type[Event]) -> None:
    record = encode(EXAMPLES[event_class])
    places = len(nested_places(body_of(record)))
    closed = Draft202012Validator(schema_of(event_class, view="producers"))
    readers = Draft202012Validator(schema_of(event_class, view="readers"))
    for place in range(places):
        body = body_of(record)
        nested_places(body)[place]["added_tomorrow"] = {"deep": [SECRET]}
        assert decode(record.headers, json.dumps(body).encode()) == EXAMPLES[event_class]
        assert readers.is_valid(body)
        assert not closed.is_valid(body)
        with pytest.raises(ValidationError) as error:
            event_class.model_validate_json(json.dumps(body))
        assert SECRET not in str(error.value)


def test_an_older_producer_may_lack_fields_that_have_a_default() -> None:
    record = encode(EXAMPLES[events.ParticipantRegistered])
    body = body_of(record)
    for name in (
        "available",
        "capacity",
        "companion_id",
        "self_found_with",
        "host_in_mind_id",
        "unplaced_before",
    ):
        del body[name]
    del body["wishes"]["own_organisation"]
    Draft202012Validator(schema_of(events.ParticipantRegistered, view="readers")).validate(body)
    found = decode(record.headers, json.dumps(body).encode()).data
    assert isinstance(found, events.ParticipantRegistered)
    assert (found.available, found.unplaced_before) == ((), False)


GOOD = encode(EXAMPLES[events.ReportPublished])
NAME = b"dk.innovationspraktik.ReportPublished"

_Broken = tuple[str, list[tuple[str, bytes | None]], bytes | None, type[DecodingError]]
BROKEN: list[_Broken] = [
    *(
        (f"no {name}", without(GOOD, name), GOOD.value, MalformedRecord)
        for name in (
            "ce_specversion",
            "ce_id",
            "ce_type",
            "ce_source",
            "ce_subject",
            "ce_time",
            "ce_sequence",
        )
    ),
    ("no headers at all", [], GOOD.value, MalformedRecord),
    ("null header", changed(GOOD, ce_source=None), GOOD.value, MalformedRecord),
    ("header not UTF-8", changed(GOOD, ce_source=b"\xff" + SECRET.encode()), GOOD.value, MalformedRecord),
    ("other spec", changed(GOOD, ce_specversion=SECRET.encode()), GOOD.value, MalformedRecord),
    ("id not a uuid", changed(GOOD, ce_id=SECRET.encode()), GOOD.value, MalformedRecord),
    ("time not a time", changed(GOOD, ce_time=SECRET.encode()), GOOD.value, MalformedRecord),
    ("time without zone", changed(GOOD, ce_time=b"2018-09-10T07:00:00"), GOOD.value, MalformedRecord),
    (
        "time off the calendar",
        changed(GOOD, ce_time=b"9999-12-31T23:59:59-12:00"),
        GOOD.value,
        MalformedRecord,
    ),
    *(
        (f"sequence {text[:12]!r}", changed(GOOD, ce_sequence=text), GOOD.value, MalformedRecord)
        for text in (
            b"",
            b"0000000000",
            b"-1",
            b"1.0",
            SECRET.encode(),
            "٣".encode(),
            "²".encode(),
            b"9" * 5000,
        )
    ),
    ("other subject", changed(GOOD, ce_subject=SECRET.encode()), GOOD.value, MalformedRecord),
    ("tombstone", list(GOOD.headers), None, MalformedRecord),
    ("not JSON", list(GOOD.headers), SECRET.encode(), MalformedRecord),
    ("not UTF-8", list(GOOD.headers), b"\xff\xfe", MalformedRecord),
    ("not an object", list(GOOD.headers), b'["hemmeligt-indhold"]', MalformedRecord),
    ("deep", list(GOOD.headers), b"[" * 30_000, MalformedRecord),
    ("empty", list(GOOD.headers), b"", MalformedRecord),
    ("too large", list(GOOD.headers), b" " * (MAX_BODY_BYTES + 1), MalformedRecord),
    (
        "wrong field",
        list(GOOD.headers),
        json.dumps(body_of(GOOD) | {"revision": SECRET}).encode(),
        MalformedRecord,
    ),
    (
        "wrong nested field",
        list(GOOD.headers),
        json.dumps(
            body_of(GOOD) | {"indicators": [{"code": SECRET.upper(), "n": 1, "share": None}]}
        ).encode(),
        MalformedRecord,
    ),
    (
        "unknown of ours",
        changed(GOOD, ce_type=b"dk.innovationspraktik.CoffeeMade.v1"),
        GOOD.value,
        UnknownType,
    ),
    (
        "somebody else's",
        changed(GOOD, ce_type=b"org.example." + SECRET.encode() + b".v1"),
        GOOD.value,
        UnknownType,
    ),
    ("no version", changed(GOOD, ce_type=NAME), GOOD.value, UnknownType),
    ("odd version", changed(GOOD, ce_type=NAME + ".v²".encode()), GOOD.value, UnknownType),
    ("endless version", changed(GOOD, ce_type=NAME + b".v" + b"9" * 900), GOOD.value, UnknownType),
    ("endless header", changed(GOOD, ce_type=NAME + b".v" + b"9" * 5000), GOOD.value, MalformedRecord),
    ("older major", changed(GOOD, ce_type=NAME + b".v0"), GOOD.value, UnknownType),
    ("newer major", changed(GOOD, ce_type=NAME + b".v2"), GOOD.value, NewerMajor),
    ("newer major of a tombstone", changed(GOOD, ce_type=NAME + b".v2"), None, NewerMajor),
]


@pytest.mark.parametrize(
    ("headers", "value", "expected"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_a_broken_record_says_whose_fault_it_is_and_nothing_of_its_content(
    headers: list[tuple[str, bytes | None]], value: bytes | None, expected: type[DecodingError]
) -> None:
    with pytest.raises(DecodingError) as error:
        decode(headers, value)
    assert type(error.value) is expected
    assert SECRET not in str(error.value).lower()
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


@given(
    st.lists(
        st.tuples(st.sampled_from([name for name, _ in GOOD.headers]) | st.text(), st.none() | st.binary()),
        max_size=12,
    ),
    st.none() | st.binary(),
)
def test_no_record_whatever_raises_anything_else(
    headers: list[tuple[str, bytes | None]], value: bytes | None
) -> None:
    with pytest.raises(DecodingError):
        decode([*GOOD.headers, *headers, ("ce_specversion", b"0.3")], value)


@given(
    st.sampled_from([name for name, _ in GOOD.headers]), st.none() | st.binary() | st.text().map(str.encode)
)
def test_one_odd_header_is_taken_or_refused(name: str, raw: bytes | None) -> None:
    try:
        decode([(one, raw if one == name else kept) for one, kept in GOOD.headers], GOOD.value)
    except DecodingError as error:
        refusal = str(error)
    else:
        refusal = ""
    assert len(refusal) < 200


def test_headers_that_are_not_ours_do_not_matter() -> None:
    found = decode([*GOOD.headers, ("x-other", None), ("kafka_retries", b"\xff")], GOOD.value)
    assert found == EXAMPLES[events.ReportPublished]


def test_what_is_too_large_does_not_go_out() -> None:
    contact = EXAMPLES[events.ContactChanged].data.model_copy(update={"motivation": "x" * 70_000})
    envelope = EXAMPLES[events.ContactChanged]
    with pytest.raises(TooLarge):
        encode(CloudEvent(envelope.id, envelope.source, envelope.time, 1, contact))


@pytest.mark.parametrize("event_class", EVENT_CLASSES)
def test_the_largest_event_of_every_kind_goes_out(event_class: type[Event]) -> None:
    assert _most_bytes(schema_of(event_class, view="producers")) <= MAX_BODY_BYTES


def _most_bytes(schema: dict[str, Any]) -> int:
    """At least as many bytes as any valid body has."""

    def size(one: dict[str, Any]) -> int:
        if "$ref" in one:
            return size(schema["$defs"][one["$ref"].rpartition("/")[2]])
        if "anyOf" in one:
            return max(size(part) for part in one["anyOf"])
        if one.get("type") == "object":
            return 2 + sum(len(name) + 4 + size(part) for name, part in one["properties"].items())
        if one.get("type") == "array":
            return 2 + int(one["maxItems"]) * (1 + size(one["items"]))
        # a control character is six bytes as JSON, and every other string of ours is shorter than 80
        return 2 + 6 * int(one["maxLength"]) if "maxLength" in one else 80

    return size(schema)

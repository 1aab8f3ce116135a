"""Structured mode keeps what was said: attributes as they were, the body byte for byte."""

import json

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, from_structured
from cloudevents.core.formats.json import JSONFormat
from notify.facts import NOW, Story

from ipraktik_chassis.ids import new_id
from ipraktik_contracts.envelope import CloudEvent, encode, encode_structured, source_urn, to_structured
from ipraktik_notify.domain.structured import structured

EVENT = CloudEvent(
    id=new_id(NOW),
    source=source_urn("coi", "matching"),
    time=NOW,
    sequence=7,
    data=Story().signed(),
    correlation_id="c",
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)
RECORD = encode(EVENT)


def test_every_attribute_and_the_very_bytes_of_the_body_are_there() -> None:
    odd = b'{ "later":"field\\u00e6", "x":1.50,\n"placement_id" :"p"}'
    text = structured((*RECORD.headers, ("ce_deprecated", b"true"), ("ce_note", "æ\x00".encode())), odd)
    assert text.endswith(f',"data":{odd.decode()}}}')
    event = json.loads(text)
    assert event["data"] == json.loads(odd)
    del event["data"]
    said = {name.removeprefix("ce_"): raw.decode() for name, raw in RECORD.headers}
    said["datacontenttype"] = said.pop("content-type")
    assert event == {**said, "deprecated": "true", "note": "æ\x00"}
    assert event["sequence"] == "0000000007"


def test_it_is_the_form_that_the_contract_gives() -> None:
    assert json.loads(structured(RECORD.headers, RECORD.value)) == to_structured(EVENT)


def test_what_came_in_structured_mode_is_kept_as_it_came() -> None:
    made = encode_structured(EVENT)
    odd = b'{ "later": 1,' + made.value[1:]
    assert structured((*made.headers, ("ce_id", b"another")), odd) == odd.decode()


def test_a_header_can_neither_take_the_place_of_the_body_nor_break_the_form() -> None:
    headers = (
        *RECORD.headers,
        ("ce_data", b"x"),
        ("ce_data_base64", b"x"),
        ("ce_A-b", b"x"),
        ("other", b"\xff"),
    )
    assert structured(headers, RECORD.value) == structured(RECORD.headers, RECORD.value)


def test_the_sdk_reads_both_modes_as_the_same_event() -> None:
    binary = KafkaMessage(headers=dict(RECORD.headers), key=RECORD.key, value=RECORD.value)
    whole = KafkaMessage(
        headers={"content-type": b"application/cloudevents+json"},
        key=RECORD.key,
        value=structured(RECORD.headers, RECORD.value).encode(),
    )
    one, other = from_binary(binary, JSONFormat()), from_structured(whole, JSONFormat())
    assert one.get_id() == other.get_id() == str(EVENT.id)
    assert one.get_data() == other.get_data()
    for name in ("type", "source", "subject", "time", "dataschema", "sequence", "correlationid"):
        assert one.get_attributes()[name] == other.get_attributes()[name]

"""Old and new read each other: every record ever released by today's readers, today's records by every released reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from contracts.made import events_of, values_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # published without types

from ipraktik_contracts.envelope import CloudEvent, decode, encode
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.gate.checking import released_contracts
from ipraktik_contracts.gate.contract import todays
from ipraktik_contracts.publish import ROOT
from ipraktik_contracts.registry import REGISTRY
from ipraktik_contracts.version import VERSION

TODAY = todays()
RELEASED = {
    version: contract
    for version, contract in released_contracts().items()
    if version.partition(".")[0] == VERSION.partition(".")[0]
}
BY_NAME = {entry.name: entry for entry in REGISTRY.values()}
EXAMPLES = {type(one.data): one for one in example_envelopes()}
RECORDS = [(version, path) for version, contract in RELEASED.items() for path in contract.examples]
TYPES = [(version, name) for version, contract in RELEASED.items() for name in contract.registry["types"]]


def fits(schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)


def test_something_is_released_and_promised() -> None:
    assert RELEASED
    for version in RELEASED:
        assert Path(ROOT / "released" / version / "SHA256SUMS").exists()


@pytest.mark.parametrize(("version", "path"), RECORDS)
def test_every_record_ever_released_is_read_today(version: str, path: str) -> None:
    record = RELEASED[version].examples[path]
    name = path.rpartition("/")[2].partition(".")[0]
    event = decode(
        [(header, text.encode()) for header, text in record["headers"].items()],
        json.dumps(record["body"]).encode(),
    )
    assert type(event.data) is BY_NAME[name].event_class
    assert event.key == record["key"]
    body = record["body"]["data"] if "structured" in path else record["body"]
    fits(TODAY.readers[name], body)
    if "structured" not in path:
        fits(TODAY.readers["Headers"], record["headers"])
    # nothing that was said gets lost on the way through today's classes
    said = json.loads(encode(event).value)
    assert {field: said[field] for field in body} == body


@pytest.mark.parametrize(("version", "name"), TYPES)
def test_todays_record_is_read_by_every_released_reader(version: str, name: str) -> None:
    record = encode(EXAMPLES[BY_NAME[name].event_class])
    fits(RELEASED[version].readers[name], json.loads(record.value))
    fits(RELEASED[version].readers["Headers"], {header: raw.decode() for header, raw in record.headers})


@pytest.mark.parametrize(("version", "name"), TYPES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_written_today_is_read_by_every_released_reader(
    version: str, name: str, data: st.DataObject
) -> None:
    known = EXAMPLES[BY_NAME[name].event_class]
    event = CloudEvent(known.id, known.source, known.time, 1, data.draw(events_of(type(known.data))))
    fits(RELEASED[version].readers[name], json.loads(encode(event).value))


@pytest.mark.parametrize(("version", "name"), TYPES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_a_released_producer_could_write_is_read_today(
    version: str, name: str, data: st.DataObject
) -> None:
    event_class = BY_NAME[name].event_class
    made = event_class.model_validate(data.draw(values_of(RELEASED[version].producers[name])), extra="ignore")
    fits(TODAY.readers[name], json.loads(made.model_dump_json()))

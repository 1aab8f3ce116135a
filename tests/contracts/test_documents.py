"""What is committed is what the classes say, and every example is good."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # published without types

from ipraktik_contracts.envelope import MalformedRecord, decode, encode
from ipraktik_contracts.events import Event
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.gate.releasing import told_of
from ipraktik_contracts.headers import headers_schema
from ipraktik_contracts.lifecycle import LIFECYCLES, lifecycle_of
from ipraktik_contracts.publish import ROOT, documents, main, stale, write
from ipraktik_contracts.publishing import tree
from ipraktik_contracts.publishing.tree import SiteNeedsMore, site_documents
from ipraktik_contracts.registry import EVENT_CLASSES, FULL_TRANSITIVE, REGISTRY
from ipraktik_contracts.schemas import VIEWS, schema_id, schema_of
from ipraktik_contracts.topics import TOPICS
from ipraktik_contracts.version import VERSION

EXAMPLES = {type(one.data): one for one in example_envelopes()}


def committed(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return found


def objects_in(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema.get("$defs", {}).values()]


def test_the_committed_documents_are_current() -> None:
    assert stale(ROOT, documents() | site_documents()) == [], (
        "these do not say what the events say; run `python -m ipraktik_contracts.publish`, read the difference, commit it"
    )


def test_documents_come_out_the_same_every_time() -> None:
    assert documents() == documents()


def test_publishing_writes_mends_and_removes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--into", str(tmp_path)]) == 2
    (tmp_path / "README.md").write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["--into", str(tmp_path), "--check"]) == 1
    assert main(["--into", str(tmp_path)]) == 0
    assert main(["--into", str(tmp_path), "--check"]) == 0
    gone = tmp_path / "schemas" / "readers" / "SeasonOpened.v1.json"
    gone.write_text("{}")
    bent = tmp_path / "examples" / "MatchProposed.v1.json"
    bent.write_text("{}")
    assert write(tmp_path, documents()) == [
        "examples/MatchProposed.v1.json",
        "schemas/readers/SeasonOpened.v1.json",
    ]
    assert not gone.exists()
    assert json.loads(bent.read_text())["key"]
    assert "stale: schemas/" in capsys.readouterr().out


def test_without_the_packages_for_the_site_the_rest_is_published_and_the_lack_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "README.md").write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    for name in [name for name in sys.modules if name.startswith("ipraktik_contracts.publishing.site")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(tree.__package__ + ".site", raising=False)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(SiteNeedsMore, match="jinja2"):
        site_documents()
    assert main(["--into", str(tmp_path)]) == 1
    assert (tmp_path / "registry.json").exists()
    assert not (tmp_path / "site").exists()
    [line] = capsys.readouterr().err.splitlines()
    assert "pip install 'ipraktik-contracts[docs]'" in line


@pytest.mark.parametrize("event_class", EVENT_CLASSES)
def test_an_event_is_described_whole(event_class: type[Event]) -> None:
    assert "__doc__" in vars(event_class)
    for view in VIEWS:
        schema = schema_of(event_class, view=view)
        assert schema["description"].endswith((".", "?", ")"))
        for one in objects_in(schema):
            assert one["description"]
            for name, field in one["properties"].items():
                assert field.get("description"), f"{event_class.__name__}.{name} says nothing about itself"


@pytest.mark.parametrize("event_class", EVENT_CLASSES)
def test_a_schema_says_where_it_belongs_and_is_a_schema(event_class: type[Event]) -> None:
    name = event_class.__name__
    producers, readers = committed(f"schemas/{name}.v1.json"), committed(f"schemas/readers/{name}.v1.json")
    for schema in (producers, readers):
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["title"] == name
        assert schema["x-topic"] == event_class.TOPIC
        assert schema["x-ordering-key"] == event_class.KEY
        assert schema["x-ordering-key"] in schema["required"]
        assert (schema["x-owner"], schema["x-audience"]) == (event_class.OWNER, event_class.AUDIENCE)
    assert producers["$id"] == event_class.schema_id()
    assert readers["$id"] == schema_id(event_class, view="readers") != producers["$id"]
    for one in objects_in(producers):
        assert one["additionalProperties"] is False
        assert set(one["required"]) == set(one["properties"])
    assert all("additionalProperties" not in one for one in objects_in(readers))


@pytest.mark.parametrize("folder", ["examples", "examples/structured"])
@pytest.mark.parametrize("event_class", EVENT_CLASSES)
def test_every_example_decodes_and_fits_its_schema(event_class: type[Event], folder: str) -> None:
    example = committed(f"{folder}/{event_class.__name__}.v1.json")
    headers = [(name, text.encode()) for name, text in example["headers"].items()]
    event = decode(headers, json.dumps(example["body"]).encode())
    assert type(event.data) is event_class
    assert event == EXAMPLES[event_class]
    assert (encode(event).topic, encode(event).key.decode()) == (example["topic"], example["key"])
    structured = "data" in example["body"]
    for schemas in ("schemas", "schemas/readers"):
        schema = committed(f"{schemas}/{event_class.__name__}.v1.json")
        body = example["body"]["data"] if structured else example["body"]
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(body)
        headers_of_all = committed(f"{schemas}/Headers.v1.json")
        if not structured:
            Draft202012Validator(headers_of_all, format_checker=FormatChecker()).validate(example["headers"])


def test_every_event_of_the_modules_is_registered_and_has_an_example() -> None:
    def concrete(cls: type[Event]) -> set[type[Event]]:
        below = set().union(*(concrete(one) for one in cls.__subclasses__()))
        own = {cls} if "__doc__" in vars(cls) and cls.__module__.startswith("ipraktik_contracts.") else set()
        return below or own

    # classes with classes below them are what their events have in common
    assert concrete(Event) == set(EVENT_CLASSES)
    assert set(EXAMPLES) == set(EVENT_CLASSES)
    assert len(EVENT_CLASSES) == len(set(EVENT_CLASSES))


def test_the_readme_lists_every_event() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for event_class in EVENT_CLASSES:
        assert f"| {event_class.__name__} | `{event_class.KEY}` |" in readme


def test_a_header_that_decoding_needs_is_one_that_readers_must_find() -> None:
    record = encode(next(iter(EXAMPLES.values())))
    refused = set()
    for gone, _ in record.headers:
        try:
            decode([one for one in record.headers if one[0] != gone], record.value)
        except MalformedRecord:
            refused.add(gone)
    assert set(headers_schema(view="readers")["required"]) == refused
    assert set(headers_schema(view="producers")["required"]) == {
        name
        for name, _ in record.headers
        if name not in ("ce_correlationid", "ce_causationid", "traceparent")
    }


def test_the_registry_says_of_every_type_what_is_promised() -> None:
    facts = committed("registry.json")
    assert facts["version"] == VERSION
    assert set(facts["types"]) == {one.__name__ for one in EVENT_CLASSES}
    assert set(facts["topics"]) == {one.name for one in TOPICS}
    assert set(facts["lifecycles"]) == {one.aggregate for one in LIFECYCLES}
    for event_class in EVENT_CLASSES:
        told = facts["types"][event_class.__name__]
        assert told["ce_type"] == event_class.ce_type()
        assert (told["topic"], told["owner"], told["audience"], told["ordering_key"]) == (
            event_class.TOPIC,
            event_class.OWNER,
            event_class.AUDIENCE,
            event_class.KEY,
        )
        assert told["compatibility"] == FULL_TRANSITIVE == REGISTRY[event_class].compatibility
        if event_class.AUDIENCE == "public":
            assert told["lifecycle"] == lifecycle_of(event_class).aggregate


def test_the_version_is_the_packages_and_the_changelog_tells_of_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
    assert told_of(VERSION, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))

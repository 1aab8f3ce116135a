"""No personal data in public events, by their schemas: every field is walked, exceptions are reviewed and named."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ipraktik_contracts.classification import CLASSES
from ipraktik_contracts.events import ContactChanged, Event
from ipraktik_contracts.registry import EVENT_CLASSES, REGISTRY
from ipraktik_contracts.schemas import schema_of

PUBLIC = [one for one in EVENT_CLASSES if one.AUDIENCE == "public"]
INTERNAL = [one for one in EVENT_CLASSES if one.AUDIENCE == "internal"]

DENIED = re.compile(
    r"name|mail|phone|mobile|address|street|zip|postal|birth|age$|cpr|ssn|passport|gender|sex|photo|picture|title|"
    r"salary|health|allerg|diet|child|union|religion|ethnic|comment|note|message|motivation|offer|text|free|"
    r"description|contact|person|signature|ip_|token|link|url|latitude|longitude|geo"
)
"""Words that a field of a public event may not have in its name."""

REVIEWED = {
    "EditionChanged.hold_mails": "a yes or no about the whole round",
    "EditionChanged.name": "the round's public title, chosen by the coordinators",
    "Workplace.organisation_name": "an organisation is no person; subscribers count by it",
}
"""Fields that are let through in spite of their name or their form, each with the reason."""


def fields_of(event_class: type[Event]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(where, field, schema) of every field, nested objects included."""
    schema = schema_of(event_class, view="producers")
    for where, one in [(event_class.__name__, schema), *schema.get("$defs", {}).items()]:
        for name, field in one["properties"].items():
            yield where, name, field


def leaves(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a field may hold in the end."""
    if "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from leaves(one)
    elif schema.get("type") == "array":
        yield from leaves(schema["items"])
    elif "$ref" not in schema:
        yield schema


def takes_free_text(leaf: dict[str, Any]) -> bool:
    """Whether somebody could write a sentence there."""
    if leaf.get("type") != "string" or "enum" in leaf or "const" in leaf:
        return False
    if leaf.get("format") in {"uuid", "date", "date-time"}:
        return False
    pattern = leaf.get("pattern", "")
    closed = pattern.startswith("^") and pattern.endswith("$")
    unbounded = re.search(r"[^\\][*+.]|\{\d+,\}|\\[wsSWD]|\[\^", pattern)
    return not closed or unbounded is not None


def objections(event_class: type[Event]) -> list[str]:
    found = []
    for where, name, field in fields_of(event_class):
        place = f"{where}.{name}"
        if place in REVIEWED:
            continue
        if DENIED.search(name):
            found.append(f"{place}: its name speaks of a person")
        found += [f"{place}: takes free text" for leaf in leaves(field) if takes_free_text(leaf)]
    return found


@pytest.mark.parametrize("event_class", PUBLIC)
def test_no_public_event_has_room_for_personal_data(event_class: type[Event]) -> None:
    assert objections(event_class) == []


@pytest.mark.parametrize("event_class", [one for one in INTERNAL if one is not ContactChanged])
def test_no_internal_event_but_contact_changed_has_either(event_class: type[Event]) -> None:
    assert [
        one for one in objections(event_class) if not one.startswith(f"{event_class.__name__}.contact_id:")
    ] == []


def test_the_walk_sees_what_it_is_for() -> None:
    found = " ".join(objections(ContactChanged))
    for name in ("name", "email", "motivation", "offer", "job_title", "unit_name"):
        assert f"ContactChanged.{name}: takes free text" in found
    assert takes_free_text({"type": "string", "maxLength": 10})
    assert takes_free_text({"type": "string", "pattern": "^.{0,10}$"})
    assert takes_free_text({"type": "string", "pattern": "^[a-z]+$"})
    assert takes_free_text({"type": "string", "pattern": "[a-z]{3}"})
    assert not takes_free_text({"type": "string", "pattern": "^[0-9a-f]{64}$"})


def test_every_reviewed_exception_is_still_needed_and_short() -> None:
    seen = {f"{where}.{name}": field for one in PUBLIC for where, name, field in fields_of(one)}
    for place in REVIEWED:
        assert seen[place]["type"] == "boolean" or seen[place]["maxLength"] <= 200


def test_every_field_of_every_event_has_a_data_class_and_no_other_field_has() -> None:
    for event_class in EVENT_CLASSES:
        schema = schema_of(event_class, view="producers")
        definitions = schema.get("$defs", {})
        assert set(REGISTRY[event_class].data_classes) == set(paths(schema, definitions, "")), event_class
        for _, name, field in fields_of(event_class):
            assert field["x-data-class"] in CLASSES, (event_class, name)
    used = {name for entry in REGISTRY.values() for name in entry.data_classes.values()}
    assert used == set(CLASSES), "a data class that no field has"


def paths(schema: dict[str, Any], definitions: dict[str, Any], before: str) -> Iterator[str]:
    """Every field of a body by its path, values inside it and inside lists included."""
    for name, field in schema["properties"].items():
        yield f"{before}{name}"
        refs = re.findall(r'"#/\$defs/(\w+)"', json.dumps(field))
        for ref in refs:
            yield from paths(definitions[ref], definitions, f"{before}{name}.")


@pytest.mark.parametrize("event_class", PUBLIC)
def test_no_public_event_holds_data_that_may_not_be_public(event_class: type[Event]) -> None:
    assert [
        path for path, name in REGISTRY[event_class].data_classes.items() if not CLASSES[name].public
    ] == []


def test_what_somebody_could_write_freely_is_contact_data_or_reviewed() -> None:
    for event_class in EVENT_CLASSES:
        for where, name, field in fields_of(event_class):
            if any(takes_free_text(leaf) for leaf in leaves(field)) and f"{where}.{name}" not in REVIEWED:
                assert field["x-data-class"] == "contact", f"{where}.{name}"


def test_personal_data_travels_on_a_topic_that_forgets() -> None:
    assert ContactChanged.AUDIENCE == "internal"
    assert ContactChanged.TOPIC == "innovationspraktik.internal.contacts.v1"
    assert ContactChanged.KEY == "contact_id"
    assert [one for one in EVENT_CLASSES if one.TOPIC == ContactChanged.TOPIC] == [ContactChanged]


def test_a_refused_body_is_not_repeated_in_the_error() -> None:
    for event_class in EVENT_CLASSES:
        assert event_class.model_config["hide_input_in_errors"] is True
        assert event_class.model_config["frozen"] is True
        assert event_class.model_config["extra"] == "forbid"

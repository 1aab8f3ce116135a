"""What the gate lets through really breaks nobody: schemas are edited at random, and where it is silent, old and new read each other."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from contracts.made import values_of
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # published without types

from ipraktik_contracts.gate.contract import todays
from ipraktik_contracts.gate.schema_rules import compared

TODAY = todays()
NAMES = sorted(TODAY.registry["types"])
EDITS: list[tuple[str, list[Any]]] = [
    ("type", ["string", "integer", "number", "boolean", "array", "null"]),
    ("format", ["uuid", "date", "date-time", None]),
    ("pattern", ["^[a-z]+$", "^x", None]),
    ("minimum", [0, 1, 5, None]),
    ("maximum", [1, 10, 10_000, None]),
    ("minLength", [0, 1, 3, None]),
    ("maxLength", [1, 200, 5_000, None]),
    ("minItems", [0, 1, 2, None]),
    ("maxItems", [0, 1, 50, None]),
    ("enum", [["intern", "host"], ["host"], ["intern", "host", "sponsor"], None]),
    ("const", ["host", True, None]),
    ("default", [None, False, True, "", []]),
    ("required", [[], ["edition_id"], ["added_at_random"]]),
    ("additionalProperties", [True, False, None]),
    ("uniqueItems", [True, None]),
    ("description", ["Other words.", None]),
    ("title", ["Other words.", None]),
    ("deprecated", [True, None]),
    ("x-remark", ["Ours.", None]),
]
ADDED = {
    "type": "string",
    "enum": ["a", "b"],
    "default": "a",
    "description": "Added.",
    "x-data-class": "course",
}


def objects_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema.get("$defs", {}).values()]


def nodes_of(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every place where a keyword may stand."""
    for one in objects_of(schema):
        yield one
        for field in one["properties"].values():
            yield field
            yield from field.get("anyOf", [])
            if "items" in field:
                yield field["items"]


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A type, and its two views after one to three edits at the same places of both."""
    name = draw(st.sampled_from(NAMES))
    views = [copy.deepcopy(TODAY.producers[name]), copy.deepcopy(TODAY.readers[name])]
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, 200))
        kind = draw(st.sampled_from(["keyword", "keyword", "keyword", "added", "gone", "optional"]))
        word, values = draw(st.sampled_from(EDITS))
        value = draw(st.sampled_from(values))
        for view, schema in enumerate(views):
            places = list(nodes_of(schema))
            node, owner = places[number % len(places)], objects_of(schema)[number % len(objects_of(schema))]
            field = sorted(owner["properties"])[number % len(owner["properties"])]
            if kind == "added":
                owner["properties"]["added_at_random"] = dict(ADDED)
                if view == 0:
                    owner["properties"]["added_at_random"].pop("default")
                    owner["required"].append("added_at_random")
            elif kind == "gone" and len(owner["properties"]) > 1:
                owner["properties"].pop(field)
                owner["required"] = [one for one in owner.get("required", []) if one != field]
            elif kind == "optional" and view == 1:
                owner["required"] = [one for one in owner.get("required", []) if one != field]
            elif kind == "keyword" and value is None and word != "default":
                node.pop(word, None)
            elif kind == "keyword":
                node[word] = value
    return name, views[0], views[1]


def refused(name: str, producers: dict[str, Any], readers: dict[str, Any]) -> bool:
    return any(
        found
        for old, new, is_readers in (
            (TODAY.producers[name], producers, False),
            (TODAY.readers[name], readers, True),
        )
        for found in compared(old, new, readers=is_readers)
    )


def reads(schema: dict[str, Any], body: Any) -> bool:
    valid: bool = Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(
        json.loads(json.dumps(body, default=str))
    )
    return valid


@settings(
    max_examples=150,
    derandomize=True,  # a failure is about the change at hand, never about luck
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(change=edited(), data=st.data())
def test_where_the_gate_is_silent_old_and_new_read_each_other(
    change: tuple[str, dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    name, producers, readers = change
    said_no = refused(name, producers, readers)
    event(f"refused: {said_no}")
    assume(not said_no)
    for _ in range(3):
        assert reads(TODAY.readers[name], data.draw(values_of(producers)))
        assert reads(readers, data.draw(values_of(TODAY.producers[name])))

"""Edits of the contract as data, each in both views and in the registry, so that a test states only what changes."""

import copy
from collections.abc import Callable
from typing import Any

from ipraktik_contracts.gate.checking import breaches
from ipraktik_contracts.gate.contract import Contract, todays

TODAY = todays()
Change = Callable[[Contract], object]
PLACEMENTS = "innovationspraktik.placements.v1"
PARTICIPANTS = "innovationspraktik.participants.v1"
CONTACTS = "innovationspraktik.internal.contacts.v1"


def after(*changes: Change, version: str = "1.1.0") -> Contract:
    """Today's contract with the changes, as the next version."""
    changed = copy.deepcopy(TODAY)
    changed.registry["version"] = version
    for change in changes:
        change(changed)
    return changed


def found(changed: Contract) -> list[tuple[str, str, str]]:
    """Event, field and rule of every breach against today as the released version."""
    return [(one.event, one.field, one.rule) for one in breaches(changed, {TODAY.version: TODAY})]


def schemas(contract: Contract, event: str) -> list[dict[str, Any]]:
    return [contract.producers[event], contract.readers[event]]


def owners(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """The object of the schema that has the last part of the path among its properties."""
    *before, _ = path.split(".")
    node = schema
    for part in before:
        one = node["properties"][part]
        while "$ref" not in one:
            one = one["items"] if "items" in one else next(o for o in one["anyOf"] if o.get("type") != "null")
        node = schema["$defs"][one["$ref"].rpartition("/")[2]]
    return node


def inner(node: dict[str, Any]) -> dict[str, Any]:
    """What a field holds where it is not null."""
    if "anyOf" in node:
        found: dict[str, Any] = next(one for one in node["anyOf"] if one.get("type") != "null")
        return found
    return node


def field(event: str, path: str, **words: Any) -> Change:
    """Change keywords of a field in both views; None takes one out."""

    def change(contract: Contract) -> None:
        for schema in schemas(contract, event):
            node = inner(owners(schema, path)["properties"][path.rpartition(".")[2]])
            for word, value in words.items():
                name = word.replace("_", "-") if word.startswith("x_") else word
                if value is None:
                    node.pop(name, None)
                else:
                    node[name] = value

    return change


def gone(event: str, path: str) -> Change:
    def change(contract: Contract) -> None:
        name = path.rpartition(".")[2]
        for schema in schemas(contract, event):
            owner = owners(schema, path)
            del owner["properties"][name]
            owner["required"] = [one for one in owner.get("required", []) if one != name]
        contract.registry["types"][event]["data_classes"].pop(path)

    return change


def renamed(event: str, path: str, name: str) -> Change:
    def change(contract: Contract) -> None:
        for schema in schemas(contract, event):
            properties = owners(schema, path)["properties"]
            properties[name] = properties[path.rpartition(".")[2]]
        gone(event, path)(contract)

    return change


def new_field(
    event: str, path: str, node: dict[str, Any], *, required: bool, classed: str = "course"
) -> Change:
    def change(contract: Contract) -> None:
        name = path.rpartition(".")[2]
        for schema in schemas(contract, event):
            owner = owners(schema, path)
            owner["properties"][name] = dict(node) | ({"x-data-class": classed} if classed else {})
            if required or schema is contract.producers[event]:
                owner["properties"][name].pop("default", None)
                owner.setdefault("required", []).append(name)
        if classed:
            contract.registry["types"][event]["data_classes"][path] = classed

    return change


def nullable(event: str, path: str) -> Change:
    def change(contract: Contract) -> None:
        for schema in schemas(contract, event):
            properties, name = owners(schema, path)["properties"], path.rpartition(".")[2]
            kept = {word: properties[name].pop(word) for word in ("description", "x-data-class")}
            properties[name] = {"anyOf": [properties[name], {"type": "null"}], **kept}

    return change


def never_null(event: str, path: str) -> Change:
    def change(contract: Contract) -> None:
        for schema in schemas(contract, event):
            properties, name = owners(schema, path)["properties"], path.rpartition(".")[2]
            whole = properties[name]
            [branch] = [one for one in whole.pop("anyOf") if one.get("type") != "null"]
            properties[name] = branch | whole

    return change


def in_readers(event: str, **words: Any) -> Change:
    return lambda contract: contract.readers[event].update(words)


def entry(event: str, **words: Any) -> Change:
    return lambda contract: contract.registry["types"][event].update(words)


def topic(name: str, **words: Any) -> Change:
    return lambda contract: contract.registry["topics"][name].update(words)


def setting(name: str, word: str, value: str) -> Change:
    return lambda contract: contract.registry["topics"][name]["config"].update({word: value})


def no_event(event: str) -> Change:
    def change(contract: Contract) -> None:
        contract.registry["types"].pop(event)
        for schemas in (contract.producers, contract.readers):
            schemas.pop(event)  # type: ignore[attr-defined]  # a dict, of a copy of our own

    return change


def event_called(event: str, name: str) -> Change:
    def change(contract: Contract) -> None:
        contract.registry["types"][name] = contract.registry["types"][event] | {
            "ce_type": f"dk.innovationspraktik.{name}.v1"
        }
        for schemas in (contract.producers, contract.readers):
            schemas[name] = schemas[event] | {"$id": f"https://innovationspraktik.dk/schemas/{name}.v1.json"}  # type: ignore[index]  # a copy of our own
        no_event(event)(contract)

    return change


def no_topic(name: str) -> Change:
    return lambda contract: contract.registry["topics"].pop(name)


def default_of(event: str, name: str, value: Any) -> Change:
    return lambda contract: contract.readers[event]["properties"][name].update({"default": value})


def required_of_readers(event: str, name: str) -> Change:
    def change(contract: Contract) -> None:
        contract.readers[event]["properties"][name].pop("default")
        contract.readers[event]["required"].append(name)

    return change


def left_out_by_producers(event: str, name: str) -> Change:
    return lambda contract: contract.producers[event]["required"].remove(name)


def lifecycle(name: str, change: Callable[[dict[str, Any]], object]) -> Change:
    def changed(contract: Contract) -> None:
        change(contract.registry["lifecycles"][name])

    return changed


def step_to(event: str, before: str, other: str) -> Callable[[dict[str, Any]], object]:
    def change(one: dict[str, Any]) -> None:
        for step in one["transitions"]:
            if (step["event"], step["before"]) == (event, before):
                step["after"] = other

    return change


STATUS = {"type": "string", "enum": ["a", "b"], "description": "A new field."}
"""A field that nobody has yet."""

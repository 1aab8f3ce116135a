"""The events as JSON Schema 2020-12, in two views made from the same classes.

Producers' view: exactly what we write; every field is there, and a field more is an error. Readers' view: what a subscriber may
count on; fields with a default may be missing (an older producer did not know them), and unknown fields are let through.
"""

from typing import Any, Final, Literal

from .classification import BY_NAME
from .events import Event
from .events.event import SCHEMA_PREFIX
from .registry import REGISTRY

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

View = Literal["producers", "readers"]
VIEWS: Final[tuple[View, ...]] = ("producers", "readers")


def schema_of(event_class: type[Event], *, view: View) -> dict[str, Any]:
    """The schema of an event's body."""
    made = event_class.model_json_schema(mode="serialization" if view == "producers" else "validation")
    definitions = made.pop("$defs", {})
    body = _object(event_class.__name__, made, view=view)
    schema = {
        "$schema": DIALECT,
        "$id": schema_id(event_class, view=view),
        "title": event_class.__name__,
        "description": " ".join((event_class.__doc__ or "").split()),
        "x-topic": event_class.TOPIC,
        "x-owner": event_class.OWNER,
        "x-audience": event_class.AUDIENCE,
        "x-ordering-key": event_class.KEY,
        "x-compatibility": REGISTRY[event_class].compatibility,
        **{name: value for name, value in body.items() if name not in ("title", "description")},
    }
    if definitions:
        schema["$defs"] = {name: _object(name, one, view=view) for name, one in sorted(definitions.items())}
    return schema


def schema_id(event_class: type[Event], *, view: View) -> str:
    """The schema's stable address. `ce_dataschema` names the producers' one."""
    own = event_class.schema_id()
    if view == "producers":
        return own
    return own.replace(f"{SCHEMA_PREFIX}/", f"{SCHEMA_PREFIX}/readers/", 1)


def _object(model: str, schema: dict[str, Any], *, view: View) -> dict[str, Any]:
    """One object of a schema in its view, each field with its data class. Titles that only repeat a name are left out."""
    made = {name: value for name, value in schema.items() if name != "title"}
    fields: dict[str, dict[str, Any]] = {
        name: {word: value for word, value in one.items() if word != "title"}
        | {"x-data-class": BY_NAME[model][name]}
        for name, one in schema["properties"].items()
    }
    if view == "producers":
        for one in fields.values():
            one.pop("default", None)
        made["required"] = list(fields)
        made["additionalProperties"] = False
    else:
        made.pop("additionalProperties", None)
    return made | {"properties": fields}

"""Any valid event, made from its schema."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ipraktik_contracts.events import Event
from ipraktik_contracts.schemas import schema_of

# hypothesis wants bounds without a zone and adds it itself
_FIRST, _LAST = datetime.min + timedelta(days=1), datetime.max - timedelta(days=1)  # noqa: DTZ901


def events_of(event_class: type[Event]) -> st.SearchStrategy[Event]:
    """Every valid event of a class."""
    return values_of(schema_of(event_class, view="producers")).map(event_class.model_validate)


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Every body that a producers' schema allows, with the order between days and bounds that it cannot say."""
    return _values(schema, schema.get("$defs", {}))


def _values(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _values(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return st.one_of(*(_values(one, definitions) for one in schema["anyOf"]))
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema.get("maximum", 10**12))
        case "number":
            return st.floats(schema["minimum"], schema["maximum"])
        case "array":
            items = _values(schema["items"], definitions)
            return st.lists(
                items, min_size=schema.get("minItems", 0), max_size=min(schema["maxItems"], 4)
            ).map(tuple)
        case "object":
            fields = {name: _values(one, definitions) for name, one in schema["properties"].items()}
            return st.fixed_dictionaries(fields).map(_in_order)
        case _:
            return _texts(schema)


def _texts(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    match schema.get("format"):
        case "uuid":
            return st.uuids()
        case "date":
            return st.dates()
        case "date-time":
            return st.datetimes(min_value=_FIRST, max_value=_LAST, timezones=st.just(UTC))
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"))
    return st.text(
        st.characters(codec="utf-8"), min_size=schema.get("minLength", 0), max_size=schema["maxLength"]
    )


def _in_order(made: dict[str, Any]) -> dict[str, Any]:
    for low, high in (("first_day", "last_day"), ("min", "max")):
        if isinstance(made.get(low), int | date) and isinstance(made.get(high), int | date):
            made[low], made[high] = sorted((made[low], made[high]))
    return made

"""The fields of an event's body as a reader meets them: flat, in order, with meaning, type, limits and what may be missing.

Read off the published schemas, so that the page cannot say anything else than what is validated with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...events import Event
from ...schemas import schema_of

_CODE_PATTERN: Final = "^[a-z][a-z0-9_]{0,39}$"
_FORMATS: Final = {"uuid": "UUID", "date": "date", "date-time": "instant"}
_PLAIN: Final = {
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
}
_LISTED: Final = {
    "UUID": "UUIDs",
    "date": "dates",
    "instant": "instants",
    "object": "objects",
    "text": "texts",
    "code": "codes",
    "open code": "open codes",
    "whole number": "whole numbers",
    "number": "numbers",
}

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field. `name` is its path in the body; `[]` stands for every entry of a list."""

    name: str
    meaning: str
    type: str
    limits: tuple[str, ...]
    missing: str
    data_class: str


def field_rows(event_class: type[Event]) -> tuple[FieldRow, ...]:
    """The fields of the body, nested ones behind the one they are in."""
    return tuple(_rows(schema_of(event_class, view="readers")))


def _rows(schema: Schema) -> Iterator[FieldRow]:
    definitions: Mapping[str, Schema] = schema.get("$defs", {})

    def walk(one: Schema, path: str, inherited: str) -> Iterator[FieldRow]:
        required = one.get("required", ())
        for name, field in one["properties"].items():
            row = _row(f"{path}{name}", field, definitions, required=name in required, inherited=inherited)
            yield row
            inner, listed = _inner(field, definitions)
            if inner is not None:
                yield from walk(inner, f"{row.name}{'[]' if listed else ''}.", row.data_class)

    yield from walk(schema, "", "")


def _row(
    name: str, field: Schema, definitions: Mapping[str, Schema], *, required: bool, inherited: str
) -> FieldRow:
    core, may_be_null = _core(field, definitions)
    kind = _type(core, definitions)
    return FieldRow(
        name=name,
        meaning=field.get("description") or core.get("description", ""),
        type=f"{kind} or null" if may_be_null else kind,
        limits=tuple(_limits(core, definitions)),
        missing="" if required else _shown(field.get("default")),
        data_class=field.get("x-data-class") or core.get("x-data-class") or inherited,
    )


def _core(field: Schema, definitions: Mapping[str, Schema]) -> tuple[Schema, bool]:
    """The field's own schema behind `or null` and references, and whether it may be null."""
    choices = [one for one in field.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        return _resolved(choices[0], definitions), len(choices) < len(field["anyOf"])
    return _resolved(field, definitions), False


def _resolved(one: Schema, definitions: Mapping[str, Schema]) -> Schema:
    reference = one.get("$ref")
    return one if reference is None else definitions[reference.rpartition("/")[2]]


def _inner(field: Schema, definitions: Mapping[str, Schema]) -> tuple[Schema | None, bool]:
    core, _ = _core(field, definitions)
    listed = core.get("type") == "array"
    if listed:
        core = _resolved(core["items"], definitions)
    return (core if "properties" in core else None), listed


def _type(core: Schema, definitions: Mapping[str, Schema]) -> str:
    if core.get("type") == "array":
        entry = _type(_resolved(core["items"], definitions), definitions)
        return f"list of {_LISTED.get(entry, entry)}"
    if "enum" in core or "const" in core:
        return "code"
    if core.get("pattern") == _CODE_PATTERN:
        return "open code"
    return _FORMATS.get(core.get("format", ""), _PLAIN.get(core.get("type", ""), "text"))


def _limits(core: Schema, definitions: Mapping[str, Schema]) -> Iterator[str]:
    if "enum" in core:
        yield "one of " + ", ".join(f"`{value}`" for value in core["enum"])
    if "const" in core:
        yield f"always `{core['const']}`"
    if core.get("pattern") not in (None, _CODE_PATTERN):
        yield f"pattern `{core['pattern']}`"
    for least, most, unit in (("minimum", "maximum", ""), ("minItems", "maxItems", " entries")):
        yield from _between(core.get(least), core.get(most), unit)
    if "pattern" not in core and "format" not in core:
        yield from _between(core.get("minLength"), core.get("maxLength"), " characters")
    if core.get("type") == "array":
        for limit in _limits(_resolved(core["items"], definitions), definitions):
            yield f"each {limit}"


def _between(least: float | None, most: float | None, unit: str) -> Iterator[str]:
    if least is not None and most is not None:
        yield f"{least:g} to {most:g}{unit}"
    elif most is not None:
        yield f"at most {most:g}{unit}"
    elif least is not None:
        yield f"at least {least:g}{unit}"


def _shown(default: object) -> str:
    match default:
        case None:
            return "null"
        case True | False:
            return str(default).lower()
        case []:
            return "an empty list"
        case "":
            return "empty"
        case _:
            return str(default)

"""From the schema in a CustomResourceDefinition to a strict JSON Schema.

A definition says what an API server understands; it drops what it does not know without a word. Here unknown fields are refused,
wherever the definition itself does not keep them.
"""

from collections.abc import Iterator
from typing import Any, Final

_KEPT: Final = (
    "type", "required", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    "minProperties", "maxProperties", "uniqueItems",
)  # fmt: skip
_INNER: Final = ("allOf", "anyOf", "oneOf")


def schemas_in(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each served version as (`group/kind_version`, schema)."""
    spec = definition["spec"]
    for version in spec["versions"]:
        if version.get("served", True):
            name = f"{spec['group']}/{spec['names']['kind'].lower()}_{version['name']}"
            yield name, strict_root(version["schema"]["openAPIV3Schema"])


def strict_root(schema: dict[str, Any]) -> dict[str, Any]:
    """A whole object: what every object has is added, anything else beside it refused."""
    made = strict(schema)
    made["properties"] = {
        **made.get("properties", {}),
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object"},
    }
    made["additionalProperties"] = False
    return made


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without prose and defaults, closed where it does not say that it is open."""
    made: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    if schema.get("x-kubernetes-int-or-string"):
        made["type"] = ["integer", "string"]
    for key in _INNER:
        if key in schema:  # these narrow what stands beside them and must not close it again
            made[key] = [_open(one) for one in schema[key]]
    if "not" in schema:
        made["not"] = _open(schema["not"])
    if "items" in schema:
        made["items"] = strict(schema["items"])
    if "properties" in schema:
        made["properties"] = {name: strict(one) for name, one in schema["properties"].items()}
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        made["additionalProperties"] = strict(others)
    elif others is None and "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        made["additionalProperties"] = False
    if schema.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def _open(schema: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    for key in _INNER:
        if key in schema:
            made[key] = [_open(one) for one in schema[key]]
    if "not" in schema:
        made["not"] = _open(schema["not"])
    if "properties" in schema:
        made["properties"] = {name: _open(one) for name, one in schema["properties"].items()}
    return made

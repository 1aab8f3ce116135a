"""What a service's OpenAPI document leaves unsaid: fields of bodies and parameters without a word of what they mean."""

from collections.abc import Iterator
from typing import Any


def undescribed(document: dict[str, Any]) -> list[str]:
    """Where each of them stands."""
    return [*_fields(document, "#"), *_parameters(document)]


def _fields(part: Any, where: str) -> Iterator[str]:
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from _fields(one, f"{where}/{number}")
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if name in ("example", "examples", "default"):
            continue
        if name == "properties" and isinstance(value, dict):
            for field, schema in value.items():
                if not schema.get("description", "").strip():
                    yield f"{where}/{field}"
        yield from _fields(value, f"{where}/{name}")


def _parameters(document: dict[str, Any]) -> Iterator[str]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for one in operation.get("parameters", ()):
                if not one.get("description", "").strip():
                    yield f"{method.upper()} {path}: {one['name']}"

"""The headers of a record, read off the published schema of the headers."""

from dataclasses import dataclass

from ...headers import headers_schema


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """One header: what it holds, and whether every record has it."""

    name: str
    meaning: str
    always: bool


def header_rows() -> tuple[HeaderRow, ...]:
    """The headers in the order in which they are written."""
    schema = headers_schema(view="producers")
    return tuple(
        HeaderRow(name, one["description"], name in schema["required"])
        for name, one in schema["properties"].items()
    )

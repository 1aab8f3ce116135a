"""What is wrong with input, field by field, in words that say how to mend it. Never the input itself, nor a name of our code.

The checks are pydantic's; the words are ours, since whoever sends a form has never heard of a model or a union.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

Error = Mapping[str, Any]
Place = tuple[int | str, ...]

BODY: Final = "body"
_CODE: Final = re.compile(r"[A-Z]\w*|.*[\[(].*")
"""A part of a place that is a class or a wrapper of ours: fields have names in small letters."""

_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: "this is missing; add it",
    "extra_forbidden": lambda _: "there is no such field here; check the spelling or leave it out",
    "json_invalid": lambda facts: f"this is not JSON: {facts.get('error', 'it cannot be read')}",
    "string_type": lambda _: "a text is expected, in quotation marks",
    "string_too_long": lambda facts: f"at most {facts['max_length']} characters are taken; shorten it",
    "string_too_short": lambda facts: (
        "write something here"
        if facts["min_length"] == 1
        else f"at least {facts['min_length']} characters are expected"
    ),
    "string_pattern_mismatch": lambda _: (
        "this has not the form that the field takes; the OpenAPI document describes it"
    ),
    "string_unicode": lambda _: "this text is not valid Unicode",
    "literal_error": lambda facts: f"choose one of {facts['expected']}",
    "enum": lambda facts: f"choose one of {facts['expected']}",
    "bool_type": lambda _: "true or false is expected",
    "bool_parsing": lambda _: "true or false is expected",
    "int_type": lambda _: "a whole number is expected",
    "int_parsing": lambda _: "a whole number is expected",
    "int_parsing_size": lambda _: "this number is too large",
    "int_from_float": lambda _: "a whole number is expected",
    "greater_than_equal": lambda facts: f"{facts['ge']} or more is expected",
    "greater_than": lambda facts: f"more than {facts['gt']} is expected",
    "less_than_equal": lambda facts: f"{facts['le']} or less is expected",
    "less_than": lambda facts: f"less than {facts['lt']} is expected",
    "too_long": lambda facts: f"at most {facts['max_length']} entries are taken",
    "too_short": lambda facts: f"at least {facts['min_length']} entries are expected",
    "none_required": lambda _: "leave this out, or null",
    "timezone_aware": lambda _: "an instant with its time zone is expected, such as 2026-09-07T12:00:00Z",
}
_FAMILIES: Final[Sequence[tuple[str, str]]] = (
    ("date_from", "a date is expected, such as 2026-09-07"),
    ("datetime_", "an instant is expected, such as 2026-09-07T12:00:00Z"),
    ("timezone_", "an instant with its time zone is expected, such as 2026-09-07T12:00:00Z"),
    ("date_", "a date is expected, such as 2026-09-07"),
    ("uuid_", "an id is expected, such as 0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"),
    ("list_type", "a list is expected, in [ ]"),
    ("tuple_type", "a list is expected, in [ ]"),
    ("set_type", "a list is expected, in [ ]"),
    ("dict_type", "an object is expected, in { }"),
    ("model_", "an object is expected, in { }"),
    ("dataclass_", "an object is expected, in { }"),
    ("union_tag", "this is none of the kinds that the field takes; the OpenAPI document lists them"),
)


class Misfit(ValueError):
    """A rule that spans several fields is broken. `field` is the one to mend, by its name beside the rule."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def mends(errors: Sequence[Error]) -> list[dict[str, str]]:
    """A line per field: `{"field", "message"}`. Of the shapes that a field may take, only the one that came closest is spoken of."""
    found = {(_name(error), _words(error)): None for error in _closest(errors)}
    return [{"field": name, "message": message} for name, message in found]


def _closest(errors: Sequence[Error]) -> list[Error]:
    shapes: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for error in errors:
        for at, shape in _shapes(error["loc"]):
            shapes[at][shape] += 1
    chosen = {at: min(of, key=lambda shape: of[shape]) for at, of in shapes.items()}
    return [error for error in errors if all(chosen[at] == shape for at, shape in _shapes(error["loc"]))]


def _shapes(place: Place) -> list[tuple[Place, str]]:
    return [
        (place[:index], part)
        for index, part in enumerate(place)
        if isinstance(part, str) and _CODE.fullmatch(part)
    ]


def _name(error: Error) -> str:
    parts = [str(part) for part in error["loc"] if not (isinstance(part, str) and _CODE.fullmatch(part))]
    if parts[:1] in ([BODY], ["query"], ["path"], ["header"], ["cookie"]):
        parts = parts[1:]  # where FastAPI found it
    if error["type"] == "json_invalid":
        parts = []
    if isinstance(misfit := error.get("ctx", {}).get("error"), Misfit):
        parts.append(misfit.field)
    return ".".join(parts) or BODY


def _words(error: Error) -> str:
    kind, facts = str(error["type"]), error.get("ctx", {})
    if kind in ("value_error", "assertion_error"):
        return str(facts.get("error", "this does not fit"))
    if kind == "string_pattern_mismatch" and error["loc"][-1:] == ("email",):
        return "an e-mail address is expected, such as navn@eksempel.dk"
    if kind in _WORDS:
        return _WORDS[kind](facts)
    for family, words in _FAMILIES:
        if kind.startswith(family):
            return words
    return str(error["msg"])

"""Reading JSON that others wrote: each value has a kind, each problem becomes a sentence, nothing is echoed.

A Reader stands for one object of the text. A value of the wrong kind is reported once and replaced by an empty one, so
that reading goes on to the next problem; whoever reads must look at the problems before using what was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, TypeVar

from ipraktik_matching.puzzle.pieces import Window

Instead = TypeVar("Instead")

MOST_VALUES: Final = 8_000_000
"""Counted before anything is read: many small values take far more memory than their text."""

_NO_WINDOW = (date.min, date.min)


def read_object(text: str | bytes, name: str, problems: list[str]) -> Reader | None:
    """The object that is the whole text, or None (and a problem) where the text is no JSON object."""
    if text.count(b"," if isinstance(text, bytes) else ",") > MOST_VALUES:  # type: ignore[arg-type]  # its own kind of text
        problems.append(f"{name}: this holds more than {MOST_VALUES} values; no edition is that large.")
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        problems.append(f"{name}: this is not JSON in UTF-8.")
        return None
    if not isinstance(value, dict):
        problems.append(f"{name}: expected an object.")
        return None
    return Reader(value, name, problems)


class Reader:
    """One object: ask for each key by its kind, then `finish`."""

    def __init__(self, values: dict[str, Any], name: str, problems: list[str]) -> None:
        self._values = values
        self._name = name
        self._problems = problems
        self._asked: set[str] = set()

    def expect(self, key: str, version: int) -> None:
        """A whole number that must be this one."""
        if self.whole(key) != version:
            self._problems.append(f"{self._name}.{key}: this program reads format {version}.")

    def has(self, key: str) -> bool:
        """Whether the key is there, for the few that may be left out."""
        return key in self._values

    def text(self, key: str) -> str:
        """A text."""
        value = self._value(key)
        return value if isinstance(value, str) else self._wrong(key, "a text", "")

    def text_or_none(self, key: str) -> str | None:
        """A text or null."""
        return None if self._value(key) is None and key in self._values else self.text(key)

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self._value(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self._wrong(key, "a whole number", 0)

    def truth(self, key: str) -> bool:
        """True or false."""
        value = self._value(key)
        return value if isinstance(value, bool) else self._wrong(key, "true or false", False)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value(key)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        return self._wrong(key, "a list of texts", ())

    def table(self, key: str) -> dict[str, str]:
        """An object whose values are texts."""
        value = self._value(key)
        if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
            return value
        return self._wrong(key, "an object of texts", {})

    def numbers(self, key: str) -> dict[str, int]:
        """An object whose values are whole numbers."""
        inner = self.inner(key)
        return {name: inner.whole(name) for name in inner._values}

    def lists_of_texts(self, key: str, length: int) -> list[list[str]]:
        """A list of lists of so many texts."""
        value = self._value(key)
        if isinstance(value, list) and all(_is_texts(row, length) for row in value):
            return value
        return self._wrong(key, f"a list of lists of {length} texts", [])

    def window(self, key: str) -> Window:
        """A first and a last date."""
        window = _window(self._value(key))
        return window or self._wrong(key, "a first and a last date, each as YYYY-MM-DD", _NO_WINDOW)

    def windows(self, key: str) -> list[Window]:
        """A list of first and last dates."""
        value = self._value(key)
        windows = [_window(one) for one in value] if isinstance(value, list) else [None]
        good = [window for window in windows if window]
        if len(good) < len(windows):
            return self._wrong(key, "a list of first and last dates, each as YYYY-MM-DD", [])
        return good

    def inner(self, key: str) -> Reader:
        """An object."""
        value = self._value(key)
        inner = value if isinstance(value, dict) else self._wrong(key, "an object", {})
        return Reader(inner, f"{self._name}.{key}", self._problems if isinstance(value, dict) else [])

    def rows(self, key: str) -> Iterator[Reader]:
        """A list of objects."""
        value = self._value(key)
        if not isinstance(value, list):
            self._wrong(key, "a list", None)
            return
        for number, row in enumerate(value):
            if isinstance(row, dict):
                yield Reader(row, f"{key}[{number}]", self._problems)
            else:
                self._wrong(f"{key}[{number}]", "an object", None)

    def many(self, key: str) -> int:
        """How many rows a list has, before any is read; what is no list has none."""
        value = self._values.get(key)
        return len(value) if isinstance(value, list) else 0

    def finish(self) -> None:
        """Report the keys that nobody asked for: mostly a misspelt one."""
        for key in sorted(self._values.keys() - self._asked):
            self._problems.append(f"{self._name}: there is no key {key[:40]!r} here.")

    def _value(self, key: str) -> Any:
        self._asked.add(key)
        return self._values.get(key)

    def _wrong(self, key: str, expected: str, instead: Instead) -> Instead:
        self._problems.append(f"{self._name}.{key}: expected {expected}.")
        return instead


def _window(value: object) -> Window | None:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(day, str) for day in value):
        return None
    try:
        first, last = (date.fromisoformat(day) for day in value)
    except ValueError:
        return None
    return (first, last)


def _is_texts(row: object, length: int) -> bool:
    return isinstance(row, list) and len(row) == length and all(isinstance(one, str) for one in row)

"""The delivery promise, read from its text: sentences by subject, each with the tests that hold it, and what is not promised.

A sentence without a test is no promise: reading one is an error, and a test walks all of them to see that each named test is there.
"""

import re
from dataclasses import dataclass
from typing import Final

from .rendering import text_file

_SUBJECT: Final = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_POINT: Final = re.compile(r"^- ", re.MULTILINE)
_TEST: Final = re.compile(r"^  - (?P<test>\S+)$", re.MULTILINE)


class NoPromise(ValueError):
    """A sentence of the promise names no test."""


@dataclass(frozen=True, slots=True)
class Promised:
    """One sentence, as markdown, and the tests behind it as `file::name`."""

    sentence: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences on one subject."""

    title: str
    sentences: tuple[Promised, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """All that is promised, and what is not."""

    parts: tuple[Part, ...]
    not_promised: tuple[str, ...]


def promise(text: str | None = None) -> Promise:
    """The promise as its text has it. Raises NoPromise."""
    pieces = _SUBJECT.split(text_file("promise.md") if text is None else text)
    subjects = list(zip(pieces[1::2], pieces[2::2], strict=True))
    _, last = subjects.pop()
    return Promise(
        tuple(Part(title, tuple(_promised(point) for point in _points(body))) for title, body in subjects),
        tuple(_sentence(point) for point in _points(last)),
    )


def _points(body: str) -> list[str]:
    return _POINT.split(body)[1:]


def _promised(point: str) -> Promised:
    tests = tuple(_TEST.findall(point))
    sentence = _sentence(_TEST.sub("", point))
    if not tests:
        raise NoPromise(f"no test holds this: {sentence}")
    return Promised(sentence, tests)


def _sentence(point: str) -> str:
    return " ".join(point.split())

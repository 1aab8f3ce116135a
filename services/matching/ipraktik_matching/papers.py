"""A run's puzzle and plan as they are kept: in two pieces each, so that the version before this one can read the first.

It refuses words that it does not know. What a puzzle holds beyond its words lies `beside` it, and a plan's certificate apart. Put
together again each is the engine's text to the last byte, since both are canonical.
"""

import json
from typing import Any, Final

from ipraktik_matching.puzzle.format import canonical

KNOWN_BEFORE: Final = frozenset(
    {"format", "interns", "hosts", "dates", "fixed", "forbidden", "pinned", "region_of", "group_of"}
)
"""The words of a puzzle that the version before this one reads."""


def split_puzzle(text: str) -> tuple[str, str | None]:
    """What every version reads, and what lies beside it, if anything does."""
    told: dict[str, Any] = json.loads(text)
    beside = {name: value for name, value in told.items() if name not in KNOWN_BEFORE}
    if not beside:
        return text, None
    return canonical({name: value for name, value in told.items() if name in KNOWN_BEFORE}), canonical(beside)


def whole_puzzle(text: str, beside: str | None) -> str:
    """The puzzle that the engine was given."""
    return text if beside is None else canonical({**json.loads(text), **json.loads(beside)})


def split_plan(text: str) -> tuple[str, str | None]:
    """The plan, and its certificate, if it has one."""
    told: dict[str, Any] = json.loads(text)
    certificate = told.pop("certificate", None)
    return (text, None) if certificate is None else (canonical(told), canonical(certificate))


def whole_plan(text: str, certificate: str | None) -> str:
    """The plan as the checker wants it."""
    return (
        text
        if certificate is None
        else canonical({**json.loads(text), "certificate": json.loads(certificate)})
    )

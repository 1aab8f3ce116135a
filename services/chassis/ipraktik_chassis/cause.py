"""Because of what something happens: correlation, causation and the W3C trace, carried from request or record to events and logs."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_current: ContextVar["Cause | None"] = ContextVar("cause", default=None)


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event names as its origin: the chain (correlation), the step before (causation), the trace."""

    correlation_id: str
    causation_id: str | None
    traceparent: str
    parent_id: str | None = None
    """The step before in the trace, where it began elsewhere."""


@dataclass(frozen=True, slots=True)
class TraceParts:
    """What a traceparent says."""

    trace_id: str
    span_id: str
    sampled: bool


def parts_of(traceparent: str | None) -> TraceParts | None:
    """The parts of a valid one."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    return TraceParts(match[1], match[2], bool(int(match[3], 16) & 1)) if match else None


def new_cause(
    *, correlation_id: str | None = None, causation_id: str | None = None, parent: str | None = None
) -> Cause:
    """A cause for a new step; it continues the parent's trace where there is a valid one."""
    match = _TRACEPARENT.fullmatch(parent or "")
    known = match is not None and set(match[1]) != {"0"}
    trace_id = match[1] if match and known else secrets.token_hex(16)
    flags = match[3] if match else "01"
    return Cause(
        correlation_id=correlation_id or trace_id,
        causation_id=causation_id,
        traceparent=f"00-{trace_id}-{secrets.token_hex(8)}-{flags}",
        parent_id=match[2] if match and known else None,
    )


def current_cause() -> Cause | None:
    """The cause of what runs now, if anything set one."""
    return _current.get()


@contextmanager
def because_of(cause: Cause) -> Iterator[Cause]:
    """Everything inside happens because of this cause."""
    token = _current.set(cause)
    try:
        yield cause
    finally:
        _current.reset(token)

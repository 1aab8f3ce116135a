"""Traces: what was done because of what, as spans with the ids that causes and events carry anyway.

Off unless an address is set, and then it costs a comparison. Invariants: a span's own id is the one that the step's events and logs name, so
a trace is whole across Kafka without anybody asking anybody; attributes are kinds, codes, counts and route templates, never an id of a
person, an address or a text. A trace that whoever began it does not want sampled is not recorded.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .cause import Cause, parts_of
from .clock import machine_nanoseconds

SERVER: Final = 2
CLIENT: Final = 3
PRODUCER: Final = 4
CONSUMER: Final = 5
INTERNAL: Final = 1
"""Kinds as OpenTelemetry numbers them."""

Attributes = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Span:
    """One step, when it is over. Times are real, in nanoseconds since 1970."""

    name: str
    kind: int
    trace_id: str
    span_id: str
    parent_id: str | None
    started: int
    ended: int
    attributes: Attributes
    failed: bool = False


_take: Callable[[Span], None] | None = None


def begin(take: Callable[[Span], None]) -> None:
    """From now on hand spans to this."""
    global _take  # noqa: PLW0603 - one process, one place where spans go
    _take = take


def end() -> None:
    """Record no more."""
    global _take  # noqa: PLW0603 - as above
    _take = None


def active() -> bool:
    """Whether anybody wants spans."""
    return _take is not None


def instant() -> int:
    """Now, for the beginning of a span."""
    return machine_nanoseconds()


def step(
    cause: Cause, name: str, *, kind: int, started: int, attributes: Attributes, failed: bool = False
) -> None:
    """Record the very step that a cause stands for: its id is what events and logs name."""
    parts = parts_of(cause.traceparent)
    if _take is not None and parts is not None and parts.sampled:
        _take(
            Span(
                name,
                kind,
                parts.trace_id,
                parts.span_id,
                cause.parent_id,
                started,
                instant(),
                attributes,
                failed,
            )
        )


def below(
    traceparent: str | None,
    name: str,
    *,
    kind: int,
    started: int,
    attributes: Attributes,
    failed: bool = False,
) -> None:
    """Record something that was done as part of a step, or because of an event that names it."""
    parts = parts_of(traceparent)
    if _take is not None and parts is not None and parts.sampled:
        span_id = secrets.token_hex(8)
        _take(
            Span(name, kind, parts.trace_id, span_id, parts.span_id, started, instant(), attributes, failed)
        )


def committed(said: Sequence[tuple[str, str]], *, started: int) -> None:
    """Record that events became true: the trace and the name of each."""
    for cause in dict.fromkeys(cause for cause, _ in said):
        names = [name for one, name in said if one == cause]
        told: Attributes = {
            "messaging.batch.message_count": len(names),
            "events": ",".join(sorted(set(names))),
        }
        below(cause, "commit outbox", kind=INTERNAL, started=started, attributes=told)


def header_of(packed: bytes) -> str | None:
    """The trace that a row of the outbox carries, as its headers are packed there."""
    _, found, rest = packed.partition(b"traceparent\0")
    return rest.partition(b"\0")[0].decode("latin-1") if found else None

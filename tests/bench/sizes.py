"""How much is measured. `SIZE` in the environment chooses: small shows that everything runs, its figures mean nothing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Repeats of each comparison, and how much one repeat does."""

    name: str
    repeats: int
    relay_rows: int
    consumer_events: int
    sign_up_seconds: float
    latency_seconds: float
    memory_sign_ups: int
    memory_events: int
    settle_seconds: float
    """How long a started process is left alone before its memory is read."""
    page_participants: int
    """What pages are measured at, beside a season's 142."""
    page_requests: int
    page_seconds: float
    operations_repeats: int
    """Of what starts, stops or breaks whole processes: takes its time, whatever is measured."""
    operations_sign_ups: int
    """A backlog for matching."""
    operations_mails: int
    """A backlog for the mail server that takes its time."""
    operations_waiting: int
    """What waits while something is away."""


SIZES = {
    size.name: size
    for size in (
        Size("small", 1, 2_000, 2_000, 1.0, 2.0, 100, 300, 0.5, 400, 10, 1.0, 1, 1_000, 150, 100),
        Size("normal", 3, 30_000, 30_000, 8.0, 10.0, 3_000, 6_000, 5.0, 20_000, 60, 6.0, 2, 4_000, 500, 300),
        Size("large", 5, 100_000, 100_000, 30, 40, 15_000, 30_000, 20, 20_000, 300, 20, 4, 9_000, 900, 900),
    )
}


def chosen_size(environment: Mapping[str, str] = os.environ) -> Size:
    """The size asked for. Leaves with a sentence where there is no such size."""
    name = environment.get("SIZE") or "normal"
    if name not in SIZES:
        raise SystemExit(f"SIZE={name}: there is {', '.join(SIZES)}")
    return SIZES[name]

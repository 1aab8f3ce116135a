"""The public types made ready for reading by the million: validator, schema address, and the lifecycle as a table to look up.

The table says exactly what `lifecycle.follow` says; a test holds the two together. Where state and type alone decide, an entry is
the next state; where a condition decides, it is the pairs (condition, next state).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ...events import Event
from ...lifecycle import LIFECYCLES, Lifecycle

Conditions = tuple[tuple[Callable[[Event], bool], str], ...]
After = Mapping[str | None, str | Conditions]


@dataclass(slots=True)
class Kind:
    """One public type as the proof reads it. `count` is how many first tellings of it were taken in."""

    event_class: type[Event]
    lifecycle: Lifecycle
    topic: str
    schema: bytes
    validate: Callable[..., Any]
    key: Callable[[Any], int]
    identity: Callable[[Any], Any]
    after: After
    count: int = 0

    @property
    def name(self) -> str:
        """The event's name."""
        return self.event_class.__name__


def public_kinds(namespace: str = "") -> dict[bytes, Kind]:
    """Every public type by its `ce_type`, with topics as they are called in the namespace."""
    return {
        event_class.ce_type().encode(): Kind(
            event_class=event_class,
            lifecycle=lifecycle,
            topic=namespace + lifecycle.topic,
            schema=event_class.schema_id().encode(),
            validate=event_class.__pydantic_validator__.validate_json,
            key=attrgetter(f"{lifecycle.key}.int"),
            identity=_identity(event_class),
            after=_after(event_class, lifecycle),
        )
        for lifecycle in LIFECYCLES
        for event_class in lifecycle.event_classes()
    }


def next_state(after: After, state: str | None, event: Event) -> str | None:
    """The state after the event; None where it may not come in this state."""
    found = after.get(state)
    if found is None or isinstance(found, str):
        return found
    return next((to for applies, to in found if applies(event)), None)


def _after(event_class: type[Event], lifecycle: Lifecycle) -> After:
    table: dict[str | None, str | Conditions] = {}
    for step in lifecycle.transitions:
        if step.event is not event_class:
            continue
        if step.when is None:
            table[step.before] = step.after
        else:
            earlier = table.get(step.before, ())
            if isinstance(earlier, str):
                raise ValueError(
                    f"{event_class.__name__} leads two ways from {step.before}, one without a condition"
                )
            table[step.before] = (*earlier, (step.when, step.after))
    return table


def _identity(event_class: type[Event]) -> Callable[[Any], Any]:
    """What every event of one aggregate repeats, as something that compares quickly."""
    if {"intern_id", "host_id", "group_id"} <= set(event_class.model_fields):
        return attrgetter("edition_id.int", "intern_id.int", "host_id.int", "group_id")
    return attrgetter("edition_id.int")

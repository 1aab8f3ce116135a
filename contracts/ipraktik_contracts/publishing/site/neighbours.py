"""What may come before and after an event, as its aggregate's states have it."""

from dataclasses import dataclass

from ...events import Event
from ...lifecycle import Lifecycle, NoLifecycle, lifecycle_of


@dataclass(frozen=True, slots=True)
class Following:
    """An event that may come next, and in which cases; none where it is always the same."""

    name: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One transition that the event makes. `came_by` are the events that lead into `before`."""

    before: str | None
    said: str
    after: str
    came_by: tuple[str, ...]
    follow: tuple[Following, ...]
    final: bool


def lifecycle_or_none(event_class: type[Event]) -> Lifecycle | None:
    """The lifecycle of the event; internal records have none."""
    try:
        return lifecycle_of(event_class)
    except NoLifecycle:
        return None


def steps_of(event_class: type[Event]) -> tuple[Step, ...]:
    """The transitions of the event, in the order of its lifecycle."""
    lifecycle = lifecycle_or_none(event_class)
    if lifecycle is None:
        return ()
    return tuple(
        Step(
            before=one.before,
            said=one.said,
            after=one.after,
            came_by=tuple(
                dict.fromkeys(
                    other.event.__name__
                    for other in lifecycle.transitions
                    if one.before is not None and other.after == one.before
                )
            ),
            follow=_following(lifecycle, one.after),
            final=one.after in lifecycle.finals,
        )
        for one in lifecycle.transitions
        if one.event is event_class
    )


def opens(event_class: type[Event]) -> bool:
    """Whether the event may be the first of its key."""
    return any(step.before is None for step in steps_of(event_class))


def _following(lifecycle: Lifecycle, state: str) -> tuple[Following, ...]:
    cases: dict[str, list[str]] = {}
    for step in lifecycle.steps_from(state):
        cases.setdefault(step.event.__name__, []).append(step.said)
    return tuple(Following(name, tuple(filter(None, said))) for name, said in cases.items())

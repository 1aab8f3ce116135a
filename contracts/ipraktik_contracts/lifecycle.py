"""What may follow what: the states of each public aggregate, and the one event behind every transition.

True to what the owning services decide; diagrams, the proof that a topic is legal and a subscriber's own table all go by it.
Invariants: every transition has exactly one event; for a state and an event exactly one transition applies, or none, and then
the event may not come there; every type on a public topic belongs to exactly one lifecycle. Internal records have none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from . import events
from .events import Event


class IllegalTransition(ValueError):
    """The event may not come in this state. `str()` names aggregate, state, event and what may come instead."""


class NoLifecycle(LookupError):
    """The type belongs to no lifecycle: internal records are messages, not steps of an aggregate."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One step. `before` is None where the aggregate is not there yet; `said` is the condition `when` in words."""

    event: type[Event]
    before: str | None
    after: str
    when: Callable[[Event], bool] | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one kind of aggregate. `finals` have no way out; `meanings` says each state in one sentence."""

    aggregate: str
    topic: str
    key: str
    transitions: tuple[Transition, ...]
    finals: frozenset[str]
    meanings: Mapping[str, str]

    def event_classes(self) -> tuple[type[Event], ...]:
        """The types of this aggregate, in the order in which they first appear."""
        return tuple(dict.fromkeys(step.event for step in self.transitions))

    def steps_from(self, state: str | None) -> tuple[Transition, ...]:
        """The transitions that leave the state."""
        return tuple(step for step in self.transitions if step.before == state)


def _self_found(event: Event) -> bool:
    return isinstance(event, events.MatchProposed) and event.origin == "self_found"


def _released(event: Event) -> bool:
    return isinstance(event, events.MatchProposed) and event.origin != "self_found"


def _both(event: Event) -> bool:
    return isinstance(event, events.MatchAccepted) and event.both


def _one(event: Event) -> bool:
    return isinstance(event, events.MatchAccepted) and not event.both


def _nothing_stands(event: Event) -> bool:
    return isinstance(event, events.AgreementLapsed) and event.standing_version is None


def _one_stands(event: Event) -> bool:
    return isinstance(event, events.AgreementLapsed) and event.standing_version is not None


def _last_run(event: Event) -> bool:
    return isinstance(event, events.MatchNotFound) and event.final


def _not_last_run(event: Event) -> bool:
    return isinstance(event, events.MatchNotFound) and not event.final


def _from_each(event: type[Event], *befores: str | None, to: str) -> tuple[Transition, ...]:
    return tuple(Transition(event, before, to) for before in befores)


EDITION: Final = Lifecycle(
    aggregate="edition",
    topic=events.EditionChanged.TOPIC,
    key="edition_id",
    transitions=_from_each(events.EditionChanged, None, "open", to="open"),
    finals=frozenset(),
    meanings={"open": "The edition is there; its newest frame holds. An edition has no event of its end."},
)

PARTICIPANT: Final = Lifecycle(
    aggregate="participant",
    topic=events.ParticipantRegistered.TOPIC,
    key="participant_id",
    transitions=(
        Transition(events.ParticipantRegistered, None, "registered"),
        Transition(events.ParticipantUpdated, "registered", "registered"),
        Transition(events.ParticipantWithdrawn, "registered", "withdrawn"),
        *_from_each(events.ParticipantErased, None, "registered", "withdrawn", to="erased"),
    ),
    finals=frozenset({"erased"}),
    meanings={
        "registered": "The sign-up is valid, with the body of its newest event.",
        "withdrawn": "The sign-up was taken back. It may still be erased.",
        "erased": "Everything personal is deleted, also of a sign-up that never became valid. The id never returns.",
    },
)

PLACEMENT: Final = Lifecycle(
    aggregate="placement",
    topic=events.MatchProposed.TOPIC,
    key="placement_id",
    transitions=(
        Transition(events.MatchProposed, None, "proposed", _released, "from a run that was released"),
        Transition(events.MatchProposed, None, "accepted", _self_found, "a self-found pair"),
        Transition(events.MatchAccepted, "proposed", "proposed", _one, "one has said yes"),
        Transition(events.MatchAccepted, "proposed", "accepted", _both, "both have said yes"),
        Transition(events.MatchDeclined, "proposed", "declined"),
        Transition(events.MatchExpired, "proposed", "expired"),
        *_from_each(events.MatchWithdrawn, "proposed", "accepted", to="withdrawn"),
        *_from_each(events.AgreementDrafted, "accepted", "drafted", to="drafted"),
        Transition(events.AgreementApproved, "drafted", "drafted"),
        Transition(events.AgreementRefused, "drafted", "drafted"),
        Transition(events.AgreementLapsed, "drafted", "lapsed", _nothing_stands, "no version stands"),
        *_from_each(events.AgreementSigned, "drafted", "amending", to="signed"),
        *_from_each(events.AgreementAmended, "signed", "amending", to="amending"),
        Transition(events.AgreementApproved, "amending", "amending"),
        Transition(events.AgreementRefused, "amending", "amending"),
        Transition(events.AgreementLapsed, "amending", "signed", _one_stands, "the signed version stands"),
        *_from_each(events.AgreementCancelled, "drafted", "signed", "amending", to="cancelled"),
        Transition(events.InternshipCompleted, "signed", "completed"),
        Transition(events.InternshipNotHeld, "signed", "not_held"),
    ),
    finals=frozenset(
        {"declined", "expired", "withdrawn", "lapsed", "cancelled", "completed", "not_held"},
    ),
    meanings={
        "proposed": "A proposal is out; intern and host are asked, and one of them may have said yes.",
        "accepted": "Both have said yes. The first draft of the agreement follows at once.",
        "drafted": "A version of the agreement waits for three approvals; nothing is signed.",
        "signed": "All three parties have approved the same version. It stands.",
        "amending": "A version is signed and stands; a newer one waits for three approvals.",
        "completed": "The stay took place.",
        "not_held": "The stay was agreed and did not take place.",
        "declined": "A party said no to the proposal.",
        "expired": "The time to answer the proposal ran out.",
        "withdrawn": "The proposal was taken back before there was a draft.",
        "lapsed": "The time to approve ran out with nothing signed.",
        "cancelled": "The agreement, signed or not, was called off before the stay.",
    },
)

SEARCH: Final = Lifecycle(
    aggregate="search",
    topic=events.MatchNotFound.TOPIC,
    key="participant_id",
    transitions=tuple(
        Transition(events.MatchNotFound, before, after, when, said)
        for before in (None, "no_place_yet", "no_place")
        for after, when, said in (
            ("no_place_yet", _not_last_run, "a further run is meant"),
            ("no_place", _last_run, "no further run is meant"),
        )
    ),
    # A coordinator may make a further run after all, so "no place" is the last word only as far as anybody plans.
    finals=frozenset(),
    meanings={
        "no_place_yet": "A released run had no place for this intern; a further run is meant to follow.",
        "no_place": "A released run had no place for this intern, and no further one is meant to follow.",
    },
)

EVALUATION: Final = Lifecycle(
    aggregate="evaluation",
    topic=events.EvaluationRequested.TOPIC,
    key="evaluation_id",
    transitions=(
        Transition(events.EvaluationRequested, None, "requested"),
        Transition(events.EvaluationSubmitted, "requested", "submitted"),
        Transition(events.EvaluationExpired, "requested", "expired"),
    ),
    finals=frozenset({"submitted", "expired"}),
    meanings={
        "requested": "A party is asked and may answer until answer_by.",
        "submitted": "The party has answered.",
        "expired": "The time to answer ran out.",
    },
)

REPORT: Final = Lifecycle(
    aggregate="report",
    topic=events.ReportPublished.TOPIC,
    key="edition_id",
    transitions=_from_each(events.ReportPublished, None, "published", to="published"),
    finals=frozenset(),
    meanings={"published": "The edition's report is out; its highest revision holds."},
)

LIFECYCLES: Final[tuple[Lifecycle, ...]] = (EDITION, PARTICIPANT, PLACEMENT, SEARCH, EVALUATION, REPORT)
_BY_CLASS: Final[Mapping[type[Event], Lifecycle]] = {
    event_class: lifecycle for lifecycle in LIFECYCLES for event_class in lifecycle.event_classes()
}


def lifecycle_of(event_class: type[Event]) -> Lifecycle:
    """The lifecycle that the type belongs to. Raises NoLifecycle for internal records."""
    lifecycle = _BY_CLASS.get(event_class)
    if lifecycle is None:
        raise NoLifecycle(f"{event_class.__name__} is a message, not a step of an aggregate")
    return lifecycle


def follow(lifecycle: Lifecycle, state: str | None, event: Event) -> str:
    """The state after the event. Raises IllegalTransition where it may not come in this state."""
    for step in lifecycle.transitions:
        if step.before == state and step.event is type(event) and (step.when is None or step.when(event)):
            return step.after
    where = "as the first event" if state is None else f"while it is {state}"
    allowed = list(dict.fromkeys(_named(step) for step in lifecycle.steps_from(state)))
    may = " or ".join(allowed) if allowed else "nothing more"
    raise IllegalTransition(
        f"{lifecycle.aggregate}: {type(event).__name__} may not come {where}; there may come {may}"
    )


def _named(step: Transition) -> str:
    return f"{step.event.__name__} ({step.said})" if step.said else step.event.__name__

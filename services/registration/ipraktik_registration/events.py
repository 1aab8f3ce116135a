"""What registration listens to: the course of placements and evaluations, for the person's own overview."""

from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_contracts.events import MatchNotFound
from ipraktik_registration.usecases.note_progress import (
    EVALUATION_STATES,
    PLACEMENT_STATES,
    note_evaluation,
    note_no_place,
    note_placement,
)


def subscriptions() -> Subscriptions:
    """Event to use case."""
    listens = Subscriptions()
    for placement_event in PLACEMENT_STATES:
        listens.on(placement_event, note_placement)
    for evaluation_event in EVALUATION_STATES:
        listens.on(evaluation_event, note_evaluation)
    listens.on(MatchNotFound, note_no_place)
    return listens

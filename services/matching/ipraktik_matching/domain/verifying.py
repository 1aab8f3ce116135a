"""What a fingerprint is worth now: whether the version it is of holds, waits, was replaced, or has come to nothing."""

from typing import Literal

from ipraktik_matching.domain.placement import OUT, Placement

Standing = Literal["valid", "waiting", "replaced", "not_approved", "called_off", "not_held"]


def standing_of(placement: Placement, *, number: int, signed: bool) -> Standing:
    """How the version of that number stands. `signed`: all three have approved it at some time."""
    standing, draft = placement.standing, placement.draft
    if standing is not None and number < standing.number:
        return "replaced"
    if standing is not None and number == standing.number and signed:
        if placement.state in OUT:
            return "called_off"
        return "not_held" if placement.state == "not_held" else "valid"
    if placement.state == "lapsed":
        return "not_approved"
    if placement.state in OUT:
        return "called_off"
    if draft is not None and number == draft.number and placement.state in ("drafted", "signed"):
        return "waiting"
    return "replaced" if draft is not None and number < draft.number else "not_approved"

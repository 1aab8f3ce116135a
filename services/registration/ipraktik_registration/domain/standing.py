"""Where a sign-up that counts stands right now, as one code: what a person's page says before anything else.

What others wait for from this party comes first. Without that it is the placement furthest on that tells, so that the words and the
mark among the stages never say different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from ipraktik_registration.domain.course import (
    LIVE,
    STAGES,
    Act,
    Evaluation,
    Party,
    Placement,
    asked,
    stage_of,
    tasks,
)

Code = Literal[
    "several",
    "answer",
    "approve",
    "approve_change",
    "mend",
    "evaluate",
    "searching",
    "still_searching",
    "no_place",
    "over",
    "proposed",
    "accepted",
    "approved",
    "late",
    "agreed",
    "stay",
    "ended",
    "completed",
    "thanks",
]
_DOING: Final[dict[Act, Code]] = {
    "answer": "answer",
    "approve": "approve",
    "mend": "mend",
    "evaluate": "evaluate",
}
SEARCHING: Final[frozenset[Code]] = frozenset({"searching", "still_searching"})
"""A place is looked for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands. `parties` are who is waited for, `day` the first of a stay, `n` how many things wait for this party."""

    code: Code
    parties: tuple[Party, ...] = ()
    day: date | None = None
    n: int = 0


def standing(
    *,
    party: Party,
    placements: Sequence[Placement],
    evaluations: Sequence[Evaluation],
    no_place: bool | None,
    last_day: date,
    now: datetime,
    today: date,
) -> Standing:
    """Where a registered sign-up stands for this party.

    `no_place` is what the runs have said: True for the last time, False so far, None nothing. `last_day` is the edition's.
    """
    found = tasks(party=party, placements=placements, evaluations=evaluations, now=now, today=today)
    must = [one for one in found if one.must]
    if len(must) > 1:
        return Standing("several", n=len(must))
    if must:
        changed = any(one.placement_id == must[0].about_id and one.agreed for one in placements)
        return Standing("approve_change" if must[0].act == "approve" and changed else _DOING[must[0].act])
    live = [one for one in placements if one.state in LIVE]
    if live:
        furthest = max(live, key=lambda one: STAGES.index(stage_of(one)))
        return _of(furthest, party=party, evaluations=evaluations, today=today)
    if no_place:
        return Standing("no_place")
    if today > last_day:
        return Standing("over")
    return Standing("searching" if no_place is None else "still_searching")


def _of(placement: Placement, *, party: Party, evaluations: Sequence[Evaluation], today: date) -> Standing:
    """Where a placement stands that wants nothing from this party."""
    if placement.state == "completed":
        answered = any(one.state == "submitted" for one in evaluations)
        return Standing("thanks" if answered else "completed")
    first, last = placement.first_day, placement.last_day
    if placement.agreed and first and today >= first:
        return Standing("ended" if last and today > last else "stay")
    missing = asked(placement)
    if party in missing:  # it is too late, and what follows from that is not heard yet
        return Standing("late")
    if missing:
        return Standing("proposed" if placement.state == "proposed" else "approved", parties=missing)
    return Standing("agreed", day=first) if placement.agreed and first else Standing("accepted")

"""How far a sign-up has come, told from what was heard: what this person can do now, whom others wait for, what has happened.

Pure decisions over entries. Others decide about placements and evaluations; what they have not said yet is not known here, so a
task may stand a moment after it was done. Invariants: nobody is asked for what is known to be answered; an answer belongs to the
version of the agreement it was given to; a state that has ended asks for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

Party = Literal["intern", "manager", "host"]
Stage = Literal["signed_up", "proposal", "agreement", "stay", "evaluation"]
STAGES: Final[tuple[Stage, ...]] = ("signed_up", "proposal", "agreement", "stay", "evaluation")
Act = Literal["answer", "approve", "mend", "needs", "stay", "evaluate"]

_ANSWERING: Final[tuple[Party, ...]] = ("intern", "host")
_APPROVING: Final[tuple[Party, ...]] = ("intern", "manager", "host")
_PUT_UP: Final = ("AgreementDrafted", "AgreementAmended")
_BECOMES: Final[dict[str, str]] = {
    "MatchProposed": "proposed",
    "MatchDeclined": "declined",
    "MatchExpired": "expired",
    "MatchWithdrawn": "withdrawn",
    "AgreementDrafted": "drafted",
    "AgreementRefused": "refused",
    "AgreementSigned": "signed",
    "AgreementAmended": "amended",
    "AgreementLapsed": "lapsed",
    "AgreementCancelled": "cancelled",
    "InternshipCompleted": "completed",
    "InternshipNotHeld": "not_held",
}
"""Where an event leads whatever came before it. The rest needs the history: one yes of two, an approval of three."""
SELF_FOUND: Final = "self_found"
STANDING: Final = "standing"
"""Notes of entries: the pair was found by itself; an older version of the agreement stands."""
_STAGE_OF: Final[dict[str, Stage]] = {
    "proposed": "proposal",
    "accepted": "proposal",
    "drafted": "agreement",
    "refused": "agreement",
    "signed": "stay",
    "amended": "stay",
    "completed": "evaluation",
}
LIVE: Final = frozenset(_STAGE_OF)
"""States of a placement that has not come to nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was heard about a placement, an evaluation or a search. `kind` is the event's name, `note` a code."""

    about_id: UUID
    sequence: int
    kind: str
    at: datetime
    party: Party | None = None
    version: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    respond_by: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement of this person, with what was heard of it, in order."""

    placement_id: UUID
    state: str
    first_day: date | None
    last_day: date | None
    respond_by: datetime | None
    other_organisation: str
    entries: tuple[Entry, ...] = ()

    @property
    def agreed(self) -> bool:
        """Whether a version of the agreement stands, whatever is being changed in it."""
        return self.state in LIVE and (
            self.state in ("signed", "amended") or any(one.kind == "AgreementSigned" for one in self.entries)
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation that this person was asked for."""

    evaluation_id: UUID
    placement_id: UUID
    wave: str
    state: str
    respond_by: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something that this person can do now, about a placement or an evaluation. `must`: others wait for it."""

    act: Act
    about_id: UUID
    other_organisation: str = ""
    until: datetime | None = None
    must: bool = True
    wave: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Others who are waited for: to answer a proposal, to approve an agreement, or for the first day."""

    act: Act
    about_id: UUID
    parties: tuple[Party, ...]
    until: datetime | None = None
    day: date | None = None
    other_organisation: str = ""


def as_heard(placement: Placement) -> Placement:
    """The placement as its whole history tells. Where the beginning is not known, it stays as it was."""
    if not placement.entries or placement.entries[0].sequence != 1:
        return placement
    state, respond_by = placement.state, None
    accepted: set[Party | None] = set()
    for one in placement.entries:
        state = _BECOMES.get(one.kind, state)
        if one.kind == "MatchProposed" and one.note == SELF_FOUND:
            state = "accepted"
        elif one.kind == "MatchAccepted":
            accepted.add(one.party)
            state = "accepted" if accepted.issuperset(_ANSWERING) else state
        elif one.kind == "AgreementLapsed" and one.note == STANDING:
            state = "signed"
        if one.kind not in ("MatchAccepted", "AgreementApproved"):
            respond_by = one.respond_by
    if state == "accepted":
        respond_by = None
    return replace(placement, state=state, respond_by=respond_by)


def asked(placement: Placement) -> tuple[Party, ...]:
    """Who has not answered what the placement waits for, as far as is known."""
    if placement.state == "proposed":
        said = {one.party for one in placement.entries if one.kind == "MatchAccepted"}
        return tuple(party for party in _ANSWERING if party not in said)
    if placement.state in ("drafted", "amended"):
        version = standing_version(placement)
        said = {
            one.party
            for one in placement.entries
            if one.kind == "AgreementApproved" and one.version == version
        }
        return tuple(party for party in _APPROVING if party not in said)
    return ()


def standing_version(placement: Placement) -> int | None:
    """The version that was put up last; None where none is known."""
    return next((one.version for one in reversed(placement.entries) if one.kind in _PUT_UP), None)


def tasks(
    *,
    party: Party,
    placements: Sequence[Placement],
    evaluations: Sequence[Evaluation],
    now: datetime,
    today: date,
) -> list[Task]:
    """What this party can do now: what others wait for first, by deadline."""
    found: list[Task] = []
    for one in placements:
        found += _tasks_of(one, party=party, now=now, today=today)
    others = {one.placement_id: one.other_organisation for one in placements}
    found += [
        Task(
            "evaluate",
            one.evaluation_id,
            other_organisation=others.get(one.placement_id, ""),
            until=one.respond_by,
            wave=one.wave,
        )
        for one in evaluations
        if one.state == "requested" and one.respond_by > now
    ]
    return sorted(found, key=lambda task: (not task.must, task.until is None, task.until or now, task.act))


def _tasks_of(placement: Placement, *, party: Party, now: datetime, today: date) -> list[Task]:
    in_time = placement.respond_by is None or placement.respond_by > now

    def task(act: Act, *, until: datetime | None = None, must: bool = True) -> Task:
        return Task(
            act,
            placement.placement_id,
            other_organisation=placement.other_organisation,
            until=until,
            must=must,
        )

    found = [task("mend")] if placement.state == "refused" else []
    if party in asked(placement) and in_time:
        found.append(
            task("answer" if placement.state == "proposed" else "approve", until=placement.respond_by)
        )
    if placement.agreed and placement.first_day and placement.state != "completed":
        if today >= placement.first_day:
            # silence counts as held, so nobody must say anything
            found.append(task("stay", must=False))
        elif party != "manager":
            found.append(task("needs", must=False))
    return found


def waits(*, party: Party, placements: Sequence[Placement], today: date) -> list[Wait]:
    """Whom this party waits for."""
    found: list[Wait] = []
    for one in placements:
        others = tuple(each for each in asked(one) if each != party)
        if others:
            found.append(
                Wait(
                    "answer" if one.state == "proposed" else "approve",
                    one.placement_id,
                    others,
                    until=one.respond_by,
                    other_organisation=one.other_organisation,
                )
            )
        if one.agreed and one.first_day and today < one.first_day and one.state != "completed":
            found.append(
                Wait(
                    "stay", one.placement_id, (), day=one.first_day, other_organisation=one.other_organisation
                )
            )
    return found


def stage_of(placement: Placement) -> Stage:
    """The stage of a placement that is live."""
    return "stay" if placement.agreed and placement.state != "completed" else _STAGE_OF[placement.state]


def stage(
    *, registered: bool, placements: Sequence[Placement], evaluations: Sequence[Evaluation]
) -> Stage | None:
    """The stage the sign-up is in: that of its placement furthest on. None where the last stage is behind as well."""
    if not registered:
        return "signed_up"
    reached = [stage_of(one) for one in placements if one.state in LIVE]
    if not reached:
        return "proposal"
    furthest = max(reached, key=STAGES.index)
    if furthest == "evaluation" and evaluations and all(one.state != "requested" for one in evaluations):
        return None
    return furthest

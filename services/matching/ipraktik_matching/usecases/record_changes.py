"""Every change of placements ends here: state, history and events become true together, and companions are freed together.

The caller has locked the placements with their companions and gives all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts import events
from ipraktik_contracts.events import PlacementEvent
from ipraktik_matching.domain import facts
from ipraktik_matching.domain.leaving import companion_leaves
from ipraktik_matching.domain.needs import deleted_at
from ipraktik_matching.domain.placement import OUT, Change, Placement
from ipraktik_matching.store import history, needs, placements
from ipraktik_matching.store.history import CLOCK, Actor, Entry

_EVENTS: Final[Mapping[type[facts.Fact], type[PlacementEvent]]] = {
    facts.MatchProposed: events.MatchProposed,
    facts.MatchAccepted: events.MatchAccepted,
    facts.MatchDeclined: events.MatchDeclined,
    facts.MatchExpired: events.MatchExpired,
    facts.MatchWithdrawn: events.MatchWithdrawn,
    facts.AgreementDrafted: events.AgreementDrafted,
    facts.AgreementApproved: events.AgreementApproved,
    facts.AgreementRefused: events.AgreementRefused,
    facts.AgreementSigned: events.AgreementSigned,
    facts.AgreementAmended: events.AgreementAmended,
    facts.AgreementLapsed: events.AgreementLapsed,
    facts.AgreementCancelled: events.AgreementCancelled,
    facts.InternshipCompleted: events.InternshipCompleted,
    facts.InternshipNotHeld: events.InternshipNotHeld,
}


async def record_changes(
    tx: Transaction,
    *,
    locked: Sequence[Placement],
    changes: Mapping[UUID, Change],
    actor: Actor,
    entry: Entry | None = None,
) -> dict[UUID, Placement]:
    """Keep the changes, free the companions of who is out, say what became true. Gives back every placement as it is now.

    `entry` is the history's line where an act leads to no event, and carries the comment where it does.
    """
    all_changes = {**changes, **_companions_freed(tx, locked=locked, changes=changes)}
    before = {placement.placement_id: placement for placement in locked}
    touched = [
        placement
        for placement, said in all_changes.values()
        if said or placement != before.get(placement.placement_id)
    ]
    await placements.save(tx.conn, touched)
    await needs.follow(tx.conn, deleted_at={one.placement_id: deleted_at(one) for one in touched})
    lines: list[tuple[Actor, Entry]] = []
    said: list[PlacementEvent] = []
    for placement, became_true in all_changes.values():
        for fact in became_true:
            said.append(event_of(placement, fact))
            lines.append((CLOCK if _by_the_clock(fact) else actor, _entry(placement, fact, entry)))
    if entry is not None and touched and all(line.act != entry.act for _, line in lines):
        lines.append((actor, entry))
    for who in dict.fromkeys(line_actor for line_actor, _ in lines):
        theirs = [line for line_actor, line in lines if line_actor == who]
        await history.add(tx.conn, theirs, actor=who, now=tx.now)
    await tx.emit(*said)
    return before | {placement_id: placement for placement_id, (placement, _) in all_changes.items()}


def event_of(placement: Placement, fact: facts.Fact) -> PlacementEvent:
    """The public event that says the fact; it has the fact's name and fields."""
    return _EVENTS[type(fact)].model_validate(
        {
            "placement_id": placement.placement_id,
            "edition_id": placement.edition_id,
            "intern_id": placement.intern_id,
            "host_id": placement.host_id,
            "group_id": placement.group_id,
            **asdict(fact),
        }
    )


def _companions_freed(
    tx: Transaction, *, locked: Sequence[Placement], changes: Mapping[UUID, Change]
) -> dict[UUID, Change]:
    """One companion out before the stay frees the other, in the same transaction. Who is due by the clock ends by the clock."""
    before = {placement.placement_id: placement.state for placement in locked}
    out = {
        placement.group_id
        for placement, _ in changes.values()
        if placement.group_id is not None
        and placement.state in OUT
        and before.get(placement.placement_id) not in OUT
    }
    return {
        placement.placement_id: companion_leaves(placement, now=tx.now)
        for placement in locked
        if placement.group_id in out and placement.placement_id not in changes
    }


def _by_the_clock(fact: facts.Fact) -> bool:
    return isinstance(fact, facts.MatchExpired | facts.AgreementLapsed) or (
        isinstance(fact, facts.InternshipCompleted) and fact.decided_by == "silence"
    )


def _entry(placement: Placement, fact: facts.Fact, entry: Entry | None) -> Entry:
    line = Entry(
        placement.placement_id,
        type(fact).__name__,
        getattr(fact, "party", None),
        getattr(fact, "version", None),
        reason=getattr(fact, "reason", None),
    )
    if entry is not None and entry.act == line.act and entry.placement_id == line.placement_id:
        return replace(line, party=line.party or entry.party, comment=entry.comment)
    return line

"""A mail as it is planned: to whom, about what, and what must be known before it can be written. Never a name, never an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.plan import Facts, mails_for
from ipraktik_notify.domain.reminders import planned_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Who and what an event is about. `subject_id` is what its reminders hang on."""

    subject_id: UUID
    edition_id: UUID | None = None
    participant_id: UUID | None = None
    contact_id: UUID | None = None
    placement_id: UUID | None = None
    aggregate_id: UUID | None = None
    intern_id: UUID | None = None
    host_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A planned mail, one per fact, kind and recipient."""

    fact_id: UUID
    kind: str
    party: str
    recipient: str
    contact_id: UUID | None
    participant_id: UUID | None
    relation: str | None
    subjects: Subjects
    facts: Mapping[str, Any]
    names: tuple[UUID, ...]
    bodies: tuple[UUID, ...]
    needs_placement: bool
    needs_erased: bool
    needs_aggregate: bool
    holdable: bool
    useless_after: datetime | None
    due_at: datetime | None

    @property
    def awaits(self) -> tuple[UUID, ...]:
        """Every id whose arrival may complete the mail."""
        about = self.subjects
        ids = (
            *self.names,
            *self.bodies,
            self.contact_id,
            self.participant_id,
            about.edition_id,
            about.placement_id,
            about.aggregate_id,
        )
        return tuple(dict.fromkeys(id for id in ids if id is not None))


_RELATION: Final = {
    "intern": "self",
    "manager": "manager",
    "host": "self",
    "reserve": "reserve",
    "own": "self",
}


def drafts_of(
    event: str,
    *,
    fact_id: UUID,
    facts: Facts,
    subjects: Subjects,
    now: datetime,
    coordinators: Sequence[UUID] = (),
) -> list[Draft]:
    """Every mail that the fact leads to, those of later (its reminders) included."""
    planned: list[tuple[str, str, datetime | None]] = [
        (kind, to, None) for kind, to in mails_for(event, facts)
    ]
    planned += [(r.kind, r.to, r.due_at) for r in planned_by(event, facts, now=now)]
    drafts: list[Draft] = []
    for kind, to, due_at in planned:
        whole = [(to, contact) for contact in coordinators] if to == "coordinators" else [(to, None)]
        drafts += [
            _draft(kind, party, contact, fact_id=fact_id, facts=facts, subjects=subjects, due_at=due_at)
            for party, contact in whole
        ]
    return drafts


def _draft(
    name: str,
    to: str,
    coordinator: UUID | None,
    *,
    fact_id: UUID,
    facts: Facts,
    subjects: Subjects,
    due_at: datetime | None,
) -> Draft:
    kind = KINDS[name]
    contact = coordinator or (subjects.contact_id if to == "asked" else None)
    participant = {
        "intern": subjects.intern_id,
        "manager": subjects.intern_id,
        "host": subjects.host_id,
        "reserve": subjects.host_id,
        "coordinators": None,
    }.get(to, subjects.participant_id)
    of_placement = subjects.placement_id is not None
    needs_placement = of_placement and subjects.intern_id is None
    roles: dict[str, tuple[UUID | None, ...]] = {
        "intern": (subjects.intern_id,),
        "host": (subjects.host_id,),
        "own": (subjects.participant_id,),
        "asker": (subjects.participant_id, subjects.aggregate_id),
    }
    deadline = facts.get(kind.deadline) if kind.deadline and kind.asks else None
    return Draft(
        fact_id=fact_id,
        kind=name,
        party={"own": "self", "coordinators": "coordinator"}.get(to, to),
        recipient=to if contact is None else str(contact),
        contact_id=contact,
        participant_id=participant,
        relation=None if contact else _RELATION[to],
        subjects=subjects,
        facts=facts,
        names=_ids(roles, kind.names),
        bodies=_ids(roles, kind.bodies),
        needs_placement=needs_placement,
        needs_erased=of_placement and facts.get("reason") == "erased",
        needs_aggregate=kind.opening is not None and kind.opening.aggregate == "found",
        holdable=kind.held,
        useless_after=datetime.fromisoformat(deadline) if deadline else None,
        due_at=due_at,
    )


def _ids(roles: Mapping[str, tuple[UUID | None, ...]], wanted: Sequence[str]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(id for role in wanted for id in roles[role] if id is not None))

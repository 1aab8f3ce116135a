"""What matching listens to: which event leads to which use case."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import (
    ContactChanged,
    EditionChanged,
    ParticipantErased,
    ParticipantRegistered,
    ParticipantUpdated,
    ParticipantWithdrawn,
)
from ipraktik_matching.store import editions, placements
from ipraktik_matching.usecases.when_contact_changed import when_contact_changed, when_contact_erased
from ipraktik_matching.usecases.when_edition_changed import when_edition_changed
from ipraktik_matching.usecases.when_participant_changed import when_participant_changed
from ipraktik_matching.usecases.when_participant_left import when_participant_left


def subscriptions() -> Subscriptions:
    """Participants and contacts; nothing of what matching says itself."""
    listens = Subscriptions(locking=_all_locked)
    listens.on(EditionChanged, _edition_changed)
    listens.on(ParticipantRegistered, _participant_changed)
    listens.on(ParticipantUpdated, _participant_changed)
    listens.on(ParticipantWithdrawn, _participant_withdrawn)
    listens.on(ParticipantErased, _participant_erased)
    listens.on(ContactChanged, _contact_changed)
    listens.on_erasure(ContactChanged, _contacts_erased)
    return listens


async def _all_locked(tx: Transaction, events: Sequence[CloudEvent]) -> None:
    """What the batch's events lock one by one, at once and in one order: editions, then placements of who leaves.

    Every event that needs an edition's lock names the edition; a contact names none and needs none.
    """
    named = {edition_id for event in events if (edition_id := getattr(event.data, "edition_id", None))}
    if named:
        await editions.lock_many(tx.conn, edition_ids=named)
    leaving = [
        event.data.participant_id
        for event in events
        if isinstance(event.data, ParticipantWithdrawn | ParticipantErased)
    ]
    if leaving:
        await placements.lock_of_many(tx.conn, participant_ids=leaving)


async def _edition_changed(tx: Transaction, event: CloudEvent) -> None:
    data: Any = event.data
    await when_edition_changed(tx, event=data)


async def _participant_changed(tx: Transaction, event: CloudEvent) -> None:
    data: Any = event.data
    await when_participant_changed(tx, event=data)


async def _participant_withdrawn(tx: Transaction, event: CloudEvent) -> None:
    data: Any = event.data
    await when_participant_left(
        tx, participant_id=data.participant_id, edition_id=data.edition_id, erased=False
    )


async def _participant_erased(tx: Transaction, event: CloudEvent) -> None:
    data: Any = event.data
    await when_participant_left(
        tx, participant_id=data.participant_id, edition_id=data.edition_id, erased=True
    )


async def _contact_changed(tx: Transaction, event: CloudEvent) -> None:
    data: Any = event.data
    await when_contact_changed(tx, event=data)


async def _contacts_erased(tx: Transaction, keys: Sequence[str]) -> None:
    await when_contact_erased(tx, contact_ids=[UUID(key) for key in keys])

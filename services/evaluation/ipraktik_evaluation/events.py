"""Which event leads to which use case. Nothing here waits for another topic."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts import events
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_evaluation.store import contacts, participants
from ipraktik_evaluation.store.stays import CompletedStay
from ipraktik_evaluation.usecases.when_edition_changed import when_edition_changed
from ipraktik_evaluation.usecases.when_internship_completed import when_internship_completed
from ipraktik_evaluation.usecases.when_participant_erased import when_participant_erased


def subscriptions(*, answer_days: int) -> Subscriptions:
    """What evaluation listens to."""

    async def completed(tx: Transaction, event: CloudEvent) -> None:
        data = cast(events.InternshipCompleted, event.data)
        stay = CompletedStay(
            data.placement_id, data.edition_id, data.intern_id, data.host_id, data.first_day, data.last_day
        )
        await when_internship_completed(tx, stay=stay, answer_days=answer_days)

    listening = Subscriptions()
    listening.on(events.EditionChanged, _edition)
    listening.on(events.ParticipantRegistered, _participant)
    listening.on(events.ParticipantUpdated, _participant)
    listening.on(events.ParticipantWithdrawn, _withdrawn)
    listening.on(events.ParticipantErased, _erased)
    listening.on(events.InternshipCompleted, completed)
    listening.on(events.ContactChanged, _contact)
    listening.on_erasure(events.ContactChanged, _contacts_gone)
    return listening


async def _edition(tx: Transaction, event: CloudEvent) -> None:
    data = cast(events.EditionChanged, event.data)
    await when_edition_changed(
        tx,
        edition_id=data.edition_id,
        name=data.name,
        follow_up=data.follow_up,
        mode=data.mode,
        closes_at=data.window.closes_at,
    )


async def _participant(tx: Transaction, event: CloudEvent) -> None:
    data = cast(events.ParticipantRegistered | events.ParticipantUpdated, event.data)
    facts = participants.Facts(
        participant_id=data.participant_id,
        edition_id=data.edition_id,
        role=data.role,
        organisation_id=data.workplace.organisation_id,
        workplace_id=data.workplace.workplace_id,
        municipality_code=data.workplace.municipality_code,
        ministerial_area=data.workplace.ministerial_area,
        sector=data.workplace.sector,
        ownership=data.workplace.ownership,
    )
    await participants.save_facts(tx.conn, facts=facts)


async def _withdrawn(tx: Transaction, event: CloudEvent) -> None:
    data = cast(events.ParticipantWithdrawn, event.data)
    await participants.withdraw(tx.conn, participant_id=data.participant_id, edition_id=data.edition_id)


async def _erased(tx: Transaction, event: CloudEvent) -> None:
    data = cast(events.ParticipantErased, event.data)
    await when_participant_erased(tx, participant_id=data.participant_id, edition_id=data.edition_id)


async def _contact(tx: Transaction, event: CloudEvent) -> None:
    data = cast(events.ContactChanged, event.data)
    await contacts.save_contact(
        tx.conn,
        contact_id=data.contact_id,
        name=data.name,
        language=data.language,
        epoch=data.epoch,
        relation=data.relation,
    )


async def _contacts_gone(tx: Transaction, keys: Sequence[str]) -> None:
    await contacts.erase_contacts(tx.conn, contact_ids=[UUID(key) for key in keys])

"""A sign-up became valid or was changed; both carry the whole body."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantRegistered, ParticipantUpdated
from ipraktik_matching.store import editions, participants
from ipraktik_matching.usecases.propose_self_found_pairs import propose_self_found_pairs


async def when_participant_changed(
    tx: Transaction, *, event: ParticipantRegistered | ParticipantUpdated
) -> None:
    """Keep the body. A self-found pair is proposed by whichever of its two halves comes last."""
    await editions.lock(tx.conn, edition_id=event.edition_id)
    await participants.save(tx.conn, ParticipantUpdated.model_validate(event.model_dump()), now=tx.now)
    if event.self_found_with is not None:
        await propose_self_found_pairs(tx, edition_id=event.edition_id)

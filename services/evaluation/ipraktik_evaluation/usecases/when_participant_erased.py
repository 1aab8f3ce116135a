"""A person is erased: what anybody wrote about their stays goes, the choices stay as counts.

Open evaluations of theirs stay open until they expire by the clock, so that each one's events end as every other's do; nobody
can answer them any more, and no further one is asked for.
"""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.store import drafts, evaluations, participants


async def when_participant_erased(tx: Transaction, *, participant_id: UUID, edition_id: UUID) -> None:
    """Mark the sign-up as erased for good and delete the texts. Others' texts too: they may name the person."""
    await participants.mark_erased(tx.conn, participant_id=participant_id, edition_id=edition_id)
    await evaluations.erase_texts(tx.conn, participant_id=participant_id)
    await drafts.forget_of(tx.conn, participant_id=participant_id)

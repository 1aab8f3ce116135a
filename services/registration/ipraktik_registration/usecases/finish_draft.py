"""A draft has become sign-ups: its answers and its own contact are forgotten, what is left is the way to the receipt."""

from collections.abc import Sequence
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.store import drafts
from ipraktik_registration.usecases.forget_drafts import forget_contact_of_draft


async def finish_draft(tx: Transaction, *, draft: Draft, sign_ups: Sequence[UUID], namespace: str) -> None:
    """Finish. The caller holds the draft's lock and has seen that it was not finished before."""
    await drafts.note_sent(tx.conn, participant_id=draft.participant_id, sign_ups=sign_ups, now=tx.now)
    await forget_contact_of_draft(tx, draft=draft, namespace=namespace)

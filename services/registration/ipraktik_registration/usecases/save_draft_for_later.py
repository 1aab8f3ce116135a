"""Somebody wants to go on later: the link back is mailed to the address given.

Another address than before raises the epoch of the draft's contact, which voids the link that went to the first one.
"""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ContactChanged, DraftSaved
from ipraktik_contracts.fields import Language
from ipraktik_registration.domain.drafts import KEPT, Draft
from ipraktik_registration.store import drafts
from ipraktik_registration.usecases.speaking import request


async def save_draft_for_later(
    tx: Transaction, *, draft: Draft, name: str, email: str, language: Language
) -> bool:
    """Ask for the mail. False where nothing more is mailed for this draft just now. The caller holds the draft's lock."""
    if not draft.may_be_mailed(email=email, now=tx.now):
        return draft.saved_to == email
    epoch = draft.epoch + (1 if draft.saved_to not in (None, email) else 0)
    await drafts.note_saved(
        tx.conn, participant_id=draft.participant_id, email=email, epoch=epoch, now=tx.now
    )
    await tx.emit(
        ContactChanged(
            contact_id=draft.contact_id,
            participant_id=draft.participant_id,
            relation="self",
            name=name,
            email=email,
            language=language,
            epoch=epoch,
        ),
        request(
            DraftSaved,
            now=tx.now,
            participant_id=draft.participant_id,
            contact_id=draft.contact_id,
            respond_by=tx.now + KEPT,
        ),
    )
    return True

"""Somebody has followed the link back to a draft: it gets a fresh key, and the address it had before leads nowhere any more."""

import secrets

from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.drafts import KEY_BYTES, Draft, draft_key, key_hash
from ipraktik_registration.store import drafts


async def take_draft_up_again(tx: Transaction, *, draft: Draft) -> str:
    """The fresh key. Doing it twice gives two keys, of which the later holds."""
    key = draft_key(secrets.token_bytes(KEY_BYTES))
    await drafts.set_key(tx.conn, participant_id=draft.participant_id, hashed=key_hash(key), now=tx.now)
    return key

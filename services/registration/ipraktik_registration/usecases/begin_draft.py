"""Somebody has answered the first page of a sign-up: from now on the answers are kept."""

import secrets
from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.drafts import KEY_BYTES, Answers, Draft, Part, draft_key, key_hash
from ipraktik_registration.store import drafts


async def begin_draft(
    tx: Transaction, *, part: Part, edition_id: UUID, host_id: UUID | None, answers: Answers
) -> str:
    """Keep the first answers. Returns the key, which is known to nobody else and kept nowhere."""
    key = draft_key(secrets.token_bytes(KEY_BYTES))
    draft = Draft(new_id(tx.now), new_id(tx.now), part, edition_id, host_id, answers, tx.now)
    await drafts.add(tx.conn, draft=draft, hashed=key_hash(key))
    return key

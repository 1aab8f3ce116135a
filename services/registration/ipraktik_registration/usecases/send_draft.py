"""A draft is sent: it becomes a sign-up for each of its roles, by the same use case as any other sign-up.

The keys are derived from the draft, so a draft that is sent twice, from two windows or after an answer that got lost, is the
same sign-ups. What was sent first stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Origin
from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.drafts import Draft
from ipraktik_registration.domain.life import Role
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import sign_ups
from ipraktik_registration.usecases.sign_up import sign_up


@dataclass(frozen=True, slots=True)
class Sending:
    """One of the sign-ups that a draft becomes."""

    details: Details
    fingerprint: bytes


async def send_draft(
    conn: Any, *, now: datetime, origin: Origin, draft: Draft, sendings: Mapping[Role, Sending]
) -> tuple[UUID, ...]:
    """Take the sign-ups in, on a connection without a transaction of its own; their ids. Raises Refused where none was taken."""
    taken: list[UUID] = []
    for role, sending in sendings.items():
        key = derived_id("draft", draft.participant_id, role)
        try:
            receipt = await sign_up(
                conn,
                now=now,
                origin=origin,
                role=role,
                edition_id=draft.edition_id,
                details=sending.details,
                key=key,
                fingerprint=sending.fingerprint,
            )
            taken.append(receipt.participant_id)
        except Refused as refusal:
            if refusal.reason == "key_used_otherwise":
                known = await sign_ups.by_key(conn, key=key)
                if known is not None:
                    taken.append(known.participant_id)
                    continue
            if taken:
                break  # the window closed between the two: the receipt says what was taken in, and what was not
            raise
    return tuple(taken)

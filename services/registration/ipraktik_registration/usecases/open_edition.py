"""A coordinator opens an edition, or changes its frame."""

import secrets
from uuid import UUID

from ipraktik_chassis.ids import derived_id, new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.editions import Frame, time_to_place
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import editions
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.usecases.speaking import edition_changed


async def open_edition(
    tx: Transaction, *, frame: Frame, draw_seed: str | None = None, key: UUID | None = None
) -> tuple[Edition, bool]:
    """Open an edition; whether it is new. The same key again gives the same edition.

    Raises Refused for another frame, BadFrame for one that leaves no time to place people.
    """
    edition_id = new_id(tx.now) if key is None else derived_id("edition", key)
    seed = draw_seed if draw_seed is not None else secrets.token_hex(16)
    edition = Edition(edition_id, frame)
    before = None if key is None else await editions.one(tx.conn, edition_id=edition_id)
    time_to_place(frame, standing=before.frame if before else None)
    if await editions.add(tx.conn, edition_id=edition_id, frame=frame, draw_seed=seed, now=tx.now):
        await tx.emit(edition_changed(edition))
        return edition, True
    standing = await editions.one(tx.conn, edition_id=edition_id)
    if standing != edition:
        raise Refused("key_used_otherwise")
    return edition, False


async def change_edition(tx: Transaction, *, edition_id: UUID, frame: Frame) -> Edition:
    """Give the edition this frame. The same frame again says nothing.

    Raises Refused where there is no such edition, BadFrame where the change leaves no time to place people.
    """
    await editions.lock(tx.conn, edition_id)
    standing = await editions.one(tx.conn, edition_id=edition_id)
    if standing is None:
        raise Refused("edition_unknown")
    time_to_place(frame, standing=standing.frame)
    changed = Edition(edition_id, frame)
    if changed != standing:
        await editions.change(tx.conn, edition_id=edition_id, frame=frame)
        await tx.emit(edition_changed(changed))
    return changed

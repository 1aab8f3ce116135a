"""Somebody wants to sign in as coordinator by address.

Registration does not know who the coordinators are: it passes an id on that notify knows the address of, or knows nothing of. The
address itself is not kept and not said anywhere.
"""

from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import SignInRequested
from ipraktik_registration.usecases.speaking import request


def coordinator_id(address: str) -> UUID:
    """The id that an address has where coordinators are configured: the same for every way of writing it."""
    return derived_id("coordinator", address.strip().lower())


async def ask_to_sign_in(tx: Transaction, *, contact_id: UUID) -> None:
    """Ask for a link for whoever has that id, without learning whether there is anybody."""
    await tx.emit(request(SignInRequested, now=tx.now, participant_id=contact_id, contact_id=contact_id))

"""Somebody has lost the link to the own sign-up and asks for a new one by address."""

from datetime import timedelta
from typing import Final

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ConfirmationRequested, LinkRequested
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.store import contacts
from ipraktik_registration.usecases.speaking import request

PAUSE: Final = timedelta(hours=1)
"""Nobody is mailed a link more often, however often somebody asks for it."""


async def ask_for_link(tx: Transaction, *, email: str) -> None:
    """Ask for a link for each sign-up of the address: to confirm one that waits for it, else to the overview.

    Silent about whether there is any.
    """
    wanted = await contacts.ask_for_link(tx.conn, key=email_key(email), now=tx.now, pause=PAUSE)
    await tx.emit(
        *(
            request(
                ConfirmationRequested if one.state == "unconfirmed" else LinkRequested,
                now=tx.now,
                participant_id=one.participant_id,
                contact_id=one.contact_id,
                respond_by=one.respond_by if one.state == "unconfirmed" else None,
            )
            for one in wanted
        )
    )

"""A coordinator has the question that is out sent once more: to the person to confirm, or to the manager to agree."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ConfirmationRequested, ConsentRequested
from ipraktik_registration.domain import life
from ipraktik_registration.domain.history import Actor
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import contacts, history, participants
from ipraktik_registration.usecases.speaking import request

PAUSE: Final = timedelta(minutes=10)
"""A button pressed twice, or by two coordinators, sends one mail."""


async def ask_again(tx: Transaction, *, participant_id: UUID, actor: Actor) -> None:
    """Ask again; the time to answer stays. Raises Refused where nothing is asked, or it was asked just now."""
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    question = life.asked_now(sign_up.standing, now=tx.now)
    people = await contacts.by_relation(tx.conn, participant_id=participant_id)
    asked = people["self" if question == "confirm" else "manager"]
    if not await contacts.ask_again(tx.conn, contact_id=asked.contact_id, now=tx.now, pause=PAUSE):
        raise Refused("asked_just_now")
    await history.note(
        tx.conn, participant_id, act="asked_again", actor=actor, now=tx.now, reason=asked.relation
    )
    await tx.emit(
        request(
            ConfirmationRequested if question == "confirm" else ConsentRequested,
            now=tx.now,
            participant_id=participant_id,
            contact_id=asked.contact_id,
            respond_by=sign_up.respond_by,
        )
    )

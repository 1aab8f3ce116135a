"""Somebody was named as travel companion or as the other half of a self-found pair, and says whether that is so.

Agreeing is saying the same: the one who was asked names the one who asked, and the public body tells it.
"""

from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.history import PERSON
from ipraktik_registration.domain.refusals import Reason, Refused
from ipraktik_registration.store import contacts, history, named, participants
from ipraktik_registration.store.named import Named
from ipraktik_registration.usecases.speaking import say_updated

_TAKEN: dict[Kind, Reason] = {"companion": "has_companion_already", "self_found": "has_pair_already"}


async def answer_naming(
    tx: Transaction, *, participant_id: UUID, kind: Kind, agree: bool, by: UUID | None = None
) -> None:
    """Answer what `by` said of this sign-up; without `by`, the first naming that waits (or else the last answered).

    Repeating changes nothing. Raises Refused for a contradiction, or where nobody asks.
    """
    sign_up = await participants.locked(tx.conn, participant_id=participant_id)
    if sign_up is None:
        raise Refused("unknown_sign_up")
    if sign_up.state != "registered":
        raise Refused("not_registered")
    asking = [
        one
        for one in await named.asking(tx.conn, kind=kind, asked_id=participant_id)
        if by is None or one.participant_id == by
    ]
    if not asking:
        raise Refused("nobody_asked")
    naming = next((one for one in asking if one.answer is None), asking[-1])
    if naming.answer is not None:
        if naming.answer is not agree:
            raise Refused("already_answered")
        return
    other = await participants.one(tx.conn, participant_id=naming.participant_id)
    if other is None or other.state != "registered":
        raise Refused("other_has_ended")
    await named.note_answer(tx.conn, participant_id=naming.participant_id, kind=kind, answer=agree)
    await history.note(
        tx.conn,
        participant_id,
        act="naming_agreed" if agree else "naming_declined",
        actor=PERSON,
        now=tx.now,
        reason=kind,
    )
    if not agree:
        return
    mine = (await named.of(tx.conn, participant_id=participant_id)).get(kind)
    if mine is not None and mine.other_id == other.participant_id:
        return
    if mine is not None:
        raise Refused(_TAKEN[kind])
    asker = (await contacts.by_relation(tx.conn, participant_id=other.participant_id))["self"]
    await named.add(
        tx.conn, Named(participant_id, kind, asker.name, asker.email, other_id=other.participant_id)
    )
    await say_updated(tx, participant_id)

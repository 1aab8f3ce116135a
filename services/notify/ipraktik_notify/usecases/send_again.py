"""A coordinator sends a mail once more, on purpose: another mail of the same words, to whoever is in that place now.

Invariants: it has an id of its own, derived from the mail and its number, so pressing twice sends one; what is pointless or not
allowed (erased, overdue, answered) is refused with the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.domain.again import NotAgain, Standing, hindrance_to_repeat
from ipraktik_notify.store import again, mail_list

_UNDER_WAY = ("waiting", "held", "pending", "sending")


async def send_again(tx: Transaction, *, mail_id: UUID, number: int, acted_by: str) -> UUID:
    """Plan the repetition of that number (the first is 1). Its id, also where it was planned before. Raises NotAgain."""
    await again.lock(tx.conn, mail_id=mail_id)
    row = await mail_list.one(tx.conn, mail_id=mail_id)
    if row is None:
        raise NotAgain("gone")
    repeats = await mail_list.repeats(tx.conn, mail_id=mail_id)
    fact_id = derived_id("mail again", mail_id, number)
    for repeat in repeats:
        if repeat["fact_id"] == fact_id:
            found: UUID = repeat["mail_id"]
            return found
    if number != len(repeats) + 1:
        raise NotAgain("gone")
    if (hindrance := hindrance_to_repeat(standing_of(row, repeats), now=tx.now)) is not None:
        raise NotAgain(hindrance)
    return await again.write_again(
        tx.conn,
        mail_id=mail_id,
        fact_id=fact_id,
        kind=row["kind"],
        resend_of=mail_id,
        acted_by=acted_by,
        now=tx.now,
    )


def standing_of(row: Mapping[str, Any], repeats: Sequence[Mapping[str, Any]]) -> Standing:
    """How a mail of the log stands."""
    return Standing(
        kind=row["kind"],
        state=row["state"],
        erased=row["recipient_erased"] or row["sign_up_state"] == "erased",
        answered=row["settled_at"] is not None,
        useless_after=row["useless_after"],
        repeats=len(repeats),
        repeat_on_its_way=any(repeat["state"] in _UNDER_WAY for repeat in repeats),
    )

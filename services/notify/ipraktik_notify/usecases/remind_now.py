"""A coordinator reminds somebody now: the planned reminder is brought forward, or one more is written.

Invariants: once a day at most, the question itself counted; who has answered, or whose time is over, is not reminded; nobody is
reminded of a question whose mail never reached them.
"""

import json
from typing import Final
from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.domain.again import NotAgain, day_began
from ipraktik_notify.domain.reminders import REMINDER_OF, asked_by
from ipraktik_notify.store import again, questions

REMINDERS: Final = json.dumps(REMINDER_OF)


async def remind_now(tx: Transaction, *, mail_id: UUID, acted_by: str) -> None:
    """Remind of the question that this mail asks. Raises NotAgain."""
    found = await questions.question(tx.conn, reminders=REMINDERS, mail_id=mail_id)
    if found is None or found[0].kind not in REMINDER_OF:
        raise NotAgain("gone")
    question, answered = found
    if answered:
        raise NotAgain("answered")
    if question.useless_after <= tx.now:
        raise NotAgain("too_late")
    if question.state != "sent":
        raise NotAgain("not_done")
    reminder = REMINDER_OF[question.kind]
    today = day_began(tx.now)
    if await questions.written_since(
        tx.conn,
        subject_id=question.subject_id,
        party=question.party,
        kinds=asked_by((reminder,)),
        since=today,
    ):
        raise NotAgain("today")
    brought = await questions.bring_forward(
        tx.conn,
        subject_id=question.subject_id,
        party=question.party,
        kind=reminder,
        acted_by=acted_by,
        now=tx.now,
    )
    if not brought:
        await again.write_again(
            tx.conn,
            mail_id=mail_id,
            fact_id=derived_id("remind", mail_id, today.date()),
            kind=reminder,
            resend_of=None,
            acted_by=acted_by,
            now=tx.now,
        )

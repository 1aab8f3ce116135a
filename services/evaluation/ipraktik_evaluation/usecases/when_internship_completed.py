"""A stay took place: ask all three parties at once, and plan the follow-up as soon as the edition says how many months."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.store import editions
from ipraktik_evaluation.store.stays import CompletedStay, add_stay
from ipraktik_evaluation.usecases.ask_parties import ask_parties
from ipraktik_evaluation.usecases.follow_up_moment import follow_up_moment


async def when_internship_completed(tx: Transaction, *, stay: CompletedStay, answer_days: int) -> None:
    """Keep the stay and ask. Holding the edition's row first means that stay and edition cannot miss each other."""
    edition = await editions.hold_edition(tx.conn, edition_id=stay.edition_id)
    due = None if edition.follow_up is None else follow_up_moment(stay.last_day, months=edition.follow_up)
    if await add_stay(tx.conn, stay=stay, follow_up_at=due):
        await ask_parties(tx, stays=[stay], wave="after", answer_days=answer_days)

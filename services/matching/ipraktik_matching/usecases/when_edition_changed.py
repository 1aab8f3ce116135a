"""An edition was opened or its frame changed. Self-found pairs may have waited for it."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import EditionChanged
from ipraktik_matching.store import editions
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.usecases.propose_self_found_pairs import propose_self_found_pairs


async def when_edition_changed(tx: Transaction, *, event: EditionChanged) -> None:
    """Keep the frame; what is proposed or agreed stays as it is."""
    await editions.lock(tx.conn, edition_id=event.edition_id)
    await editions.save(
        tx.conn,
        Edition(
            edition_id=event.edition_id,
            name=event.name,
            mode=event.mode,
            first_day=event.dates.first_day,
            last_day=event.dates.last_day,
            answer_days=event.answer_days,
            sign_days=event.sign_days,
            closes_at=event.window.closes_at,
        ),
    )
    await propose_self_found_pairs(tx, edition_id=event.edition_id)

"""An edition's frame: its name for the texts, its end for what waits, and whether its mails are held."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import EditionChanged
from ipraktik_notify.store import course, sorting


async def when_edition_changed(tx: Transaction, event: CloudEvent) -> None:
    """Keep the latest. Mails that are held already wait for a coordinator's word all the same."""
    data = event.data
    assert isinstance(data, EditionChanged)  # noqa: S101 - what the subscription says, for the type checker
    edition = course.Edition(
        edition_id=data.edition_id,
        name=data.name.replace("\x00", ""),
        mode=data.mode,
        hold_mails=data.hold_mails,
        first_day=data.dates.first_day,
        last_day=data.dates.last_day,
    )
    await course.remember_edition(tx.conn, edition=edition)
    await sorting.note(tx.conn, refs=[data.edition_id], now=tx.now)

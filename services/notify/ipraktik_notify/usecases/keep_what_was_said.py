"""Every public event goes into the event log as it was said, in the transaction that takes it in."""

import logging
from collections.abc import Sequence

from ipraktik_chassis.parked import RawRecord
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.topics import BY_NAME
from ipraktik_notify.domain.structured import structured
from ipraktik_notify.store import event_log

_log = logging.getLogger(__name__)


async def keep_what_was_said(tx: Transaction, heard: Sequence[tuple[RawRecord, CloudEvent]]) -> None:
    """Append what is public. What was taken in before is looked at too: a log that came later is filled by reading again."""
    entries = [
        event_log.Entry(
            event_id=event.id,
            topic=record.topic,
            type=type(event.data).ce_type(),
            subject=event.key,
            sequence=event.sequence,
            event=structured(record.headers, record.body or b"null"),
        )
        for record, event in heard
        if BY_NAME[record.topic].public
    ]
    if entries and (alone := await event_log.append(tx.conn, entries=entries, now=tx.now)):
        _log.error(
            "the event log lacks what was said before: set the consumer group back to the first record",
            extra={"events": alone},
        )

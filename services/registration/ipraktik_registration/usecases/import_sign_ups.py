"""A coordinator brings a list of interns and hosts. First it is looked at; then it is taken in, just as it was shown, once.

Between the two only the text is kept, for a day. Each person still confirms the own address, and each manager is asked. A row that
cannot be taken is left out and offered again, so that it can be mended. Erasing a person deletes every text that names the address.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from ipraktik_chassis.ids import derived_id, new_id
from ipraktik_chassis.transaction import Origin, Transaction
from ipraktik_registration.domain import names
from ipraktik_registration.domain.importing import Candidate, Verdict, digest, judged
from ipraktik_registration.domain.life import SILENCE
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import editions, imports
from ipraktik_registration.store.imports import Brought, Entry
from ipraktik_registration.usecases.sign_up import first_events, first_records, people_of

KEPT: Final = timedelta(days=1)
_AT_ONCE: Final = 200
"""Sign-ups in one statement: a few of them for the longest list, and no single one that keeps others waiting."""
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a list."""

    taken: int
    known: int
    failed: int


async def bring_list(tx: Transaction, *, edition_id: UUID, content: str, coordinator: str) -> UUID:
    """Keep the text for a day; its id, which is the same for the same text in the same edition. Raises Refused."""
    if await editions.one(tx.conn, edition_id=edition_id) is None:
        raise Refused("edition_unknown")
    told = hashlib.sha256(content.encode()).hexdigest()
    import_id = derived_id("import", edition_id, told, tx.now.date())
    await imports.keep(
        tx.conn,
        import_id=import_id,
        edition_id=edition_id,
        brought_by=coordinator,
        now=tx.now,
        delete_at=tx.now + KEPT,
        content=content,
    )
    return import_id


async def look_at_list(conn: Any, *, edition_id: UUID, candidates: Sequence[Candidate]) -> list[Verdict]:
    """What would happen to each row."""
    standing = await imports.standing(
        conn, edition_id=edition_id, who=sorted({one.who for one in candidates})
    )
    return judged(candidates, standing=standing)


async def take_list_in(
    tx: Transaction,
    *,
    brought: Brought,
    candidates: Sequence[Candidate],
    verdicts: Sequence[Verdict],
    unreadable: int,
    left: str | None,
    shown: str,
    coordinator: str,
    origin: Origin,
) -> Outcome:
    """Take in what was shown. The caller holds the list's lock, and has looked at it under that.

    `left` is the text of the rows that are left out. Raises Refused where something has happened since it was shown.
    """
    edition = await editions.one(tx.conn, edition_id=brought.edition_id)
    if edition is None or not edition.frame.takes_sign_ups(tx.now):
        raise Refused("window_closed")
    if digest(verdicts) != shown:
        raise Refused("changed_since")
    new_lines = {one.line for one in verdicts if one.what == "new"}
    chosen = [one for one in candidates if one.line in new_lines]
    for first in range(0, len(chosen), _AT_ONCE):
        await _take_in(
            tx,
            brought=brought,
            candidates=chosen[first : first + _AT_ONCE],
            coordinator=coordinator,
            origin=origin,
        )
    known = sum(one.what == "known" for one in verdicts)
    outcome = Outcome(len(chosen), known, unreadable + len(verdicts) - known - len(chosen))
    await imports.done(
        tx.conn,
        import_id=brought.import_id,
        left=left,
        now=tx.now,
        taken=outcome.taken,
        known=outcome.known,
        failed=outcome.failed,
    )
    return outcome


async def forget_lists(tx: Transaction) -> int:
    """Delete the texts whose day is over; how many."""
    return await imports.delete_old(tx.conn, now=tx.now)


async def _take_in(
    tx: Transaction, *, brought: Brought, candidates: Sequence[Candidate], coordinator: str, origin: Origin
) -> None:
    respond_by = tx.now + SILENCE
    for attempt in range(_ATTEMPTS):
        entries = [_entry(tx, brought, one, origin) for one in candidates]
        try:
            async with tx.conn.transaction():
                count = await imports.take_in(
                    tx.conn,
                    edition_id=brought.edition_id,
                    now=tx.now,
                    respond_by=respond_by,
                    entries=entries,
                    coordinator=coordinator,
                )
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != "participant_reference_key" or attempt == _ATTEMPTS - 1:
                raise
            continue
        if count != len(entries):
            raise Refused("changed_since")
        return


def _entry(tx: Transaction, brought: Brought, candidate: Candidate, origin: Origin) -> Entry:
    participant_id = new_id(tx.now)
    people = people_of(participant_id, candidate.details, now=tx.now)
    events = first_events(
        participant_id,
        candidate.role,
        candidate.details,
        people,
        now=tx.now,
        respond_by=tx.now + SILENCE,
    )
    return Entry(
        participant_id=participant_id,
        role=candidate.role,
        reference=names.reference(secrets.token_bytes(names.REFERENCE_BYTES)),
        key=derived_id("import", brought.import_id, candidate.line),
        fingerprint=candidate.fingerprint,
        details=candidate.details,
        people=people,
        numbered=[(event.TOPIC, event.key) for event in events],
        records=first_records(events, now=tx.now, origin=origin),
    )

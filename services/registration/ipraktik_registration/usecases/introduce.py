"""Bring together those who name each other, when a sign-up has become valid or names somebody new.

Companions: who is named but does not name back is mailed an invitation, to the own sign-up's contact where there is one, else
to the address named. Self-found pairs likewise with a question to confirm. A host in mind is only told where nobody at that
address is signed up. The rules are `domain/acquaintance.py`.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import (
    CompanionInvited,
    Event,
    HostAsked,
    PairConfirmationRequested,
    RequestEvent,
)
from ipraktik_registration.domain.acquaintance import Naming, ties
from ipraktik_registration.domain.names import email_key
from ipraktik_registration.store import contacts, editions, named
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.speaking import contact_changed, request

_INVITATION: Final[dict[tuple[str, str], type[RequestEvent]]] = {
    ("companion", "intern"): CompanionInvited,
    ("self_found", "intern"): HostAsked,
    ("self_found", "host"): PairConfirmationRequested,
    ("host_in_mind", "intern"): HostAsked,
}
"""How somebody who is not signed up is asked, by kind of naming and role of whoever names."""


async def introduce(tx: Transaction, *, sign_up: SignUp, own: Contact) -> tuple[frozenset[UUID], list[Event]]:
    """Tie the valid sign-up and those around it. Returns whose bodies have changed and which events ask whom.

    The caller holds the edition's lock and says the bodies first, so that who is asked finds what the question is about.
    """
    edition = await editions.one(tx.conn, edition_id=sign_up.edition_id)
    around = await named.around(
        tx.conn,
        participant_id=sign_up.participant_id,
        edition_id=sign_up.edition_id,
        key=email_key(own.email),
    )
    said = await named.said(tx.conn, participant_ids=[sign_up.participant_id])
    follows = ties(
        around, said=said, window_open=edition is not None and edition.frame.takes_sign_ups(tx.now)
    )
    await named.tie(tx.conn, namings=follows.tied)
    respond_by = edition.frame.closes_at if edition else None
    events: list[Event] = await _ask(tx, follows.asked)
    mine = await named.of(tx.conn, participant_id=sign_up.participant_id)
    for naming in follows.invited:
        written = mine.get(naming.kind)
        if naming.participant_id != sign_up.participant_id or written is None or written.email is None:
            continue
        invited = Contact(
            new_id(tx.now), sign_up.participant_id, "invited", written.name, written.email, own.language
        )
        await contacts.add(tx.conn, invited)
        await named.note_invited(
            tx.conn, participant_id=sign_up.participant_id, kind=naming.kind, contact_id=invited.contact_id
        )
        events += [
            contact_changed(invited, role=sign_up.role, told=sign_up),
            request(
                _INVITATION[naming.kind, sign_up.role],
                now=tx.now,
                participant_id=sign_up.participant_id,
                contact_id=invited.contact_id,
                respond_by=respond_by,
            ),
        ]
    return follows.changed, events


async def _ask(tx: Transaction, namings: Sequence[Naming]) -> list[Event]:
    """Ask valid sign-ups whether they say the same. A companion's question is about the one who invites; a pair's about the
    one who is asked."""
    found = [naming.found_id for naming in namings if naming.found_id]
    reach = {one.participant_id: one for one in await contacts.of(tx.conn, *found) if one.relation == "self"}
    events: list[Event] = []
    for naming in namings:
        if naming.found_id is None:
            continue
        await named.note_asked(
            tx.conn, participant_id=naming.participant_id, kind=naming.kind, asked_id=naming.found_id
        )
        contact_id = reach[naming.found_id].contact_id
        if naming.kind == "companion":
            events.append(
                request(
                    CompanionInvited,
                    now=tx.now,
                    participant_id=naming.participant_id,
                    contact_id=contact_id,
                )
            )
        else:
            events.append(
                request(
                    PairConfirmationRequested,
                    now=tx.now,
                    participant_id=naming.found_id,
                    contact_id=contact_id,
                )
            )
    return events

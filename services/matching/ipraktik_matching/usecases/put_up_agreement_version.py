"""A party puts up a new version of the agreement, before signing or beside what is signed."""

from dataclasses import replace
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.agreement import put_up
from ipraktik_matching.domain.days import day_of
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.terms import Terms
from ipraktik_matching.store import contacts, editions
from ipraktik_matching.store.history import Actor, Entry
from ipraktik_matching.usecases.locked_placement import locked_placement
from ipraktik_matching.usecases.record_changes import record_changes


async def put_up_agreement_version(
    tx: Transaction, *, placement_id: UUID, party: Party, based_on: int, terms: Terms, actor: Actor
) -> Placement:
    """Put up these terms, written upon version `based_on`. Raises Refused, NoSuchThing."""
    placement, locked = await locked_placement(tx, placement_id=placement_id)
    edition = await editions.find(tx.conn, edition_id=placement.edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    people = await contacts.of_participants(tx.conn, participant_ids=[placement.host_id])
    known: set[UUID | None] = {contact.contact_id for contact in people}
    current = placement.current
    if current is not None:
        # Contacts named before stay valid, though they may have been erased since.
        known |= {current.terms.host_contact_id, current.terms.host_reserve_id}
    if not {terms.host_contact_id, terms.host_reserve_id} <= known | {None}:
        raise Refused("contact_outside")
    change = put_up(
        placement,
        terms=replace(terms, placement_id=placement_id),
        based_on=based_on,
        today=day_of(tx.now),
        sign_days=edition.sign_days,
        within=edition.dates,
        now=tx.now,
    )
    act = "AgreementAmended" if change[0].standing else "AgreementDrafted"
    entry = Entry(placement_id, act, party, change[0].last_version)
    now = await record_changes(
        tx, locked=locked, changes={placement_id: change}, actor=actor, entry=entry if change[1] else None
    )
    return now[placement_id]

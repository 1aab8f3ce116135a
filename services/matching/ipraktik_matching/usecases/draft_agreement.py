"""The first version of an agreement follows the second yes at once, in the same transaction."""

from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.agreement import put_up
from ipraktik_matching.domain.days import day_of
from ipraktik_matching.domain.first_draft import first_draft, language_for
from ipraktik_matching.domain.placement import Change, Placement
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import contacts, editions


async def draft_agreement(tx: Transaction, *, placement: Placement) -> Change:
    """Version 1 for a placement that both have accepted. Raises Refused."""
    edition = await editions.find(tx.conn, edition_id=placement.edition_id)
    if edition is None:
        raise Refused("edition_unknown")
    people = await contacts.of_participants(tx.conn, participant_ids=[placement.intern_id, placement.host_id])
    by_relation = {
        contact.relation: contact.contact_id
        for contact in people
        if contact.participant_id == placement.host_id
    }
    terms = first_draft(
        placement_id=placement.placement_id,
        first_day=placement.first_day,
        last_day=placement.last_day,
        host_contact_id=by_relation.get("self"),
        host_reserve_id=by_relation.get("reserve"),
        language=language_for(contact.language for contact in people),
    )
    return put_up(
        placement,
        terms=terms,
        based_on=0,
        today=day_of(tx.now),
        sign_days=edition.sign_days,
        within=(placement.first_day, placement.last_day),
        now=tx.now,
    )

"""A coordinator says must or never about an intern and a host, for the runs to come; or takes the word back.

The edition's lock is held, so that two coordinators at once do not give one seat away twice. The rule's id comes from the form:
sending it again changes nothing.
"""

from typing import Any
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_matching.domain.pair_rules import Kind, Meeting, allow
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.store import editions, pair_rules, participants, placements
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.store.pair_rules import PairRule
from ipraktik_matching.usecases.common_stay import common_stay, open_dates
from ipraktik_matching.usecases.locked_placement import NoSuchThing


async def rule_on_pair(
    tx: Transaction,
    *,
    rule_id: UUID,
    edition_id: UUID,
    intern_id: UUID,
    host_id: UUID,
    kind: Kind,
    reason: str,
    comment: str,
    by: str,
) -> PairRule:
    """Keep the rule; where the pair has the same one already, that one. Raises Refused, NoSuchThing."""
    await editions.lock(tx.conn, edition_id=edition_id)
    known = await pair_rules.find(tx.conn, rule_id=rule_id)
    if known is not None:
        return known
    edition = await editions.find(tx.conn, edition_id=edition_id)
    if edition is None:
        raise NoSuchThing
    in_force = await pair_rules.in_force(tx.conn, edition_id=edition_id)
    for rule in in_force:
        if (rule.intern_id, rule.host_id, rule.kind) == (intern_id, host_id, kind):
            return rule
    intern, host = await _both(tx.conn, edition_id=edition_id, intern_id=intern_id, host_id=host_id)
    allow(await _meeting(tx, edition=edition, intern=intern, host=host, in_force=in_force), kind)
    rule = PairRule(rule_id, edition_id, intern_id, host_id, kind, reason, comment, by, tx.now)
    await pair_rules.add(tx.conn, rule)
    return rule


async def undo_pair_rule(tx: Transaction, *, rule_id: UUID, by: str) -> PairRule:
    """Take the rule back; it stays to be read. Doing it again changes nothing. Raises NoSuchThing."""
    rule = await pair_rules.find(tx.conn, rule_id=rule_id)
    if rule is None:
        raise NoSuchThing
    await editions.lock(tx.conn, edition_id=rule.edition_id)
    await pair_rules.undo(tx.conn, rule_id=rule_id, by=by, now=tx.now)
    return rule


async def _both(
    conn: Any, *, edition_id: UUID, intern_id: UUID, host_id: UUID
) -> tuple[ParticipantUpdated, ParticipantUpdated]:
    bodies = await participants.of_edition(conn, edition_id=edition_id, participant_ids=[intern_id, host_id])
    intern, host = bodies.get(intern_id), bodies.get(host_id)
    if intern is None or intern.role != "intern":
        raise Refused("rule_not_intern")
    if host is None or host.role != "host":
        raise Refused("rule_not_host")
    return intern, host


async def _meeting(
    tx: Transaction,
    *,
    edition: Edition,
    intern: ParticipantUpdated,
    host: ParticipantUpdated,
    in_force: list[PairRule],
) -> Meeting:
    seats = await placements.seats(tx.conn, edition_id=edition.edition_id)
    tried = {(seat.intern_id, seat.host_id) for seat in seats if seat.forbids}
    companion = await _companion(tx.conn, edition=edition, intern=intern)
    travellers = [intern] if companion is None else [intern, companion]
    here, there = intern.workplace, host.workplace
    return Meeting(
        intern_id=intern.participant_id,
        host_id=host.participant_id,
        same_unit=here.workplace_id == there.workplace_id,
        own_organisation=here.organisation_id == there.organisation_id and not intern.wishes.own_organisation,
        common_days=common_stay(travellers, host, dates=open_dates(edition, now=tx.now)) is not None,
        tried=any((one.participant_id, host.participant_id) in tried for one in travellers),
        seats=host.capacity or 1,
        companion_id=None if companion is None else companion.participant_id,
        standing_of={seat.intern_id: seat.host_id for seat in seats if seat.taken},
        # Another's must that was tried has had its day and holds no seat; the intern's own is undone before a new one.
        must_of={
            rule.intern_id: rule.host_id
            for rule in in_force
            if rule.kind == "must"
            and (rule.intern_id == intern.participant_id or (rule.intern_id, rule.host_id) not in tried)
        },
        never=[(rule.intern_id, rule.host_id) for rule in in_force if rule.kind == "never"],
    )


async def _companion(conn: Any, *, edition: Edition, intern: ParticipantUpdated) -> ParticipantUpdated | None:
    if intern.companion_id is None:
        return None
    bodies = await participants.of_edition(
        conn, edition_id=edition.edition_id, participant_ids=[intern.companion_id]
    )
    other = bodies.get(intern.companion_id)
    return other if other is not None and other.companion_id == intern.participant_id else None

"""Self-found pairs are proposed at once when both name each other, both are registered and the edition is known.

The pair counts as accepted by both: MatchProposed (origin self_found) is their acceptance too, and AgreementDrafted follows;
nobody has said yes to a proposal, so no MatchAccepted is said. Seats are given in the order of lots; a pair that finds no free
seat or no days ahead is left to the puzzle like everybody else.
"""

from uuid import UUID

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.days import start_of
from ipraktik_matching.domain.proposal import propose
from ipraktik_matching.store import editions, participants, placements
from ipraktik_matching.store.history import REGISTRATION
from ipraktik_matching.usecases.common_stay import common_stay, least_stay, open_dates
from ipraktik_matching.usecases.draft_agreement import draft_agreement
from ipraktik_matching.usecases.record_changes import record_changes


async def propose_self_found_pairs(tx: Transaction, *, edition_id: UUID) -> int:
    """Propose what is complete now; returns how many. The edition's lock is held by the caller."""
    edition = await editions.find(tx.conn, edition_id=edition_id)
    pairs = await participants.mutual_pairs(tx.conn, edition_id=edition_id)
    if edition is None or not pairs:
        return 0
    seats = await placements.seats(tx.conn, edition_id=edition_id)
    taken: dict[UUID, int] = {}
    for seat in seats:
        taken[seat.host_id] = taken.get(seat.host_id, 0) + seat.taken
    dates = open_dates(edition, now=tx.now, answer=False)
    changes = {}
    for pair in pairs:
        host_id = pair.host.participant_id
        stay = common_stay([pair.intern], pair.host, dates=dates) or least_stay(
            pair.intern, pair.host, dates=dates
        )
        full = taken.get(host_id, 0) >= (pair.host.capacity or 1)
        if full or stay is None or start_of(stay[0]) <= tx.now:
            continue
        taken[host_id] = taken.get(host_id, 0) + 1
        placement_id = derived_id("self_found", edition_id, pair.intern.participant_id, host_id)
        placement, facts = propose(
            placement_id=placement_id,
            edition_id=edition_id,
            intern_id=pair.intern.participant_id,
            host_id=host_id,
            group_id=None,
            run_id=None,
            origin="self_found",
            reasons=(),
            first_day=stay[0],
            last_day=stay[1],
            answer_by=tx.now,
        )
        placement, drafted = await draft_agreement(tx, placement=placement)
        changes[placement_id] = (placement, facts + drafted)
    await record_changes(tx, locked=(), changes=changes, actor=REGISTRATION)
    return len(changes)

"""Ask the parties of completed stays in one wave. Each is asked once, because the evaluation's id is derived from what it is."""

from collections.abc import Sequence

from ipraktik_chassis.clock import at_local, local_day
from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_contracts.events import EvaluationRequested
from ipraktik_evaluation.domain.question_sets import NEWEST
from ipraktik_evaluation.domain.questions import PARTIES, Wave
from ipraktik_evaluation.domain.schedule import last_day_to_answer
from ipraktik_evaluation.store import evaluations, participants
from ipraktik_evaluation.store.evaluations import Request
from ipraktik_evaluation.store.stays import CompletedStay
from ipraktik_evaluation.usecases.fields_of import fields_of


async def ask_parties(
    tx: Transaction, *, stays: Sequence[CompletedStay], wave: Wave, answer_days: int
) -> int:
    """Ask intern, manager and host of each stay; returns how many were asked.

    Answers are taken until 23:59 local time, so that the instant shows the day people are told. Whose sign-up is erased is
    not asked: there is nobody left to ask.
    """
    people = {one for stay in stays for one in (stay.intern_id, stay.host_id)}
    erased = await participants.erased_among(tx.conn, participant_ids=people)
    answer_by = at_local(last_day_to_answer(local_day(tx.now), answer_days=answer_days), 23, 59)
    wanted = [
        Request(
            evaluation_id=derived_id("evaluation", stay.placement_id, party, wave),
            edition_id=stay.edition_id,
            placement_id=stay.placement_id,
            party=party,
            wave=wave,
            question_set_version=NEWEST,
            answer_by=answer_by,
        )
        for stay in stays
        for party in PARTIES
        if (stay.host_id if party == "host" else stay.intern_id) not in erased
    ]
    asked = await evaluations.add_requests(
        tx.conn,
        requests=wanted,
        without_texts={stay.placement_id for stay in stays if {stay.intern_id, stay.host_id} & erased},
    )
    await tx.emit(*(EvaluationRequested(**fields_of(request)) for request in asked))
    return len(asked)

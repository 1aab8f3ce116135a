"""Renew what the page that thanks tells of everybody's answers, when twice as many have come since it was last worked out."""

from collections import Counter
from uuid import UUID

from ipraktik_chassis.transaction import Transaction
from ipraktik_evaluation.domain.indicators import INDICATORS, counted
from ipraktik_evaluation.domain.questions import Wave
from ipraktik_evaluation.domain.suppression import may_tell_again, surely
from ipraktik_evaluation.store import editions, reports, told
from ipraktik_evaluation.store.told import Told


async def tell_others(tx: Transaction, *, edition_id: UUID, wave: Wave) -> None:
    """Work out the wave's indicators anew where that is due.

    The edition's row is held first, so that two who answer at once do not tell two different groups of the same size. Counting
    comes before working out: most answers renew nothing.
    """
    if not await editions.own_edition(tx.conn, edition_id=edition_id):
        return
    known = {one.code: one.n for one in await told.told_indicators(tx.conn, edition_id=edition_id)}
    come = await told.answers_in(tx.conn, edition_id=edition_id, wave=wave)
    due = [
        definition
        for definition in INDICATORS
        if definition.wave == wave and may_tell_again(told_n=known.get(definition.code, 0), fresh_n=come)
    ]
    if not due:
        return
    submitted = await reports.submitted(tx.conn, edition_id=edition_id)
    for definition in due:
        answers = counted(definition, submitted)
        if not may_tell_again(told_n=known.get(definition.code, 0), fresh_n=len(answers)):
            continue
        at_least = surely(
            Counter(respondent for respondent, is_yes in answers if is_yes),
            people=len({respondent for respondent, _ in answers}),
            n=len(answers),
        )
        await told.tell(
            tx.conn, edition_id=edition_id, told=Told(definition.code, len(answers), at_least), now=tx.now
        )

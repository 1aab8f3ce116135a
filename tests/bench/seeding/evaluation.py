"""evaluation's database: completed stays, and what the three parties of each have answered. The edition's window is closed there."""

import json
from datetime import timedelta
from typing import Final

from bench.seeding import (
    EVALUATION,
    HOST,
    INTERN,
    MANAGER,
    ORGANISATION,
    PLACEMENT,
    SELF_OF_HOST,
    SELF_OF_INTERN,
    WORKPLACE,
    Edition,
    seeded,
)

from ipraktik_contracts.fields import Party
from ipraktik_evaluation.domain.question_sets import NEWEST, QUESTION_SETS

_EDITION: Final = """
insert into edition (edition_id, name, follow_up, mode, closes_at) values ($1, $2, 3, 'campaign', $3)
"""
_PARTICIPANTS: Final = f"""
insert into participant (participant_id, edition_id, role, organisation_id, workplace_id, municipality_code, sector, ownership)
select pg_temp.id(k.kind, n), $1::uuid, k.role, pg_temp.id({ORGANISATION}, n / 4), pg_temp.id({WORKPLACE}, n), pg_temp.place(n),
    pg_temp.sector(n, k.role), 'public'
from (values ({INTERN}, 'intern', $2::int), ({HOST}, 'host', $3::int)) k (kind, role, most)
cross join lateral generate_series(1, k.most) n
"""
_CONTACTS: Final = f"""
insert into contact (contact_id, name, language, epoch, relation)
select pg_temp.id(k.kind, n), pg_temp.person(n * k.step), 'da', 1, k.relation
from (values ({SELF_OF_INTERN}, 'self', 1, $1::int), ({MANAGER}, 'manager', 3, $1::int),
    ({SELF_OF_HOST}, 'self', 5, $2::int)) k (kind, relation, step, most)
cross join lateral generate_series(1, k.most) n
"""
_STAYS: Final = f"""
insert into stay (placement_id, edition_id, intern_id, host_id, first_day, last_day, follow_up_at)
select pg_temp.id({PLACEMENT}, n), $2::uuid, pg_temp.id({INTERN}, n), pg_temp.id({HOST}, 1 + n % $3::int), $4, $5,
    $6::timestamptz + interval '80 days'
from generate_series(1, $1::int) n
"""
# Three of four have answered; the rest are still open.
_EVALUATIONS: Final = f"""
insert into evaluation (evaluation_id, edition_id, placement_id, party, wave, question_set_version, answer_by, state, closed_at, answers)
select pg_temp.id({EVALUATION} + p.place * 256, n), $2::uuid, pg_temp.id({PLACEMENT}, n), p.party, 'after', $3,
    $4::timestamptz + interval '9 days', case when n % 4 > 0 then 'submitted' else 'open' end,
    case when n % 4 > 0 then $4::timestamptz - interval '1 day' end, case when n % 4 > 0 then p.answers end
from generate_series(1, $1::int) n
cross join jsonb_to_recordset($5::jsonb) as p (place int, party text, answers jsonb)
"""
_TEXTS: Final = """
insert into free_text (evaluation_id, question, text)
select evaluation_id, $1, 'Jeg har taget en ny vane med hjem, og vi har aftalt at ses igen.'
from evaluation where state = 'submitted' and party = 'intern'
"""


async def seed(url: str, edition: Edition) -> None:
    """Fill it."""
    begun = edition.now.date() - timedelta(days=21)
    said, text = _answers()
    await seeded(
        url,
        (_EDITION, [edition.edition_id, edition.name, edition.now - timedelta(days=60)]),
        (_PARTICIPANTS, [edition.edition_id, edition.interns, edition.hosts]),
        (_CONTACTS, [edition.interns, edition.hosts]),
        (
            _STAYS,
            [
                edition.placements,
                edition.edition_id,
                edition.hosts,
                begun,
                begun + timedelta(days=4),
                edition.now,
            ],
        ),
        (_EVALUATIONS, [edition.placements, edition.edition_id, NEWEST, edition.now, said]),
        (_TEXTS, [text]),
    )


def _answers() -> tuple[str, str]:
    """Each party's answers as they are kept, the first choice everywhere; and a question that interns answer in words."""
    rows, text = [], ""
    parties: tuple[Party, ...] = ("intern", "manager", "host")
    for place, party in enumerate(parties):
        questions = QUESTION_SETS[NEWEST].form(party, "after")
        answers = {
            one.code: [one.options[0].code] if one.kind == "many" else one.options[0].code
            for one in questions
            if one.kind != "text"
        }
        text = text or next((one.code for one in questions if one.kind == "text"), "")
        rows.append({"place": place, "party": party, "answers": answers})
    return json.dumps(rows), text

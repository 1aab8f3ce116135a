"""notify's database: who can be written to, and five mails for each sign-up, most of them sent."""

from typing import Final

from bench.seeding import (
    FACT,
    HOST,
    INTERN,
    MAIL,
    MANAGER,
    PLACEMENT,
    SELF_OF_HOST,
    SELF_OF_INTERN,
    Edition,
    seeded,
)

MAILS_A_SIGN_UP: Final = 5
_EDITION: Final = """
insert into edition (edition_id, name, mode, hold_mails, first_day, last_day) values ($1, $2, 'campaign', true, $3, $4)
"""
_PARTICIPANTS: Final = f"""
insert into participant (participant_id, edition_id, role, organisation_name, state)
select pg_temp.id(k.kind, n), $1::uuid, k.role, pg_temp.organisation(n), 'registered'
from (values ({INTERN}, 'intern', $2::int), ({HOST}, 'host', $3::int)) k (kind, role, most)
cross join lateral generate_series(1, k.most) n
"""
_CONTACTS: Final = f"""
insert into contact (contact_id, participant_id, relation, name, email, language, unit_name)
select pg_temp.id(k.kind, n), pg_temp.id(k.whose, n), k.relation, pg_temp.person(n * k.step), k.part || n || '@example.org',
    case when n % 16 = 0 then 'en' else 'da' end, 'Enhed ' || n
from (values ({SELF_OF_INTERN}, {INTERN}, 'self', 'p', 1, $1::int), ({MANAGER}, {INTERN}, 'manager', 'l', 3, $1::int),
    ({SELF_OF_HOST}, {HOST}, 'self', 'v', 5, $2::int)) k (kind, whose, relation, part, step, most)
cross join lateral generate_series(1, k.most) n
"""
_PLACEMENTS: Final = f"""
insert into placement (placement_id, edition_id, intern_id, host_id, state, first_day, last_day, answer_by)
select pg_temp.id({PLACEMENT}, n), $2::uuid, pg_temp.id({INTERN}, n), pg_temp.id({HOST}, 1 + n % $3::int), 'proposed', $4, $5,
    $6::timestamptz + interval '6 days'
from generate_series(1, $1::int) n
"""
# One mail in a hundred is held, waits, or has failed.
_MAILS: Final = f"""
insert into mail (id, fact_id, kind, party, recipient, contact_id, edition_id, participant_id, relation, placement_id, intern_id,
    host_id, aggregate_id, subject_id, facts, names, bodies, awaits, needs_placement, needs_erased, needs_aggregate, holdable,
    give_up_at, state, reason, code, attempts, message_id, created_at, ready_at, sent_at)
select pg_temp.id({MAIL} + k.kind * 256, n * {MAILS_A_SIGN_UP} + m), pg_temp.id({FACT} + k.kind * 256, n * {MAILS_A_SIGN_UP} + m),
    pg_temp.pick(array['confirm_address', 'registered', 'proposal', 'agreement_draft', 'agreement_signed'], m), k.role, k.role,
    pg_temp.id(k.contact, n), $1::uuid, pg_temp.id(k.kind, n), 'self', pg_temp.id({PLACEMENT}, n), pg_temp.id({INTERN}, n),
    pg_temp.id({HOST}, n), pg_temp.id({PLACEMENT}, n), pg_temp.id({PLACEMENT}, n), '{{}}', '{{}}', '{{}}', '{{}}', false, false, false,
    true, $2::timestamptz + interval '30 days', s.state, case s.state when 'failed' then 'refused' end,
    case s.state when 'failed' then 550 end, 1, 'bench-' || k.kind || '-' || n || '-' || m || '@example.org',
    $2::timestamptz - interval '10 days', $2::timestamptz - interval '10 days',
    case s.state when 'sent' then $2::timestamptz - interval '9 days' + m * interval '1 day' end
from (values ({INTERN}, {SELF_OF_INTERN}, 'intern', $3::int), ({HOST}, {SELF_OF_HOST}, 'host', $4::int)) k (kind, contact, role, most)
cross join lateral generate_series(1, k.most) n
cross join generate_series(0, {MAILS_A_SIGN_UP} - 1) m
cross join lateral (select case (n * {MAILS_A_SIGN_UP} + m) % 100 when 7 then 'held' when 8 then 'failed' when 9 then 'waiting'
    else 'sent' end) s (state)
"""


async def seed(url: str, edition: Edition) -> None:
    """Fill it."""
    days = (edition.first_day, edition.last_day)
    await seeded(
        url,
        (_EDITION, [edition.edition_id, edition.name, *days]),
        (_PARTICIPANTS, [edition.edition_id, edition.interns, edition.hosts]),
        (_CONTACTS, [edition.interns, edition.hosts]),
        (_PLACEMENTS, [edition.placements, edition.edition_id, edition.hosts, *days, edition.now]),
        (_MAILS, [edition.edition_id, edition.now, edition.interns, edition.hosts]),
    )

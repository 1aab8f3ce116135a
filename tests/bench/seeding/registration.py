"""registration's database: sign-ups with their people, the registry, where each placement stands, and what has been heard of it."""

from typing import Final

from bench.seeding import (
    HOST,
    INTERN,
    KEY,
    MANAGER,
    ORGANISATION,
    PLACEMENT,
    SELF_OF_HOST,
    SELF_OF_INTERN,
    WORKPLACE,
    Edition,
    seeded,
)

_ORGANISATIONS: Final = f"""
insert into organisation (organisation_id, folded_name, sector, name)
select pg_temp.id({ORGANISATION}, n), 'organisation nr. ' || n, pg_temp.sector(n * 4, 'host'), 'Organisation nr. ' || n
from generate_series(0, $1::int / 4) n
"""
_WORKPLACES: Final = f"""
insert into workplace (workplace_id, organisation_id, folded_unit)
select pg_temp.id({WORKPLACE}, n), pg_temp.id({ORGANISATION}, n / 4), 'enhed ' || n from generate_series(1, $1::int) n
"""
# The body is that of a real sign-up; one in twenty still waits for something, the rest are registered.
_PARTICIPANTS: Final = f"""
insert into participant (participant_id, edition_id, role, state, reference, lot, idempotency_key, created_at, respond_by,
    registered_at, organisation_id, workplace_id, body, job_title, unit_name, presentation)
select pg_temp.id(k.kind, n), $2::uuid, k.role, w.state, k.letter || lpad(n::text, 7, '0'), pg_temp.lot(n),
    pg_temp.id({KEY} + k.kind * 256, n), $3::timestamptz - interval '20 days',
    case when w.state <> 'registered' then $3::timestamptz + interval '5 days' end,
    case when w.state = 'registered' then $3::timestamptz - interval '15 days' end,
    case when w.state = 'registered' then pg_temp.id({ORGANISATION}, n / 4) end,
    case when w.state = 'registered' then pg_temp.id({WORKPLACE}, n) end,
    t.body || jsonb_build_object('field', pg_temp.field(n), 'workplace', (t.body->'workplace') || pg_temp.workplace(n, k.role))
        || case k.role when 'host' then jsonb_build_object('capacity', 1 + n % 3) else '{{}}'::jsonb end,
    t.job_title, 'Enhed ' || n, t.presentation
from (values ({INTERN}, 'intern', 'P', $4::uuid), ({HOST}, 'host', 'V', $5::uuid)) k (kind, role, letter, like_id)
join participant t on t.participant_id = k.like_id
cross join lateral generate_series(1, case k.role when 'intern' then $1::int else $6::int end) n
cross join lateral (select case when n % 20 > 0 then 'registered' when k.role = 'intern' then 'awaiting_consent'
    else 'unconfirmed' end) w (state)
"""
_CONTACTS: Final = f"""
insert into contact (contact_id, participant_id, relation, name, email, email_key, language)
select pg_temp.id(k.kind, n), pg_temp.id(k.whose, n), k.relation, pg_temp.person(n * k.step),
    k.part || n || '@example.org', k.part || n || '@example.org', case when n % 16 = 0 then 'en' else 'da' end
from (values ({SELF_OF_INTERN}, {INTERN}, 'self', 'p', 1), ({MANAGER}, {INTERN}, 'manager', 'l', 3),
    ({SELF_OF_HOST}, {HOST}, 'self', 'v', 5)) k (kind, whose, relation, part, step)
cross join lateral generate_series(1, case k.whose when {INTERN} then $1::int else $2::int end) n
"""
_PLACEMENTS: Final = f"""
insert into placement_state (placement_id, intern_id, host_id, state, first_day, last_day, respond_by, sequence)
select pg_temp.id({PLACEMENT}, n), pg_temp.id({INTERN}, n), pg_temp.id({HOST}, 1 + n % $2::int), pg_temp.standing(n), $3, $4,
    $5::timestamptz + interval '6 days', 3
from generate_series(1, $1::int) n
"""
_COURSE: Final = f"""
insert into course_entry (about_id, sequence, kind, at, first_day, last_day, respond_by)
select pg_temp.id({PLACEMENT}, n), said.sequence, said.kind, $4::timestamptz - interval '9 days' + said.sequence * interval '1 day',
    $2, $3, $4::timestamptz + interval '6 days'
from generate_series(1, $1::int) n, (values (1, 'MatchProposed'), (2, 'MatchAccepted'), (3, 'AgreementDrafted')) said (sequence, kind)
"""


async def seed(url: str, edition: Edition, *, intern_like: object, host_like: object) -> None:
    """Fill it. The two are sign-ups that were really made; all others are like them."""
    some, interns, hosts = edition.placements, edition.interns, edition.hosts
    days = (edition.first_day, edition.last_day)
    await seeded(
        url,
        (_ORGANISATIONS, [max(interns, hosts)]),
        (_WORKPLACES, [max(interns, hosts)]),
        (_PARTICIPANTS, [interns, edition.edition_id, edition.now, intern_like, host_like, hosts]),
        (_CONTACTS, [interns, hosts]),
        (_PLACEMENTS, [some, hosts, *days, edition.now]),
        (_COURSE, [some, *days, edition.now]),
    )

"""However many hosts there are, a page of the registry reads little of the database. Counted in blocks, which no load changes."""

import uuid
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from counting import Counting
from registration.desk import Desk, host
from rig import Databases, Rig, rig_of

from ipraktik_registration.main import SERVICE
from ipraktik_registration.store import hosts_on_offer
from ipraktik_registration.store.hosts_on_offer import Wanted

MANY = 20_000
_HOSTS = """
with made as (
    select n, gen_random_uuid() as id from generate_series(1, $2::int) n
), organisations as (
    insert into organisation (organisation_id, folded_name, sector, name)
    select md5('o' || n)::uuid, 'arbejdsplads ' || n, 'municipal', 'Arbejdsplads ' || n
    from generate_series(1, $2::int / 4 + 1) n
)
insert into participant (participant_id, edition_id, role, state, reference, lot, idempotency_key, created_at, organisation_id,
    body, presentation)
select id, $1, 'host', 'registered', null, '', gen_random_uuid(), $3, md5('o' || (n % ($2::int / 4 + 1) + 1))::uuid,
    $4::jsonb || jsonb_build_object('field', (array['law', 'libraries', 'elderly', 'health'])[n % 4 + 1])
    || jsonb_build_object('workplace', $4::jsonb->'workplace'
        || jsonb_build_object('municipality_code', (array['0751', '0630', '0101', '0400', '0851'])[n % 5 + 1])),
    repeat('Et skrivebord og en cykel. ', 20)
from made
"""
_CONTACTS = """
insert into contact (contact_id, participant_id, relation, name, email, email_key, language)
select gen_random_uuid(), participant_id, 'self', 'Vært', participant_id || '@example.org', participant_id || '@example.org',
    case when random() < 0.05 then 'en' else 'da' end
from participant
"""
_PLACEMENTS = """
insert into placement_state (placement_id, intern_id, host_id, state, sequence)
select gen_random_uuid(), gen_random_uuid(), participant_id, 'signed', 1 from participant where random() < 0.5
"""


SEARCHES: list[tuple[dict[str, Any], int]] = [
    ({}, 600),
    ({"field": "law"}, 600),
    ({"municipalities": ("0400",)}, 600),
    ({"municipalities": ("0400", "0851")}, 600),
    ({"sector": "municipal", "seats": 1}, 600),
    ({"language": "da"}, 600),
    ({"language": "en"}, 1500),
    ({"words": ("arbejdsplads", "17")}, 2500),
    ({"field": "elderly", "municipalities": ("0630",), "seats": 2, "language": "en"}, 15_000),
]
"""Searches with the most blocks of 8 KiB that they may read: a table read whole would be several thousand, a hash of all
contacts hundreds of thousands. The last finds next to nothing, so it looks at all hosts of its municipality."""


async def read(rig: Rig, **choices: Any) -> int:
    """Blocks that a page of the search reads."""
    async with rig.database.reading() as conn:
        counting = Counting(conn)
        await hosts_on_offer.page(counting, wanted=Wanted(**choices), limit=21)
    return counting.blocks


async def filled(rig: Rig, count: int, *, admin_url: str) -> uuid.UUID:
    """An edition with that many hosts, half of them with an agreed stay."""
    async with Desk.open(rig) as desk:
        edition_id = await desk.open_edition()
        first = await desk.register(host())
    async with rig.database.transaction() as tx:
        body = await tx.conn.fetchval("select body from participant where participant_id = $1", first)
        await tx.conn.execute(_HOSTS, edition_id, count, tx.now, body)
        await tx.conn.execute("delete from contact where relation = 'self'")
        await tx.conn.execute(_CONTACTS)
        await tx.conn.execute(_PLACEMENTS)
    # as the server's own clean-up would in time; the running role may not
    admin = await asyncpg.connect(
        urlunsplit(urlsplit(admin_url)._replace(path=urlsplit(rig.database_url).path))
    )
    await admin.execute("vacuum analyze participant, contact, organisation, placement_state")
    await admin.close()
    return edition_id


async def test_a_page_is_read_from_indexes_however_many_hosts_there_are(databases: Databases) -> None:
    async with rig_of(SERVICE, databases) as rig:
        edition_id = await filled(rig, MANY, admin_url=databases.server.admin_url)
        blocks = [await read(rig, edition_ids=(edition_id,), **choices) for choices, _ in SEARCHES]
    too_many = [
        f"{choices}: {found} blocks"
        for (choices, most), found in zip(SEARCHES, blocks, strict=True)
        if found > most
    ]
    assert not too_many, "\n".join(too_many)

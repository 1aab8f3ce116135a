-- migrate:up

-- The two lanes answer what this one did. By itself, since it asks for the whole table and must not hold anything while it waits.
set local lock_timeout = '5s';
drop index placements_with_draft;

-- migrate:down
create index placements_with_draft on placements (edition_id, due_at, placement_id)
    where draft is not null and state in ('drafted', 'signed');

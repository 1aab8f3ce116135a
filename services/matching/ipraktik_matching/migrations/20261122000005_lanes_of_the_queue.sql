-- migrate:up

-- The queue tells agreements from amendments: each lane has its own rows, with the draft that a refusal belongs to.
create index placements_drafted on placements (edition_id, due_at, placement_id) include (draft)
    where draft is not null and state = 'drafted';
create index placements_amended on placements (edition_id, due_at, placement_id) include (draft)
    where draft is not null and state = 'signed';

-- migrate:down
drop index placements_amended;
drop index placements_drafted;

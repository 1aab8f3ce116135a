-- migrate:up

-- What keeps the board's pages quick when thousands take part. Nothing is counted beforehand: every page reads what is true now.

-- Words are sought anywhere in a name ("skole" in "Gymnasieskolen"), which only trigrams find without reading everybody. The
-- extension comes with PostgreSQL, and who owns a database may add it.
create extension if not exists pg_trgm;
create index contacts_by_words on contacts using gin (name gin_trgm_ops, unit_name gin_trgm_ops) where not erased;
create index participants_by_words on participants using gin (organisation_name gin_trgm_ops);
create index participants_by_organisation on participants (organisation_name, edition_id, role) where state = 'registered';

-- The balance counts everybody of an edition. From these it does so without opening a single body.
alter table participants
    add column wished_fields text generated always as (body #>> '{wishes,fields}') stored,
    add column wished_areas text generated always as (body #>> '{wishes,areas}') stored;
create index participants_weighed on participants (edition_id, participant_id) include (role, field, municipality_code, capacity)
    where state = 'registered' and role is not null;
create index wished_fields on participants (edition_id, wished_fields) where state = 'registered' and role = 'intern';
create index wished_areas on participants (edition_id, wished_areas) where state = 'registered' and role = 'intern';

-- The queue tells agreements from amendments: each lane has its own rows, with the draft that a refusal belongs to.
create index placements_drafted on placements (edition_id, due_at, placement_id) include (draft)
    where draft is not null and state = 'drafted';
create index placements_amended on placements (edition_id, due_at, placement_id) include (draft)
    where draft is not null and state = 'signed';
drop index placements_with_draft;

-- migrate:down
create index placements_with_draft on placements (edition_id, due_at, placement_id)
    where draft is not null and state in ('drafted', 'signed');
drop index placements_amended;
drop index placements_drafted;
drop index wished_areas;
drop index wished_fields;
drop index participants_weighed;
alter table participants drop column wished_areas, drop column wished_fields;
drop index participants_by_organisation;
drop index participants_by_words;
drop index contacts_by_words;
drop extension pg_trgm;

-- migrate:up

-- The balance counts wishes without opening a single body. The table is written anew once, and nobody reads it meanwhile: who waits
-- for it waits behind us, so we give up soon where somebody else holds it, and `migrate` is run again.
set local lock_timeout = '5s';
alter table participants
    add column wished_fields text generated always as (body #>> '{wishes,fields}') stored,
    add column wished_areas text generated always as (body #>> '{wishes,areas}') stored;
create index wished_fields on participants (edition_id, wished_fields) where state = 'registered' and role = 'intern';
create index wished_areas on participants (edition_id, wished_areas) where state = 'registered' and role = 'intern';

-- migrate:down
drop index wished_areas;
drop index wished_fields;
alter table participants drop column wished_areas, drop column wished_fields;

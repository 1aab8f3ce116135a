-- migrate:up
create index participants_by_words on participants using gin (organisation_name gin_trgm_ops);
create index participants_by_organisation on participants (organisation_name, edition_id, role) where state = 'registered';

-- The balance counts everybody of an edition, from an index alone.
create index participants_weighed on participants (edition_id, participant_id) include (role, field, municipality_code, capacity)
    where state = 'registered' and role is not null;

-- migrate:down
drop index participants_weighed;
drop index participants_by_organisation;
drop index participants_by_words;

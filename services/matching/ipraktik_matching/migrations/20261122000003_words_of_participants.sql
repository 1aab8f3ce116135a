-- migrate:up
create index participants_by_words on participants using gin (organisation_name gin_trgm_ops);
create index participants_by_organisation on participants (organisation_name, edition_id, role) where state = 'registered';

-- migrate:down
drop index participants_by_organisation;
drop index participants_by_words;

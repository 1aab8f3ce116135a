-- migrate:up

-- What keeps the board's pages quick when thousands take part; this file and the six after it. Each touches one table and so holds
-- the locks of one: the version before this one goes on working meanwhile, and with two it could stand against us for ever.

-- Words are sought anywhere in a name ("skole" in "Gymnasieskolen"), which only trigrams find without reading everybody. The
-- extension comes with PostgreSQL, and who owns a database may add it.
create extension if not exists pg_trgm;
create index contacts_by_words on contacts using gin (name gin_trgm_ops, unit_name gin_trgm_ops) where not erased;

-- migrate:down
drop index contacts_by_words;
drop extension pg_trgm;

-- migrate:up

-- When sign-ups of an edition end, so that nobody is told "not this time" in the belief that everybody has signed up. Editions that
-- registration has said nothing of since have none.
set local lock_timeout = '5s';
alter table editions add column closes_at timestamptz;

-- migrate:down
alter table editions drop column closes_at;

-- migrate:up

-- Sign-in links of coordinators that nobody has used yet: the half of the session that is not in the mail. It is nothing but
-- chance by itself. Whoever follows the link takes the row away; one that nobody follows is swept when it has run out.
create table sign_in (
    digest     bytea primary key,       -- SHA-256 of the half that is in the mail
    kept       bytea not null,
    expires_at timestamptz not null
);
create index sign_in_by_time on sign_in (expires_at);

-- migrate:down
drop table sign_in;

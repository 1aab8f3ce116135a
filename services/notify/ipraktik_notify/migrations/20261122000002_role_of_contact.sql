-- migrate:up

-- The role that a contact's record tells of its sign-up: a manager stands beside an intern, a reserve beside a host, and an own
-- text is an intern's motivation or a host's offer. Mails speak of the role before the sign-up is said in public. Null where
-- the record tells nothing, and for those that were kept before this.
alter table contact add column role text check (role in ('intern', 'host'));

-- migrate:down
alter table contact drop column role;

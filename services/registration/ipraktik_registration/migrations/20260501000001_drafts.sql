-- migrate:up

-- A sign-up that somebody has begun. Whoever knows its key may go on with it; only the key's SHA-256 is kept. Both ids are the
-- draft's alone: under them notify learns where the link back is to be mailed. The sign-ups it becomes get ids of their own.
create table draft (
    participant_id uuid primary key,
    contact_id     uuid not null unique,
    key_hash       bytea not null unique,
    part           text not null check (part in ('intern', 'host', 'both')),
    edition_id     uuid not null,                -- chosen anew where it has closed under way
    host_id        uuid,                         -- the host of the registry from whose page the intern came
    answers        jsonb not null,               -- by page; empty once sent
    created_at     timestamptz not null,
    touched_at     timestamptz not null,         -- forgotten a while after
    saved_to       text,                         -- the address that the link back was last mailed to
    saved_at       timestamptz,
    saves          int not null default 0,       -- how many such mails were asked for
    epoch          int not null default 1,       -- of the draft's contact: another address voids earlier links
    sent_at        timestamptz,
    sign_ups       uuid[] not null default '{}'  -- what it became; for the receipt
);
create index draft_touched_at on draft (touched_at);

-- migrate:down
drop table draft;

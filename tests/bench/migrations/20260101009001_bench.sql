-- migrate:up

-- The effect of an event: the newest that is known of a participant, its whole body included, as services keep it.
create table participant_seen (
    participant_id    uuid primary key,
    sequence          bigint not null,
    edition_id        uuid not null,
    role              text not null,
    field             text not null,
    municipality_code text,
    body              json not null,
    seen_at           timestamptz not null
);

-- What the bare route keeps.
create table bare_post (
    id   uuid primary key,
    body bytea not null
);

-- migrate:down
drop table bare_post;
drop table participant_seen;

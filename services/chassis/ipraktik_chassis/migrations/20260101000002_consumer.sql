-- migrate:up

-- The last ce_sequence said of each aggregate. Its row is the lock that orders an aggregate's events.
create table event_sequence (
    topic text not null,
    key   text not null,
    last  bigint not null check (last > 0),
    primary key (topic, key)
) with (fillfactor = 70);

-- What each consumer has taken in. Kept for ever, so that a replay from the first record changes nothing.
create table inbox (
    consumer text not null,
    event_id uuid not null,
    primary key (consumer, event_id)
);

-- Records that this build could not take in, and everything of the same key that came after, in order of arrival.
create table parked (
    id        bigint generated always as identity primary key,
    consumer  text not null,
    topic     text not null,
    partition int not null,
    position  bigint not null,
    key       bytea,
    headers   json not null,            -- [[name, base64 or null], ...]; jsonb would refuse a NUL in a name
    body      bytea,
    kind      text not null,            -- malformed, unknown_type, newer_major, failed, behind
    reason    text not null,            -- never the record's content
    parked_at timestamptz not null
);
-- A place says which record it is only within one cluster; one that was filled again counts from zero, and must lose nothing here.
create unique index parked_once on parked (
    consumer, topic, partition, position, md5(coalesce(key, '')), md5(coalesce(body, ''))
);
create index parked_by_key on parked (consumer, topic, key, id);

-- migrate:down
drop table parked;
drop table inbox;
drop table event_sequence;

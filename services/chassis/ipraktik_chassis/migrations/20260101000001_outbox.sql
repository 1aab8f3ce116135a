-- migrate:up

-- Events that are true and not yet acknowledged by Kafka, as the bytes that will be sent. Rows are inserted and deleted, never
-- updated. A queue is vacuumed by count, not by share, and at full speed; its file is not truncated, since that takes a lock
-- that stops every writer and the room is needed again. Rows up to a page stay whole: no compression for a stay of milliseconds.
create table outbox (
    shard      smallint not null,       -- hash mod 64: which relay sends it
    id         bigint generated always as identity (cache 1),   -- a larger cache would draw ids out of order
    hash       int not null,            -- murmur2 of the key without sign: hash mod partitions is the partition
    topic      text not null,
    key        bytea not null,
    headers    bytea not null,          -- name NUL value NUL ...
    body       bytea,                   -- null is a tombstone
    event_id   uuid not null,
    created_at timestamptz not null,    -- by the programme's clock
    primary key (shard, id)
) with (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_threshold = -1, vacuum_truncate = false, toast_tuple_target = 8160,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000, toast.vacuum_truncate = false
);

-- What Kafka has acknowledged, for ever: an empty Kafka is filled again from here. (shard, id) is the order within a key.
create table published (
    shard      smallint not null,
    id         bigint not null,
    hash       int not null,
    topic      text not null,
    key        bytea not null,
    headers    bytea not null,
    body       bytea,
    event_id   uuid not null,
    created_at timestamptz not null,
    primary key (shard, id)
);

-- Rows that Kafka will never take, and everything of the same topic and key that came after, in order.
create table outbox_dead (
    shard      smallint not null,
    id         bigint not null,
    hash       int not null,
    topic      text not null,
    key        bytea not null,
    headers    bytea not null,
    body       bytea,
    event_id   uuid not null,
    created_at timestamptz not null,
    reason     text not null,           -- too_large, invalid_topic, or behind: an earlier row of its key is here
    primary key (shard, id)
);

-- Who relays at the moment. Alive is whose session holds the advisory lock of the same number and whose counter moves; no
-- times are kept, each relay judges the others by its own real clock.
create table relay_members (
    member  int primary key,
    counter bigint not null default 0
) with (fillfactor = 50);

-- migrate:down
drop table relay_members;
drop table outbox_dead;
drop table published;
drop table outbox;

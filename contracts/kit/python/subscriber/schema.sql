-- What the subscriber keeps. Applied at every start and changes nothing where it is there already.
-- Members of the group may start at the same moment; the second waits here until the first is done.
select pg_advisory_xact_lock(hashtext('innovationspraktik.kit'));

-- The ids of the events taken in. An event comes at least once; its id is the same each time.
create table if not exists inbox (
    event_id uuid primary key
);

-- How far each aggregate's line has come. Numbers count per topic and key, 1, 2, 3 …, of known and unknown types alike.
create table if not exists progress (
    topic text,
    key uuid,
    last_sequence bigint not null,
    primary key (topic, key)
);

-- Alarms: lines of which an event never came. Nothing after the hole is taken in until it is filled.
create table if not exists gap (
    topic text,
    key uuid,
    missing bigint not null,
    seen bigint not null,
    primary key (topic, key)
);

-- Records that break the contract, by their place: for asking the sender about. Their content is not kept.
create table if not exists refused (
    topic text,
    partition integer,
    record_offset bigint,
    reason text not null,
    primary key (topic, partition, record_offset)
);

-- Erased sign-ups: the bare id, because older events about it may still arrive on another topic, and must find nothing.
create table if not exists erased (
    participant_id uuid primary key
);

-- What this subscriber is for; put your own tables here.
create table if not exists placement (
    placement_id uuid primary key,
    edition_id uuid not null,
    state text not null,
    last_sequence bigint not null,
    intern_id uuid not null,
    host_id uuid not null
);
create index if not exists placement_by_intern on placement (intern_id);
create index if not exists placement_by_host on placement (host_id);

-- One value to compare with others who read the same events: SHA-256 over a line per placement, sorted by id.
create or replace view placement_hash as
select
    count(*) as placements,
    encode(sha256(convert_to(coalesce(string_agg(
        format('%s %s %s %s', placement_id, edition_id, state, last_sequence) || chr(10), '' order by placement_id
    ), ''), 'UTF8')), 'hex') as hash
from placement;

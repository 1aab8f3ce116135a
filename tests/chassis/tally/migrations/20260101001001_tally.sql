-- migrate:up

-- No key forbids a second row for one event: an effect that happens twice must show.
create table heard (
    place    bigint generated always as identity primary key,
    key      text not null,
    kind     text not null,
    sequence bigint not null,
    event_id uuid not null
);
create table tallies (
    key   text primary key,
    count bigint not null
);
create table contacts (
    contact_id uuid primary key,
    name       text not null,
    language   text not null,
    epoch      int not null
);
-- What goes wrong with a key: 'fails' for no transient reason, or 'waits' for an advisory lock that a test holds.
create table faults (
    key  text primary key,
    kind text not null
);
create table reminders (
    id    int primary key,
    due   timestamptz not null,
    times int not null default 0
);

-- migrate:down
drop table reminders;
drop table faults;
drop table contacts;
drop table tallies;
drop table heard;

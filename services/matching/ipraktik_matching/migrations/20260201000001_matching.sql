-- migrate:up

-- What registration has said. Rows appear in whatever order the events come; what is not known yet is null.
create table editions (
    edition_id  uuid primary key,
    name        text not null,
    mode        text not null check (mode in ('campaign', 'rolling')),
    first_day   date not null,
    last_day    date not null,
    answer_days int not null,
    sign_days   int not null
);

-- A row outlives its body: withdrawn and erased are markers against a late event that would bring the sign-up back.
create table participants (
    participant_id  uuid primary key,
    edition_id      uuid not null,
    state           text not null check (state in ('registered', 'withdrawn', 'erased')),
    role            text check (role in ('intern', 'host')),
    self_found_with uuid,
    lot             text,
    body            jsonb,              -- the latest whole body as said in public; null once the sign-up is erased
    check (state <> 'registered' or body is not null)
);
create index participants_by_edition on participants (edition_id, state);

-- Who may act for a sign-up, and what the other party reads. Erased contacts stay as bare markers.
create table contacts (
    contact_id     uuid primary key,
    participant_id uuid,
    relation       text,
    name           text not null default '',
    language       text not null default 'da',
    epoch          int,
    motivation     text not null default '',
    offer          text not null default '',
    job_title      text not null default '',
    unit_name      text not null default '',
    erased         boolean not null default false,
    check (erased or (participant_id is not null and relation is not null and epoch is not null))
);
create index contacts_by_participant on contacts (participant_id);

-- Solver runs: asked for, laid out from one snapshot, solved beside the service, released by a person.
create table runs (
    run_id          uuid primary key,
    edition_id      uuid not null,
    state           text not null check (state in ('queued', 'running', 'solved', 'failed', 'released')),
    requested_by    text not null,
    requested_at    timestamptz not null,
    attempts        int not null default 0,
    releases_before int,                -- releases of the edition that the snapshot knows of
    input           text,               -- the puzzle as canonical JSON; ids and wishes, no names
    input_digest    text,
    plan            text,
    sentence        text,               -- why it failed
    final           boolean,
    released_by     text,
    released_at     timestamptz,
    released        jsonb               -- what the release did, for asking again
);
create index runs_to_do on runs (requested_at, run_id) where state in ('queued', 'running');
create index runs_by_edition on runs (edition_id, requested_at);

create table placements (
    placement_id uuid primary key,
    edition_id   uuid not null,
    intern_id    uuid not null,
    host_id      uuid not null,
    group_id     uuid,
    run_id       uuid,
    origin       text not null,
    reasons      text[] not null,
    first_day    date not null,
    last_day     date not null,
    answer_by    timestamptz not null,
    state        text not null check (state in ('proposed', 'drafted', 'signed', 'completed', 'not_held',
                                                'declined', 'expired', 'withdrawn', 'lapsed', 'cancelled')),
    accepted     text[] not null,
    draft        int,                   -- version put up and not approved by all
    standing     int,                   -- version approved by all three
    last_version int not null,
    words        jsonb not null,        -- party to held or not, before the end
    disputed     boolean not null,
    ended_by     text,
    ended_reason text,
    due_at       timestamptz            -- when the clock next does something; null where it waits for people
);
create index placements_due on placements (due_at, placement_id) where due_at is not null;
create index placements_by_edition on placements (edition_id, placement_id);
create index placements_by_host on placements (host_id);
create index placements_by_group on placements (group_id) where group_id is not null;
-- An intern holds one seat at a time, whatever the code believes.
create unique index one_seat_per_intern on placements (intern_id)
    where state in ('proposed', 'drafted', 'signed', 'completed', 'not_held');

create table agreement_versions (
    placement_id uuid not null references placements,
    version      int not null,
    terms        text not null,         -- canonical JSON; its texts are blanked at erasure
    fingerprint  text not null,         -- of the text as it was put up
    sign_by      timestamptz not null,
    approved     text[] not null,
    refused      text[] not null,
    primary key (placement_id, version)
);

-- Who did what, in order, for the coordinators' board.
create table history (
    id           bigint generated always as identity primary key,
    placement_id uuid not null,
    at           timestamptz not null,
    act          text not null,
    actor_kind   text not null check (actor_kind in ('contact', 'coordinator', 'clock', 'registration')),
    actor        text,                  -- contact id or the coordinator's name
    party        text,
    version      int,
    comment      text not null default ''   -- free text; blanked at erasure
);
create index history_by_placement on history (placement_id, id);

-- migrate:down
drop table history;
drop table agreement_versions;
drop table placements;
drop table runs;
drop table contacts;
drop table participants;
drop table editions;

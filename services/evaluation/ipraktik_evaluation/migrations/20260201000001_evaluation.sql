-- migrate:up

-- What evaluation knows of an edition. A row without a name is one that a stay has come for before the edition itself; its row
-- lock is what lets stay and edition find each other whichever comes last.
create table edition (
    edition_id uuid primary key,
    name       text,
    follow_up  int                      -- months from a stay's end to the second evaluation
);

-- Sign-ups with the facts of their workplaces: facts of organisations, no person's. Kept after an erasure, so that counts stay.
create table participant (
    participant_id    uuid primary key,
    edition_id        uuid not null,
    role              text,             -- null until the body has come
    organisation_id   uuid,
    workplace_id      uuid,
    municipality_code text,
    ministerial_area  text,
    withdrawn         boolean not null default false,
    erased            boolean not null default false
);
create index participant_by_edition on participant (edition_id);

-- Who may be greeted by name and whose links hold. An erased one keeps its id alone, so that it never comes back to life.
create table contact (
    contact_id uuid primary key,
    name       text not null,
    language   text not null,
    epoch      int not null,
    erased     boolean not null default false
);

-- Completed stays.
create table stay (
    placement_id  uuid primary key,
    edition_id    uuid not null,
    intern_id     uuid not null,
    host_id       uuid not null,
    first_day     date not null,
    last_day      date not null,
    follow_up_at  timestamptz,          -- null until the edition is known, and again once the follow-up has been asked for
    followed_up   boolean not null default false
);
create index stay_by_edition on stay (edition_id);
create index stay_by_intern on stay (intern_id);
create index stay_by_host on stay (host_id);
create index stay_due on stay (follow_up_at) where follow_up_at is not null;

-- One party's evaluation of one stay in one wave. `answers` are codes of options only; what somebody wrote is in `free_text`.
create table evaluation (
    evaluation_id        uuid primary key,
    edition_id           uuid not null,
    placement_id         uuid not null references stay,
    party                text not null check (party in ('intern', 'manager', 'host')),
    wave                 text not null check (wave in ('after', 'follow_up')),
    question_set_version int not null,
    answer_by            timestamptz not null,
    state                text not null default 'open' check (state in ('open', 'submitted', 'expired')),
    closed_at            timestamptz,
    answers              jsonb,
    texts_erased         boolean not null default false,     -- somebody of the stay is erased: no text is kept or taken
    unique (placement_id, party, wave),
    check ((state = 'open') = (closed_at is null)),
    check ((state = 'submitted') = (answers is not null))
);
create index evaluation_due on evaluation (answer_by) where state = 'open';
create index evaluation_by_edition on evaluation (edition_id, party, wave, state);

create table free_text (
    evaluation_id uuid not null references evaluation,
    question      text not null,
    text          text not null,
    primary key (evaluation_id, question)
);

-- The report as it was published, revision by revision. A revision never changes.
create table report (
    edition_id   uuid not null,
    revision     int not null,
    published_at timestamptz not null,
    body         jsonb not null,
    primary key (edition_id, revision)
);

-- migrate:down
drop table report;
drop table free_text;
drop table evaluation;
drop table stay;
drop table contact;
drop table participant;
drop table edition;

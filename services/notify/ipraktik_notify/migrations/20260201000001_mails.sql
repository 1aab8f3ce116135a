-- migrate:up

-- Who can be written to. An erased contact stays as a bare id, so that nothing brings it back.
create table contact (
    contact_id     uuid primary key,
    participant_id uuid,
    relation       text,                -- self, reserve, manager, invited
    name           text,
    email          text,
    language       text,
    unit_name      text,
    epoch          int not null default 1,
    erased         boolean not null default false,
    check (not erased or (name is null and email is null and unit_name is null))
);
create index contact_by_participant on contact (participant_id, relation);

create table participant (
    participant_id    uuid primary key,
    edition_id        uuid not null,
    role              text,             -- intern, host; null where only the erasure is known
    organisation_name text,
    state             text not null     -- registered, withdrawn, erased
);

create table edition (
    edition_id uuid primary key,
    name       text not null,
    mode       text not null,
    hold_mails boolean not null,
    first_day  date not null,
    last_day   date not null
);

-- The course of a placement as far as mails must know it.
create table placement (
    placement_id   uuid primary key,
    edition_id     uuid not null,
    intern_id      uuid not null,
    host_id        uuid not null,
    state          text not null,       -- proposed, agreement, ended
    first_day      date,
    last_day       date,
    answer_by      timestamptz,
    sign_by        timestamptz,
    signed_version int
);

create table evaluation (
    evaluation_id uuid primary key,
    placement_id  uuid not null,
    party         text not null
);

-- One row per fact and recipient: the plan, the queue and the log in one. Neither address nor text is ever kept here.
create table mail (
    id              uuid primary key,
    fact_id         uuid not null,      -- the event that it tells of
    kind            text not null,
    party           text not null,      -- intern, manager, host, self, asked, coordinator
    recipient       text not null,      -- who, before the contact is known: the party, or a contact's id
    contact_id      uuid,
    edition_id      uuid,
    participant_id  uuid,               -- whose contact is looked for, and whose erasure drops it
    relation        text,
    placement_id    uuid,
    intern_id       uuid,
    host_id         uuid,
    aggregate_id    uuid,               -- what the link opens
    subject_id      uuid not null,      -- what a reminder is about: sign-up, placement or evaluation
    facts           jsonb not null,
    names           uuid[] not null,    -- sign-ups whose names the text needs
    bodies          uuid[] not null,    -- sign-ups whose workplaces the text needs
    awaits          uuid[] not null,    -- every id whose arrival may complete the mail
    needs_placement boolean not null,   -- the parties come from a placement that may not be known yet
    needs_erased    boolean not null,   -- because of an erasure: it must be known whose
    needs_aggregate boolean not null,   -- the link depends on what the aggregate turns out to be
    holdable        boolean not null,
    due_at          timestamptz,        -- a reminder's moment
    useless_after   timestamptz,        -- the deadline of the act it asks for
    give_up_at      timestamptz not null,
    state           text not null,      -- scheduled, waiting, held, pending, sending, sent, failed, dropped
    reason          text,               -- why dropped or failed: a code
    code            int,                -- the server's last refusal
    attempts        int not null default 0,
    resent          int not null default 0,  -- how often it was in doubt and sent again, with the same Message-ID
    message_id      text,
    created_at      timestamptz not null,
    ready_at        timestamptz,
    sent_at         timestamptz
) with (fillfactor = 80);
-- The real guard against a second mail of one fact.
create unique index mail_once on mail (fact_id, kind, recipient);
create unique index mail_once_per_contact on mail (fact_id, kind, contact_id) where contact_id is not null;
create index mail_scheduled on mail (due_at) where state = 'scheduled';
create index mail_of_subject on mail (subject_id) where state = 'scheduled';
create index mail_waiting on mail using gin (awaits) where state = 'waiting';
create index mail_given_up on mail (give_up_at) where state = 'waiting';
create index mail_pending on mail (id) where state = 'pending';
create index mail_sending on mail (id) where state = 'sending';
create index mail_held on mail (edition_id) where state = 'held';
create index mail_unsent_of_contact on mail (contact_id) where state in ('scheduled', 'waiting', 'held', 'pending');
create index mail_of_participant on mail (participant_id, id);

-- Ids that have come to be known, and new mails: what the sorting job has yet to look at. Facts from different topics are taken
-- in at the same time by different replicas, which do not see each other's rows; the job, after their commits, sees both.
create table arrival (
    id         bigint generated always as identity primary key,
    ref        uuid not null,
    arrived_at timestamptz not null
);

-- migrate:down
drop table arrival;
drop table mail;
drop table evaluation;
drop table placement;
drop table edition;
drop table participant;
drop table contact;

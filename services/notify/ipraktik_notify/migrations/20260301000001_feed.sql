-- migrate:up

-- Everything said on the public topics, in the order in which notify took it in: what the HTTP feed and the webhooks read. Kept
-- for ever, like the topics; there is no personal data in it. The position has no gap: one advisory lock is held from drawing it
-- to the commit, so whoever has read up to a position has seen all there will ever be up to it.
create table event_log (
    position  bigint primary key,
    event_id  uuid not null unique,     -- ce_id
    topic     text not null,
    type      text not null,            -- ce_type
    subject   text not null,            -- the aggregate: ce_subject
    sequence  bigint not null,          -- which of its events on the topic: ce_sequence
    logged_at timestamptz not null,
    size      int not null,             -- bytes of the event as text
    event     json not null             -- the CloudEvent in structured mode; json and not jsonb: the body stays byte for byte
);
create index event_log_of_topic on event_log (topic, position);
create index event_log_of_type on event_log (type, position);
create index event_log_in_line on event_log (topic, subject, sequence);

-- A bearer token of an agency. Only its digest is kept; it is 32 random bytes, so a plain SHA-256 hides it well.
create table agency_token (
    token_id     uuid primary key,
    agency       text not null,
    digest       bytea not null unique,
    topics       text[] not null,       -- what it opens: these topics and these types; everything public where both are empty
    types        text[] not null,
    minted_by    text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    revoked_at   timestamptz,
    last_used_on date
);
create index agency_token_of_agency on agency_token (agency, token_id);

-- A subscriber that is called. `position` is the last event it has taken; nothing but a delivery or its owner moves it.
create table webhook (
    webhook_id    uuid primary key,
    number        int generated always as identity unique,  -- the advisory lock of whoever delivers to it
    agency        text not null,
    url           text not null,
    topics        text[] not null,
    types         text[] not null,
    owner_email   text not null,        -- contact data of an agency; goes with the row
    language      text not null,        -- of mails to the owner
    state         text not null,        -- active, paused
    reason        text,                 -- why it is paused: owner, failing, gone
    position      bigint not null,
    revision      int not null default 1,   -- counted up by whatever a person changes
    attempts      int not null default 0,   -- failed attempts in a row at the event that is next
    failing_since timestamptz,
    next_try_at   timestamptz,
    secret        text not null,        -- signs; must be known in clear
    former_secret text,                 -- signs beside it until then
    former_until  timestamptz,
    created_by    text not null,
    created_at    timestamptz not null,
    changed_at    timestamptz not null,
    check (state in ('active', 'paused')),
    check ((state = 'paused') = (reason is not null))
);
create index webhook_of_agency on webhook (agency, webhook_id);

-- The delivery log: a row per attempt, kept for a month. Never an answer's content.
create table webhook_attempt (
    id           bigint generated always as identity primary key,
    webhook_id   uuid not null references webhook on delete cascade,
    kind         text not null,         -- event, test
    message_id   text not null,         -- webhook-id: the event's ce_id, the same at every attempt
    type         text not null,
    position     bigint,
    attempt      int not null,          -- which attempt in a row
    attempted_at timestamptz not null,
    outcome      text not null,         -- delivered, or what went wrong: a code
    status       int,
    milliseconds int not null
);
create index webhook_attempt_of_webhook on webhook_attempt (webhook_id, id);
create index webhook_attempt_by_time on webhook_attempt (attempted_at);

-- migrate:down
drop table webhook_attempt;
drop table webhook;
drop table agency_token;
drop table event_log;

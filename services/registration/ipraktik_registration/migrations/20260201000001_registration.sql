-- migrate:up

-- One round of the programme.
create table edition (
    edition_id  uuid primary key,
    name        text not null,
    mode        text not null check (mode in ('campaign', 'rolling')),
    opens_at    timestamptz not null,
    closes_at   timestamptz,                    -- null: the window stays open
    first_day   date not null,
    last_day    date not null check (last_day >= first_day),
    answer_days int not null,
    sign_days   int not null,
    follow_up   int not null,
    hold_mails  boolean not null,
    draw_seed   text not null,                  -- secret: lots are drawn from it
    created_at  timestamptz not null
);

-- Organisations and their units, merged by folded name. They come to be when a sign-up becomes valid, not before.
create table organisation (
    organisation_id uuid primary key,
    folded_name     text not null,
    sector          text not null,
    name            text not null,
    unique (folded_name, sector)
);
create table workplace (
    workplace_id    uuid primary key,
    organisation_id uuid not null references organisation,
    folded_unit     text not null,
    unique (organisation_id, folded_unit)
);

-- One sign-up. An erased one stays as a bare id, so that it never comes back to life. edition_id has no foreign key: the
-- insert reads the edition itself, editions are never deleted, and every sign-up would lock the same row.
create table participant (
    participant_id  uuid primary key,
    edition_id      uuid not null,
    role            text not null check (role in ('intern', 'host')),
    state           text not null check (state in
        ('unconfirmed', 'awaiting_consent', 'registered', 'withdrawn', 'erased', 'expired', 'refused')),
    reference       text unique,                -- what people are told to quote; null once erased
    lot             text not null,
    idempotency_key uuid not null unique,
    fingerprint     bytea,                      -- of the body the key came with; null once its people are forgotten
    created_at      timestamptz not null,
    respond_by      timestamptz,                -- silence until then ends the sign-up
    registered_at   timestamptz,
    ended_at        timestamptz,
    forget_at       timestamptz,                -- ended without ever being valid: its people are forgotten then
    consent         boolean,                    -- the manager's answer
    duplicate       boolean not null default false,  -- ended because the person was signed up already
    organisation_id uuid references organisation,
    workplace_id    uuid references workplace,
    body            jsonb,                      -- facts without people; null once forgotten
    job_title       text,
    unit_name       text,
    presentation    text                        -- intern: why; host: what the workplace offers
);
create index participant_respond_by on participant (respond_by) where respond_by is not null;
create index participant_forget_at on participant (forget_at) where forget_at is not null;
create index participant_by_edition on participant (edition_id, state, participant_id);

-- One reachable person of one sign-up. A forgotten one stays as a bare id with its epoch, so that old links stay void.
create table contact (
    contact_id     uuid primary key,
    participant_id uuid not null references participant,
    relation       text not null check (relation in ('self', 'reserve', 'manager', 'invited')),
    name           text,
    email          text,
    email_key      text,                        -- for comparing: case does not count
    language       text not null,
    epoch          int not null default 1,
    forgotten      boolean not null default false,
    link_asked_at  timestamptz                  -- when a new link was last asked for: not more often than hourly
);
create index contact_by_participant on contact (participant_id);
create index contact_by_email on contact (email_key) where relation in ('self', 'invited');

-- Whom the owner of a sign-up names: travel companion, other half of a self-found pair, host in mind. other_id is the valid
-- sign-up behind the name, as soon as there is one.
create table named (
    participant_id uuid not null references participant,
    kind           text not null check (kind in ('companion', 'self_found', 'host_in_mind')),
    name           text,
    email          text,
    email_key      text,
    other_id       uuid,
    invited_id     uuid,                        -- the contact that was mailed because nobody was signed up
    asked_id       uuid,                        -- the sign-up that was asked whether it says the same
    answer         boolean,                     -- what it answered; null: not yet
    primary key (participant_id, kind)
);
create index named_by_email on named (email_key);
create index named_by_other on named (other_id) where other_id is not null;

-- For the overview: where each placement and evaluation stands, as others say it.
create table placement_state (
    placement_id uuid primary key,
    intern_id    uuid not null,
    host_id      uuid not null,
    state        text not null,
    first_day    date,
    last_day     date,
    respond_by   timestamptz,
    sequence     bigint not null
);
create index placement_state_by_intern on placement_state (intern_id);
create index placement_state_by_host on placement_state (host_id);
create table evaluation_state (
    evaluation_id uuid primary key,
    placement_id  uuid not null,
    party         text not null,
    wave          text not null,
    state         text not null,
    respond_by    timestamptz not null,
    sequence      bigint not null
);
create index evaluation_state_by_placement on evaluation_state (placement_id);
create table no_place (
    participant_id uuid primary key,
    reason         text not null,
    final          boolean not null,
    sequence       bigint not null
);

-- migrate:down
drop table no_place;
drop table evaluation_state;
drop table placement_state;
drop table named;
drop table contact;
drop table participant;
drop table workplace;
drop table organisation;
drop table edition;

-- migrate:up

-- What somebody has answered so far and not sent. Gone when it is sent, when the time runs out, and at an erasure. `revision`
-- grows with each save, so that a page shown before somebody saved elsewhere is noticed.
create table evaluation_draft (
    evaluation_id uuid primary key references evaluation,
    revision      int not null,
    choices       jsonb not null,
    texts         jsonb not null,
    saved_at      timestamptz not null
);

-- What the page that thanks tells of everybody's answers: "at least part of whole say yes", worked out over n answers and left
-- alone until n has doubled. Null where nothing may be told over those n.
create table told_indicator (
    edition_id uuid not null,
    code       text not null,
    n          int not null,
    part       int,
    whole      int,
    told_at    timestamptz not null,
    primary key (edition_id, code)
);

-- Kinds of hosts for the report; null for sign-ups heard of before, until they are updated.
alter table participant add column sector text;
alter table participant add column ownership text;

-- Until when the edition takes sign-ups: a report comes after. Null where it is not known, or where the edition is rolling.
alter table edition add column mode text;
alter table edition add column closes_at timestamptz;

-- Whose contact this is, and as what: a link that opens everything of a sign-up still opens only that relation's evaluations.
-- Null for contacts heard of before; they open the evaluation that their mail names and no more.
alter table contact add column relation text;

-- migrate:down
alter table contact drop column relation;
alter table edition drop column closes_at;
alter table edition drop column mode;
alter table participant drop column ownership;
alter table participant drop column sector;
drop table told_indicator;
drop table evaluation_draft;

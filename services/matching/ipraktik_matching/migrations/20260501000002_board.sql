-- migrate:up

-- What lists show and seek by, taken out of the body once instead of at every reading. Filled by PostgreSQL itself, so that the
-- version before this one fills them too; gone with the body at erasure.
alter table participants
    add column organisation_name text generated always as (body #>> '{workplace,organisation_name}') stored,
    add column municipality_code text generated always as (body #>> '{workplace,municipality_code}') stored,
    add column field text generated always as (body ->> 'field') stored,
    add column capacity int generated always as ((body ->> 'capacity')::int) stored,
    add column since timestamptz;       -- when it was first heard of; null for those heard before this column

-- A coordinator's word on a pair for the runs to come. Rows are undone, never taken away.
create table pair_rules (
    rule_id    uuid primary key,
    edition_id uuid not null,
    intern_id  uuid not null,
    host_id    uuid not null,
    kind       text not null check (kind in ('must', 'never')),
    reason     text not null,
    comment    text not null default '',    -- free text; blanked at erasure
    made_by    text not null,
    made_at    timestamptz not null,
    undone_by  text,
    undone_at  timestamptz,
    check ((undone_by is null) = (undone_at is null))
);
-- Whatever the code believes: one word on a pair, and one host for an intern.
create unique index one_rule_per_pair on pair_rules (intern_id, host_id) where undone_at is null;
create unique index one_must_per_intern on pair_rules (intern_id) where undone_at is null and kind = 'must';
create index pair_rules_by_edition on pair_rules (edition_id, made_at, rule_id);

-- The queue reads the first rows of each of these and no more.
create index placements_proposed on placements (edition_id, due_at, placement_id) where state = 'proposed';
create index placements_with_draft on placements (edition_id, due_at, placement_id)
    where draft is not null and state in ('drafted', 'signed');
create index placements_disputed on placements (edition_id, placement_id) where disputed and state = 'signed';
create index versions_refused on agreement_versions (placement_id, version) where refused <> '{}';
create index interns_registered on participants (edition_id, participant_id) where state = 'registered' and role = 'intern';
create index one_sided_pairs on participants (edition_id, participant_id)
    where state = 'registered' and self_found_with is not null;
-- Cases in the order of their days, and all cases of an intern (hosts have an index already).
create index placements_by_day on placements (edition_id, first_day, placement_id);
create index placements_by_intern on placements (intern_id);

-- migrate:down
drop index placements_by_intern;
drop index placements_by_day;
drop index one_sided_pairs;
drop index interns_registered;
drop index versions_refused;
drop index placements_disputed;
drop index placements_with_draft;
drop index placements_proposed;
drop table pair_rules;
alter table participants
    drop column since, drop column capacity, drop column field, drop column municipality_code,
    drop column organisation_name;

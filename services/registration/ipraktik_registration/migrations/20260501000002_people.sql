-- migrate:up

-- What has been heard about a placement, an evaluation or a search, one row an event: a person's history, and who has answered
-- already. Codes and days only, nobody's name. Rows are never changed.
create table course_entry (
    about_id   uuid not null,                   -- the placement, the evaluation, or the sign-up no place was found for
    sequence   bigint not null,                 -- ce_sequence
    kind       text not null,                   -- the event's name
    at         timestamptz not null,            -- ce_time
    party      text,
    version    int,
    first_day  date,
    last_day   date,
    respond_by timestamptz,
    note       text,                            -- a code: the origin of a proposal, the reason of an ending
    primary key (about_id, sequence)
);

-- The host registry. All partial: a sign-up on its way in touches none of them.
create index host_on_offer on participant (participant_id) where role = 'host' and state = 'registered';
create index host_by_field on participant ((body->>'field'), participant_id)
    where role = 'host' and state = 'registered';
create index host_by_sector on participant ((body->'workplace'->>'sector'), participant_id)
    where role = 'host' and state = 'registered';
create index host_by_place on participant ((body->'workplace'->>'municipality_code'), participant_id)
    where role = 'host' and state = 'registered';
create index host_by_organisation on participant (organisation_id) where role = 'host' and state = 'registered';
-- English is what people filter by, and few speak it.
create index contact_in_english on contact (participant_id) where relation = 'self' and language = 'en';
-- Words of an organisation's name, found by how they begin.
create index organisation_by_word on organisation using gin (to_tsvector('simple', folded_name));
-- Seats that are held: see HOLDING in store/hosts_on_offer.py.
create index placement_state_holding on placement_state (host_id)
    where state in ('proposed', 'accepted', 'drafted', 'refused', 'signed', 'amended');

-- migrate:down
drop index placement_state_holding;
drop index organisation_by_word;
drop index contact_in_english;
drop index host_by_organisation;
drop index host_by_place;
drop index host_by_sector;
drop index host_by_field;
drop index host_on_offer;
drop table course_entry;

-- migrate:up

-- What happened to a sign-up, who did it and when. Append-only; rows hold codes and a coordinator's name, never what people wrote,
-- so they stay when a sign-up is erased. The sign-up itself stands in participant; it has a row here only when made on behalf.
create table sign_up_history (
    history_id     bigint generated always as identity primary key,
    participant_id uuid not null references participant,
    at             timestamptz not null,
    act            text not null,
    actor          text not null check (actor in ('person', 'manager', 'coordinator', 'clock')),
    coordinator    text check ((coordinator is not null) = (actor = 'coordinator')),
    reason         text
);
create index sign_up_history_by_participant on sign_up_history (participant_id, history_id);

create function refuse_to_rewrite() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only; write a new row', tg_table_name;
end $$;
create trigger sign_up_history_stays before update or delete on sign_up_history
    for each statement execute function refuse_to_rewrite();

-- The coordinators' list: one narrow row per sign-up with what it is searched, filtered and sorted by. Kept by triggers, so it is
-- right whichever version of the service wrote; one that is forgotten loses what is personal in the same statement.
create table sign_up_line (
    participant_id    uuid primary key references participant,
    edition_id        uuid not null,
    role              text not null,
    state             text not null,
    reference         text,
    respond_by        timestamptz,
    name              text not null,
    name_key          text collate "C" not null,
    email             text not null,
    organisation      text not null,
    organisation_key  text collate "C" not null,
    field             text,
    sector            text,
    municipality_code text,
    words             tsvector not null
);
create index sign_up_line_by_arrival on sign_up_line (edition_id, participant_id);
create index sign_up_line_by_name on sign_up_line (edition_id, name_key, participant_id);
create index sign_up_line_by_organisation on sign_up_line (edition_id, organisation_key, participant_id);
create index sign_up_line_by_deadline on sign_up_line (edition_id, respond_by, participant_id) where respond_by is not null;
create index sign_up_line_by_state on sign_up_line (edition_id, role, state);
create index sign_up_line_by_word on sign_up_line using gin (words);

-- Danish order without a collation that every server would have to bring: æ, ø and å come last, and aa is å.
create function danish_key(written text) returns text language sql immutable parallel safe as $$
    select replace(lower(translate(coalesce(written, ''), 'ÆØÅæøåÄÖÜäöüÉé', '{|}{|}{|y{|yee')), 'aa', '}')
$$;

create function search_words(written text) returns text[] language sql immutable parallel safe as $$
    select array_remove(regexp_split_to_array(
        lower(translate(coalesce(written, ''), 'ÆØÅÄÖÜÉ', 'æøåäöüé')), E'[]\\s,;:.@/()&"''_+*?!<>=#%[-]+'), '')
$$;

create view sign_up_line_now as
    select p.participant_id, p.edition_id, p.role, p.state, p.reference, p.respond_by,
        coalesce(c.name, '') as name, danish_key(c.name) as name_key, coalesce(c.email, '') as email,
        coalesce(p.body->'workplace'->>'organisation_name', '') as organisation,
        danish_key(p.body->'workplace'->>'organisation_name') as organisation_key,
        p.body->>'field' as field, p.body->'workplace'->>'sector' as sector,
        p.body->'workplace'->>'municipality_code' as municipality_code,
        array_to_tsvector(search_words(concat_ws(' ', c.name, c.email, p.reference, p.unit_name,
            p.body->'workplace'->>'organisation_name'))) as words
    from participant p left join contact c on c.participant_id = p.participant_id and c.relation = 'self';

-- In plpgsql, since its plans are kept; by an array, since a plan made for one sign-up must not be bad for two hundred, or the
-- other way round.
create function write_sign_up_lines(ids uuid[]) returns void language plpgsql as $$
begin
    insert into sign_up_line as l select * from sign_up_line_now where participant_id = any(ids)
    on conflict (participant_id) do update set state = excluded.state, reference = excluded.reference,
        respond_by = excluded.respond_by, name = excluded.name, name_key = excluded.name_key, email = excluded.email,
        organisation = excluded.organisation, organisation_key = excluded.organisation_key, field = excluded.field,
        sector = excluded.sector, municipality_code = excluded.municipality_code, words = excluded.words
    where l.* is distinct from excluded.*;
end $$;

-- A sign-up and its own contact are written by one statement, and triggers run when that is done: the contact's is enough.
create function keep_lines_of_new() returns trigger language plpgsql as $$
declare ids uuid[] := array(select participant_id from fresh where relation = 'self');
begin
    insert into sign_up_line select * from sign_up_line_now where participant_id = any(ids) on conflict do nothing;
    return null;
end $$;
create function keep_lines_by_contact() returns trigger language plpgsql as $$
begin
    perform write_sign_up_lines(array(select participant_id from fresh where relation = 'self'));
    return null;
end $$;
create function keep_lines_by_participant() returns trigger language plpgsql as $$
begin
    perform write_sign_up_lines(array(select participant_id from fresh));
    return null;
end $$;
create trigger contact_written after insert on contact
    referencing new table as fresh for each statement execute function keep_lines_of_new();
create trigger contact_changed after update on contact
    referencing new table as fresh for each statement execute function keep_lines_by_contact();
create trigger participant_changed after update on participant
    referencing new table as fresh for each statement execute function keep_lines_by_participant();

select write_sign_up_lines(array(select participant_id from participant));

-- A list that a coordinator has brought and looks at before it is taken in. Gone after a day; once used, only the rows that could
-- not be taken are left of it.
create table import_text (
    import_id  uuid primary key,
    edition_id uuid not null references edition,
    brought_by text not null,
    created_at timestamptz not null,
    delete_at  timestamptz not null,
    content    text,
    done_at    timestamptz,
    taken      int,
    known      int,
    failed     int
);
create index import_text_by_end on import_text (delete_at);

-- migrate:down
drop table import_text;
drop trigger participant_changed on participant;
drop trigger contact_changed on contact;
drop trigger contact_written on contact;
drop function keep_lines_by_participant();
drop function keep_lines_by_contact();
drop function keep_lines_of_new();
drop function write_sign_up_lines(uuid[]);
drop view sign_up_line_now;
drop function search_words(text);
drop function danish_key(text);
drop table sign_up_line;
drop table sign_up_history;
drop function refuse_to_rewrite();

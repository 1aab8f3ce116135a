-- migrate:up

-- How far an edition's stays and evaluations have come, counted as they change, so that the coordinators' list need not count
-- them anew. An edition has a handful of rows, and the count is their sum: who writes takes a row that nobody else holds, or
-- makes one. So nobody waits for anybody, and there are never more rows than were written at the same time.
create table edition_progress (
    progress_id  bigint generated always as identity primary key,
    edition_id   uuid not null,
    stays        bigint not null,
    to_follow_up bigint not null,
    asked        bigint not null,
    submitted    bigint not null,
    open         bigint not null
);
create index edition_progress_by_edition on edition_progress (edition_id);

create index stay_by_first_day on stay (edition_id, first_day);

create function count_progress(edition uuid, added_stays bigint, added_to_follow_up bigint, added_asked bigint,
    added_submitted bigint, added_open bigint) returns void language plpgsql as $$
declare mine bigint;
begin
    -- an own row that is locked already is not skipped: one transaction uses one row
    select progress_id into mine from edition_progress where edition_id = edition limit 1 for update skip locked;
    if mine is null then
        insert into edition_progress (edition_id, stays, to_follow_up, asked, submitted, open)
        values (edition, added_stays, added_to_follow_up, added_asked, added_submitted, added_open);
    else
        update edition_progress set stays = stays + added_stays, to_follow_up = to_follow_up + added_to_follow_up,
            asked = asked + added_asked, submitted = submitted + added_submitted, open = open + added_open
        where progress_id = mine;
    end if;
end $$;

-- What a statement adds and what it takes away, edition by edition. What changes no count (texts that are erased) writes nothing.
create function count_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_progress(edition_id, count(*), count(*) filter (where not followed_up), 0, 0, 0)
        from fresh group by edition_id;
    elsif tg_op = 'UPDATE' then
        perform count_progress(edition_id, sum(n)::bigint, coalesce(sum(n) filter (where not followed_up), 0)::bigint, 0, 0, 0)
        from (select 1 as n, edition_id, followed_up from fresh union all select -1, edition_id, followed_up from gone) moved
        group by edition_id having sum(n) <> 0 or coalesce(sum(n) filter (where not followed_up), 0) <> 0;
    else
        perform count_progress(edition_id, -count(*), -count(*) filter (where not followed_up), 0, 0, 0)
        from gone group by edition_id;
    end if;
    return null;
end $$;
create function count_evaluations() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_progress(edition_id, 0, 0, count(*), count(*) filter (where state = 'submitted'),
            count(*) filter (where state = 'open'))
        from fresh group by edition_id;
    elsif tg_op = 'UPDATE' then
        perform count_progress(edition_id, 0, 0, asked, submitted, open)
        from (
            select edition_id, sum(n)::bigint as asked, coalesce(sum(n) filter (where state = 'submitted'), 0)::bigint as submitted,
                coalesce(sum(n) filter (where state = 'open'), 0)::bigint as open
            from (select 1 as n, edition_id, state from fresh union all select -1, edition_id, state from gone) moved
            group by edition_id) counted
        where asked <> 0 or submitted <> 0 or open <> 0;
    else
        perform count_progress(edition_id, 0, 0, -count(*), -count(*) filter (where state = 'submitted'),
            -count(*) filter (where state = 'open'))
        from gone group by edition_id;
    end if;
    return null;
end $$;

create trigger stays_made after insert on stay
    referencing new table as fresh for each statement execute function count_stays();
create trigger stays_changed after update on stay
    referencing old table as gone new table as fresh for each statement execute function count_stays();
create trigger stays_deleted after delete on stay
    referencing old table as gone for each statement execute function count_stays();
create trigger evaluations_made after insert on evaluation
    referencing new table as fresh for each statement execute function count_evaluations();
create trigger evaluations_changed after update on evaluation
    referencing old table as gone new table as fresh for each statement execute function count_evaluations();
create trigger evaluations_deleted after delete on evaluation
    referencing old table as gone for each statement execute function count_evaluations();

-- What is there already. The triggers came first: their locks keep writers out until this is counted.
insert into edition_progress (edition_id, stays, to_follow_up, asked, submitted, open)
select edition_id, sum(stays)::bigint, sum(to_follow_up)::bigint, sum(asked)::bigint, sum(submitted)::bigint, sum(open)::bigint
from (
    select edition_id, count(*) as stays, count(*) filter (where not followed_up) as to_follow_up, 0 as asked, 0 as submitted,
        0 as open
    from stay group by edition_id
    union all
    select edition_id, 0, 0, count(*), count(*) filter (where state = 'submitted'), count(*) filter (where state = 'open')
    from evaluation group by edition_id) counted
group by edition_id;

-- migrate:down
drop trigger evaluations_deleted on evaluation;
drop trigger evaluations_changed on evaluation;
drop trigger evaluations_made on evaluation;
drop trigger stays_deleted on stay;
drop trigger stays_changed on stay;
drop trigger stays_made on stay;
drop function count_evaluations();
drop function count_stays();
drop function count_progress(uuid, bigint, bigint, bigint, bigint, bigint);
drop index stay_by_first_day;
drop table edition_progress;

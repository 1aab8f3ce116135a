-- migrate:up

-- A solved plan as rows beside its text, so that a page reads the fifty rows it shows and not the whole plan. A plan never changes
-- once it is kept. PostgreSQL lays the rows out itself, in the transaction that keeps the plan: so the version before this one lays
-- them out too, and no plan is ever without its rows. What the release weighs is still the text.
create table run_summaries (
    run_id   uuid primary key references runs on delete cascade,
    placed   int not null,
    unplaced int not null,
    pinned   int not null,              -- pairs that a coordinator had pinned when the run was laid out
    stats    jsonb not null,            -- the plan's own figures
    reasons  jsonb not null             -- why people are left, and how many for each reason
);
create table run_placements (
    run_id       uuid not null references runs on delete cascade,
    position     int not null,          -- from 1, in the order of the plan
    intern_id    uuid not null,
    host_id      uuid not null,
    companion_id uuid,
    days         int not null,
    first_day    date not null,         -- of the window in which both are free
    last_day     date not null,
    fit          int not null,
    parts        jsonb not null,
    reasons      text[] not null,
    primary key (run_id, position)
);
create unique index run_placements_by_intern on run_placements (run_id, intern_id) include (host_id, days);
create index run_placements_by_host on run_placements (run_id, host_id);
create table run_unplaced (
    run_id    uuid not null references runs on delete cascade,
    position  int not null,
    intern_id uuid not null,
    reason    text not null,
    primary key (run_id, position)
);
create unique index run_unplaced_by_intern on run_unplaced (run_id, intern_id);

create function lay_out_plan(run uuid, plan jsonb, puzzle jsonb) returns void language plpgsql as $$
begin
    delete from run_summaries where run_id = run;
    delete from run_placements where run_id = run;
    delete from run_unplaced where run_id = run;
    insert into run_placements
    select run, row.position, (one ->> 'intern_id')::uuid, (one ->> 'host_id')::uuid, (one ->> 'companion_id')::uuid,
        (one ->> 'days')::int, (one #>> '{window,0}')::date, (one #>> '{window,1}')::date, (one ->> 'fit')::int, one -> 'parts',
        array(select jsonb_array_elements_text(one -> 'reasons'))
    from jsonb_array_elements(plan -> 'placements') with ordinality as row (one, position);
    insert into run_unplaced
    select run, row.position, (one ->> 'intern_id')::uuid, one ->> 'reason'
    from jsonb_array_elements(plan -> 'unplaced') with ordinality as row (one, position);
    insert into run_summaries
    select run, jsonb_array_length(plan -> 'placements'), jsonb_array_length(plan -> 'unplaced'),
        coalesce(jsonb_array_length(puzzle -> 'pinned'), 0), plan -> 'stats',
        (select coalesce(jsonb_object_agg(reason, number), '{}')
         from (select reason, count(*) as number from run_unplaced where run_id = run group by reason) counted);
end $$;
create function keep_plan_rows() returns trigger language plpgsql as $$
begin
    perform lay_out_plan(new.run_id, new.plan::jsonb, new.input::jsonb);
    return null;
end $$;
create trigger plan_kept after insert or update of plan on runs
    for each row when (new.plan is not null) execute function keep_plan_rows();

select lay_out_plan(run_id, plan::jsonb, input::jsonb) from runs where plan is not null;

-- migrate:down
drop trigger plan_kept on runs;
drop function keep_plan_rows();
drop function lay_out_plan(uuid, jsonb, jsonb);
drop table run_unplaced;
drop table run_placements;
drop table run_summaries;

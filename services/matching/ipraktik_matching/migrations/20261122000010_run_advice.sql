-- migrate:up

-- What the engine says beside a plan: which hosts to look for, and what would place those who are left. Made by the version that has a
-- certificate too; ids, codes and numbers alone.
create table run_advice (
    run_id   uuid primary key references runs on delete cascade,
    attempts int not null,
    advice   text,                      -- as JSON; null: not made yet, or not to be had
    sentence text                       -- why there is none
);

-- migrate:down
drop table run_advice;

-- migrate:up

-- Those of interns and of hosts answer what this one did. By itself, since it asks for the whole table.
set local lock_timeout = '5s';
drop index participants_weighed;

-- migrate:down
create index participants_weighed on participants (edition_id, participant_id) include (role, field, municipality_code, capacity)
    where state = 'registered' and role is not null;

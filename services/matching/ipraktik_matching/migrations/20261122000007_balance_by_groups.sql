-- migrate:up

-- The balance counts interns and hosts apart, each from an index that lies in the order in which it counts: interns in that of their
-- groups, hosts in that of their ids, beside the seats they have given away.
set local lock_timeout = '5s';
create index interns_weighed on participants (edition_id, field, municipality_code)
    where state = 'registered' and role = 'intern';
create index hosts_weighed on participants (edition_id, participant_id) include (field, municipality_code, capacity)
    where state = 'registered' and role = 'host';

-- migrate:down
drop index hosts_weighed;
drop index interns_weighed;

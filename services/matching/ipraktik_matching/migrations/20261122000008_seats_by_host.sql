-- migrate:up

-- Seats given away, host by host, without opening a placement.
create index seats_weighed on placements (edition_id, host_id)
    where state in ('proposed', 'drafted', 'signed', 'completed', 'not_held');

-- migrate:down
drop index seats_weighed;

-- migrate:up

-- The calendar entry that a mail brings, changes or takes out. Null for mails without one, and for those that were sent before
-- this was kept: their entry was named after the placement and the sender's domain, which stands in their Message-ID still.
alter table mail add column calendar_uid text;

-- migrate:down
alter table mail drop column calendar_uid;

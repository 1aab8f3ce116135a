-- psql "$DATABASE_URL" -f sizes.sql: what a service's database holds, largest first. Changes nothing; any role that may connect can ask.
-- Rows are PostgreSQL's own estimate, exact after `analyze`.
select relname as "table", n_live_tup as "rows", pg_size_pretty(pg_total_relation_size(relid)) as "with its indexes",
    pg_total_relation_size(relid) / greatest(n_live_tup, 1) as "bytes a row"
from pg_stat_user_tables order by pg_total_relation_size(relid) desc, relname;

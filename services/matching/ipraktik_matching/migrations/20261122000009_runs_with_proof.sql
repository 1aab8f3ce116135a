-- migrate:up

-- What proves a run, how far it is and who stopped it. The version before this one reads `input` and `plan`, and only words that it
-- knows: what it does not know of a puzzle stands in `beside`, the certificate apart from the plan. All of it may be missing.
set local lock_timeout = '5s';
alter table runs
    add column policy text,             -- what a coordinator turned for this run, as JSON; null: nothing
    add column laid_out int,            -- the attempt that `beside` and `remarks` belong to; another attempt may be the older version's
    add column beside text,             -- what the puzzle holds beyond `input`, as JSON
    add column remarks text,            -- what is odd about the input, as JSON
    add column certificate text,        -- why no plan is better, as JSON; null: solved by a version without one
    add column stage text,
    add column work bigint,             -- processor seconds so far
    add column cancelled_by text,
    add column cancelled_at timestamptz;

-- migrate:down
alter table runs
    drop column cancelled_at, drop column cancelled_by, drop column work, drop column stage, drop column certificate,
    drop column remarks, drop column beside, drop column laid_out, drop column policy;

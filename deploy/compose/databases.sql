-- A database for each service and its two roles, for psql. Local development only: the passwords are these words.
-- <service>_owner runs the migrations; <service>_app, which the service runs as, gets its rights from `migrate`.

create role registration_owner login password 'local-development-only';
create role registration_app login password 'local-development-only';
create database registration owner registration_owner;
revoke all on database registration from public;
grant connect on database registration to registration_app;

create role matching_owner login password 'local-development-only';
create role matching_app login password 'local-development-only';
create database matching owner matching_owner;
revoke all on database matching from public;
grant connect on database matching to matching_app;

create role notify_owner login password 'local-development-only';
create role notify_app login password 'local-development-only';
create database notify owner notify_owner;
revoke all on database notify from public;
grant connect on database notify to notify_app;

create role evaluation_owner login password 'local-development-only';
create role evaluation_app login password 'local-development-only';
create database evaluation owner evaluation_owner;
revoke all on database evaluation from public;
grant connect on database evaluation to evaluation_app;

-- A database for each service and its two roles, for psql: <service>_owner runs the migrations; <service>_app, which the service runs
-- as, gets its rights from `migrate`. Passwords come from the surroundings.

\getenv owner_password OWNER_PASSWORD
\getenv registration_password REGISTRATION_PASSWORD
\getenv matching_password MATCHING_PASSWORD
\getenv notify_password NOTIFY_PASSWORD
\getenv evaluation_password EVALUATION_PASSWORD

create role registration_owner login password :'owner_password';
create role registration_app login password :'registration_password';
create database registration owner registration_owner;
revoke all on database registration from public;
grant connect on database registration to registration_app;

create role matching_owner login password :'owner_password';
create role matching_app login password :'matching_password';
create database matching owner matching_owner;
revoke all on database matching from public;
grant connect on database matching to matching_app;

create role notify_owner login password :'owner_password';
create role notify_app login password :'notify_password';
create database notify owner notify_owner;
revoke all on database notify from public;
grant connect on database notify to notify_app;

create role evaluation_owner login password :'owner_password';
create role evaluation_app login password :'evaluation_password';
create database evaluation owner evaluation_owner;
revoke all on database evaluation from public;
grant connect on database evaluation to evaluation_app;

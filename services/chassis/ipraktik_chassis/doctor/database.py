"""The service's database: can it be reached, is it the right schema, may the running role do what it must and no more, what time is
it there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import asyncpg

from ipraktik_chassis.awaiting import why_not_connected
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, by_limits, fail, ok, warn
from ipraktik_chassis.schema import revisions_in
from ipraktik_contracts.counted import counted

_FULL_SHARE: Final = 0.8
_SKEW_WARN: Final = 2.0
_SKEW_FAIL: Final = 60.0

# `case` keeps the planner from asking of what is no sequence. A view needs no more than reading. Revisions are the owner's to write; `migrate` gives rights on that table along with the rest.
_LACKING = """
select c.relname as name, array_remove(array[
    case when not has_table_privilege(c.oid, 'select') then 'select' end,
    case when c.relkind <> 'v' and not has_table_privilege(c.oid, 'insert') then 'insert' end,
    case when c.relkind <> 'v' and not has_table_privilege(c.oid, 'update') then 'update' end,
    case when c.relkind <> 'v' and not has_table_privilege(c.oid, 'delete') then 'delete' end], null) as lacking
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname <> 'schema_migrations'
union all
select c.relname, array['usage'] from pg_class c
where c.relnamespace = 'public'::regnamespace and case when c.relkind = 'S' then not has_sequence_privilege(c.oid, 'usage') end
order by 1
"""
_TOO_MUCH = """
select array_remove(array[
    case when r.rolsuper then 'is a superuser' end,
    case when r.rolcreatedb then 'may make databases' end,
    case when r.rolcreaterole then 'may make roles' end,
    case when r.rolreplication then 'may replicate' end,
    case when r.rolbypassrls then 'passes by row security' end,
    case when has_schema_privilege('public', 'create') then 'may make tables' end,
    case when exists (select from pg_class c where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p', 'v') and pg_has_role(c.relowner, 'usage')) then 'owns tables' end], null)
from pg_roles r where r.rolname = current_user
"""
# Of other roles' sessions pg_stat_activity tells an ordinary role nothing that says what they are; the numbers per database it tells all.
_PLACE = """
select (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as encrypted,
    coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true) as loopback,
    (select sum(numbackends)::int from pg_stat_database) as used,
    current_setting('max_connections')::int as most
"""
_TIME_THERE = "select query_start from pg_stat_activity where pid = pg_backend_pid()"


@asynccontextmanager
async def connected(patient: Patient) -> AsyncIterator[Any]:
    """A connection of the running role's own. Raises what asyncpg raises."""
    conn = await asyncpg.connect(patient.settings.database_url, timeout=5, command_timeout=15)
    try:
        yield conn
    finally:
        await conn.close(timeout=2)


async def examine_database(patient: Patient) -> list[Finding]:
    """Everything about the database but what is in it."""
    try:
        async with connected(patient) as conn:
            found = [await _place(conn, patient), await _schema(conn, patient)]
            found += await _rights(conn)
            return [*found, await _clock(conn, patient)]
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
        says, do = why_not_connected(error)
        return [fail("database", f"{says}; nothing that needs it works", do)]


async def _place(conn: Any, patient: Patient) -> Finding:
    place = await conn.fetchrow(_PLACE)
    says = f"reached; connections in use: {place['used']} of {place['most']}"
    if not (place["encrypted"] or place["loopback"] or patient.settings.local_stack):
        return warn(
            "database",
            "reached, but without encryption",
            "End DATABASE_URL in ?sslmode=verify-full, or require",
        )
    if place["used"] > _FULL_SHARE * place["most"]:
        return warn(
            "database",
            says + ", and a service that gets none answers 503",
            "Lower DATABASE_POOL or the replicas, or raise max_connections",
        )
    return ok("database", says)


async def _schema(conn: Any, patient: Patient) -> Finding:
    needed = revisions_in(patient.service.schema_folders)
    try:
        there = {row[0] for row in await conn.fetch("select version from schema_migrations")}
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        there = set()
    missing = [revision for revision in needed if revision not in there]
    if missing:
        return fail(
            "schema",
            f"revisions that are not there: {len(missing)} of {len(needed)}, {missing[0]} first; this release waits for them",
            "Run `migrate` of this release",
        )
    newer = sum(revision > needed[-1] for revision in there)
    return ok(
        "schema",
        f"at {needed[-1]}" + (f", and {newer} newer: this is not the newest release" if newer else ""),
    )


async def _rights(conn: Any) -> list[Finding]:
    rows = [row for row in await conn.fetch(_LACKING) if row["lacking"]]
    found = []
    if rows:
        first = f"{rows[0]['name']}: {', '.join(rows[0]['lacking'])}"
        found.append(
            fail(
                "database rights",
                f"the running role lacks rights on {counted(len(rows), 'table or sequence', 'tables or sequences')} ({first})",
                "Run `migrate` again, with DATABASE_URL of this role: it gives them",
            )
        )
    too_much = await conn.fetchval(_TOO_MUCH)
    if too_much:
        found.append(
            warn(
                "database rights",
                f"the running role {', '.join(too_much)}, which the service never needs",
                "Run the service with a role of its own, as deploy/compose/databases.sql shows",
            )
        )
    return found or [ok("database rights", "rows and nothing else")]


async def _clock(conn: Any, patient: Patient) -> Finding:
    before = patient.wall.now()
    there = await conn.fetchval(_TIME_THERE)
    after = patient.wall.now()
    return skew("clock", "the database's", _apart(there, before, after))


def skew(check: str, whose: str, apart: timedelta) -> Finding:
    """A finding about another clock; `apart` is theirs without ours."""
    seconds = apart.total_seconds()
    direction = "ahead of" if seconds > 0 else "behind"
    says = f"{whose} clock is {abs(seconds):.1f} seconds {direction} this machine's"
    return by_limits(
        check,
        says if abs(seconds) > _SKEW_WARN else f"as {whose}",
        seconds=abs(seconds),
        warn_over=_SKEW_WARN,
        fail_over=_SKEW_FAIL,
        do="Deadlines, links and ages go by the clock: let time synchronisation run on all machines",
    )


def _apart(there: Any, before: Any, after: Any) -> timedelta:
    """How far apart, counting nothing that the question itself may have taken."""
    if there < before:
        return there - before  # type: ignore[no-any-return]
    return there - after if there > after else timedelta(0)

"""What a database holds, so that two can be held against each other: rows and a hash for every table, a place for every sequence."""

from dataclasses import dataclass

import asyncpg

_TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' order by 1
"""
_SEQUENCES = "select sequencename, last_value from pg_sequences where schemaname = 'public'"


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows, and the hash of all of them in whatever order they lie."""

    rows: int
    hash: str


async def contents(url: str) -> dict[str, Table]:
    """Everything in the public schema by name; `url` must be allowed to read it."""
    conn = await asyncpg.connect(url)
    try:
        found = {}
        for (name,) in await conn.fetch(_TABLES):
            row = await conn.fetchrow(
                f"select count(*), coalesce(md5(string_agg(one, '' order by one)), '')"
                f' from (select md5(t::text) one from "{name}" t) rows'
            )
            found[name] = Table(row[0], row[1])
        for name, last in await conn.fetch(_SEQUENCES):
            found[f"sequence {name}"] = Table(last or 0, "")
        return found
    finally:
        await conn.close()

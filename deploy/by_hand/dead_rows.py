"""`python - SERVICE list` and `python - SERVICE retry TOPIC KEY`, < dead_rows.py, in a container of that service.

Rows that Kafka refused, and what waits behind them. There is no discarding: a gap in the numbers of an aggregate would be a lie.
"""

import asyncio
import sys

import asyncpg

from ipraktik_chassis import outbox_dead
from ipraktik_chassis.composition import imported
from ipraktik_chassis.settings import load
from ipraktik_contracts.counted import counted


async def main(service: str, act: str, *place: str) -> int:
    """List, or put a key's rows back into the outbox; returns the exit status."""
    settings = load(imported(f"ipraktik_{service}.main:SERVICE").settings)
    conn = await asyncpg.connect(settings.database_url)
    try:
        if act == "list":
            for row in await outbox_dead.listed(conn):
                sys.stdout.write(
                    f"{row.topic}\t{row.key.decode()}\t{row.reason}\t{row.created_at.isoformat()}\n"
                )
            sys.stdout.write(f"{await outbox_dead.count(conn)} cannot be sent\n")
            return 0
        topic, key = place
        rows = await outbox_dead.retry(conn, topic=topic, keys=[key.encode()])
        if not rows:
            sys.stderr.write("nothing is held under that topic and key; `list` shows what is\n")
            return 1
        sys.stdout.write(f"{counted(rows, 'row is', 'rows are')} in the outbox again\n")
        return 0
    finally:
        await conn.close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case [_, "list"] | [_, "retry", _, _]:
            sys.exit(asyncio.run(main(*sys.argv[1:])))
    sys.exit(__doc__)

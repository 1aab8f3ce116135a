"""`python - SERVICE [TOPIC ...] < refill_kafka.py`, with a service's image and settings: send its history to an empty Kafka.

Every `work` of the service must be stopped, or nothing is sent. Named topics are filled even if they hold records already, which
is for a run that broke off. Without names: all, and all must be empty.
"""

import asyncio
import sys

import asyncpg

from ipraktik_chassis.composition import imported
from ipraktik_chassis.refilling import TopicsNotEmpty, replay_all
from ipraktik_chassis.sending import CannotSend
from ipraktik_chassis.settings import load
from ipraktik_chassis.shards import ShardsHeld


async def main(service: str, *topics: str) -> int:
    """Send, say how much went where; returns the exit status."""
    settings = load(imported(f"ipraktik_{service}.main:SERVICE").settings)
    conn = await asyncpg.connect(settings.database_url)
    try:
        sent = await replay_all(
            conn,
            bootstrap=settings.kafka_bootstrap,
            login=settings.kafka_login(),
            topics=topics or None,
            force=bool(topics),
        )
    except TopicsNotEmpty as error:
        sys.stderr.write(
            f"{error}. Only after a run that broke off: name them after {service}, and they are sent whole\n"
        )
        return 1
    except (CannotSend, ShardsHeld) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await conn.close()
    for topic, rows in sorted(sent.items()):
        sys.stdout.write(f"{topic}\t{rows}\n")
    return 0


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))

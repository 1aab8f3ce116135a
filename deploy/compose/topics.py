"""`topics.py BOOTSTRAP`: make the declared topics that are not there yet, each with one replica. Changes none that is.

Logs in by the settings of the services (KAFKA_SECURITY_PROTOCOL, KAFKA_USERNAME, …), as a user that may create topics.
"""

import asyncio
import sys
import time
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code

from ipraktik_chassis.kafka_login import KafkaLogin, KafkaSettings
from ipraktik_chassis.settings import load
from ipraktik_contracts.topics import TOPICS

_ANSWERS_WITHIN: Final = 60.0


async def make_topics(bootstrap: str, login: KafkaLogin) -> int:
    """Make what is missing; returns the exit status. A broker listens a moment before it answers, so it is asked for a while."""
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **login.client_arguments())
        try:
            await admin.start()
            if (await admin.describe_cluster())["brokers"]:
                break
        except (KafkaError, OSError):
            if time.monotonic() > deadline:
                raise
        await admin.close()
        await asyncio.sleep(0.5)
    try:
        there = set(await admin.list_topics())
        missing = [
            NewTopic(
                name=topic.name,
                num_partitions=topic.partitions,
                replication_factor=1,
                topic_configs=dict(topic.config),
            )
            for topic in TOPICS
            if topic.name not in there
        ]
        answers = (await admin.create_topics(missing)).topic_errors if missing else []
    finally:
        await admin.close()
    refused = [f"{topic}: {for_code(code).__name__} {text or ''}" for topic, code, text in answers if code]
    sys.stderr.write("".join(line.rstrip() + "\n" for line in refused))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(make_topics(sys.argv[1], load(KafkaSettings).kafka_login())))

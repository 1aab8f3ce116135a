"""`python - < kafka_records.py` with a service's image and settings: how many records its Kafka has ever had on our topics."""

import asyncio
import sys

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from ipraktik_chassis.settings import Settings, load
from ipraktik_contracts.topics import TOPICS


async def records(settings: Settings) -> int:
    """The sum of all ends: also of what has been compacted or has run out since, for numbers were given away."""
    login = settings.kafka_login().client_arguments()
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, **login)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap, group_id=None, **login)
    await admin.start()
    await consumer.start()
    try:
        ours = {topic.in_namespace(settings.topic_namespace) for topic in TOPICS}
        there = sorted(ours.intersection(await admin.list_topics()))
        described = await admin.describe_topics(there) if there else []
        places = [
            TopicPartition(topic["topic"], one["partition"])
            for topic in described
            for one in topic["partitions"]
        ]
        return sum((await consumer.end_offsets(places)).values()) if places else 0
    finally:
        await consumer.stop()
        await admin.close()


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(records(load(Settings)))}\n")

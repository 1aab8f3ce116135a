"""A group that reads again from the beginning, as docs/operations/offset-reset.md says: it costs time and changes nothing."""

import asyncio
import uuid

from chassis.facts import accepted, declined, proposed
from chassis.listening import Bus, fault, heard, listening, parked
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient
from rig import Rig

from ipraktik_contracts.events import EvaluationRequested
from ipraktik_contracts.topics import PLACEMENTS


def to_earliest(bus: Bus, group: str) -> set[str]:
    """What `kafka-consumer-groups.sh --reset-offsets --to-earliest` does; the names of what the broker refused."""
    admin = AdminClient({"bootstrap.servers": bus.bootstrap, "log_level": 0})
    topic = PLACEMENTS.in_namespace(bus.namespace)
    places = [TopicPartition(topic, number, 0) for number in range(PLACEMENTS.partitions)]
    asked = admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(bus.namespace + group, places)])
    told = [place for answer in asked.values() for place in answer.result(15).topic_partitions]
    return {place.error.name() for place in told if place.error is not None}


async def test_a_group_that_is_set_back_takes_in_everything_and_changes_nothing(tally: Rig, bus: Bus) -> None:
    good, bad = uuid.uuid4(), uuid.uuid4()
    await fault(tally, bad)
    await bus.tell(tally, proposed(good), accepted(good), declined(bad), accepted(bad))
    async with listening(tally, bus) as listener:
        await listener.caught_up()
        assert await asyncio.to_thread(to_earliest, bus, "tally") == {"UNKNOWN_MEMBER_ID"}  # it is at work
    before, waiting = await heard(tally), await parked(tally)
    assert (before, len(waiting)) == ({str(good): [1, 2]}, 2)
    assert len(await tally.said(EvaluationRequested)) == 1

    assert await asyncio.to_thread(to_earliest, bus, "tally") == set()
    async with listening(tally, bus) as listener:
        await listener.caught_up()
        assert listener.intake.taken == 4
        await bus.tell(tally, declined(good))
        await listener.caught_up()
    assert await heard(tally) == {str(good): [1, 2, 3]}
    assert await parked(tally) == waiting
    assert await tally.said(EvaluationRequested) == []

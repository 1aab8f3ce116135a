"""After a loss: from what was lost being back to the first and to the last effect of what waited.

Kafka, PostgreSQL and a process are killed as a machine that loses power kills them. Processes that end for it are started again by
a supervisor, as a cluster does: at once or half a second later, then later each time. Nothing that waited may be lost or come twice.
"""

import asyncio
import time
import uuid
from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from bench.figures import Noted, Operated
from bench.operations_events import edition, letters, publish, sign_ups
from bench.operations_pods import Pods, count, servers_of, sink_of, until
from bench.operations_replicas import ALONE, PARTITIONS_OF_MATCHING, TAKEN, until_taken
from bench.operations_sign_ups import SigningUp
from bench.operations_watch import Watch
from bench.sizes import Size
from bench.topics import made_topics

_WITHIN = 150.0
_OUTBOX = "select count(*) from outbox"
_UNSETTLED = "select count(*) from mail where state in ('pending', 'sending')"
_Took = tuple[float, float]

_KAFKA = "Kafka killed and started again"
_POSTGRES = "PostgreSQL killed and started again"
_BESIDE = {
    _KAFKA: "since Kafka answers again; sign-ups wait in the outbox, the effect is a mail",
    _POSTGRES: "since PostgreSQL answers again; events wait in Kafka, the effect is a mail",
}
_POD_BESIDE = "since the kill; only events of its partitions; a dead member is let go after 10 s"


def measure_recovery(*, pods: Pods, size: Size) -> Operated:
    """Two lines per loss. Raises RuntimeError where what waited is lost or comes twice."""
    kafka, _ = servers_of(pods)
    made_topics(kafka.bootstrap, ALONE)
    pods.watch()
    took: dict[str, list[_Took]] = {}
    for _ in range(size.operations_repeats):
        for what, one in _without_a_server(pods, size.operations_waiting).items():
            took.setdefault(what, []).append(one)
        for again in (False, True):
            what = "a `work` of matching killed beside another, " + (
                "started again" if again else "never to come back"
            )
            took.setdefault(what, []).append(_without_a_pod(pods, size.operations_waiting, again=again))
    return Operated(
        noted=[
            Noted(
                f"{what}: the {which} effect",
                [one[place] for one in found],
                beside=_BESIDE.get(what, _POD_BESIDE),
            )
            for what, found in took.items()
            for place, which in enumerate(("first", "last"))
        ],
        facts=[
            f"Of {size.operations_waiting} sign-ups that waited at each loss none was lost, and nobody got a mail twice."
        ],
    )


def _without_a_server(pods: Pods, waiting: int) -> dict[str, _Took]:
    kafka, postgres = servers_of(pods)
    sink = sink_of(pods)
    working = [*pods.started("registration", "work"), *pods.started("notify", "work")]
    took = {}
    before = sink.last()
    with Watch(lambda: sink.last() - before, most=waiting) as mails:
        kafka.kill()
        with SigningUp(pods.stack.env["REGISTRATION_URL"], most=waiting) as people:
            people.until(lambda seen: seen.taken + len(seen.broken) >= waiting)
        if people.answers.broken:
            raise RuntimeError(f"without Kafka, {len(people.answers.broken)} were not signed up")
        kafka.start()
        took[_KAFKA] = mails.seconds_since(time.perf_counter(), within=_WITHIN)
    _once_each(pods, before + waiting)
    with Watch(lambda: sink.last() - before - waiting, most=waiting) as mails:
        postgres.kill()
        publish(kafka.bootstrap, letters(waiting))
        postgres.start()
        took[_POSTGRES] = mails.seconds_since(time.perf_counter(), within=_WITHIN)
    _once_each(pods, before + 2 * waiting)
    pods.ready(working)
    pods.end(working)
    return took


def _once_each(pods: Pods, mails: int) -> None:
    sink = sink_of(pods)
    until(lambda: count(pods, "registration", _OUTBOX) == 0, what="the outbox empty", look=0.1)
    until(lambda: count(pods, "notify", _UNSETTLED) == 0, what="the last mail noted", look=0.1)
    if sink.last() != mails or sink.duplicates():
        raise RuntimeError(f"{mails} mails were due, {sink.last()} came, twice: {sink.duplicates()}")


def _without_a_pod(pods: Pods, waiting: int, *, again: bool) -> _Took:
    kafka, _ = servers_of(pods)
    (staying,) = pods.started("matching", "work", TOPIC_NAMESPACE=ALONE)
    pods.shared_out([staying], partitions=PARTITIONS_OF_MATCHING)
    (stayer,) = asyncio.run(_members(kafka.bootstrap))
    (dying,) = pods.started("matching", "work", TOPIC_NAMESPACE=ALONE)
    pods.shared_out([staying, dying], partitions=PARTITIONS_OF_MATCHING)
    members = asyncio.run(_members(kafka.bootstrap))
    orphans = {place for member, held in members.items() if member != stayer for place in held}
    place = uuid.uuid4()
    backlog = [*edition(place), *sign_ups(waiting, editions=[place])]
    if again:
        dying.kill()
    else:
        pods.kill_for_good(dying)
    killed = time.perf_counter()
    sent = publish(kafka.bootstrap, backlog, namespace=ALONE)
    ids = [one.event_id for one in sent if one.place in orphans]
    with Watch(lambda: count(pods, "matching", TAKEN, ids), most=len(ids)) as effects:
        took = effects.seconds_since(killed, within=_WITHIN)
    until_taken(pods, "matching", backlog)
    pods.ready([staying, dying] if again else [staying])
    pods.end([staying, dying])
    return took


async def _members(bootstrap: str) -> dict[str, Sequence[TopicPartition]]:
    """Who is in matching's group, and what each holds."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_consumer_groups([f"{ALONE}matching"])
    finally:
        await admin.close()
    found: dict[str, Sequence[TopicPartition]] = {}
    for member in answer.groups[0][5]:
        held = ConsumerProtocolMemberAssignment.decode(member[-1])
        found[member[0]] = held.partitions()
    return found

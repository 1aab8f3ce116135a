"""Kafka as this service's login sees it: is it there, are the topics as declared, may this user do what it must and no more."""

from collections.abc import Iterator
from typing import Final

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from ipraktik_chassis.admission import why_not_in
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, fail, ok, warn
from ipraktik_chassis.doctor.history import examine_history
from ipraktik_chassis.doctor.kafka_rights import asking, called, examine_rights
from ipraktik_chassis.doctor.metadata import REFUSED, Nobody, Seen, TopicSeen, look
from ipraktik_chassis.kafka_login import KafkaLogin
from ipraktik_contracts.counted import counted, times
from ipraktik_contracts.rights import SERVICES
from ipraktik_contracts.topics import TOPICS, TopicDeclaration

_WELL_KEPT: Final = 3


async def examine_kafka(patient: Patient) -> list[Finding]:
    """Reachability, topics, configurations, rights."""
    settings, login = patient.settings, patient.settings.kafka_login()
    names = [topic.in_namespace(settings.topic_namespace) for topic in TOPICS]
    try:
        seen = await look(bootstrap=settings.kafka_bootstrap, login=login, topics=names)
    except Nobody:
        why = await why_not_in(login=login, bootstrap=settings.kafka_bootstrap)
        return [fail("kafka", f"{why}; `work` cannot run, events wait", "Signing up goes on meanwhile")]
    its = SERVICES.get(patient.service.name)
    if its is None:
        return [ok("kafka", f"lets {called(login)} in; brokers: {seen.brokers}")]
    shown = seen
    if patient.operator is not None:
        try:
            shown = await look(bootstrap=settings.kafka_bootstrap, login=patient.operator, topics=names)
        except Nobody:
            why = await why_not_in(login=patient.operator, bootstrap=settings.kafka_bootstrap)
            return [fail("kafka", f"the operator's login: {why}", "Check the file given to --operator")]
    declared = {topic.in_namespace(settings.topic_namespace): topic for topic in TOPICS}
    needed = {name: topic for name, topic in declared.items() if topic in (*its.reads, *its.writes)}
    return [
        ok("kafka", f"lets {called(login)} in; brokers: {seen.brokers}"),
        *_topics(shown, needed),
        await _configs(patient, login=patient.operator or login, needed=needed, shown=shown),
        *await examine_history(patient, seen=seen, its=its),
        *await examine_rights(patient, seen=seen, its=its),
    ]


def _topics(seen: Seen, needed: dict[str, TopicDeclaration]) -> list[Finding]:
    found = [finding for name, topic in needed.items() for finding in _topic(seen, seen.topics[name], topic)]
    return found or [ok("topics", f"all are there ({len(needed)}), with the declared partitions")]


def _topic(seen: Seen, there: TopicSeen, declared: TopicDeclaration) -> Iterator[Finding]:
    if there.error == REFUSED:
        return  # said of the rights
    if there.error is not None:
        yield fail(
            "topics",
            f"{there.name} is not there ({there.error}), so nobody can say or hear what belongs on it",
            "Create the topics as declared (docs/operations/install.md), or check TOPIC_NAMESPACE",
        )
        return
    if there.partitions < declared.partitions:
        yield fail(
            "topics",
            f"{there.name} has {counted(there.partitions, 'partition', 'partitions')} of {declared.partitions}, so fewer `work` can share it",
            "Stop every `work` and let it run dry, then make it anew and fill it again (kafka-lost.md): adding "
            "partitions moves keys and breaks their order",
        )
    elif there.partitions > declared.partitions:
        yield warn(
            "topics",
            f"{there.name} has {counted(there.partitions, 'partition', 'partitions')}, declared: {declared.partitions}; if they were "
            "added later, keys have moved and their order is not kept across that moment",
            "Declare it so in contracts, or make the topic anew and fill it again (kafka-lost.md)",
        )
    if there.leaderless:
        yield fail(
            "topics",
            f"{there.name} has {counted(there.leaderless, 'partition', 'partitions')} without a leader, and nothing moves there",
            "Bring the missing brokers back",
        )
    elif there.under_replicated:
        yield warn(
            "topics",
            f"{there.name} has {counted(there.under_replicated, 'partition', 'partitions')} that a replica is missing from",
            "Bring the missing broker back",
        )
    if seen.brokers >= _WELL_KEPT > there.replicas:
        yield warn(
            "topics",
            f"{there.name} is kept {times(there.replicas)} on {seen.brokers} brokers: losing one may lose events",
            "Raise it to replication 3, with min.insync.replicas=2",
        )


async def _configs(
    patient: Patient, *, login: KafkaLogin, needed: dict[str, TopicDeclaration], shown: Seen
) -> Finding:
    looked_at = [
        name
        for name in needed
        # a topic that is not there has no configuration, and the broker grants everything on it
        if shown.topics[name].error is None and "describe configs" in shown.topics[name].allowed
    ]
    if not looked_at:
        return ok(
            "topic configs",
            "not looked at: this user may not see them, and need not; --operator FILE looks with a login that may"
            if any(shown.topics[name].error is None for name in needed)
            else "not looked at: no topic is there",
        )
    try:
        async with asking(patient, login) as admin:
            answers = await admin.describe_configs(
                [ConfigResource(ConfigResourceType.TOPIC, name) for name in looked_at]
            )
    except (KafkaError, OSError) as error:
        return warn("topic configs", f"could not be read ({type(error).__name__})", "Try again")
    there = {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }
    differing = [
        f"{name} {key}={there.get(name, {}).get(key)} instead of {value}"
        for name in looked_at
        for key, value in needed[name].config.items()
        if there.get(name, {}).get(key) != value
    ]
    if differing:
        return fail(
            "topic configs",
            "; ".join(differing) + ": what a topic forgets, or keeps for too long, is decided here",
            "Set them as declared in contracts/ipraktik_contracts/topics.py",
        )
    return ok("topic configs", f"as declared, on {counted(len(looked_at), 'topic', 'topics')}")

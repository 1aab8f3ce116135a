"""What this service's user may do at Kafka, held against what `ipraktik_contracts.rights` declares: not less, and not more.

Asked, never tried: the broker tells a login its rights on topics, finds a group for whoever may read in it, and says whether it
would make a topic without making one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError

from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, fail, ok, warn
from ipraktik_chassis.doctor.metadata import REFUSED, Seen
from ipraktik_chassis.kafka_login import KafkaLogin
from ipraktik_contracts.rights import Rights

_WATCHED: Final = {"read", "write", "create", "delete", "alter", "alter configs"}
"""Rights that nobody has by accident. Looking at a topic comes with reading it, and seeing its configuration harms nobody."""
_ASKED_ABOUT: Final = "innovationspraktik.would-be-made"
_ASK_SECONDS: Final = 10.0
_NAMED: Final = 4


@asynccontextmanager
async def asking(patient: Patient, login: KafkaLogin) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client that asks and changes nothing."""
    admin = AIOKafkaAdminClient(
        bootstrap_servers=patient.settings.kafka_bootstrap,
        **login.client_arguments(),
        request_timeout_ms=int(_ASK_SECONDS * 1000),
    )
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


def called(login: KafkaLogin) -> str:
    """Who one is there. A certificate's user is known to the broker alone."""
    if login.by_password:
        return str(login)
    return "the certificate's user" if login.ssl_context is not None else "everybody"


async def examine_rights(patient: Patient, *, seen: Seen, its: Rights) -> list[Finding]:
    """What is lacking, and what is too much. `seen` is the answer to the service's own login."""
    namespace, login = patient.settings.topic_namespace, patient.settings.kafka_login()
    reads = {topic.in_namespace(namespace) for topic in its.reads}
    writes = {topic.in_namespace(namespace) for topic in its.writes}
    lacking, too_much = [], []
    for name, there in seen.topics.items():
        if there.error not in {None, REFUSED}:
            continue  # it is not there, which is said of the topics
        wants = ({"read"} if name in reads else set()) | ({"write"} if name in writes else set())
        lacking += [f"{right} {name}" for right in sorted(wants - there.allowed)]
        too_much += [f"{right} {name}" for right in sorted(there.allowed & _WATCHED - wants)]
    try:
        async with asking(patient, login) as admin:
            if not await _may_read_as(admin, group=namespace + its.group):
                lacking.append(f"read as group {namespace + its.group}")
            if login.protocol == "PLAINTEXT":
                too_much = []  # who is asked for no name may do everything, as is said below and of the settings
            elif await _may_make_topics(admin, name=namespace + _ASKED_ABOUT):
                too_much.insert(0, "make topics")
    except (KafkaError, OSError, TimeoutError) as error:
        return [warn("kafka rights", f"could not be asked for ({type(error).__name__})", "Try again")]
    found = []
    if lacking:
        found.append(
            fail(
                "kafka rights",
                f"{called(login)} may not {', '.join(lacking)}",
                "Grant what contracts/ipraktik_contracts/rights.py declares; `work` goes on by itself then",
            )
        )
    if too_much:
        rest = f" and {len(too_much) - _NAMED} more" if len(too_much) > _NAMED else ""
        found.append(
            warn(
                "kafka rights",
                f"{called(login)} may also {', '.join(too_much[:_NAMED])}{rest}, which it never needs",
                "Take away what contracts/ipraktik_contracts/rights.py does not declare",
            )
        )
    if login.protocol == "PLAINTEXT" and not found:
        return [ok("kafka rights", "all that is declared; here everybody may do everything")]
    return found or [ok("kafka rights", "what is declared, and no more")]


async def _may_read_as(admin: AIOKafkaAdminClient, *, group: str) -> bool:
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            await admin.find_coordinator(group)
    except GroupAuthorizationFailedError:
        return False
    return True


async def _may_make_topics(admin: AIOKafkaAdminClient, *, name: str) -> bool:
    async with asyncio.timeout(_ASK_SECONDS):
        answer = await admin.create_topics([NewTopic(name, 1, 1)], validate_only=True)
    return not any(code for _, code, *_ in answer.topic_errors)

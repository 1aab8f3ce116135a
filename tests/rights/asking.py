"""Trying things at a broker as one user: what comes back, or the name of the refusal."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, for_code

from ipraktik_contracts.topics import TOPICS
from ipraktik_local.login import KafkaLogin

_WITHIN: Final = 15.0
DONE: Final = "done"


async def read(login: KafkaLogin, topic: str, *, group: str, count: int = 1) -> list[bytes | None]:
    """The first records of a topic, by a group. Raises the broker's refusal."""
    consumer = AIOKafkaConsumer(
        topic, **login.aiokafka(), group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
    )
    try:
        async with asyncio.timeout(_WITHIN):
            await consumer.start()
            found = [await consumer.getone() for _ in range(count)]
            await consumer.commit()
    finally:
        await consumer.stop()
    return [record.value for record in found]


async def write(login: KafkaLogin, topic: str, *values: bytes, idempotent: bool = True) -> None:
    """Put records on a topic. Raises the broker's refusal."""
    producer = AIOKafkaProducer(**login.aiokafka(), enable_idempotence=idempotent)
    try:
        async with asyncio.timeout(_WITHIN):
            await producer.start()
            for sent in [await producer.send(topic, value, key=b"key") for value in values or (b"{}",)]:
                await sent
    finally:
        await producer.stop()


async def write_everywhere(admin: KafkaLogin, namespace: str) -> None:
    """One record on each topic, which holds the topic's name."""
    producer = AIOKafkaProducer(**admin.aiokafka())
    try:
        await producer.start()
        for topic in TOPICS:
            await producer.send_and_wait(topic.in_namespace(namespace), topic.name.encode(), key=b"key")
    finally:
        await producer.stop()


async def asked(login: KafkaLogin, question: Callable[[AIOKafkaAdminClient], Awaitable[Any]]) -> Any:
    """What an admin client of this user is answered."""
    admin = AIOKafkaAdminClient(**login.aiokafka(), request_timeout_ms=10_000)
    try:
        await admin.start()
        return await question(admin)
    finally:
        await admin.close()


async def outcome(attempt: Awaitable[Any]) -> str:
    """DONE, or the name of what the broker answered."""
    try:
        await attempt
    except KafkaError as error:
        return type(error).__name__
    return DONE


def codes(answer: Any, *, place: str, at: int = 1) -> set[str]:
    """The names of the error codes in an admin's answer."""
    return {for_code(one[at]).__name__ for one in getattr(answer, place)}


def with_password(login: KafkaLogin, password: str) -> KafkaLogin:
    """The same user with another password."""
    return replace(login, password=password)

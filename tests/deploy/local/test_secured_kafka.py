"""The secured broker itself: nobody comes in without a login, and data may be used with and without the profile."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from rights.asking import DONE, asked, outcome, read, write

from ipraktik_contracts.topics import PARTICIPANTS
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.login import KafkaLogin, login_from
from ipraktik_local.ports import HOST
from ipraktik_local.rights import make_agency
from ipraktik_local.topics import create_topics, describe_topics


async def lets_in(address: str, **more: str) -> bool:
    """Whether a client without a password gets an answer."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address, request_timeout_ms=3000, **more)
    try:
        await asyncio.wait_for(consumer.start(), 10)
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await consumer.stop()
    return True


async def test_no_door_of_a_secured_broker_opens_without_a_login(home: Path) -> None:
    with start_kafka(home, secure=True) as server:
        assert server._ports is not None
        addresses = [f"{HOST}:{port.number}" for port in server._ports]
        assert len(addresses) == 3
        assert addresses[0] == server.bootstrap
        for address in addresses:
            assert not await lets_in(address)
        # the broker's own doors take its own password and no other user's
        for address in addresses[1:]:
            other = KafkaLogin(address, "admin", server.admin.password, "SASL_PLAINTEXT", "PLAIN")
            assert await outcome(asked(other, lambda admin: admin.list_topics())) == "KafkaConnectionError"
        assert server.admin.password not in server.log.read_text("utf-8", "replace")
        assert server.admin.password not in repr(server.admin)


@pytest.mark.long
async def test_data_outlives_a_change_between_open_and_secured_and_so_do_users(home: Path) -> None:
    with KafkaServer(home=home) as server:
        assert not server.admin.secured
        await asyncio.to_thread(create_topics, server.bootstrap)
        await write(KafkaLogin(server.bootstrap), PARTICIPANTS.name, b"open")
    with KafkaServer(home=home, secure=True) as server:
        assert await read(server.admin, PARTICIPANTS.name, group="any") == [b"open"]
        agency = await asyncio.to_thread(make_agency, server, name="skat")
        before = server.admin
        server.restart()
        assert server.admin == before
        assert await read(agency.login, PARTICIPANTS.name, group=f"{agency.group_prefix}a") == [b"open"]
        assert login_from(agency.environment()) == agency.login
    with KafkaServer(home=home) as server:
        (participants,) = [
            topic
            for topic in await asyncio.to_thread(describe_topics, server.bootstrap)
            if topic.name == PARTICIPANTS.name
        ]
        assert participants.records == 1
        assert await outcome(read(server.admin, PARTICIPANTS.name, group="any2")) == DONE

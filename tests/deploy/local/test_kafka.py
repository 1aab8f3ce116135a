"""Kafka as a process: it answers when it says it is ready, and keeps its records whatever is done to it."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import UnknownTopicOrPartitionError

from ipraktik_local import processes
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.processes import ChildDidNotStart

TOPIC = "proeve"


async def make_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    finally:
        await admin.close()


async def produce(bootstrap: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        await asyncio.wait_for(producer.send_and_wait(TOPIC, value, partition=0), 20)
    finally:
        await producer.stop()


async def read(bootstrap: str, count: int) -> list[bytes | None]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(TOPIC, 0)])
        return [(await asyncio.wait_for(consumer.getone(), 20)).value for _ in range(count)]
    finally:
        await consumer.stop()


async def test_records_survive_a_stop_a_kill_and_a_move_to_another_address(tmp_path: Path) -> None:
    server = start_kafka(tmp_path)
    address = server.bootstrap
    await make_topic(address)
    await produce(address, b"1")
    server.restart()
    await produce(address, b"2")
    server.kill()
    assert not server.is_running
    server.restart()
    assert server.bootstrap == address
    assert await read(address, 2) == [b"1", b"2"]
    server.close()

    with start_kafka(tmp_path) as moved:
        assert await read(moved.bootstrap, 2) == [b"1", b"2"]


async def test_a_paused_broker_is_silent_and_answers_again_when_resumed(tmp_path: Path) -> None:
    with start_kafka(tmp_path) as server:
        await make_topic(server.bootstrap)
        producer = AIOKafkaProducer(bootstrap_servers=server.bootstrap)
        await producer.start()
        try:
            server.pause()
            sending = asyncio.ensure_future(producer.send_and_wait(TOPIC, b"1", partition=0))
            done, _ = await asyncio.wait([sending], timeout=1)
            assert not done
            server.resume()
            await asyncio.wait_for(sending, 20)
        finally:
            server.resume()
            await producer.stop()


async def test_no_topic_comes_into_being_by_being_asked_for(kafka: KafkaServer, topic_namespace: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_topics([topic_namespace + "ukendt"])
        assert answer["error_code"] == UnknownTopicOrPartitionError.errno
        assert topic_namespace + "ukendt" not in await admin.list_topics()
    finally:
        await admin.close()


def test_extra_properties_reach_the_broker_and_a_bad_one_is_reported_with_the_log(tmp_path: Path) -> None:
    with pytest.raises(ChildDidNotStart) as failed:
        start_kafka(tmp_path, properties={"num.network.threads": "mange"})

    assert "num.network.threads" in str(failed.value)
    assert "mange" in str(failed.value)


def test_a_port_taken_by_somebody_else_is_replaced_by_a_free_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    from ipraktik_local import kafka as module
    from ipraktik_local.ports import Port, reserve_port

    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = [Port(squatter.getsockname()[1])]
        monkeypatch.setattr(module, "reserve_port", lambda: taken.pop() if taken else reserve_port())

        with start_kafka(tmp_path) as server:
            assert not server.bootstrap.endswith(f":{squatter.getsockname()[1]}")


def test_a_start_that_is_asked_for_twice_is_one_start(kafka: KafkaServer) -> None:
    pid = kafka.pid

    kafka.start()

    assert kafka.pid == pid


def test_the_tail_of_a_log_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert processes.tail(tmp_path / "none.log") == "(no log)"

"""What Kafka refuses is noticed and said; being away is no refusal."""

import asyncio
import logging
import socket

import pytest
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)

from ipraktik_chassis.admission import BusLog, refusal_of, refused, why_not_in
from ipraktik_chassis.kafka_login import OPEN, KafkaLogin

LOGIN = KafkaLogin("SASL_PLAINTEXT", "SCRAM-SHA-512", "tally", "hemmelig")
ADVICE = "Auto create topics is disabled. Make sure the topics exist."


class Broker:
    """Answers as told."""

    def __init__(self, *topics: str, group: Exception | None = None, away: Exception | None = None) -> None:
        self._topics, self._group, self._away = list(topics), group, away

    async def list_topics(self) -> list[str]:
        if self._away:
            raise self._away
        return self._topics

    async def find_coordinator(self, group_id: str) -> int:
        if self._group:
            raise self._group
        return 1


async def said(broker: Broker) -> str | None:
    return await refused(broker, login=LOGIN, topics=["a.v1", "b.v1"], group="tally")


async def test_who_sees_its_topics_and_its_group_is_let_in() -> None:
    assert await said(Broker("b.v1", "a.v1", "c.v1")) is None


async def test_a_topic_that_is_not_shown_is_named() -> None:
    sentence = await said(Broker("a.v1"))
    assert sentence is not None
    assert sentence.startswith("Kafka shows user tally (SASL_PLAINTEXT) no topic b.v1:")


async def test_a_group_that_is_refused_is_named() -> None:
    sentence = await said(Broker("a.v1", "b.v1", group=GroupAuthorizationFailedError("tally")))
    assert sentence == "user tally (SASL_PLAINTEXT) may not read as group tally: grant it that group"


@pytest.mark.parametrize("away", [KafkaConnectionError(), OSError(), TimeoutError()])
async def test_a_broker_that_is_away_refuses_nothing(away: Exception) -> None:
    assert await said(Broker(away=away)) is None


def test_a_refusal_among_the_bus_own_lines_is_noted_and_handed_on(caplog: pytest.LogCaptureFixture) -> None:
    bus_log = BusLog(logging.getLogger("bus"))
    bus_log.log(logging.ERROR, "Kafka error occurred", exc_info=KafkaConnectionError())
    assert bus_log.refusal is None
    error = TopicAuthorizationFailedError("a.v1")
    bus_log.log(logging.ERROR, "Kafka error occurred", exc_info=error)
    assert bus_log.refusal is error
    assert [record.message for record in caplog.records] == ["Kafka error occurred"] * 2
    assert refusal_of(error, login=LOGIN, group="tally") == (
        "user tally (SASL_PLAINTEXT) may not read a.v1: grant this user to read it"
    )
    assert "SaslAuthenticationFailed" in refusal_of(SaslAuthenticationFailed(), login=LOGIN, group="tally")


def test_advice_about_a_setting_of_ours_is_kept_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bus_log = BusLog(logging.getLogger("bus"))
    bus_log.log(logging.WARNING, ADVICE)
    bus_log.log(logging.WARNING, "something else", extra={"topic": "a.v1"})
    assert [record.message for record in caplog.records] == ["something else"]


async def test_each_address_is_tried_and_its_reason_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"127.0.0.1:{door.getsockname()[1]}"
        hanging_up = asyncio.create_task(asyncio.to_thread(_hang_up, door))
        reasons = (await why_not_in(login=OPEN, bootstrap=f"127.0.0.1:1, nowhere,{address}")).split("; ")
        await hanging_up
    assert reasons[0] == "127.0.0.1:1: nobody answers. Check KAFKA_BOOTSTRAP"
    assert reasons[1] == "nowhere: this is not host:port. Check KAFKA_BOOTSTRAP"
    assert reasons[2].startswith(f"{address}: no answer to a client that speaks PLAINTEXT")


def _hang_up(door: socket.socket) -> None:
    taken, _ = door.accept()
    taken.close()

"""The kits over TLS with an authority of their own to trust, and what they do when their login is taken away."""

import asyncio
import random
from pathlib import Path

import pytest
from chassis.certificates import Authority
from chassis.waiting import until
from kit.expected import placements
from kit.hostile import Stream
from kit.kits import AIOKAFKA, FASTSTREAM, JVM, NODEJS, Kit
from kit.lives import Happened
from kit.members import Agency
from kit.stage import Stage

from ipraktik_local.kafka import start_kafka
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.rights import make_agency, revoke_agency
from ipraktik_local.secured import Certificate
from ipraktik_local.topics import create_topics

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

LINES_OF_AN_END = 200
SHORT_SESSIONS = {"group.min.session.timeout.ms": "1000"}


async def _everything_in(agency: Agency, stream: Stream) -> None:
    async def there() -> bool:
        return agency.members[0].running() and await agency.taken() == len(stream.events)

    await until(there, what=f"{agency.kit} has everything", within=90, every=0.1)


@pytest.mark.parametrize(
    "kits",
    [
        pytest.param((AIOKAFKA, FASTSTREAM), id="python"),
        pytest.param((NODEJS,), id="node"),
        pytest.param((JVM,), id="java"),
    ],
)
async def test_kits_speak_tls_and_end_soon_and_quietly_when_their_login_is_taken_away(
    kits: tuple[Kit, ...],
    home: Path,
    servers_home: Path,
    postgres: PostgresServer,
    happened: Happened,
    stream: Stream,
) -> None:
    ours, another = Authority(home / "ours"), Authority(home / "another")
    pair = ours.pair("broker")
    shown = Certificate(pair.certificate, pair.key, ours.file)
    with start_kafka(home / "kafka", secure=True, certificate=shown, properties=SHORT_SESSIONS) as server:
        await asyncio.to_thread(create_topics, server.admin)
        login = await asyncio.to_thread(make_agency, server, name="skat")
        assert login.environment()["KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL"
        stage = Stage(
            server.admin, "", login, postgres, servers_home / "kit" / f"tls-{random.getrandbits(32):x}"
        )
        stage.home.mkdir(parents=True)
        async with stage.agencies(kits) as agencies, stage.playing() as player:
            for agency in agencies:
                agency.start()
            await player.play(stream.records)
            for agency in agencies:
                await _everything_in(agency, stream)
                assert await agency.rows() == placements(happened, stream), agency.kit
            await asyncio.to_thread(revoke_agency, server, name="skat")
            for agency in agencies:
                before = agency.said().count("\n")
                assert await asyncio.to_thread(agency.members[0].status, within=90) == 1, agency.kit
                assert agency.said().count("\n") - before < LINES_OF_AN_END, agency.kit
                strange = agency.start(KAFKA_CA_FILE=str(another.file))
                assert await asyncio.to_thread(strange.status, within=90) == 1, agency.kit

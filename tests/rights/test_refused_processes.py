"""A service's process where rights are missing, wrong or taken away: one clear line, not ready, an end, and no flood of lines."""

import asyncio
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from chassis.certificates import Authority
from chassis.listening import heard
from chassis.processes import TallyProcess
from chassis.waiting import until
from rig import Rig
from rights.asking import read, write

from ipraktik_contracts.rights import Rights
from ipraktik_contracts.topics import CONTACTS, EVALUATIONS, PLACEMENTS
from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.login import KafkaLogin
from ipraktik_local.secured import Certificate
from ipraktik_local.topics import create_topics
from ipraktik_local.users import make_user, unmake_user

TALLY = Rights("tally", "tally", reads=(PLACEMENTS, CONTACTS), writes=(EVALUATIONS, PLACEMENTS))
"""What tally needs: it hears of placements and contacts, and says both of the others."""
A_FEW = 40
"""Lines of a whole life that ends soon. A loop that is refused writes as many in a twentieth of a second."""

Running = Callable[..., TallyProcess]


@pytest.fixture
def running(tally: Rig, namespace: str, tmp_path: Path) -> Running:
    """Start a room of tally with this login."""

    def start(login: KafkaLogin, room: str = "work", **settings: str) -> TallyProcess:
        return TallyProcess(
            tmp_path,
            room,
            DATABASE_URL=tally.database_url,
            TOPIC_NAMESPACE=namespace,
            LOCAL_STACK="1",
            **(login.environment() | settings),
        )

    return start


def user(secured: KafkaServer, namespace: str, its: Rights = TALLY) -> KafkaLogin:
    return make_user(secured.admin, its, namespace=namespace)


async def ended(process: TallyProcess, *, login: KafkaLogin) -> list[dict[str, Any]]:
    """Its lines, when it has ended because of what it was refused; none of them holds the password."""
    assert await asyncio.to_thread(process.wait) == 1
    text = process.log.read_text()
    assert login.password not in text
    lines = process.lines()
    assert len(lines) < A_FEW, text
    return lines


def why(lines: list[dict[str, Any]], beginning: str = "Listening is not possible") -> str:
    """The line that says why."""
    (line,) = [line["message"] for line in lines if line["message"].startswith(beginning)]
    return str(line)


async def test_with_its_rights_a_service_hears_and_says_what_it_has_to(
    secured: KafkaServer, namespace: str, tally: Rig, running: Running
) -> None:
    login = await asyncio.to_thread(user, secured, namespace)
    placement = uuid.uuid4()
    with running(login, "run", LOG_LEVEL="DEBUG") as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.http) as client:
            note = {"placement_id": str(placement), "words": "hej"}
            assert (await client.post("/tally/notes", json=note)).status_code == 201

        async def came_back() -> bool:
            return await heard(tally) == {str(placement): [1]}

        await until(came_back, what="what it said is heard")
        process.terminate()
        assert await asyncio.to_thread(process.wait) == 0
        text = process.log.read_text()
    for noise in (login.password, "Auto create", "authoriz", "Unclosed"):
        assert noise not in text


async def test_a_password_from_a_file_is_as_good(
    secured: KafkaServer, namespace: str, running: Running, tmp_path: Path
) -> None:
    login = await asyncio.to_thread(user, secured, namespace)
    (tmp_path / "password").write_text(f"{login.password}\n")
    with running(login, KAFKA_PASSWORD="", KAFKA_PASSWORD_FILE=str(tmp_path / "password")) as process:
        await process.ready()


async def test_a_topic_that_it_may_not_read_ends_it_with_the_topics_name(
    secured: KafkaServer, namespace: str, running: Running
) -> None:
    without = Rights("tally", "tally", reads=(PLACEMENTS,), writes=(EVALUATIONS,))
    login = await asyncio.to_thread(user, secured, namespace, without)
    with running(login) as process:
        said = why(await ended(process, login=login))
    assert f"no topic {namespace}{CONTACTS.name}:" in said
    assert f"user {namespace}tally" in said


@pytest.mark.long
async def test_a_topic_that_it_may_write_but_not_read_ends_it_too(
    secured: KafkaServer, namespace: str, running: Running
) -> None:
    """Such a topic it sees, so only reading shows that it may not."""
    without = Rights("tally", "tally", reads=(CONTACTS,), writes=(EVALUATIONS, PLACEMENTS))
    login = await asyncio.to_thread(user, secured, namespace, without)
    await write(secured.admin, PLACEMENTS.in_namespace(namespace))
    with running(login) as process:
        said = why(await ended(process, login=login))
    assert f"may not read {namespace}{PLACEMENTS.name}" in said


async def test_a_group_that_is_not_its_own_ends_it_with_the_groups_name(
    secured: KafkaServer, namespace: str, running: Running
) -> None:
    other = Rights("tally", "talley", reads=TALLY.reads, writes=TALLY.writes)
    login = await asyncio.to_thread(user, secured, namespace, other)
    with running(login) as process:
        said = why(await ended(process, login=login))
    assert f"may not read as group {namespace}tally:" in said


async def test_a_wrong_password_ends_it_and_the_line_names_the_setting(
    secured: KafkaServer, namespace: str, running: Running
) -> None:
    login = await asyncio.to_thread(user, secured, namespace)
    with running(login, KAFKA_PASSWORD="gaettet") as process:
        lines = await ended(process, login=login)
    said = why(lines)
    assert f"does not accept the password of user {namespace}tally" in said
    assert "KAFKA_PASSWORD" in said
    assert "gaettet" not in json.dumps(lines)


async def test_no_login_where_one_is_asked_for_ends_it_and_the_line_names_the_setting(
    secured: KafkaServer, namespace: str, running: Running
) -> None:
    nobody = KafkaLogin(secured.bootstrap, password="unused")
    with running(nobody) as process:
        assert "KAFKA_SECURITY_PROTOCOL" in why(await ended(process, login=nobody))


async def test_a_service_that_may_write_nothing_and_has_nothing_to_say_works(
    secured: KafkaServer, namespace: str, tally: Rig, running: Running
) -> None:
    """Like notify, which owns no event: its relay asks for a producer only when there is something to send."""
    silent = Rights("tally", "tally", reads=TALLY.reads)
    login = await asyncio.to_thread(user, secured, namespace, silent)
    with running(login, "run") as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.http) as client:
            note = {"placement_id": str(uuid.uuid4()), "words": "hej"}
            assert (await client.post("/tally/notes", json=note)).status_code == 201
        lines = await ended(process, login=login)
    assert "may not write to" in why(lines, "The relay ends")
    conn = await asyncpg.connect(tally.database_url)
    try:
        assert await conn.fetchval("select count(*) from outbox") == 1
    finally:
        await conn.close()


async def test_rights_that_are_taken_away_end_it_soon_and_it_is_not_ready_meanwhile(
    secured: KafkaServer, namespace: str, running: Running
) -> None:
    login = await asyncio.to_thread(user, secured, namespace)
    await write(secured.admin, PLACEMENTS.in_namespace(namespace))
    with running(login) as process:
        await process.ready()
        await asyncio.to_thread(unmake_user, secured.admin, user=login.username)
        await write(secured.admin, PLACEMENTS.in_namespace(namespace))

        async def says_no() -> bool:
            answer = await process.answer("/readyz")
            return process.ended or (answer is not None and answer.status_code == 503)

        await until(says_no, what="it is not ready")
        lines = await ended(process, login=login)
    assert f"user {namespace}tally" in why(lines)


async def test_services_and_agencies_speak_to_it_encrypted_and_trust_only_whom_they_were_told_to(
    home: Path, tally: Rig, tmp_path: Path
) -> None:
    ours, another = Authority(tmp_path / "ours"), Authority(tmp_path / "another")
    pair = ours.pair("broker")
    shown = Certificate(pair.certificate, pair.key, ours.file)
    settings = {"DATABASE_URL": tally.database_url, "LOCAL_STACK": "1"}
    with start_kafka(home, secure=True, certificate=shown) as server:
        await asyncio.to_thread(create_topics, server.admin)
        login = await asyncio.to_thread(make_user, server.admin, TALLY)
        assert (login.protocol, login.ca_file) == ("SASL_SSL", str(ours.file))
        await write(server.admin, PLACEMENTS.name)
        assert await read(login, PLACEMENTS.name, group="tally") == [b"{}"]
        with TallyProcess(tmp_path, "work", **settings, **login.environment()) as process:
            await process.ready()
        strange = login.environment() | {"KAFKA_CA_FILE": str(another.file)}
        with TallyProcess(tmp_path / "strange", "work", **settings, **strange) as process:
            said = why(await ended(process, login=login))
        assert "its certificate is not trusted" in said
        assert "KAFKA_CA_FILE" in said

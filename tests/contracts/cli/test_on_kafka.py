"""verify, state, replay and tail on real topics."""

import asyncio
import hashlib
import json
import random
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from contracts.cli.conftest import PARTICIPANTS, SEED, Ground
from contracts.cli.running import command, environment, run, said
from contracts.cli.streams import plays, proof, records_of

from ipraktik_contracts.cli.commands.state import state
from ipraktik_contracts.cli.lives.hostile import PEACE, Hostility
from ipraktik_contracts.cli.proof.report import Proof
from ipraktik_contracts.envelope import encode
from ipraktik_contracts.examples import example_envelopes
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PLACEMENTS = "innovationspraktik.placements.v1"


def expected() -> Proof:
    """What was played, proved without a broker."""
    return proof(records_of(plays(SEED, Hostility(), participants=PARTICIPANTS)))


def facts(ended: subprocess.CompletedProcess[bytes]) -> dict[str, str]:
    """The hashes in an output."""
    lines = [line.split() for line in ended.stdout.decode().splitlines() if line.startswith("hash: ")]
    return {name: value for _, name, value in lines}


def test_what_the_sandbox_played_is_proved_with_the_hashes_known_beforehand(ground: Ground) -> None:
    runs = [ground.run("verify") for _ in range(2)]
    for ended in runs:
        assert ended.returncode == 0, said(ended)
        assert ended.stdout.decode().splitlines()[-1] == "PROVED"
        assert facts(ended) == {
            **expected().kind_hashes,
            "state": expected().state_hash,
            "events": expected().events_hash,
        }
    assert runs[0].stdout == runs[1].stdout
    assert b" of 36 partitions" in runs[0].stdout


def test_a_peaceful_run_of_the_same_seed_ends_in_the_same_state() -> None:
    peaceful = proof(records_of(plays(SEED, PEACE, participants=PARTICIPANTS)))
    assert peaceful.state_hash == expected().state_hash


def test_the_state_of_the_topics_is_that_of_the_stream(ground: Ground) -> None:
    ended = ground.run("state", "--aggregate", "placement", "--canonical")
    assert ended.returncode == 0, said(ended)
    assert hashlib.sha256(ended.stdout).hexdigest() == expected().kind_hashes["placement"]


async def test_the_sql_of_the_help_gives_the_hash_that_a_subscriber_compares(
    ground: Ground, postgres: PostgresServer
) -> None:
    [sql] = re.findall(r"`(select encode.*?from placement)`", state.__doc__ or "", re.DOTALL)
    listed = await asyncio.to_thread(
        ground.run, "state", "--aggregate", "placement", "--without-erased", "--json"
    )
    *rows, summary = map(json.loads, listed.stdout.splitlines())
    conn = await asyncpg.connect(postgres.admin_url)
    try:
        await conn.execute(
            "create temp table placement (placement_id uuid, edition_id uuid, state text, last_sequence bigint)"
        )
        assert await conn.fetchval(sql) == NOTHING
        kept = [(row["id"], row["edition_id"], row["state"], row["last_sequence"]) for row in rows]
        await conn.executemany(
            "insert into placement values ($1, $2, $3, $4)", random.sample(kept, len(kept))
        )
        assert await conn.fetchval(sql) == summary["summary"]["hashes"]["placement"]
    finally:
        await conn.close()
    assert len(rows) > 5


def test_a_replay_is_the_stream_and_is_there_whole_or_not_at_all(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    assert ground.run("replay", str(file)).returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == ["all.jsonl"]
    found = json.loads(run("verify", str(file), "--json").stdout)
    assert found["proved"]
    assert (found["state_hash"], found["events_hash"]) == (expected().state_hash, expected().events_hash)
    assert found["records"] == expected().records
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    since = ground.run("replay", "-", "--from", an_hour_ago)
    assert sorted(since.stdout.splitlines()) == sorted(file.read_bytes().splitlines())
    again = ground.run("replay", str(file))
    assert again.returncode == 2
    assert b"is there already" in again.stderr
    assert ground.run("replay", str(file), "--force", "--from", "2100-01-01T00:00:00Z").returncode == 0
    assert file.read_bytes() == b""


def test_a_replay_begins_at_a_place_or_holds_one_edition(ground: Ground, tmp_path: Path) -> None:
    topic = ground.namespace + PLACEMENTS
    part = ground.run("replay", "-", "--from", f"{topic}[0]@2")
    lines = [json.loads(line) for line in part.stdout.splitlines()]
    assert {(line["kafkatopic"], line["kafkapartition"]) for line in lines} == {(PLACEMENTS, 0)}
    assert [int(line["kafkaoffset"]) for line in lines] == list(range(2, 2 + len(lines)))
    beyond = ground.run("replay", "-", "--from", f"{topic}[0]@999999")
    assert beyond.returncode == 2
    assert b"holds offsets 0 to" in beyond.stderr
    edition = lines[0]["data"].get("edition_id") or next(
        line["data"]["edition_id"] for line in lines if "edition_id" in line["data"]
    )
    whole = ground.run("replay", str(tmp_path / "edition.jsonl"), "--edition", edition)
    assert whole.returncode == 0, said(whole)
    assert b"because nothing tells their edition" in whole.stderr
    found = json.loads(run("verify", str(tmp_path / "edition.jsonl"), "--json").stdout)
    assert found["state_hash"] == expected().state_hash
    nothing = ground.run("replay", "-", "--edition", "01900000-0000-7000-8000-000000000000")
    assert nothing.stdout == b""


def test_a_tail_shows_what_is_asked_for_and_tells_of_what_it_cannot_read(ground: Ground) -> None:
    ended = ground.run("tail", "--from", "start", "--no-follow", "--type", "AgreementSigned")
    lines = ended.stdout.decode().splitlines()
    assert ended.returncode == 0, said(ended)
    signed = [one for one in plays(SEED, Hostility(), participants=PARTICIPANTS) if b"AgreementSigned.v1" in dict(one.record.headers)["ce_type"]]  # fmt: skip
    assert len(lines) == len(signed)
    assert all(" AgreementSigned " in line and line.endswith(tuple("0123456789")) for line in lines)
    told = ended.stderr.decode()
    assert "major version 2; this build knows 1 (dk.innovationspraktik.AgreementSigned.v2)" in told
    assert told.count("left alone: ") == sum(1 for one in plays(SEED, Hostility(), participants=PARTICIPANTS) if not one.known)  # fmt: skip


def test_a_tail_of_a_municipality_holds_what_belongs_there(ground: Ground) -> None:
    everything = ground.run("tail", "--from", "start", "--no-follow", "--json").stdout.splitlines()
    bodies = [json.loads(line) for line in everything]
    where = {
        one["data"]["participant_id"]: one["data"]["workplace"]["municipality_code"]
        for one in bodies
        if "workplace" in one["data"]
    }
    placement = next(one["data"] for one in bodies if one["type"].endswith("InternshipCompleted.v1"))
    code = where[placement["intern_id"]] or where[placement["host_id"]]
    ended = ground.run("tail", "--from", "start", "--no-follow", "--json", "--municipality", code)
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    ids = {one["subject"] for one in found}
    assert placement["placement_id"] in ids
    assert any(one["data"].get("placement_id") == placement["placement_id"] for one in found if "Evaluation" in one["type"])  # fmt: skip
    assert 0 < len(found) < len(bodies) / 4


async def test_a_tail_follows_from_now_and_ends_when_it_has_enough(
    kafka: KafkaServer, topic_namespace: str
) -> None:
    env = environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace)
    started = run("sandbox", "--participants", "3", "--no-stay", "--keep", "--peaceful", env=env)
    assert started.returncode == 0, said(started)
    tail = await asyncio.create_subprocess_exec(
        *command("tail", "--limit", "2", "--json"), env=env, stdout=asyncio.subprocess.PIPE
    )
    assert tail.stdout is not None
    made = [encode(one) for one in example_envelopes() if encode(one).topic == PLACEMENTS]
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        reading = asyncio.ensure_future(tail.stdout.read())
        async with asyncio.timeout(30):
            while not reading.done():  # it may not be listening yet: what came before is not shown
                for one in made:
                    await producer.send_and_wait(
                        topic_namespace + PLACEMENTS, one.value, key=one.key, headers=list(one.headers)
                    )
                await asyncio.wait({reading}, timeout=0.3)
        lines = (await reading).splitlines()
    assert await tail.wait() == 0
    assert len(lines) == 2
    assert all(json.loads(line)["source"] == "urn:innovationspraktik:coi:matching" for line in lines)


async def test_what_is_broken_on_a_topic_is_found_with_its_place(
    kafka: KafkaServer, topic_namespace: str
) -> None:
    env = environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace)
    played = run("sandbox", "--participants", "12", "--no-stay", "--keep", "--pauses", "0", env=env)
    assert played.returncode == 0, said(played)
    topic = topic_namespace + PLACEMENTS
    [accepted] = [encode(one) for one in example_envelopes() if type(one.data).__name__ == "MatchAccepted"]
    headers = list(accepted.headers)
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        lost = await producer.send_and_wait(topic, accepted.value, key=accepted.key, headers=headers)
        tombstone = await producer.send_and_wait(topic, None, key=b"0" * 36, headers=[])
        noise = await producer.send_and_wait(topic, b"\xff\x00", key=None, headers=[("ce_id", b"\xff"), ("x", b"")])  # fmt: skip
    ended = run("verify", env=env)
    found = ended.stdout.decode()
    assert ended.returncode == 1
    assert f"found: gap: {topic}[{lost.partition}]@{lost.offset}: " in found
    assert "number 1 to 2 is missing" in found
    assert f"found: tombstone: {topic}[{tombstone.partition}]@{tombstone.offset}: " in found
    assert f"found: envelope: {topic}[{noise.partition}]@{noise.offset}: header ce_id is not UTF-8" in found
    assert f"found: key: {topic}[{noise.partition}]@{noise.offset}: the record has no key" in found
    by_json = json.loads(run("verify", "--json", env=env).stdout)
    file = run("replay", "-", env=env)
    assert b"3 of them raw" not in file.stderr
    assert b"2 of them raw because they are no CloudEvents" in file.stderr
    again = json.loads(run("verify", "-", "--json", given=file.stdout).stdout)
    assert again["rules"] == by_json["rules"]
    assert again["events_hash"] == by_json["events_hash"]


async def test_records_that_were_removed_are_missed_at_the_beginning(
    kafka: KafkaServer, topic_namespace: str
) -> None:
    env = environment(KAFKA_BOOTSTRAP=kafka.bootstrap, TOPIC_NAMESPACE=topic_namespace)
    played = run("sandbox", "--participants", "12", "--no-stay", "--keep", "--peaceful", env=env)
    assert played.returncode == 0, said(played)
    listed = run("replay", "-", env=env).stdout.splitlines()
    topic = "innovationspraktik.participants.v1"
    partition = next(one["kafkapartition"] for one in map(json.loads, listed) if one["kafkatopic"] == topic)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.delete_records(
            {TopicPartition(topic_namespace + topic, partition): RecordsToDelete(before_offset=1)}
        )
    finally:
        await admin.close()
    ended = run("verify", env=env)
    assert ended.returncode == 1, said(ended)
    assert f"found: beginning: {topic_namespace}{topic}[{partition}]@1: records before it that are gone: 1" in ended.stdout.decode()  # fmt: skip
    early = run("replay", "-", "--from", f"{topic_namespace}{topic}[{partition}]@0", env=env)
    assert early.returncode == 2


@pytest.mark.parametrize("words", [["verify"], ["state"], ["tail"], ["replay", "-"]])
def test_a_namespace_without_topics_is_said(ground: Ground, words: list[str]) -> None:
    ended = run(*words, env=environment(KAFKA_BOOTSTRAP=ground.bootstrap, TOPIC_NAMESPACE="nobody."))
    assert ended.returncode == 2
    [line] = ended.stderr.decode().splitlines()
    assert "There is no topic nobody.innovationspraktik." in line
    assert "check TOPIC_NAMESPACE (now 'nobody.')" in line

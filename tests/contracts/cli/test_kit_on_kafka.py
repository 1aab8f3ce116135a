"""The kit's subscriber passes the check, and its table has the hash that `state` prints of the topics."""

import json
import sys
from pathlib import Path

import asyncpg
import pytest
from contracts.cli.running import CONTRACTS, environment, run, said

from ipraktik_local.kafka import KafkaServer
from ipraktik_local.postgres import PostgresServer


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("subscriber", ["with_aiokafka", "with_faststream"])
async def test_the_kit_passes_and_equals_ours_by_hash(
    kafka: KafkaServer, postgres: PostgresServer, topic_namespace: str, tmp_path: Path, subscriber: str
) -> None:
    database = postgres.create_service_database(f"kit_{topic_namespace.strip('.')}")
    env = environment(
        KAFKA_BOOTSTRAP=kafka.bootstrap,
        TOPIC_NAMESPACE=topic_namespace,
        DATABASE_URL=database.migration_url,
        KAFKA_SESSION_TIMEOUT_MS="6000",
    )
    env["PYTHONPATH"] += f":{CONTRACTS / 'kit' / 'python'}"
    made = run("sandbox", "--participants", "60", "--no-stay", "--keep", "--unknown-within", env=env)
    assert made.returncode == 0, said(made)

    checked = run(
        *("check", "--group", topic_namespace + "kit", "--echo", str(tmp_path / "echo")),
        *("--run", f"{sys.executable} -m subscriber.{subscriber}", "--run-log", str(tmp_path / "log")),
        *("--participants", "30", "--unknown-within", "--restarts", "2"),
        env=env,
        timeout=200,
    )
    log = (tmp_path / "log").read_text("utf-8", "replace")[-2000:]
    assert checked.returncode == 0, said(checked) + log

    ours = run("state", "--aggregate", "placement", "--without-erased", "--json", env=env)
    assert ours.returncode == 0, said(ours)
    summary = json.loads(ours.stdout.splitlines()[-1])["summary"]
    conn = await asyncpg.connect(database.migration_url)
    try:
        theirs = await conn.fetchrow("select placements, hash from placement_hash")
    finally:
        await conn.close()
    assert theirs is not None
    assert theirs["placements"] == sum(summary["counts"]["placement"].values()) > 20
    assert theirs["hash"] == summary["hashes"]["placement"]

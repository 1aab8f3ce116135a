"""A season on one small machine: the services as compose.yaml runs them stay within their limits, and a backup brings all of it back."""

import asyncio
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest
from deploy.images.compose import NAMES, SMALL, containers
from deploy.images.places import Place, inside
from deploy.images.tables import contents
from season.conftest import Played, play_season

from ipraktik_local.kafka import KafkaServer, start_kafka
from ipraktik_local.login import login_from
from ipraktik_local.postgres import PostgresServer, start_postgres
from ipraktik_local.season.calendar import Calendar, at
from ipraktik_local.season.reconcile import Reading, read_topics
from ipraktik_local.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PARTICIPANTS = 60
SEED = 7
LOOK_SECONDS = 0.5
MIB = 2**20

_log = logging.getLogger(__name__)


class Watch(threading.Thread):
    """The most that each container's processes took together, child processes included: pages of their own, and their share of others."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        super().__init__(daemon=True)
        self._roots, self._over = roots, threading.Event()
        self.most: dict[str, float] = dict.fromkeys(roots, 0.0)

    def run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            for name, pid in self._roots.items():
                self.most[name] = max(self.most[name], _taken(pid))

    def end(self) -> dict[str, float]:
        self._over.set()
        self.join()
        return self.most


def _taken(pid: int) -> float:
    total = 0
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        for one in (root, *root.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_full_info().pss
    return total / MIB


@dataclass
class Season:
    """What was played, on what, and what it took."""

    played: Played
    postgres: PostgresServer
    taken: dict[str, float]
    home: Path


def compose_kafka(home: Path, patch: pytest.MonkeyPatch) -> KafkaServer:
    """A broker with the heap and the properties of compose.yaml; where it listens is its own."""
    said = containers(SMALL)["kafka"].environment
    patch.setenv("_JAVA_OPTIONS", f"{said['KAFKA_HEAP_OPTS']} {said['KAFKA_JVM_PERFORMANCE_OPTS']}")
    places = ("LISTENER", "QUORUM", "LOG_DIRS", "NODE_ID", "ROLES", "OPTS")
    properties = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in said.items()
        if name.startswith("KAFKA_") and not any(one in name for one in (*places, "INTER_BROKER"))
    }
    assert "auto.create.topics.enable" in properties
    return start_kafka(home, properties=properties)


async def compose_postgres(home: Path) -> PostgresServer:
    """A server with the settings of compose.yaml, as far as the local stack does not set them itself."""
    server = start_postgres(home)
    said = [word for word in containers(SMALL)["postgres"].command if "=" in word]
    assert said
    conn = await asyncpg.connect(server.admin_url)
    for name, value in (word.split("=") for word in said):
        await conn.execute(f"alter system set {name} = '{value}'")
    await conn.close()
    await asyncio.to_thread(server.restart)
    return server


def given(postgres: PostgresServer, kafka: KafkaServer) -> dict[str, str]:
    """Servers for a stack that starts the services only."""
    made = {name: postgres.create_service_database(name) for name in NAMES}
    return {
        "KAFKA_BOOTSTRAP": kafka.bootstrap,
        **{f"DATABASE_URL_{name.upper()}": one.url for name, one in made.items()},
        **{f"MIGRATION_DATABASE_URL_{name.upper()}": one.migration_url for name, one in made.items()},
    }


@pytest.fixture(scope="module")
def season(servers_home: Path) -> Iterator[Season]:
    """A small season, played on four processes `run`."""
    home = servers_home / "small"
    pool = containers(SMALL)["registration"].environment["DATABASE_POOL"]
    with pytest.MonkeyPatch.context() as patch:
        kafka = compose_kafka(home / "kafka", patch)
        postgres = asyncio.run(compose_postgres(home / "postgres"))
        patch.delenv("_JAVA_OPTIONS")
        try:
            with Stack(
                home / "stack",
                rooms=("run",),
                simulated_from=at(Calendar().opens, 8),
                settings={"POLL_SECONDS": "0.1", "DATABASE_POOL": pool},
                given=given(postgres, kafka),
                ready_within=180,
            ) as stack:
                roots = {name: stack.child(name, "run").pid for name in NAMES}
                watch = Watch({**roots, "kafka": kafka.pid, "postgres": postgres.pid})
                watch.start()
                played = play_season(stack, participants=PARTICIPANTS, seed=SEED)
                yield Season(played, postgres, watch.end(), home)
        finally:
            kafka.close()
            postgres.close()


def test_a_season_on_four_processes_adds_up(season: Season) -> None:
    assert season.played.figures.reconciliation["findings"] == []
    assert season.played.figures.holds


def test_each_container_stays_within_its_limit(season: Season) -> None:
    limits = {name: containers(SMALL)[name].memory for name in season.taken}
    figures = {name: f"{taken:.0f} of {limits[name]} MiB" for name, taken in season.taken.items()}
    _log.info("at most: %s", figures)

    assert min(season.taken.values()) > 10, figures
    assert [name for name, taken in season.taken.items() if taken > limits[name]] == [], figures


def test_a_backup_of_the_season_brings_up_the_same_programme_on_an_empty_machine(
    season: Season, tmp_path: Path
) -> None:
    stack = season.played.stack
    urls = {name: stack.env[f"DATABASE_URL_{name.upper()}"] for name in NAMES}
    superuser = {name: inside(season.postgres, url) for name, url in urls.items()}
    here = Place(tmp_path / "here", urls, superuser, season.postgres, stack.env["KAFKA_BOOTSTRAP"], "")
    (here.home / "keys").mkdir(parents=True)
    (here.home / "env").write_text("VERSION=1.0.0\n")
    for half in ("private", "public"):
        (pem,) = (season.home / "stack" / "keys").glob(f"*{half}*")
        (here.home / "keys" / half).mkdir()
        (here.home / "keys" / half / f"link-{half}.pem").write_bytes(pem.read_bytes())
    for name in NAMES:  # at rest, so that what is there now can be held against what comes back
        stack.stop_process(name, "run")
    folder = here.back_up()
    before = {name: asyncio.run(contents(url)) for name, url in superuser.items()}

    with pytest.MonkeyPatch.context() as patch:
        kafka = compose_kafka(season.home / "second-kafka", patch)
    postgres = start_postgres(season.home / "second-postgres")
    try:
        servers = given(postgres, kafka)
        own = {name: servers[f"DATABASE_URL_{name.upper()}"] for name in NAMES}
        there = Place(
            tmp_path / "there",
            own,
            {name: inside(postgres, url) for name, url in own.items()},
            postgres,
            kafka.bootstrap,
            "",
        )
        there.home.mkdir()
        status, said = there.run("restore.py", str(folder))
        assert status == 0, said
        after = {name: asyncio.run(contents(url)) for name, url in there.superuser.items()}
        assert [
            f"{name}: {table}"
            for name in NAMES
            for table in before[name].keys() | after[name].keys()
            if before[name].get(table) != after[name].get(table)
        ] == []
        assert sum(one.rows for one in after["registration"].values()) > PARTICIPANTS
        with Stack(
            season.home / "second-stack",
            rooms=("run",),
            clock_file=season.home / "stack" / "clock",
            given=servers,
            ready_within=180,
        ) as second:
            asyncio.run(_quiet(second))
            reading = asyncio.run(read_topics(login_from(second.env)))
            mails = httpx.get(f"{second.env['MAIL_URL']}/api/mails").json()["mails"]
        was = season.played.reading
        assert set(reading.erased) == set(was.erased), "who was erased stays so"
        assert facts(reading) == facts(was)
        assert reading.findings == []
        assert mails == [], "what was sent before the backup is not sent again"
    finally:
        kafka.close()
        postgres.close()


def facts(reading: Reading) -> set[tuple[str, str, int, str]]:
    """Everything that stands on the topics of people who were not erased; of those, the history keeps that they were, and no more."""
    gone = {key for _, key in reading.erased}
    return {
        (event.data.TOPIC, event.key, event.sequence, str(event.id))
        for event in reading.events
        if event.key not in gone
    }


async def _quiet(stack: Stack) -> None:
    """Until each has read Kafka from the beginning, known all of it, and has nothing more to do."""
    async with httpx.AsyncClient(timeout=20) as client, asyncio.timeout(180):
        for name in NAMES:
            url = stack.env[f"{name.upper()}_OPS_RUN_URL"]
            while True:
                said = (await client.get(f"{url}/quiet")).json()
                if said["quiet"] or (said["lag"] == said["outbox"] == said["in_flight"] == 0):
                    break
                await asyncio.sleep(0.2)
            assert said["parked"] == 0

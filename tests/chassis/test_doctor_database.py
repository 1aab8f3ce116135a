"""`doctor` on a real database: each examination complains when its thing is broken, and is silent otherwise."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from chassis.tally import SERVICE, TallySettings
from rig import Databases, link_keys

from ipraktik_chassis import outbox, outbox_dead
from ipraktik_chassis.clock import FixedClock, SystemClock
from ipraktik_chassis.doctor import history
from ipraktik_chassis.doctor.backlog import examine_backlog
from ipraktik_chassis.doctor.command import examine
from ipraktik_chassis.doctor.database import examine_database
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, worst
from ipraktik_chassis.doctor.given import examine_links, examine_settings
from ipraktik_chassis.doctor.metadata import Seen, TopicSeen
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_contracts.rights import Rights
from ipraktik_contracts.topics import PLACEMENTS
from ipraktik_local.postgres import PostgresServer

PUBLIC = {
    f"{name}_public_url": "https://praktik.example"
    for name in ("registration", "matching", "notify", "evaluation")
}
WISE: dict[str, Any] = {
    **PUBLIC,
    "organiser_email": "hej@praktik.example",
    "kafka_security_protocol": "SSL",
    "proxies": 1,
}


@dataclass(frozen=True)
class Ward:
    """A deployment of tally as it should be."""

    patient: Patient
    owner_url: str
    admin_url: str

    async def as_owner(self, statement: str) -> None:
        """Break something, as whoever owns the schema might."""
        await self._execute(self.owner_url, statement)

    async def as_admin(self, statement: str) -> None:
        """Break something that only the server's admin can."""
        await self._execute(self.admin_url, statement)

    async def _execute(self, url: str, statement: str) -> None:
        conn = await asyncpg.connect(url)
        try:
            await conn.execute(statement)
        finally:
            await conn.close()


@pytest.fixture
def settings() -> Callable[..., TallySettings]:
    """Valid and wise settings of this database."""
    return lambda url, **other: TallySettings(**{"database_url": url, **WISE, **other})


@pytest.fixture(scope="module")
def copies(postgres: PostgresServer) -> Databases:
    """Databases that are thrown away after use, since rights in them are changed."""
    return Databases(postgres)


@pytest.fixture
async def ward(
    postgres: PostgresServer, copies: Databases, settings: Callable[..., TallySettings]
) -> AsyncIterator[Ward]:
    """A database of its own. The roles are shared: who changes one changes it back."""
    url, owner_url = await copies.fresh(SERVICE)
    admin_url = postgres.admin_url.replace("/postgres?", f"{urlsplit(url).path}?")
    yield Ward(Patient(SERVICE, settings(url)), owner_url, admin_url)
    await copies.drop(url)


def trouble(findings: list[Finding]) -> list[tuple[str, str]]:
    """What is not well: level and check."""
    return [(finding.level, finding.check) for finding in findings if finding.level != "OK"]


def with_settings(patient: Patient, **changes: Any) -> Patient:
    """The same deployment, set up otherwise."""
    return replace(patient, settings=patient.settings.model_copy(update=changes))


async def test_a_database_as_it_should_be_is_told_in_four_quiet_lines(ward: Ward) -> None:
    findings = await examine_database(ward.patient)
    assert trouble(findings) == []
    assert [finding.check for finding in findings] == ["database", "schema", "database rights", "clock"]
    assert not any(finding.do for finding in findings)
    assert trouble(await examine_backlog(ward.patient)) == []


async def test_connections_of_every_role_count(ward: Ward) -> None:
    def used(findings: list[Finding]) -> int:
        return int(findings[0].says.split()[-3])

    before = used(await examine_database(ward.patient))
    others = [await asyncpg.connect(ward.owner_url) for _ in range(8)]
    try:
        assert used(await examine_database(ward.patient)) >= before + 6, "others may have left meanwhile"
    finally:
        for one in others:
            await one.close()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda url: url.replace("_app:", "_app:x"), "does not accept this role and password"),
        (lambda url: url.replace("?", "x?"), "is not there"),
        (lambda url: url.replace(f":{urlsplit(url).port}/", ":1/"), "does not answer"),
        (
            lambda url: url.replace("@127.0.0.1", "@nowhere.invalid"),
            "name of the database's host is not found",
        ),
        (lambda url: url.replace("postgresql:", "postgre:"), "cannot be used as it is written"),
        (lambda url: url.replace(f":{urlsplit(url).port}/", ":port/"), "cannot be used as it is written"),
    ],
)
async def test_a_database_that_cannot_be_reached(ward: Ward, change: Callable[[str], str], says: str) -> None:
    url = change(ward.patient.settings.database_url)
    (finding,) = await examine_database(with_settings(ward.patient, database_url=url))
    assert (finding.level, finding.check) == ("FAIL", "database")
    assert says in finding.says
    assert finding.do
    password = urlsplit(url).password
    assert password is not None
    assert password not in finding.line()
    (backlog,) = await examine_backlog(with_settings(ward.patient, database_url=url))
    assert backlog.level == "FAIL"


async def test_a_role_that_may_not_connect(ward: Ward) -> None:
    role, name = urlsplit(ward.patient.settings.database_url).username, urlsplit(ward.owner_url).path[1:]
    await ward.as_admin(f'revoke connect on database "{name}" from {role}, public')
    (finding,) = await examine_database(ward.patient)
    assert (finding.level, finding.says.partition(";")[0]) == (
        "FAIL",
        "this role may not connect to the database",
    )


async def test_an_old_schema(ward: Ward) -> None:
    await ward.as_owner(
        "delete from schema_migrations where version = (select max(version) from schema_migrations)"
    )
    findings = await examine_database(ward.patient)
    assert trouble(findings) == [("FAIL", "schema")]
    assert "1 of " in findings[1].says
    assert "migrate" in findings[1].do


async def test_a_gap_in_the_schema_that_the_newest_revision_hides(ward: Ward) -> None:
    await ward.as_owner(
        "delete from schema_migrations where version = (select min(version) from schema_migrations)"
    )
    assert trouble(await examine_database(ward.patient)) == [("FAIL", "schema")]


async def test_no_schema_at_all(postgres: PostgresServer, settings: Callable[..., TallySettings]) -> None:
    made = postgres.create_service_database(f"bare_{uuid.uuid4().hex[:8]}")
    patient = Patient(SERVICE, settings(made.url))
    assert trouble(await examine_database(patient)) == [("FAIL", "schema")]
    assert trouble(await examine_backlog(patient)) == [("FAIL", "backlog")]


async def test_the_release_before_is_at_home_on_a_newer_schema(ward: Ward) -> None:
    await ward.as_owner("insert into schema_migrations values ('20991231000001')")
    findings = await examine_database(ward.patient)
    assert trouble(findings) == []
    assert "1 newer" in findings[1].says


@pytest.mark.parametrize(
    "statement",
    [
        "revoke update on outbox from {role}",
        "revoke all on heard from {role}",
        "revoke usage, select, update on all sequences in schema public from {role}",
    ],
)
async def test_a_missing_grant(ward: Ward, statement: str) -> None:
    role = urlsplit(ward.patient.settings.database_url).username
    await ward.as_owner(statement.format(role=role))
    findings = await examine_database(ward.patient)
    assert trouble(findings) == [("FAIL", "database rights")]


@pytest.mark.parametrize(
    ("statement", "back", "says"),
    [
        ("alter role {role} createdb", "alter role {role} nocreatedb", "may make databases"),
        (
            "grant create on schema public to {role}",
            "revoke create on schema public from {role}",
            "may make tables",
        ),
        ("grant {owner} to {role}", "revoke {owner} from {role}", "owns tables"),
    ],
)
async def test_a_role_that_may_too_much(ward: Ward, statement: str, back: str, says: str) -> None:
    role, owner = (urlsplit(url).username for url in (ward.patient.settings.database_url, ward.owner_url))
    await ward.as_admin(statement.format(role=role, owner=owner))
    try:
        findings = await examine_database(ward.patient)
    finally:
        await ward.as_admin(back.format(role=role, owner=owner))
    assert trouble(findings) == [("WARN", "database rights")]
    assert says in next(finding.says for finding in findings if finding.level == "WARN")


@pytest.mark.parametrize(
    ("minutes", "level"), [(0, []), (0.2, ["WARN"]), (-0.2, ["WARN"]), (5, ["FAIL"]), (-5, ["FAIL"])]
)
async def test_a_clock_that_is_off(ward: Ward, minutes: float, level: list[str]) -> None:
    patient = replace(ward.patient, wall=FixedClock(SystemClock().now() + timedelta(minutes=minutes)))
    assert trouble(await examine_database(patient)) == [(one, "clock") for one in level]


@pytest.mark.parametrize(("minutes", "level"), [(0, []), (2, ["WARN"]), (20, ["FAIL"])])
async def test_a_stale_outbox(ward: Ward, minutes: float, level: list[str]) -> None:
    created = SystemClock().now() - timedelta(minutes=minutes)
    conn = await asyncpg.connect(ward.patient.settings.database_url)
    await outbox.append(conn, [OutboxRecord("t", b"key", (("a", b"b"),), b"{}", uuid.uuid4())], now=created)
    await conn.close()
    assert trouble(await examine_backlog(ward.patient)) == [(one, "outbox") for one in level]


async def test_an_event_that_kafka_refuses(ward: Ward) -> None:
    conn = await asyncpg.connect(ward.patient.settings.database_url)
    now = SystemClock().now()
    await outbox.append(conn, [OutboxRecord("t", b"key", (("a", b"b"),), b"{}", uuid.uuid4())], now=now)
    row = await conn.fetchrow("select * from outbox")
    await outbox_dead.bury(conn, refused=[(row, "too_large")], behind=[])
    await conn.close()
    assert trouble(await examine_backlog(ward.patient)) == [("FAIL", "outbox")]


@pytest.mark.parametrize(("hours", "level"), [(0, "WARN"), (25, "FAIL")])
async def test_a_parked_event(ward: Ward, hours: int, level: str) -> None:
    conn = await asyncpg.connect(ward.patient.settings.database_url)
    await conn.execute(
        "insert into parked (consumer, topic, partition, position, key, headers, body, kind, reason, parked_at) "
        "values ('tally', 't', 0, 1, 'hemmelig', '[]', 'hemmelig', 'malformed', 'hemmelig', $1)",
        SystemClock().now() - timedelta(hours=hours),
    )
    await conn.close()
    findings = await examine_backlog(ward.patient)
    assert trouble(findings) == [(level, "parked")]
    said = findings[-1].line()
    assert "malformed" in said
    assert "python -m ipraktik_tally parked list" in said
    assert "hemmelig" not in said


@pytest.mark.parametrize(
    ("given", "level", "says"),
    [
        ({}, [], "all are valid"),
        ({"local_stack": True}, ["WARN"], "LOCAL_STACK"),
        ({"migration_database_url": "postgresql://x"}, ["WARN"], "MIGRATION_DATABASE_URL"),
        ({"matching_public_url": "https://other.example"}, ["FAIL"], "one origin"),
        (dict.fromkeys(PUBLIC, "http://praktik.example"), ["FAIL"], "https"),
        ({"kafka_security_protocol": "PLAINTEXT"}, ["WARN"], "KAFKA_SECURITY_PROTOCOL"),
        ({"organiser_email": "x@example.org"}, ["WARN"], "ORGANISER_EMAIL"),
        ({"organiser_email": "x@innovationspraktik.example"}, ["WARN"], "ORGANISER_EMAIL"),
        ({"proxies": 0}, ["WARN"], "PROXIES is 0"),
        (dict.fromkeys(PUBLIC, "https://test.innovationspraktik.example"), ["WARN"], "the example's"),
    ],
)
async def test_valid_and_unwise_settings(
    settings: Callable[..., TallySettings], given: dict[str, Any], level: list[str], says: str
) -> None:
    findings = await examine_settings(Patient(SERVICE, settings("postgresql://x", **given)))
    assert trouble(findings) == [(one, "settings") for one in level]
    assert says in findings[0].says


async def test_a_public_key_is_missed_and_told_by_its_fingerprint(
    settings: Callable[..., TallySettings], tmp_path: Path
) -> None:
    assert trouble(await examine_links(Patient(SERVICE, settings("postgresql://x")))) == [("FAIL", "links")]
    file = tmp_path / "public.pem"
    file.write_bytes(link_keys()[1])
    (finding,) = await examine_links(Patient(SERVICE, settings("postgresql://x", link_public_key_file=file)))
    assert finding.level == "OK"
    assert "sha256:" in finding.says


async def test_an_examination_that_breaks_is_a_finding_and_the_others_are_told(ward: Ward) -> None:
    async def breaks(_: Patient) -> list[Finding]:
        raise RuntimeError("hemmelig")

    findings = await examine(ward.patient, [breaks, examine_backlog], names=["odd", "backlog"])
    assert (findings[0].level, findings[0].check) == ("FAIL", "odd")
    assert "hemmelig" not in findings[0].line()
    assert len(findings) == 3
    assert worst(findings) == "FAIL"


_WRITES = Rights(user="tally", group="tally", reads=(), writes=(PLACEMENTS,))
_SHOWN = Seen(1, {PLACEMENTS.name: TopicSeen(PLACEMENTS.name, None, partitions=12)})
_ROWS = """
insert into published (shard, id, hash, topic, key, headers, body, event_id, created_at)
select n % 64, n, 0, case when n % 4 = 0 then 'elsewhere' else '{topic}' end, '', '', '', gen_random_uuid(), '2018-04-09'
from generate_series(1, {rows}) n
"""


async def test_of_a_long_history_the_newest_rows_alone_are_counted(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ward.as_owner(_ROWS.format(topic=PLACEMENTS.name, rows=6400))
    there = 0

    async def places(patient: Patient, seen: Seen, names: list[str]) -> dict[str, int]:
        return dict.fromkeys(names, there)

    monkeypatch.setattr(history, "_places", places)

    async def found(newest: int) -> tuple[str, str]:
        (finding,) = await history.examine_history(ward.patient, seen=_SHOWN, its=_WRITES, newest=newest)
        return finding.level, finding.says.rpartition(": ")[2]

    # every fourth row is of another topic, and 64 shards are four times sixteen
    assert await found(10) == ("FAIL", f"{PLACEMENTS.name} 0 of 480")
    assert await found(4000) == ("FAIL", f"{PLACEMENTS.name} 0 of 4800")
    there = 480
    assert (await found(10))[0] == "OK"
    assert (await found(4000))[0] == "FAIL"
    there = 4800
    assert (await found(4000))[0] == "OK"


async def test_a_look_at_the_history_costs_no_more_when_it_grows(ward: Ward) -> None:
    """By pages read, not by time."""

    async def pages() -> int:
        conn = await asyncpg.connect(ward.owner_url)
        try:
            await conn.execute("vacuum analyze published")
            plan = json.loads(
                await conn.fetchval(
                    f"explain (analyze, buffers, format json) {history._SAID}", [PLACEMENTS.name], 20
                )
            )[0]["Plan"]
        finally:
            await conn.close()
        return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])

    await ward.as_owner(_ROWS.format(topic=PLACEMENTS.name, rows=10_000))
    few = await pages()
    await ward.as_owner("update published set id = -id")
    await ward.as_owner(_ROWS.format(topic=PLACEMENTS.name, rows=100_000))
    assert await pages() < 3 * few


async def test_a_history_that_is_not_counted_in_time_is_said_and_not_left_out(ward: Ward) -> None:
    conn = await asyncpg.connect(ward.owner_url)
    try:
        async with conn.transaction():
            await conn.execute("lock table published in access exclusive mode")
            (finding,) = await history.examine_history(ward.patient, seen=_SHOWN, its=_WRITES, patience=0.2)
    finally:
        await conn.close()
    assert (finding.level, finding.check) == ("WARN", "history")
    assert "did not answer within 0.2 seconds" in finding.says

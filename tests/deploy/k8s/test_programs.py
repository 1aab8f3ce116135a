"""The programs run with what the manifests give them, and answer where the manifests ask."""

from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from chassis.certificates import Authority
from deploy.k8s.standing import Standing, moved_to, put_secrets

from ipraktik_chassis.settings import read
from ipraktik_local.waiting import in_own_loop
from ipraktik_manifests.looking import COMPONENT, NAME, services_pods, settings_of
from ipraktik_manifests.policies import Facts
from ipraktik_manifests.policies.monitoring import rules_use_exported_metrics
from ipraktik_manifests.policies.running import BESIDE_THE_POOL, probes_are_answered
from ipraktik_manifests.tree import ENVIRONMENTS, SERVICES, built, environment

COMBINATION = "managed-kafka"
pytestmark = pytest.mark.timeout(300)  # on a machine that has much else to do


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the pods have it: every Secret, with a certificate as Strimzi would make one."""
    folder = tmp_path_factory.mktemp("mounted")
    url = "postgresql://any:word@database.example:5432/any"
    put_secrets(folder, database=url, owner=url)
    authority = Authority(folder / "authority")
    pair = authority.pair("matching")
    (folder / "kafka").mkdir()
    for file, source in (("user.crt", pair.certificate), ("user.key", pair.key), ("ca.crt", authority.file)):
        (folder / "kafka" / file).write_bytes(source.read_bytes())
    (folder / "kafka" / "password").write_text("word", "utf-8")
    return folder


@pytest.mark.parametrize("where", [*ENVIRONMENTS, COMBINATION])
def test_the_settings_of_every_container_are_accepted_whole(
    where: str, mounted: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = (
        built(Path(__file__).parent / "combinations" / where) if where == COMBINATION else environment(where)
    )
    for one in services_pods(objects):
        settings = facts.programs[one.labels[NAME]].settings
        for container in one.containers:
            given = {
                key: value for key, value in settings_of(one, container, objects).items() if value is not None
            }
            with monkeypatch.context() as patch:
                for name in facts.programs[one.labels[NAME]].environment:
                    patch.delenv(name, raising=False)
                for name, value in moved_to(mounted, given).items():
                    patch.setenv(name, value)
                accepted = read(settings)  # raises with a line per setting that is wrong
            if one.labels[COMPONENT] != "migrate":  # which has its two addresses and nothing else
                assert accepted.drain_seconds == float(given["DRAIN_SECONDS"])
            assert accepted.database_url.startswith("postgresql://")


def test_programs_run_with_the_manifests_settings_and_their_probes_are_answered(
    standing: Standing, facts: Facts
) -> None:
    known = replace(facts, answers=standing.answers())

    assert known.answers["work"] == {"/livez": 200, "/readyz": 200, "/metrics": 200}
    for where in ENVIRONMENTS:
        assert probes_are_answered(environment(where), known) == []


@pytest.mark.parametrize("where", ENVIRONMENTS)
def test_rules_ask_for_what_the_programs_export(where: str, standing: Standing, facts: Facts) -> None:
    exported = standing.metrics()

    assert "innovationspraktik_outbox_oldest_age_seconds" in exported
    assert rules_use_exported_metrics(environment(where), replace(facts, metrics=exported)) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_holds_no_more_connections_than_the_sum_allows(service: str, standing: Standing) -> None:
    async def held() -> int:
        conn = await asyncpg.connect(standing.databases[service].url)
        try:
            return int(
                await conn.fetchval(
                    "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
                )
            )
        finally:
            await conn.close()

    pools = 2 * 8

    assert in_own_loop(held()) <= pools + BESIDE_THE_POOL["serve"] + BESIDE_THE_POOL["work"]

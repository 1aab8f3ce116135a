"""Backup, restore and a lost Kafka, drilled on a season that is being played: what comes back is what was there, and the season
ends as if nothing had happened."""

import asyncpg
import pytest
from deploy.drills.conftest import Drilled
from deploy.drills.forgotten import beside_the_forgotten

from ipraktik_contracts.topics import CONTACTS
from ipraktik_local.season.reconcile import SERVICES

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.mark.parametrize("service", SERVICES)
def test_a_dump_made_under_load_comes_back_row_by_row(drilled: Drilled, service: str) -> None:
    assert drilled.from_dump[service] == drilled.dumped[service]
    assert sum(rows for rows, _ in drilled.dumped[service].values()) > 20


@pytest.mark.parametrize("service", SERVICES)
def test_a_restored_database_is_fit_to_be_used_at_once(drilled: Drilled, service: str) -> None:
    status, said = drilled.doctor_on_dump[service]
    assert "FAIL" not in said
    assert status == 0, said


@pytest.mark.parametrize("service", SERVICES)
def test_base_backup_and_log_give_every_row_of_the_moment_and_none_of_later(
    drilled: Drilled, service: str
) -> None:
    assert drilled.from_log[service] == drilled.at_moment[service]


def test_the_log_was_needed(drilled: Drilled) -> None:
    assert drilled.at_moment["registration"] != drilled.at_backup["registration"]


def test_an_empty_kafka_is_filled_with_all_that_was_ever_published(drilled: Drilled) -> None:
    assert drilled.refilled == drilled.published
    assert sum(drilled.refilled.values()) > 100


def test_after_the_refill_nothing_is_lost_and_nothing_takes_effect_twice(drilled: Drilled) -> None:
    assert drilled.figures is not None
    assert drilled.reading is not None
    findings = drilled.figures.reconciliation["findings"]
    assert beside_the_forgotten(findings, erased=drilled.reading.erased) == []
    assert drilled.figures.funnel["sign-ups posted"] == 60
    assert drilled.figures.funnel["internships completed"] > 0


def test_who_was_forgotten_before_does_not_come_back(drilled: Drilled) -> None:
    assert drilled.reading is not None
    assert drilled.forgotten
    standing = {event.key for event in drilled.reading.events if CONTACTS.name == event.data.TOPIC}
    assert standing & drilled.forgotten == set()
    assert {(CONTACTS.name, key) for key in drilled.forgotten} <= set(drilled.reading.erased)


async def test_consumers_went_on_where_they_were(drilled: Drilled) -> None:
    for service, before in drilled.inboxes.items():
        conn = await asyncpg.connect(drilled.databases[service])
        after = await conn.fetchval("select count(*) from inbox")
        await conn.close()
        assert after > before > 0, service

"""What `doctor` looks at in notify: the signing key, the mail server, and mails that nobody sends."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from notify.conftest import Notify
from rig import link_keys

from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.doctor.command import examinations_of
from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding
from ipraktik_notify.examinations import examine_keys, examine_mail_server, examine_mails
from ipraktik_notify.main import SERVICE
from ipraktik_notify.settings import NotifySettings

_MAIL = """
insert into mail (id, fact_id, kind, party, recipient, subject_id, facts, names, bodies, awaits, needs_placement, needs_erased,
    needs_aggregate, holdable, give_up_at, state, reason, created_at)
values (gen_random_uuid(), gen_random_uuid(), 'proposal', 'intern', 'hemmelig', gen_random_uuid(), '{}', '{}', '{}', '{}', false,
    false, false, true, $2, $1, case $1 when 'failed' then 'refused' end, $2)
"""


@pytest.fixture
def patient(notify: Notify, tmp_path: Path) -> Patient:
    """Notify as it should be."""
    private, public = link_keys()
    (tmp_path / "private.pem").write_bytes(private)
    (tmp_path / "public.pem").write_bytes(public)
    settings = NotifySettings(
        database_url=notify.rig.database_url,
        local_stack=True,
        smtp_url=notify.sink.smtp_url,
        link_private_key_file=tmp_path / "private.pem",
        link_public_key_file=tmp_path / "public.pem",
        coordinator_addresses="kim@example.org",
    )
    return Patient(SERVICE, settings)


def trouble(findings: list[Finding]) -> list[str]:
    """The levels of what is not well."""
    return [finding.level for finding in findings if finding.level != "OK"]


def otherwise(patient: Patient, **changes: Any) -> Patient:
    """The same deployment, set up otherwise."""
    return replace(patient, settings=patient.settings.model_copy(update=changes))


def test_doctor_looks_at_what_only_notify_has() -> None:
    assert {"keys", "mail", "mails"} <= set(examinations_of(SERVICE))


async def test_keys_that_belong_together_and_keys_that_do_not(patient: Patient, tmp_path: Path) -> None:
    assert trouble(await examine_keys(patient)) == []
    other = tmp_path / "other.pem"
    other.write_bytes(link_keys()[1])
    (finding,) = await examine_keys(otherwise(patient, link_public_key_file=other))
    assert finding.level == "FAIL"
    assert "does not belong to" in finding.says
    assert trouble(await examine_keys(otherwise(patient, link_private_key_file=None))) == ["WARN"]
    for broken in (b"no key at all", link_keys()[1]):
        other.write_bytes(broken)
        (finding,) = await examine_keys(otherwise(patient, link_private_key_file=other))
        assert finding.level == "FAIL"
        assert "no Ed25519 key" in finding.says


async def test_a_mail_server_that_lets_us_in_and_ones_that_do_not(patient: Patient) -> None:
    assert trouble(await examine_mail_server(patient)) == []
    assert trouble(await examine_mail_server(otherwise(patient, coordinator_addresses=""))) == ["WARN"]
    (finding,) = await examine_mail_server(otherwise(patient, smtp_url="smtp://127.0.0.1:1"))
    assert (finding.level, finding.says) == ("FAIL", "nobody answers there; mails wait")
    finding, *_ = await examine_mail_server(otherwise(patient, local_stack=False))
    assert finding.level == "FAIL"
    assert "no encryption" in finding.says
    secret = patient.settings.smtp_url.replace("//", "//bruger:hemmelig@")
    (finding,) = await examine_mail_server(otherwise(patient, smtp_url=secret))
    assert finding.level == "FAIL"
    assert "hemmelig" not in finding.line()


async def test_addresses_that_are_none_or_nobodys(patient: Patient) -> None:
    async def said(**changes: Any) -> list[str]:
        findings = await examine_mail_server(otherwise(patient, **changes))
        return [finding.says for finding in findings if finding.level == "WARN"]

    assert await said(coordinator_addresses="Kim <kim@example.org>, kim") == [
        "COORDINATOR_ADDRESSES: 1 is no address, and nobody signs in by it"
    ]
    real = {
        "local_stack": False,
        "mail_from": "Praktik <praktik@styrelsen.dk>",
        "coordinator_addresses": "kim@styrelsen.dk",
    }
    assert await said(**real) == []
    # as deploy/k8s is delivered; it is told although this server, without encryption, lets nobody in
    left = await said(
        **real
        | {
            "mail_from": "Praktik <praktik@innovationspraktik.example>",
            "coordinator_addresses": "koordinator@innovationspraktik.example",
        }
    )
    assert len(left) == 2
    assert left[0].startswith("MAIL_FROM is nobody's address")
    assert left[1].startswith("COORDINATOR_ADDRESSES names nobody's address alone")


@pytest.mark.parametrize(
    ("state", "old", "level"),
    [
        ("held", timedelta(hours=1), []),
        ("held", timedelta(days=4), ["WARN"]),
        ("held", timedelta(days=40), ["FAIL"]),
        ("pending", timedelta(minutes=1), []),
        ("pending", timedelta(hours=1), ["WARN"]),
        ("pending", timedelta(hours=9), ["FAIL"]),
        ("sending", timedelta(hours=1), ["WARN"]),
        ("waiting", timedelta(days=40), []),  # the backlog's, by its metric
        ("failed", timedelta(), ["WARN"]),
        ("sent", timedelta(days=40), []),
    ],
)
async def test_mails_that_nobody_sends(
    patient: Patient, notify: Notify, state: str, old: timedelta, level: list[str]
) -> None:
    async with notify.rig.database.reading() as conn:
        await conn.execute(_MAIL, state, SystemClock().now() - old)
    findings = await examine_mails(patient)
    assert trouble(findings) == level
    assert all("hemmelig" not in finding.line() for finding in findings)

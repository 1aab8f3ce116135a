"""Where pages are measured: two stacks on the same servers, one with few participants and one with many, and the tokens to ask with."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from bench.load import TAG
from bench.page_table import FORM, Page
from bench.seeding import (
    HOST,
    INTERN,
    PLACEMENT,
    RUN,
    SELF_OF_INTERN,
    Edition,
    evaluation,
    id_of,
    matching,
    notify,
    registration,
)
from bench.signing_up import intern_body, open_edition

from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.links import Coordinator, Link, LinkMinter
from ipraktik_local.environment import SERVICES
from ipraktik_local.keys import link_keys
from ipraktik_local.stack import Stack

_OVERVIEW = ("overview", "withdraw", "erase", "update", "answer", "agreement", "stay", "evaluate")
_SHOWN = 7
"""Whose page is opened: an intern with a placement, and a host."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running, filled stack."""

    stack: Stack
    edition: Edition
    coordinator: str
    intern: str

    @property
    def participants(self) -> int:
        """How many take part."""
        return self.edition.participants

    def url(self, page: Page) -> str:
        """Where the page is, at the service's own port."""
        return self.stack.env[f"{page.service.upper()}_URL"] + self.path(page)

    def path(self, page: Page) -> str:
        """The page's address here."""
        return page.path.format(
            edition=self.edition.edition_id,
            host=id_of(HOST, _SHOWN),
            intern=id_of(INTERN, _SHOWN),
            left=id_of(INTERN, self.edition.interns),
            run=id_of(RUN, 1),
            other_run=id_of(RUN, 2),
            solved_run=id_of(RUN, 3),
            placement=id_of(PLACEMENT, _SHOWN),
        )

    def headers(self, page: Page) -> dict[str, str]:
        """The token of whoever the page is for."""
        token = {"coordinator": self.coordinator, "intern": self.intern}.get(page.whose)
        return {} if token is None else {"authorization": f"Bearer {token}"}

    def answers(self, pages: tuple[Page, ...]) -> dict[str, tuple[int, int]]:
        """Status and size of each page, by name."""
        found = {}
        with httpx.Client(timeout=60, trust_env=False, follow_redirects=False) as client:
            for page in pages:
                headers = self.headers(page) | {"content-type": FORM}
                answer = client.request(page.method, self.url(page), headers=headers, content=page.form)
                found[page.name] = answer.status_code, len(answer.content)
        return found


@contextmanager
def staged(home: Path, *, few: int, many: int) -> Iterator[tuple[Stage, Stage]]:
    """Both, on one Kafka and one PostgreSQL; only `serve` runs, since nobody does anything."""
    settings = {"LOG_LEVEL": "WARNING"}
    with Stack(home / "few", rooms=["serve"], settings=settings) as first:
        given = {name: first.env[name] for name in ("KAFKA_BOOTSTRAP", "SMTP_URL")}
        assert first.postgres is not None
        for service in SERVICES:
            made = first.postgres.create_service_database(f"many_{service}")
            given |= {
                f"DATABASE_URL_{service.upper()}": made.url,
                f"MIGRATION_DATABASE_URL_{service.upper()}": made.migration_url,
            }
        with Stack(
            home / "many", rooms=["serve"], settings=settings, given=given, topic_namespace="many."
        ) as second:
            yield _filled(first, participants=few), _filled(second, participants=many)


def _filled(stack: Stack, *, participants: int) -> Stage:
    now = SystemClock().now()
    minter = LinkMinter(link_keys(stack.home / "keys").private.read_bytes())
    later = now + timedelta(days=365)
    coordinator = minter.coordinator(Coordinator("koordinator@example.org", later))
    url = stack.env["REGISTRATION_URL"]
    edition_id = UUID(open_edition(url, token=coordinator))
    week = (now + timedelta(days=120)).isocalendar()
    first_day = now.date().fromisocalendar(week.year, week.week, 1)
    edition = Edition(edition_id, "Ugen", participants, now, first_day, first_day + timedelta(days=4))
    made = {role: _sign_up(url, role, body) for role, body in (("interns", _intern()), ("hosts", _host()))}
    asyncio.run(_seed(stack, edition, made))
    httpx.post(
        f"{stack.env['EVALUATION_URL']}/evaluation/api/v1/editions/{edition_id}/report",
        headers={"authorization": f"Bearer {coordinator}"},
        timeout=300,
        trust_env=False,
    ).raise_for_status()
    whose = id_of(INTERN, _SHOWN)
    link = Link(id_of(SELF_OF_INTERN, _SHOWN), whose, _OVERVIEW, (whose,), later)
    return Stage(stack, edition, coordinator, minter.link(link))


async def _seed(stack: Stack, edition: Edition, made: dict[str, UUID]) -> None:
    def database(service: str) -> str:
        return stack.env[f"MIGRATION_DATABASE_URL_{service.upper()}"]

    await registration.seed(
        database("registration"), edition, intern_like=made["interns"], host_like=made["hosts"]
    )
    await matching.seed(database("matching"), edition)
    await notify.seed(database("notify"), edition)
    await evaluation.seed(database("evaluation"), edition)


def _sign_up(url: str, role: str, body: dict[str, Any]) -> UUID:
    answer = httpx.post(
        f"{url}/api/v1/{role}", json=body, headers={"idempotency-key": str(uuid4())}, trust_env=False
    )
    answer.raise_for_status()
    return UUID(answer.json()["participant_id"])


def _intern() -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(intern_body().replace(TAG, b"00000000"))
    return sent


def _host() -> dict[str, Any]:
    intern = _intern()
    kept = ("name", "language", "job_title", "workplace", "field", "days")
    return {name: intern[name] for name in kept} | {
        "email": "vaert-00000000@example.org",
        "offer": "Du følger en projektleder i hverdagen og er med til vores ugentlige idémøde. " * 3,
        "wishes": {"fields": ["planning"], "sectors": [], "areas": []},
        "capacity": 2,
    }

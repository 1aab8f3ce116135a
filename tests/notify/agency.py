"""An agency beside notify: a token, a client that reads the feed, and what the log holds to compare with."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
from fastapi import FastAPI
from notify.facts import Story
from prometheus_client import CollectorRegistry

from ipraktik_chassis.service import Work
from ipraktik_contracts.events import Event
from ipraktik_local.mail import MailSink
from ipraktik_notify.web.app import create
from ipraktik_notify.work import compose

if TYPE_CHECKING:  # which imports this module
    from notify.conftest import Notify

FEED = "/api/v1/events"
TOKENS = "/notify/api/v1/agency-tokens"
WEBHOOKS = "/notify/api/v1/webhooks"


@dataclass
class Agency:
    """A client over the real application. `as_coordinator` and `as_agency` are headers."""

    notify: "Notify"
    http: httpx.AsyncClient
    as_coordinator: dict[str, str]
    app: FastAPI
    as_agency: dict[str, str] = field(default_factory=dict)

    async def token(self, **wanted: Any) -> dict[str, Any]:
        """A fresh token, as the coordinator gets it; a moment later than the one before."""
        self.notify.rig.clock.advance(timedelta(milliseconds=1))
        answer = await self.http.post(TOKENS, json={"agency": "skat", **wanted}, headers=self.as_coordinator)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def headers(self, **wanted: Any) -> dict[str, str]:
        """The header of a fresh token."""
        return bearer((await self.token(**wanted))["token"])

    async def read(self, **query: Any) -> httpx.Response:
        """One batch."""
        return await self.http.get(FEED, params=query, headers=self.as_agency)

    async def read_all(self, *, limit: int = 100, **query: Any) -> list[dict[str, Any]]:
        """Everything, batch by batch, by the links that the answers give."""
        events: list[dict[str, Any]] = []
        answer = await self.read(limit=limit, **query)
        while True:
            assert answer.status_code == 200, answer.text
            events += answer.json()
            if answer.headers["feed-behind"] == "0":
                return events
            answer = await self.http.get(
                urljoin(str(answer.url), answer.links["next"]["url"]), headers=self.as_agency
            )

    async def webhook(
        self, url: str, *, headers: dict[str, str] | None = None, **wanted: Any
    ) -> dict[str, Any]:
        """A webhook that is made, with its secret; a moment later than the one before."""
        self.notify.rig.clock.advance(timedelta(milliseconds=1))
        body = {"url": url, "owner_email": f"drift.{self.notify.story.mark}@example.org", **wanted}
        answer = await self.http.post(WEBHOOKS, json=body, headers=headers or self.as_agency)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def shown(self, webhook: dict[str, Any]) -> dict[str, Any]:
        """The webhook as it stands."""
        answer = await self.http.get(f"{WEBHOOKS}/{webhook['webhook_id']}", headers=self.as_agency)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def act(self, webhook: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
        """pause, resume, test, secret."""
        sent = body if body or act == "secret" else None
        answer = await self.http.post(
            f"{WEBHOOKS}/{webhook['webhook_id']}/{act}", json=sent, headers=self.as_agency
        )
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def deliveries(self, webhook: dict[str, Any]) -> list[dict[str, Any]]:
        """The delivery log, oldest first."""
        answer = await self.http.get(
            f"{WEBHOOKS}/{webhook['webhook_id']}/deliveries", params={"limit": 500}, headers=self.as_agency
        )
        assert answer.status_code == 200, answer.text
        return list(reversed(answer.json()["deliveries"]))


def bearer(token: str) -> dict[str, str]:
    """The header of a token."""
    return {"authorization": f"Bearer {token}"}


@asynccontextmanager
async def agency_of(notify: "Notify") -> AsyncIterator[Agency]:
    """An agency with a token that opens everything public."""
    context = replace(notify.rig.context, registry=CollectorRegistry())
    app = create(context)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify") as http:
        made = Agency(notify, http, bearer(notify.rig.coordinator()), app)
        made.as_agency = await made.headers()
        yield made


async def say(notify: "Notify", *events: Event) -> list[str]:
    """Let notify hear these, mails left alone; the ids they have."""
    return [str(event.id) for event in await notify.rig.tell(*events)]


async def logged(notify: "Notify") -> list[dict[str, Any]]:
    """The log itself, as events."""
    async with notify.rig.database.reading() as conn:
        rows = await conn.fetch("select event from event_log order by position")
    return [json.loads(row["event"]) for row in rows]


def another_process(notify: "Notify") -> Work:
    """The work of a second process on the same database. Close it."""
    return compose(replace(notify.rig.context, registry=CollectorRegistry()))


async def set_out(notify: "Notify", work: Work) -> int:
    """Let a process look once whom it may deliver to; how many it began with."""
    (job,) = [one for one in work.jobs if one.name == "deliver to webhooks"]
    async with notify.rig.database.reading() as conn:
        due = await job.next_due(conn)
    return await job.run(notify.rig.database) if due and due <= notify.rig.clock.now() else 0


async def settled(notify: "Notify") -> None:
    """Do what is due and wait until nothing is under way, as whoever moves the clock does."""
    assert notify.rig.work.pending is not None
    async with asyncio.timeout(30):
        while True:
            did = await notify.rig.run_jobs()
            async with notify.rig.database.reading() as conn:
                if not await notify.rig.work.pending(conn) and not did:
                    return
            await asyncio.sleep(0.01)


async def next_moment(notify: "Notify") -> bool:
    """Move the clock to when the next job is due; False where nothing is foreseen."""
    async with notify.rig.database.reading() as conn:
        moments = [await job.next_due(conn) for job in notify.rig.work.jobs]
    ahead = [moment for moment in moments if moment is not None and moment > notify.rig.clock.now()]
    if not ahead:
        return False
    notify.rig.clock.instant = min(ahead)
    return True


def message_ids(sink: MailSink, mark: str) -> list[str]:
    """Of all mails to addresses with this mark. The server has mails of other tests too, and tells a few hundred at a time."""
    found, last = [], 0
    while page := sink.mails(after=last):
        last = page[-1]["n"]
        found += [mail["message_id"] for mail in page if mark in mail["to"][0]]
    return sorted(found)


async def until(fact: Callable[[], object | Awaitable[object]], *, seconds: float = 10) -> None:
    """Wait until something is true. Raises TimeoutError where it does not come to be."""
    async with asyncio.timeout(seconds):
        while True:
            found = fact()
            if await found if inspect.isawaitable(found) else found:
                return
            await asyncio.sleep(0.005)


async def placement(notify: "Notify") -> list[str]:
    """Two people and their placement, from the edition to the signatures; the ids of what is public of it."""
    story = Story()
    told = await notify.rig.tell(*story.people(), story.proposed(), story.signed())
    return [str(one.id) for one in told if one.data.AUDIENCE == "public"]


async def time_passes(notify: "Notify", moment: datetime) -> None:
    """As in a season: from one due moment to the next, and each time until nothing is left to do."""
    await settled(notify)
    while await next_moment(notify) and notify.rig.clock.now() < moment:
        await settled(notify)
    notify.rig.clock.instant = moment
    await settled(notify)

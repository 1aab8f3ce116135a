"""A test's way to registration: valid sign-ups made from little, sent over HTTP, and followed through their links."""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from rig import Rig

from ipraktik_contracts.events import ContactChanged
from ipraktik_registration.web.app import create

ACTS = {
    "confirm": ("confirm",),
    "consent": ("consent",),
    "pair": ("pair",),
    "invited": ("invited",),
    "overview": ("overview", "withdraw", "erase", "update"),
}
ONWARD: dict[str, Any] = {
    "confirmation": "confirm",
    "consent": "consent",
    "pair": "pair",
    "withdrawal": "overview",
}


def intern(**changes: Any) -> dict[str, Any]:
    """A valid intern's sign-up; every one has addresses of its own."""
    tag = uuid.uuid4().hex[:8]
    return {
        "name": f"Intern {tag}",
        "email": f"intern-{tag}@example.org",
        "language": "da",
        "job_title": f"Planner {tag}",
        "workplace": workplace(),
        "field": "planning",
        "manager": {"name": f"Manager {tag}", "email": f"manager-{tag}@example.org"},
        "motivation": f"I want to see something else. {tag}",
        "wishes": {"fields": ["libraries"], "sectors": [], "areas": [], "own_organisation": False},
        "journey_type": "adventurer",
        "days": {"min": 4, "max": 5},
        "available": [],
        "companion": None,
        "self_found_host": None,
        "host_in_mind": None,
        "unplaced_before": False,
    } | changes


def host(**changes: Any) -> dict[str, Any]:
    """A valid host's sign-up."""
    tag = uuid.uuid4().hex[:8]
    return {
        "name": f"Host {tag}",
        "email": f"host-{tag}@example.org",
        "language": "da",
        "job_title": f"Librarian {tag}",
        "workplace": workplace(
            organisation_name="Vejle Kommune", unit_name="Bibliotekerne", municipality_code="0630"
        ),
        "field": "libraries",
        "reserve": {"name": f"Reserve {tag}", "email": f"reserve-{tag}@example.org"},
        "offer": f"A desk and a bicycle. {tag}",
        "wishes": {"fields": [], "sectors": [], "areas": []},
        "days": {"min": 2, "max": 5},
        "available": [],
        "capacity": 2,
        "self_found_intern": None,
    } | changes


def workplace(**changes: Any) -> dict[str, Any]:
    """A valid municipal workplace."""
    return {
        "organisation_name": "Aarhus Kommune",
        "unit_name": "Teknik og Miljø",
        "sector": "municipal",
        "ownership": "public",
        "municipality_code": "0751",
        "country": "DK",
        "ministerial_area": None,
    } | changes


def edition(**changes: Any) -> dict[str, Any]:
    """A valid campaign in week 37 of 2018, open at the rig's start."""
    return {
        "name": "Uge 37, 2018",
        "mode": "campaign",
        "window": {"opens_at": "2018-03-01T08:00:00Z", "closes_at": "2018-06-08T22:00:00Z"},
        "week": {"year": 2018, "week": 37},
    } | changes


def named(body: dict[str, Any]) -> dict[str, str]:
    """A person as others name them."""
    return {"name": body["name"], "email": body["email"]}


@dataclass
class Desk:
    """Registration over HTTP."""

    rig: Rig
    client: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def open(cls, rig: Rig) -> AsyncIterator["Desk"]:
        transport = httpx.ASGITransport(app=create(rig.context), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            yield cls(rig, client)

    async def open_edition(self, **changes: Any) -> uuid.UUID:
        """A coordinator opens an edition."""
        answer = await self.client.post(
            "/registration/api/v1/editions", json=edition(**changes), headers=self.coordinator()
        )
        assert answer.status_code == 201, answer.text
        return uuid.UUID(answer.json()["edition_id"])

    async def post(self, body: dict[str, Any], *, key: uuid.UUID | None = None) -> httpx.Response:
        """Send a sign-up; its shape says whose."""
        return await self.client.post(
            "/api/v1/hosts" if "capacity" in body else "/api/v1/interns",
            json=body,
            headers={"idempotency-key": str(key or uuid.uuid4())},
        )

    async def sign_up(self, body: dict[str, Any]) -> uuid.UUID:
        """A sign-up that is taken in."""
        answer = await self.post(body)
        assert answer.status_code == 201, answer.text
        return uuid.UUID(answer.json()["participant_id"])

    async def register(self, body: dict[str, Any]) -> uuid.UUID:
        """A sign-up that has become valid."""
        participant_id = await self.sign_up(body)
        assert (await self.act(participant_id, "confirmation")).status_code == 200
        if "capacity" not in body:
            answer = await self.act(participant_id, "consent", {"agree": True})
            assert answer.json()["state"] == "registered", answer.text
        return participant_id

    async def contact(self, participant_id: uuid.UUID, relation: str = "self") -> tuple[uuid.UUID, int]:
        """Id and epoch of a sign-up's contact."""
        async with self.rig.database.reading() as conn:
            row = await conn.fetchrow(
                "select contact_id, epoch from contact where participant_id = $1 and relation = $2"
                " order by forgotten, contact_id desc",
                participant_id,
                relation,
            )
        assert row is not None, f"{relation} is not known"
        return row["contact_id"], row["epoch"]

    async def link(
        self,
        participant_id: uuid.UUID,
        acts: str = "overview",
        *,
        relation: str | None = None,
        about: uuid.UUID | None = None,
    ) -> str:
        """A link as notify would mail it."""
        contact_id, epoch = await self.contact(
            participant_id, relation or ("manager" if acts == "consent" else "self")
        )
        return self.rig.link(
            contact_id=contact_id,
            participant_id=participant_id,
            acts=ACTS[acts],
            aggregates=[about or participant_id],
            epoch=epoch,
        )

    async def act(
        self, participant_id: uuid.UUID, act: str, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        """Do something by the JSON route, with the link for it."""
        token = await self.link(participant_id, ONWARD[act])
        return await self.client.post(
            f"/registration/api/v1/sign-ups/{participant_id}/{act}", json=body, headers=bearer(token)
        )

    async def own(self, participant_id: uuid.UUID) -> dict[str, Any]:
        """The own sign-up, as its owner reads it."""
        answer = await self.client.get(
            f"/registration/api/v1/sign-ups/{participant_id}",
            headers=bearer(await self.link(participant_id)),
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def put(self, participant_id: uuid.UUID, body: dict[str, Any]) -> httpx.Response:
        """Change the own sign-up."""
        return await self.client.put(
            f"/registration/api/v1/sign-ups/{participant_id}",
            json=body,
            headers=bearer(await self.link(participant_id)),
        )

    async def erase(self, participant_id: uuid.UUID) -> httpx.Response:
        """Delete the own sign-up."""
        return await self.client.delete(
            f"/registration/api/v1/sign-ups/{participant_id}",
            headers=bearer(await self.link(participant_id)),
        )

    async def answer_invitation(
        self, asked: uuid.UUID, inviting: uuid.UUID, *, agree: bool, relation: str = "self"
    ) -> httpx.Response:
        """Somebody who was invited as companion answers."""
        token = await self.link(asked, "invited", relation=relation, about=inviting)
        return await self.client.post(
            f"/registration/api/v1/invitations/{inviting}", json={"agree": agree}, headers=bearer(token)
        )

    async def state(self, participant_id: uuid.UUID) -> str:
        """The state a sign-up is in, as coordinators see it."""
        answer = await self.client.get("/registration/api/v1/sign-ups", headers=self.coordinator())
        states = {line["participant_id"]: line["state"] for line in answer.json()["sign_ups"]}
        return str(states[str(participant_id)])

    async def pass_time(self, **step: int) -> int:
        """Let time pass and do what is due."""
        self.rig.clock.advance(timedelta(**step))
        return await self.rig.run_jobs()

    def coordinator(self) -> dict[str, str]:
        """A coordinator's headers."""
        return bearer(self.rig.coordinator())

    async def page(self, path: str, token: str, form: dict[str, str] | None = None) -> httpx.Response:
        """A page as a browser with that link in its cookie gets it; with a form, posted."""
        headers = {"cookie": f"ipraktik={token}", "accept": "text/html"}
        if form is None:
            return await self.client.get(path, headers=headers)
        headers["content-type"] = "application/x-www-form-urlencoded"
        return await self.client.post(path, content=urlencode(form), headers=headers)

    async def tombstones(self) -> set[uuid.UUID]:
        """Contacts of whom a tombstone waits to be sent."""
        async with self.rig.database.reading() as conn:
            rows = await conn.fetch(
                "select key from outbox where body is null and topic = $1", ContactChanged.TOPIC
            )
        return {uuid.UUID(bytes(row["key"]).decode()) for row in rows}


def bearer(token: str) -> dict[str, str]:
    """The header of a bearer token."""
    return {"authorization": f"Bearer {token}"}


async def everything(rig: Rig, *, leave_out: Sequence[str] = ()) -> dict[str, str]:
    """All rows of all tables as text, byte columns decoded as far as they are text."""
    found: dict[str, str] = {}
    async with rig.database.reading() as conn:
        tables = await conn.fetch("select tablename from pg_tables where schemaname = 'public'")
        for table in (row["tablename"] for row in tables):
            if table in leave_out:
                continue
            rows = await conn.fetch(f'select * from "{table}"')
            found[table] = "\n".join(json.dumps(_texts(dict(row)), ensure_ascii=False) for row in rows)
    return found


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for name, value in row.items()
    }

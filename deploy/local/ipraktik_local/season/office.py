"""The coordinator's side of a season: opens the edition, asks for runs, releases, publishes the report. Over HTTP, with a token."""

from dataclasses import dataclass
from typing import Any

import httpx

from .calendar import Calendar, at
from .people import Person


class OfficeRefused(RuntimeError):
    """A service did not take what the coordinator asked; says what it answered."""


@dataclass
class Office:
    """What the coordinator and the public form can ask of the services."""

    client: httpx.AsyncClient
    urls: dict[str, str]
    token: str

    async def open_edition(self, calendar: Calendar, *, seed: int) -> str:
        """Open the edition; its id."""
        year, week = calendar.week
        body = {
            "name": f"Uge {week} {year}",
            "mode": "campaign",
            "window": {
                "opens_at": at(calendar.opens, 8).isoformat(),
                "closes_at": at(calendar.closes, 23, 59).isoformat(),
            },
            "week": {"year": year, "week": week},
            "answer_days": 8,
            "sign_days": 21,
            "follow_up": 3,
            "hold_mails": False,
            "draw_seed": f"season-{seed}",
        }
        answer = await self._ask("registration", "POST", "/registration/api/v1/editions", body)
        return str(answer["edition_id"])

    async def sign_up(self, person: Person, *, edition_id: str) -> str:
        """Post a sign-up as the public form does; the id it is given."""
        path = "/api/v1/interns" if person.role == "intern" else "/api/v1/hosts"
        response = await self.client.post(
            self.urls["registration"] + path,
            json={"edition_id": edition_id, **person.body},
            headers={"idempotency-key": person.key},
        )
        if response.status_code != 201:
            raise OfficeRefused(
                f"the sign-up of {person.ref} was answered {response.status_code}: {response.text[:500]}"
            )
        return str(response.json()["participant_id"])

    async def start_run(self, edition_id: str) -> str:
        """Ask for a solver run; its id."""
        answer = await self._ask("matching", "POST", f"/matching/api/v1/editions/{edition_id}/runs")
        return str(answer["run_id"])

    async def run(self, run_id: str) -> dict[str, Any]:
        """A run as it stands."""
        return dict(await self._ask("matching", "GET", f"/matching/api/v1/runs/{run_id}"))

    async def release(self, run_id: str, *, final: bool) -> dict[str, Any]:
        """Release a run's proposals."""
        path = f"/matching/api/v1/runs/{run_id}/release"
        return dict(await self._ask("matching", "POST", path, {"final": final}))

    async def placements(self, edition_id: str) -> list[dict[str, Any]]:
        """All placements of the edition as the coordinator sees them."""
        answer = await self._ask("matching", "GET", f"/matching/api/v1/editions/{edition_id}/placements")
        found: list[dict[str, Any]] = answer["placements"] if isinstance(answer, dict) else answer
        return found

    async def publish_report(self, edition_id: str) -> dict[str, Any]:
        """Publish the report; what the public then reads."""
        await self._ask("evaluation", "POST", f"/evaluation/api/v1/editions/{edition_id}/report")
        return dict(await self._ask("evaluation", "GET", f"/evaluation/api/v1/editions/{edition_id}/report"))

    async def _ask(self, service: str, method: str, path: str, body: object = None) -> Any:
        response = await self.client.request(
            method, self.urls[service] + path, json=body, headers={"authorization": f"Bearer {self.token}"}
        )
        if response.is_error:
            raise OfficeRefused(f"{method} {path} was answered {response.status_code}: {response.text[:500]}")
        return response.json()

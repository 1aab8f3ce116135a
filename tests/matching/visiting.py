"""A placement seen through its pages: each party with a link of their own, and what a page shows as plain words."""

import html
import re
from dataclasses import dataclass
from typing import Any

import httpx
from matching.cast import ACTS, Cast, Person

from ipraktik_matching.domain.placement import Placement, Version

PARTIES = ("intern", "manager", "host")


@dataclass
class Case:
    """One placement with its people."""

    cast: Cast
    placement: Placement
    intern: Person
    host: Person

    @property
    def here(self) -> str:
        return f"/matching/placements/{self.placement.placement_id}"

    @property
    def id(self) -> Any:
        return self.placement.placement_id

    def token(self, party: str, **more: Any) -> str:
        person = self.host if party in ("host", "reserve") else self.intern
        relation = {"manager": "manager", "reserve": "reserve"}.get(party, "self")
        return self.cast.token(person, self.id, relation=relation, **({"acts": ACTS} | more))

    def _as(self, party: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(party)}"}

    async def get(self, party: str, page: str, **query: str) -> httpx.Response:
        return await self.cast.web.get(f"{self.here}/{page}", params=query, headers=self._as(party))

    async def reads(self, party: str, page: str, **query: str) -> str:
        """The words of a page that answers 200."""
        answer = await self.get(party, page, **query)
        assert answer.status_code == 200, (answer.status_code, words_of(answer))
        return words_of(answer)

    async def post(self, party: str, page: str, **fields: Any) -> httpx.Response:
        sent = {name: str(value) for name, value in fields.items()}
        return await self.cast.web.post(f"{self.here}/{page}", data=sent, headers=self._as(party))

    async def does(self, party: str, page: str, **fields: Any) -> None:
        """An act that succeeds: the page leads on by 303."""
        answer = await self.post(party, page, **fields)
        assert answer.status_code == 303, (answer.status_code, words_of(answer))

    async def current(self) -> Version:
        current = (await self.cast.placement(self.id)).current
        assert current is not None
        return current

    async def approves(self, party: str) -> None:
        version = await self.current()
        await self.does(
            party, "agreement/approval", version=version.number, fingerprint=version.fingerprint, read="yes"
        )

    async def accepted(self) -> None:
        for party in ("intern", "host"):
            await self.does(party, "answer", accept="yes")

    async def signed(self) -> None:
        await self.accepted()
        for party in PARTIES:
            await self.approves(party)

    async def fields(self, **different: Any) -> dict[str, str]:
        """What the edit form holds now, with what is typed differently."""
        terms = (await self.current()).terms
        values = {
            "version": terms.version,
            "meeting_place": terms.meeting_place,
            "host_contact_id": terms.host_contact_id or "",
            "host_reserve_id": terms.host_reserve_id or "",
            "goals_intern": terms.goals_intern,
            "goals_manager": terms.goals_manager,
            "goals_host": terms.goals_host,
            "programme": terms.programme,
            "follow_up": terms.follow_up,
        }
        for name in ("first_day", "last_day"):
            day = getattr(terms, name)
            values |= {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}
        return {name: str(value) for name, value in (values | different).items()}

    async def changes(self, party: str, **different: Any) -> httpx.Response:
        return await self.post(party, "agreement/edit", **await self.fields(**different))


async def a_case(cast: Cast, **wishes: Any) -> Case:
    """A proposal that waits for two answers."""
    host = await cast.joins("host", **wishes)
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    return Case(cast, placement, intern, host)


def words_of(answer: httpx.Response) -> str:
    """What a page says, without its markup and with single spaces."""
    body = answer.text.partition("<main")[2].partition("</main>")[0] or answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()

"""Everybody's inbox: what the mail sink has taken in since the last look, read over its HTTP API."""

from collections import Counter
from dataclasses import dataclass, field

import httpx


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that arrived."""

    number: int
    message_id: str
    to: str
    subject: str
    kind: str
    links: tuple[str, ...]


@dataclass
class Mailbox:
    """Reads on from where it stopped. The same Message-ID twice counts as sent again and is shown to nobody twice."""

    url: str
    client: httpx.AsyncClient
    after: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    sent_again: int = 0
    _seen: set[str] = field(default_factory=set)

    async def new(self) -> list[Mail]:
        """Mails since the last look, first each, ordered so that the order of arrival does not matter."""
        fresh: list[Mail] = []
        while True:
            response = await self.client.get(
                f"{self.url}/api/mails", params={"after": self.after, "limit": 500}
            )
            response.raise_for_status()
            page = response.json()["mails"]
            for one in page:
                self.after = max(self.after, one["n"])
                if one["message_id"] in self._seen:
                    self.sent_again += 1
                    continue
                self._seen.add(one["message_id"])
                self.by_kind[one["kind"] or "unknown"] += 1
                fresh.append(
                    Mail(
                        one["n"],
                        one["message_id"],
                        one["to"][0],
                        one["subject"],
                        one["kind"] or "",
                        tuple(one["links"]),
                    )
                )
            if len(page) < 500:
                return sorted(fresh, key=lambda mail: (mail.kind, mail.to, mail.links))

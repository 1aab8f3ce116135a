"""A test's way through the pages of a sign-up: answers that are valid page by page, sent as a browser without a script sends them."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
from registration.desk import Desk

Fields = Mapping[str, str | Sequence[str]]
WEEK = ("2018-09-10", "2018-09-11", "2018-09-12", "2018-09-13", "2018-09-14")


def answers(**changes: Mapping[str, str | Sequence[str]]) -> dict[str, dict[str, Any]]:
    """Valid answers to every page, each person with an address of its own; `changes` by page, field by field."""
    tag = uuid.uuid4().hex[:8]
    valid: dict[str, dict[str, Any]] = {
        "you": {
            "name": f"Søren {tag}",
            "email": f"soren-{tag}@example.org",
            "field": "planning",
            "job-title": "Planlægger",
            "language": "da",
        },
        "workplace": {
            "organisation": "Aarhus Kommune",
            "unit": "Teknik og Miljø",
            "manager-name": f"Leder {tag}",
            "manager-email": f"leder-{tag}@example.org",
            "reserve-name": "",
            "reserve-email": "",
        },
        "which": {"choice": "none"},
        "place": {
            "sector": "state",
            "municipality": "Vejle",
            "country": "DK",
            "ministerial-area": "taxation",
        },
        "stay": {"journey": "adventurer", "motivation": "Jeg vil se noget andet.", "open": "yes"},
        "wishes": {"fields": ["libraries", "culture"], "areas": ["region:syddanmark"], "own": "yes"},
        "time": {"length": "4-5", "dates": list(WEEK), "route": "find"},
        "people": {
            "host-name": f"Vært {tag}",
            "host-email": f"vaert-{tag}@example.org",
            "companion-name": f"Rejsefælle {tag}",
            "companion-email": f"faelle-{tag}@example.org",
        },
        "offer": {
            "offer": "Et skrivebord og en cykel.",
            "capacity": "2",
            "days-min": "2",
            "days-max": "4",
            "open": "yes",
        },
        "guests": {"sectors": ["state"]},
        "days": {"dates": list(WEEK), "route": "find"},
        "guest": {"intern-name": f"Praktikant {tag}", "intern-email": f"praktikant-{tag}@example.org"},
    }
    return {page: given | dict(changes.get(page, {})) for page, given in valid.items()}


@dataclass
class Walk:
    """One person's way through the pages. `seen` are the pages that were answered, in order."""

    desk: Desk
    part: str = "intern"
    given: dict[str, dict[str, Any]] = field(default_factory=answers)
    seen: list[str] = field(default_factory=list)
    key: str = ""

    @property
    def base(self) -> str:
        """Where the draft's pages lie."""
        return f"/registration/sign-up/{self.key}"

    async def begin(self, **more: str) -> str:
        """Answer the first page; the next page's name."""
        answer = await self.post(f"/registration/sign-up/{self.part}", self.given["you"] | more)
        assert answer.status_code == 303, errors_of(answer)
        self.seen.append("you")
        self.key, page = answer.headers["location"].partition("?")[0].split("/")[-2:]
        return page

    async def answer(self, page: str, **changes: Any) -> httpx.Response:
        """Answer one page."""
        self.seen.append(page)
        return await self.post(f"{self.base}/{page}", self.given[page] | changes)

    async def until(self, last: str = "check", **more: str) -> None:
        """Answer every page that is asked, up to that one."""
        page = await self.begin(**more)
        while page != last:
            answer = await self.answer(page)
            assert answer.status_code == 303, (page, errors_of(answer))
            following = answer.headers["location"].partition("?")[0].rpartition("/")[2]
            assert following != page, f"{page} leads to itself"
            page = following

    async def based_on(self) -> str:
        """What the check page says that it shows."""
        page = await self.get("check")
        [found] = re.findall(r'name="based_on" value="([^"]+)"', page.text)
        return str(found)

    async def send(self) -> httpx.Response:
        """Check the answers and send them."""
        return await self.post(f"{self.base}/check", {"based_on": await self.based_on()})

    async def sent(self, **more: str) -> str:
        """The whole way; the text of the receipt."""
        await self.until(**more)
        answer = await self.send()
        assert (answer.status_code, answer.headers["location"]) == (303, f"{self.base}/receipt")
        return text_of(await self.get("receipt"))

    async def get(self, page: str, token: str = "") -> httpx.Response:
        """Look at one of the draft's pages."""
        return await self.look(f"{self.base}/{page}", token)

    async def look(self, path: str, token: str = "") -> httpx.Response:
        """Look at a page."""
        headers = {"accept": "text/html"}
        if token:
            headers["cookie"] = f"ipraktik={token}"
        return await self.desk.client.get(path, headers=headers)

    async def post(self, path: str, fields: Fields, token: str = "") -> httpx.Response:
        """Send a form."""
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
        if token:
            headers["cookie"] = f"ipraktik={token}"
        return await self.desk.client.post(path, content=urlencode(fields, doseq=True), headers=headers)

    async def rows(self, table: str = "draft") -> list[dict[str, Any]]:
        """What is kept."""
        async with self.desk.rig.database.reading() as conn:
            return [dict(row) for row in await conn.fetch(f"select * from {table}")]

    async def bodies(self) -> dict[str, dict[str, Any]]:
        """What the sign-ups say of themselves, by role: their owner reads it."""
        made = {row["role"]: row for row in await self.rows("participant")}
        found = {role: await self.desk.own(row["participant_id"]) for role, row in made.items()}
        return {role: {**own, **own["details"]} for role, own in found.items()}


def errors_of(answer: httpx.Response) -> dict[str, str]:
    """The error summary: the field's id and the sentence."""
    found = re.findall(r'<a class="function-link" href="#([^"]+)">([^<]+)</a>', answer.text)
    return {name: unescape(text) for name, text in found}


def text_of(answer: httpx.Response) -> str:
    """What is read on the page."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.partition(">")[2])).split())

"""A coordinator in front of registration's pages: what they open, send and bring, over HTTP with their token."""

import re
import uuid
from collections.abc import Mapping, Sequence
from html import unescape
from urllib.parse import urlencode

import httpx
from registration.desk import Desk

HERE = "/registration/desk"
WHO = "coordinator"

PERSON = {
    "name": "Ny Praktikant",
    "email": "ny@example.org",
    "language": "da",
    "organisation": "Aarhus Kommune",
    "unit": "Teknik og Miljø",
    "sector": "municipal",
    "municipality": "0751",
    "country": "DK",
    "field": "planning",
    "days_min": "2",
    "days_max": "5",
}
INTERN = PERSON | {
    "role": "intern",
    "manager_name": "Den Leder",
    "manager_email": "leder@example.org",
    "journey": "adventurer",
}
HOST = PERSON | {"role": "host", "name": "Ny Vært", "email": "vaert@example.org", "capacity": "2"}
HEADINGS = (
    *("Rolle", "Navn", "E-mail", "Organisation", "Sektor", "Kommune", "Fagområde"),
    *("Leders navn", "Leders e-mail", "Rejsetype"),
)


async def see(desk: Desk, path: str, **headers: str) -> httpx.Response:
    """A page as a coordinator's browser gets it, led on where a form gets its key."""
    known = desk.coordinator() | {"accept": "text/html"} | headers
    page = await desk.client.get(f"{HERE}/{path}", headers=known)
    if "key=" in page.headers.get("location", ""):
        page = await desk.client.get(page.headers["location"], headers=known)
    return page


async def send(
    desk: Desk, path: str, form: Mapping[str, str | Sequence[str]] | None = None, **headers: str
) -> httpx.Response:
    """A form that a coordinator sends."""
    return await desk.client.post(
        f"{HERE}/{path}",
        content=urlencode(form or {}, doseq=True),
        headers=desk.coordinator()
        | {"accept": "text/html", "content-type": "application/x-www-form-urlencoded"}
        | headers,
    )


async def bring(desk: Desk, edition_id: uuid.UUID, content: bytes) -> httpx.Response:
    """A file that a coordinator brings."""
    return await desk.client.post(
        f"{HERE}/import",
        data={"edition": str(edition_id), "pasted": ""},
        files={"file": ("liste.csv", content, "text/csv")},
        headers=desk.coordinator() | {"accept": "text/html"},
    )


def intern_row(number: int, **changes: str) -> list[str]:
    """A row of a list, under HEADINGS."""
    row = {
        "Rolle": "praktikant",
        "Navn": f"Praktikant {number}",
        "E-mail": f"p{number}@example.org",
        "Organisation": "Aarhus Kommune",
        "Sektor": "Kommune",
        "Kommune": "Aarhus",
        "Fagområde": "Biblioteker",
        "Leders navn": f"Leder {number}",
        "Leders e-mail": f"l{number}@example.org",
        "Rejsetype": "Turist",
    } | changes
    return [row[heading] for heading in HEADINGS]


def host_row(number: int, **changes: str) -> list[str]:
    """A host's row of a list."""
    host = {
        "Rolle": "vært",
        "Navn": f"Vært {number}",
        "E-mail": f"v{number}@example.org",
        "Leders navn": "",
        "Leders e-mail": "",
        "Rejsetype": "",
    }
    return intern_row(number, **host, **changes)


def rows_of(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, separator: str = ";") -> str:
    """A list as a spreadsheet writes it."""
    return "".join(separator.join(row) + "\r\n" for row in (headings, *rows))


def words(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, f"no {name} on the page"
    return unescape(found[1])


def links(page: httpx.Response, having: str) -> list[str]:
    """The addresses of a page's links that have this in them."""
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', page.text) if having in unescape(one)]


async def history(desk: Desk, participant_id: uuid.UUID) -> list[tuple[str, str, str | None, str | None]]:
    """What is noted of a sign-up: act, actor, coordinator, reason."""
    async with desk.rig.database.reading() as conn:
        rows = await conn.fetch(
            "select act, actor, coordinator, reason from sign_up_history"
            " where participant_id = $1 order by history_id",
            participant_id,
        )
    return [tuple(row) for row in rows]


async def count(desk: Desk, table: str) -> int:
    """How many rows a table has."""
    async with desk.rig.database.reading() as conn:
        number: int = await conn.fetchval(f"select count(*) from {table}")
    return number

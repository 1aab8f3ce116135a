"""A coordinator's visits to the board over HTTP: pages are fetched and forms sent as a browser would send them."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
from matching.cast import Cast

ROOT = "/matching/board"


class Visits:
    """One signed-in coordinator."""

    def __init__(self, cast: Cast, *, name: str = "Kim Koordinator") -> None:
        self._web = cast.web
        self._cookies = {"ipraktik-board": cast.rig.coordinator(name)}

    async def get(self, path: str, *, status: int = 200, **query: Any) -> str:
        """The page's text."""
        answer = await self._web.get(f"{ROOT}{path}", params=query or None, headers=self._headers())
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return unescape(answer.text)

    async def answer(self, path: str, **query: Any) -> httpx.Response:
        """The whole answer."""
        return await self._web.get(f"{ROOT}{path}", params=query or None, headers=self._headers())

    async def send(self, path: str, *, status: int = 303, **form: Any) -> httpx.Response:
        """Send a form."""
        answer = await self._web.post(
            f"{ROOT}{path}",
            content=urlencode(form),
            headers=self._headers()
            | {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return answer

    async def find(self, path: str, *, status: int = 200, **form: Any) -> str:
        """The page that answers words."""
        return unescape((await self.send(path, status=status, **form)).text)

    async def follow(self, answer: httpx.Response) -> str:
        """The page that a form led to."""
        led = await self._web.get(answer.headers["location"], headers=self._headers())
        assert led.status_code == 200, led.text[:2000]
        return unescape(led.text)

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"accept": "text/html", "cookie": cookie}


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"there is no field {name}"
    return found[1]


def words_of(page: str) -> str:
    """What is read, white space and marks apart."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def run_in(answer: httpx.Response) -> UUID:
    """The run that an address names."""
    found = re.search(r"/runs/([0-9a-f-]{36})", answer.headers["location"])
    assert found is not None
    return UUID(found[1])

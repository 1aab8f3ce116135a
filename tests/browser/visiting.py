"""People in front of a browser: a context each, with a width, a language, with or without scripts, signed in or not.

Invariant: every request of every visitor stays at the service's own address, and no page complains on the console.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from browser.stops import Stop, area
from over_http.serving import Scene, Served, served
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from rig import Databases, Rig

WIDTHS: Final = (320, 1280)
_OWN_STATUS: Final = "Failed to load resource: the server responded with a status of"


@dataclass
class Standing:
    """A service that stands with its scene set, and the stops of its area."""

    served: Served
    stops: Sequence[Stop]

    @property
    def url(self) -> str:
        """Where it is."""
        return self.served.url

    def within(self, act: Any) -> Any:
        """Do something with the rig (`async (rig) -> …`) in the service's own loop."""
        return self.served.within(act)

    def stop(self, name: str) -> Stop:
        """The stop of that name."""
        return next(one for one in self.stops if one.name == name)

    def coordinator(self) -> str:
        """The token of a signed-in coordinator."""
        token = self.served.strangers[-1]
        assert token is not None
        return token


@contextmanager
def stood(name: str, databases: Databases) -> Iterator[Standing]:
    """The service of an area, with its scene set, on databases of its own."""
    asked = area(name)
    stops: list[Stop] = []

    async def stage(rig: Rig) -> Scene:
        stops.extend(await asked.stops(rig))
        return {}

    with served(asked.service, databases, stage, one_origin=True, **asked.settings) as made:
        yield Standing(made, stops)


@dataclass
class Visitors:
    """Opens contexts and remembers what went wrong in them."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    regulars: dict[tuple[object, ...], Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    async def __call__(
        self,
        standing: Standing,
        *,
        width: int = 1280,
        script: bool = True,
        language: str = "da",
        forced: bool = False,
        token: str = "",
        coordinator: bool = False,
    ) -> Page:
        """A fresh visitor's page; `page.goto("/registration/hosts")` goes on from the service's address."""
        context = await self.browser.new_context(
            base_url=standing.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            locale="en-GB" if language == "en" else "da-DK",
            timezone_id="Europe/Copenhagen",
            reduced_motion="reduce",
            forced_colors="active" if forced else "none",
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        await sign_in(context, standing, token=token, coordinator=coordinator)
        page = await context.new_page()
        self.watch(page, origin=standing.url)
        return page

    async def again(self, standing: Standing, stop: Stop, **how: Any) -> Page:
        """The same page each time, signed in as whom the stop is for; not to be closed.

        It has style and fonts already, and its scripts are warm.
        """
        kind = (standing.url, *sorted(how.items()))
        if kind not in self.regulars:
            self.regulars[kind] = await self(standing, **how)
        page = self.regulars[kind]
        await page.context.clear_cookies()
        await sign_in(page.context, standing, token=stop.token, coordinator=stop.coordinator)
        return page

    def watch(self, page: Page, *, origin: str) -> None:
        """Note what the page complains of and what it asks of others."""
        place = urlsplit(origin).netloc

        def console(message: ConsoleMessage) -> None:
            # the browser says the status of a page that is an error; that is the page's content, not a complaint of it
            if message.type in ("error", "warning") and not message.text.startswith(_OWN_STATUS):
                self.complaints.append(f"{page.url}: {message.text}")

        page.on("console", console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).netloc in (place, "") or request.url.startswith("blob:")
                else self.complaints.append(f"{page.url} asks {request.url}")
            ),
        )

    async def leave(self) -> None:
        """Close every context. Raises where anything was complained of."""
        for context in self.contexts:
            await context.close()
        self.contexts.clear()
        self.regulars.clear()
        said, self.complaints = self.complaints, []
        assert not said, "\n".join(said)


async def sign_in(context: BrowserContext, standing: Standing, *, token: str, coordinator: bool) -> None:
    """Give the context the sessions of a person, of a coordinator, of both or of nobody."""
    sessions = {"ipraktik": token, "ipraktik-board": standing.coordinator() if coordinator else ""}
    for name, value in sessions.items():
        if value:
            await context.add_cookies([{"name": name, "value": value, "url": standing.url}])


async def at(page: Page, stop: Stop, *, language: str = "da") -> int:
    """Bring a page to the stop; the status of the answer that it is."""
    path = stop.path if language == "da" else f"{stop.path}{'&' if '?' in stop.path else '?'}lang={language}"
    statuses: list[int] = []

    def answered(response: Response) -> None:
        if response.request.is_navigation_request() and response.status not in (302, 303, 307):
            statuses.append(response.status)

    page.on("response", answered)
    try:
        await page.goto(path)
        if stop.act is not None:
            await stop.act(page)
            await page.wait_for_load_state()
    finally:
        page.remove_listener("response", answered)
    return statuses[-1]

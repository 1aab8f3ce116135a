"""What a mail makes somebody mean to do, and when. Reading a mail changes nothing; an intention waits for its day.

Decisions come from `behaviour` alone, so they do not depend on the order in which mails arrive.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from . import acting
from .agenda import Agenda, Intention
from .behaviour import Behaviour
from .browsing import Browser, Page
from .calendar import ZONE, at, working_day
from .cast import Cast
from .mailbox import Mail
from .timekeeping import Timekeeper


@dataclass
class Reactions:
    """Everybody who reads mail. `links` has the newest link by person and kind, `signed` the agreement's link by intern."""

    cast: Cast
    behaviour: Behaviour
    client: httpx.AsyncClient
    keeper: Timekeeper
    agenda: Agenda = field(default_factory=Agenda)
    done: Counter[str] = field(default_factory=Counter)
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    signed: dict[str, str] = field(default_factory=dict)
    unmoved: set[str] = field(default_factory=set)
    prevented: str = ""
    round: int = 0
    _case_of: dict[str, str] = field(default_factory=dict)

    async def read(self, mail: Mail) -> None:
        """What somebody means to do after a mail."""
        ref, part = self.cast.who(mail.to)
        if part == "stranger" or not mail.links:
            return
        self.links[ref, mail.kind] = mail.links[0]
        reader = getattr(self, f"_on_{mail.kind}", None)
        if reader is not None:
            await reader(ref, part, mail)

    async def _on_confirm_address(self, ref: str, _: str, mail: Mail) -> None:
        days = self.behaviour.confirms(ref)
        if days is not None:
            self.mean(self._in_days(days), ref, "confirm", self.on_link(mail.links[0], acting.confirm))

    async def _on_consent_wanted(self, ref: str, _: str, mail: Mail) -> None:
        answer = self.behaviour.consents(ref)
        if answer is not None:
            act = acting.consent if answer[1] else acting.refuse_consent
            self.mean(self._in_days(answer[0]), ref, "consent", self.on_link(mail.links[0], act))

    async def _on_pair_confirmation(self, ref: str, _: str, mail: Mail) -> None:
        self.mean(self._in_days(1), ref, "confirm pair", self.on_link(mail.links[0], acting.confirm_pair))

    async def _on_proposal(self, ref: str, part: str, mail: Mail) -> None:
        browser = Browser(self.client)
        page = await browser.open_link(mail.links[0])
        placement = page.path.split("/")[3]
        person = self.cast.people[ref]
        if part == "intern":
            self._case_of[placement] = self.cast.circle(ref)
        sure = person.pair is not None or person.companion is not None
        answer = self.behaviour.answers(ref, str(self.round), sure=sure or self._hosts_companions(placement))
        if answer is not None:
            act = acting.accept if answer[1] else acting.decline
            self.mean(
                self._in_days(answer[0]), ref, "answer", self._on_page(browser, page, act), case=placement
            )

    def _hosts_companions(self, placement: str) -> bool:
        circle = self._case_of.get(placement, "")
        return circle in self.cast.people and self.cast.people[circle].companion is not None

    async def _on_agreement_draft(self, ref: str, part: str, mail: Mail) -> None:
        await self._on_version(ref, part, mail)

    async def _on_agreement_changed(self, ref: str, part: str, mail: Mail) -> None:
        await self._on_version(ref, part, mail)

    async def _on_version(self, ref: str, part: str, mail: Mail) -> None:
        browser = Browser(self.client)
        page = await browser.open_link(mail.links[0])
        placement = page.path.split("/")[3]
        if part == "intern":
            self._case_of[placement] = self.cast.circle(ref)
        if ref in self.unmoved:
            return
        version = acting.version_of(page)
        if part == "intern" and version == "1" and self.behaviour.changes_draft(ref):
            self.mean(
                self._in_days(1), ref, "change", self._on_page(browser, page, acting.change), case=placement
            )
            return
        party = part if part != "reserve" else "host"
        if party == "manager" and version == "1" and self.behaviour.refuses_draft(ref):
            self.mean(
                self._in_days(1), ref, "refuse", self._on_page(browser, page, acting.refuse), case=placement
            )
            return
        days = self.behaviour.approves(ref, party, version)
        if days is not None:
            act = acting.approving(version)
            self.mean(
                self._in_days(days),
                ref,
                f"approve as {party}",
                self._on_page(browser, page, act),
                case=placement,
            )

    async def _on_agreement_refused(self, ref: str, part: str, mail: Mail) -> None:
        if part == "intern":
            browser = Browser(self.client)
            page = await browser.open_link(mail.links[0])
            placement = page.path.split("/")[3]
            self.mean(
                self._in_days(1), ref, "change", self._on_page(browser, page, acting.change), case=placement
            )

    async def _on_agreement_signed(self, ref: str, part: str, mail: Mail) -> None:
        if part == "intern":
            self.signed[ref] = mail.links[0]

    async def _on_agreement_cancelled(self, ref: str, part: str, _: Mail) -> None:
        if part == "intern":
            self.signed.pop(ref, None)

    async def _on_last_day(self, ref: str, part: str, mail: Mail) -> None:
        if part != "intern":
            return
        if ref == self.prevented:
            self.mean(
                self._in_hours(4), ref, "say not held", self.on_link(mail.links[0], acting.say_not_held)
            )
        elif self.behaviour.says_held(ref):
            self.mean(self._in_hours(4), ref, "say held", self.on_link(mail.links[0], acting.say_held))

    async def _on_evaluation_wanted(self, ref: str, part: str, mail: Mail) -> None:
        party = "host" if part in ("host", "reserve") else part
        browser = Browser(self.client)
        page = await browser.open_link(mail.links[0])
        wave = acting.wave_of(page)
        days = self.behaviour.evaluates(ref, party, wave)
        if days is not None:
            act = acting.evaluating(lambda question: self.behaviour.content(ref, party, question))
            self.mean(
                self._in_days(days),
                ref,
                f"evaluate {wave}",
                self._on_page(browser, page, act),
                case=page.path,
            )

    def mean(
        self,
        moment: datetime,
        ref: str,
        what: str,
        act: Callable[[], Awaitable[None]],
        *,
        case: str | None = None,
    ) -> None:
        async def counted() -> None:
            await act()
            self.done[what] += 1

        def which_case() -> str:
            return self.cast.circle(ref) if case is None else self._case_of.get(case, case)

        self.agenda.add(Intention(moment, (ref, what), which_case, counted))

    def on_link(self, link: str, act: acting.Act) -> Callable[[], Awaitable[None]]:
        """The act, done by opening the link when its moment has come."""

        async def go() -> None:
            browser = Browser(self.client)
            await act(browser, await browser.open_link(link))

        return go

    def _on_page(self, browser: Browser, page: Page, act: acting.Act) -> Callable[[], Awaitable[None]]:
        async def go() -> None:
            await act(browser, await browser.get(page.url))

        return go

    def _in_days(self, days: int) -> datetime:
        return at(working_day(self.keeper.now.astimezone(ZONE).date() + timedelta(days=days)), 10)

    def _in_hours(self, hours: int) -> datetime:
        return self.keeper.now + timedelta(hours=hours)

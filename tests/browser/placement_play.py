"""One placement's people and their time: each with a browser of their own, mails that really arrive, a clock that moves when all is done.

Pages are used as people use them: by the words on links and buttons, and by the fields of forms. Nobody types an address but those
that a mail or a poster gives them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx
from browser.visiting import Visitors
from playwright.async_api import Page, expect

from ipraktik_local.season.mailbox import Mail, Mailbox
from ipraktik_local.season.timekeeping import Timekeeper
from ipraktik_local.stack import Stack


@dataclass
class Person:
    """Somebody in front of a browser."""

    name: str
    email: str
    page: Page
    base: str

    async def opens(self, address: str) -> None:
        """Open an address of the programme."""
        await self.page.goto(self.base + address)

    async def fills(self, **values: str) -> None:
        """Fill in fields by their names; `_` stands for `-` where the form has one."""
        for name, value in values.items():
            fields = self.page.locator(f'[name="{name}"], [name="{name.replace("_", "-")}"]')
            await fields.first.fill(value)

    async def picks(self, name: str, words: str) -> None:
        """Pick from a list by its words."""
        await self.page.locator(f'select[name="{name}"]').select_option(label=words)

    async def chooses(self, *words: str) -> None:
        """Tick or choose by the words beside the box."""
        for one in words:
            await self.page.locator("main").get_by_label(one, exact=True).check()

    async def presses(self, words: str, *, then: str) -> None:
        """Press a button; the page that follows has this heading."""
        await self.page.locator("main").get_by_role("button", name=words, exact=True).click()
        await self.sees(then)

    async def follows(self, words: str, *, then: str) -> None:
        """Follow a link; the page that follows has this heading."""
        await self.page.get_by_role("link", name=words, exact=True).click()
        await self.sees(then)

    async def sees(self, heading: str) -> None:
        """The main heading of the page in front of them."""
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    async def reads(self, words: str) -> None:
        """Somewhere on the page it says so."""
        await expect(self.page.locator("main")).to_contain_text(words)


@dataclass
class Town:
    """All of them, their mails, their time."""

    stack: Stack
    visitors: Visitors
    client: httpx.AsyncClient
    keeper: Timekeeper
    mailbox: Mailbox
    mails: list[Mail] = field(default_factory=list)

    @classmethod
    def on(cls, stack: Stack, visitors: Visitors, client: httpx.AsyncClient, *, now: datetime) -> Self:
        """On a running stack."""
        ops = {name: address for name, address in stack.env.items() if "_OPS_" in name}
        keeper = Timekeeper(Path(stack.env["CLOCK_FILE"]), ops, client, now=now)
        return cls(stack, visitors, client, keeper, Mailbox(stack.env["MAIL_URL"], client))

    async def person(self, name: str, email: str) -> Person:
        """A fresh browser with somebody in front of it."""
        base = self.stack.env["BASE_URL"]
        context = await self.visitors.browser.new_context(
            viewport={"width": 1280, "height": 900},
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        self.visitors.contexts.append(context)
        page = await context.new_page()
        self.visitors.watch(page, origin=base)
        return Person(name, email, page, base)

    async def until(self, moment: datetime) -> None:
        """Let time pass as the season's driver does: from one moment at which something is due to the next."""
        while True:
            await self.settled()
            due = self.keeper.next_due
            step = max(min(due or moment, moment), self.keeper.now)
            if step > self.keeper.now:
                self.keeper.set(step)
            elif self.keeper.now >= moment:
                return
            else:
                self.keeper.set(moment)

    async def settled(self) -> None:
        """Everything that was set going has been done, mails included."""
        await self.keeper.quiet()
        self.mails += await self.mailbox.new()

    async def mail(self, person: Person, kind: str) -> str:
        """The link of the newest mail of a kind that somebody has got, once everything is done. It leads to the one origin."""
        await self.settled()
        got = [mail for mail in self.mails if mail.to == person.email and mail.kind == kind]
        assert got, (
            f"{person.email} has no mail {kind}; there is {sorted({(m.to, m.kind) for m in self.mails})}"
        )
        links = max(got, key=lambda mail: mail.number).links
        assert links, f"the mail {kind} has no link"
        base = self.stack.env["BASE_URL"]
        assert all(urlsplit(link).netloc == urlsplit(base).netloc for link in links), links
        return links[0]

    async def follows_mail(self, person: Person, kind: str, *, then: str) -> None:
        """Open the link of a mail and press its button; the page that follows has this heading."""
        await person.page.goto(await self.mail(person, kind))
        await person.presses("Gå videre", then=then)

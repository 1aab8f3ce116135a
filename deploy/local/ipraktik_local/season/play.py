"""The season's course, from the opening of the edition to the report. What people do comes from `behaviour`, when from `calendar`."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import httpx

from ipraktik_contracts.counted import counted

from . import acting
from .agenda import SIDE_BY_SIDE
from .behaviour import Behaviour
from .calendar import ZONE, Calendar, at
from .cast import Cast
from .draw import Draw
from .mailbox import Mailbox
from .office import Office
from .people import Person
from .reactions import Reactions
from .timekeeping import Timekeeper


class Progress(Protocol):
    """Whoever shows how far the season has come."""

    def stage(self, name: str) -> None:
        """A new stage begins."""
        ...

    def share(self, share: float, note: str) -> None:
        """How far the stage has come, from 0 to 1."""
        ...


@dataclass
class Season:
    """One season being played."""

    people: list[Person]
    draw: Draw
    calendar: Calendar
    office: Office
    mailbox: Mailbox
    keeper: Timekeeper
    client: httpx.AsyncClient
    progress: Progress
    edition_id: str = ""
    runs: list[dict[str, Any]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    _span: tuple[datetime, datetime] | None = None

    def __post_init__(self) -> None:
        self.cast = Cast.of(self.people)
        self.reactions = Reactions(self.cast, Behaviour(self.draw), self.client, self.keeper)
        self.agenda, self.done = self.reactions.agenda, self.reactions.done

    async def play(self) -> None:
        """Play it all."""
        await self._open_and_sign_up()
        await self._match()
        await self._before_the_week()
        await self._the_week()
        await self._afterwards()

    async def _open_and_sign_up(self) -> None:
        self._stage("Sign-up: 9 April to 8 June", at(self.calendar.closes, 10))
        self.edition_id = await self.office.open_edition(self.calendar, seed=self.draw.seed)
        days = self.calendar.sign_up_days()
        for number, day in enumerate(days):
            await self.until(at(day, 10))
            todays = [person for person in self.people if person.day == number]
            await self._side_by_side([self._sign_up_one(person) for person in todays])
        moment = at(self.calendar.runs[0] - timedelta(days=4), 9)
        self._stage("Confirmation and managers' consent", moment)
        await self.until(moment)

    async def _sign_up_one(self, person: Person) -> None:
        self.cast.signed_up(person, await self.office.sign_up(person, edition_id=self.edition_id))
        self.done["sign up"] += 1

    async def _match(self) -> None:
        for number, day in enumerate(self.calendar.runs):
            following = (
                self.calendar.runs[number + 1]
                if number + 1 < len(self.calendar.runs)
                else day + timedelta(days=14)
            )
            self._stage(f"The puzzle, run {number + 1}: proposals and answers", at(following, 8))
            await self.until(at(day, 9))
            self.reactions.round = number
            run_id = await self.office.start_run(self.edition_id)
            await self.keeper.quiet()
            self.runs.append(await self.office.run(run_id))
            await self.office.release(run_id, final=number == len(self.calendar.runs) - 1)
            if number == 0:
                await self._settle()
                self._a_host_takes_back(at(day + timedelta(days=1), 9))
            await self.until(at(following, 8))

    def _a_host_takes_back(self, moment: datetime) -> None:
        """One host with a fresh proposal, chosen by draw, withdraws over the personal page before anybody has answered."""
        proposed = sorted(ref for ref, kind in self.reactions.links if kind == "proposal")
        hosts = [ref for ref in proposed if self.cast.people[ref].role == "host"]
        if hosts:
            ref = self.draw.one(hosts, "withdraws")
            self.reactions.mean(
                moment,
                ref,
                "withdraw",
                self.reactions.on_link(self.reactions.links[ref, "registered"], acting.withdraw),
            )

    async def _before_the_week(self) -> None:
        self._stage("Agreements of three", at(self.calendar.first_day, 7))
        await self.until(at(date(2018, 8, 24), 9))
        chosen = self.draw.some(sorted(self.reactions.signed), 3, "after signing")
        for ref, act in zip(chosen, (acting.cancel, acting.change, acting.change), strict=False):
            self.reactions.mean(
                at(date(2018, 8, 27), 10),
                ref,
                act.__name__,
                self.reactions.on_link(self.reactions.signed[ref], act),
            )
        self.reactions.unmoved = {chosen[2]} if len(chosen) > 2 else set()
        await self.until(at(self.calendar.first_day, 7))

    async def _the_week(self) -> None:
        self._stage("Week 37", at(self.calendar.last_day + timedelta(days=4), 9))
        stays = sorted(self.reactions.signed)
        prevented = self.draw.one(stays, "not held") if stays else None
        self.reactions.prevented = prevented or ""
        await self.until(at(self.calendar.last_day + timedelta(days=4), 9))
        self._stage("Evaluation by all three", at(date(2018, 10, 15), 9))
        await self.until(at(date(2018, 10, 15), 9))

    async def _afterwards(self) -> None:
        self._stage("Three months later: evaluation again", at(self.calendar.report - timedelta(days=2), 9))
        await self.until(at(self.calendar.report - timedelta(days=2), 9))
        self._stage("Report", at(self.calendar.report, 12))
        await self._erases_herself()
        await self.until(at(self.calendar.report, 9))
        self.report = await self.office.publish_report(self.edition_id)
        await self.until(at(self.calendar.report, 12))

    async def _erases_herself(self) -> None:
        known = sorted(
            ref
            for ref, kind in self.reactions.links
            if kind == "registered" and self.cast.people[ref].role == "intern"
        )
        if known:
            ref = self.draw.one(known, "erases herself")
            moment = at(self.calendar.report - timedelta(days=1), 10)
            self.reactions.mean(
                moment,
                ref,
                "erase",
                self.reactions.on_link(self.reactions.links[ref, "registered"], acting.erase),
            )

    def _stage(self, name: str, until: datetime) -> None:
        """A new stage begins and lasts until then."""
        self.progress.stage(name)
        self._span = (self.keeper.now, until)

    def _show(self) -> None:
        if self._span is None:
            return
        start, end = self._span
        share = (self.keeper.now - start) / (end - start) if end > start else 1.0
        said = f"{self.keeper.now.astimezone(ZONE):%d.%m.%Y}  {counted(sum(self.mailbox.by_kind.values()), 'mail', 'mails')}"
        self.progress.share(share, said)

    async def until(self, moment: datetime) -> None:
        """Let time pass until then: everything due happens, every mail is read, everybody does what they mean to."""
        while True:
            await self._settle()
            due = [instant for instant in (self.agenda.next, self.keeper.next_due) if instant is not None]
            step = max(min([*due, moment]), self.keeper.now)
            if step > self.keeper.now:
                self.keeper.set(step)
                self._show()
            acted = await self.agenda.do_what_is_due(self.keeper.now)
            if not acted and self.keeper.now >= moment:
                await self._settle()
                if (self.agenda.next or moment + timedelta(1)) > moment:
                    return

    async def _settle(self) -> None:
        await self.keeper.quiet()
        mails = await self.mailbox.new()
        of_interns = [mail for mail in mails if self.cast.who(mail.to)[1] == "intern"]
        others = [mail for mail in mails if self.cast.who(mail.to)[1] != "intern"]
        for some in (of_interns, others):  # whose case a page belongs to is known from the intern's
            await self._side_by_side([self.reactions.read(mail) for mail in some])

    async def _side_by_side(self, works: list[Any]) -> None:
        free = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(work: Awaitable[None]) -> None:
            async with free:
                await work

        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(one(work))

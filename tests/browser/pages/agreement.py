"""The pages of the three parties: proposal, agreement, versions, note, stay; and the public page that checks a fingerprint."""

import copy
import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from browser.stops import Act, Stop
from matching.cast import Cast
from matching.visiting import PARTIES, Case, a_case
from playwright.async_api import Page
from rig import Rig

from ipraktik_contracts.fields import Period

SERVICE = "matching"
NOON = datetime(2018, 4, 12, 10, tzinfo=UTC)
"""When people look: the last day of the stays that lie early, and long before the others."""
EARLY = {"dates": Period(first_day=date(2018, 4, 10), last_day=date(2018, 4, 12)), "answer_days": 1}
LONG = "Kommunikationsmedarbejderuddannelsesplanlægning " * 12
_changes = itertools.count()


_casts: dict[int, Cast] = {}
"""One application for each rig: its metrics are registered once."""


async def new_case(rig: Rig, **edition: Any) -> Case:
    """A proposal in an edition of its own, so that no other case's people are in the puzzle."""
    if id(rig) not in _casts:
        _casts[id(rig)] = Cast(rig)
    beside = copy.copy(_casts[id(rig)])
    beside.edition_id = uuid.uuid4()
    await rig.tell(beside.edition(**edition))
    return await a_case(beside)


async def stops(rig: Rig) -> Sequence[Stop]:
    """Every page in every state."""

    async def case(**edition: Any) -> Case:
        return await new_case(rig, **edition)

    asked, waiting, declined, expired = await case(), await case(), await case(), await case(**EARLY)
    await waiting.does("intern", "answer", accept="yes")
    await declined.does("host", "answer", accept="no", reason="capacity")
    drafted, refused, signed, amended = await case(), await case(), await case(), await case()
    moving = await case()
    for one in (drafted, refused, moving):
        await one.accepted()
    await drafted.does("intern", "needs", note="Jeg kan ikke tåle nødder.", act="save")
    await drafted.approves("host")
    await refused.changes("host", programme=LONG, goals_host=LONG[:300], meeting_place=LONG[:80])
    await refused.does("manager", "agreement/refusal", version=2, reason="cover", comment=LONG)
    for one in (signed, amended):
        await one.accepted()
        await one.does("intern", "needs", note="Jeg skal hente børn kl. 15.", act="save")
        for party in PARTIES:
            await one.approves(party)
    await amended.changes("host", meeting_place="Rutebilstationen kl. 8", hr_asked="yes")
    stays = [await case(**EARLY) for _ in range(4)]
    for one in stays:
        await one.signed()
    begun, said, disputed, held = stays
    rig.clock.instant = datetime(2018, 4, 11, 10, tzinfo=UTC)
    await said.does("intern", "stay", held="yes")
    await disputed.does("intern", "stay", held="yes")
    await disputed.does("host", "stay", held="no", reason="host_prevented")
    rig.clock.instant = NOON
    await held.does("host", "stay", held="yes")

    def at(name: str, one: Case, party: str, page: str, *, act: Act | None = None, status: int = 200) -> Stop:
        return Stop(name, f"{one.here}/{page}", token=one.token(party), act=act, status=status)

    fingerprint = (await signed.current()).fingerprint
    return [
        at("answer-asked", asked, "intern", "answer"),
        at("answer-error", asked, "host", "answer", act=_press("Send svar", "Send answer"), status=422),
        at("answer-waiting", waiting, "intern", "answer"),
        at("answer-declined-by-other", declined, "intern", "answer"),
        at("answer-expired", expired, "intern", "answer"),
        at("agreement-waits", drafted, "manager", "agreement"),
        at(
            "agreement-error",
            drafted,
            "manager",
            "agreement",
            act=_press("Godkend aftalen", "Approve the agreement"),
            status=422,
        ),
        at("agreement-refused-long", refused, "intern", "agreement"),
        at("agreement-signed", signed, "host", "agreement"),
        at("agreement-amended", amended, "intern", "agreement"),
        at("agreement-changed-meanwhile", moving, "manager", "agreement", act=_late(moving), status=409),
        at("agreement-refused-meanwhile", moving, "intern", "agreement", act=_lost(moving), status=409),
        at("agreement-edit", drafted, "intern", "agreement/edit"),
        at("agreement-edit-long", refused, "host", "agreement/edit"),
        at("agreement-edit-error", drafted, "manager", "agreement/edit", act=_mistyped, status=422),
        at(
            "agreement-edit-overtaken",
            amended,
            "intern",
            "agreement/edit",
            act=_overtaken(amended),
            status=409,
        ),
        at("agreement-versions", refused, "intern", "agreement/versions"),
        at(
            "agreement-refusal-error",
            amended,
            "manager",
            "agreement/refusal",
            act=_press("Sig nej til versionen", "Say no to the version"),
            status=422,
        ),
        at("agreement-cancellation", drafted, "host", "agreement/cancellation"),
        at("needs-empty", refused, "intern", "needs"),
        at("needs-written", drafted, "intern", "needs"),
        at("needs-read-by-host", signed, "host", "needs"),
        at("stay-asked", begun, "host", "stay"),
        at("stay-error", begun, "host", "stay", act=_press("Send svar", "Send answer"), status=422),
        at("stay-said", said, "intern", "stay"),
        at("stay-disputed", disputed, "manager", "stay"),
        at("stay-held", held, "intern", "stay"),
        Stop("verify", "/matching/verify"),
        Stop("verify-error", "/matching/verify?fingerprint=abc", status=422),
        Stop("verify-unknown", f"/matching/verify/{0:064x}"),
        Stop("verify-in-force", f"/matching/verify/{fingerprint}"),
    ]


def _press(danish: str, english: str) -> Act:
    async def act(page: Page) -> None:
        language = await page.locator("html").get_attribute("lang")
        await page.get_by_role("button", name=english if language == "en" else danish).click()

    return act


async def _mistyped(page: Page) -> None:
    await page.locator("#last_day").fill("32")
    await page.locator("form[action*=edit] button").click()


async def elsewhere(page: Page, case: Case, party: str, path: str, fields: dict[str, str]) -> None:
    """Somebody else acts meanwhile, from a machine of their own."""
    answer = await page.request.post(
        f"{case.here}/{path}",
        form=dict(fields),
        headers={"authorization": f"Bearer {case.token(party)}"},
        max_redirects=0,
    )
    assert answer.status == 303, await answer.text()


async def change_elsewhere(page: Page, case: Case, party: str) -> None:
    """Somebody else puts up a version that says something new, whatever version there is now."""
    edit = await page.request.get(
        f"{case.here}/agreement/edit", headers={"authorization": f"Bearer {case.token(party)}"}
    )
    version = (await edit.text()).partition('name="version" value="')[2].partition('"')[0]
    days = {"first_day-day": "10", "first_day-month": "9", "first_day-year": "2018"}
    days |= {name.replace("first", "last"): value for name, value in days.items()} | {"last_day-day": "12"}
    await elsewhere(
        page,
        case,
        party,
        "agreement/edit",
        {"version": version, "programme": f"Dag 1: Kør med linje {next(_changes)}.", **days},
    )


def _late(case: Case) -> Act:
    """Approve what somebody changes meanwhile."""

    async def act(page: Page) -> None:
        await change_elsewhere(page, case, "host")
        await page.reload()
        await change_elsewhere(page, case, "host")
        await page.locator("#read").check()
        await page.locator("form[action*=approval] button").click()

    return act


def _lost(case: Case) -> Act:
    """Approve what somebody refuses meanwhile."""

    async def act(page: Page) -> None:
        await change_elsewhere(page, case, "host")
        await page.reload()
        version = await page.locator("form[action*=approval] input[name=version]").get_attribute("value")
        await elsewhere(
            page, case, "manager", "agreement/refusal", {"version": version or "", "reason": "terms"}
        )
        await page.locator("#read").check()
        await page.locator("form[action*=approval] button").click()

    return act


def _overtaken(case: Case) -> Act:
    """Send a change that somebody else was faster with."""

    async def act(page: Page) -> None:
        await change_elsewhere(page, case, "host")
        await page.locator("#goals_intern").fill("Jeg vil køre bus.")
        await page.locator("form[action*=edit] button").click()

    return act

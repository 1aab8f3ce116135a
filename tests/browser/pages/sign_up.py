"""The front page, the question pages of a sign-up in every state, the receipt, and the plain pages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from browser.stops import Stop
from playwright.async_api import Page
from registration.desk import Desk, host, workplace
from registration.signing_up import Walk, answers
from rig import Rig

from ipraktik_contracts.events import DraftSaved

SERVICE = "registration"
SETTINGS: Mapping[str, Any] = {"accessibility_statement_url": "https://www.was.digst.dk/example"}
LONG = "Specialpædagogisk udviklingskonsulent med ansvar for overgange " * 3
VEJLE = "Bibliotekerne i Vejle"


async def stops(rig: Rig) -> Sequence[Stop]:
    """Every page in every state."""
    async with Desk.open(rig) as desk:
        await desk.open_edition(
            name="Uge 16, 2018",
            window={"opens_at": "2018-03-01T08:00:00Z", "closes_at": "2018-04-09T08:30:00Z"},
            week={"year": 2018, "week": 16},
        )
        late = Walk(desk)
        await late.until("time")
        rig.clock.advance(timedelta(hours=1))
        await desk.open_edition()
        host_id = await desk.register(
            host(workplace=workplace(organisation_name="Vejle Bibliotek", unit_name="Børn"))
        )
        whole = Walk(desk, "both", everything())
        await whole.until(host=str(host_id))
        fresh = Walk(desk, given=answers(workplace={"organisation": "Statens Arkiver"}))
        await fresh.until("place")
        saved = Walk(desk)
        await saved.until("stay")
        await saved.post(f"{saved.base}/save", {"email": "hjemme@example.org"})
        *_, asked = await rig.said(DraftSaved)
        sent, confirmed = Walk(desk, "both"), Walk(desk)
        await sent.sent()
        await confirmed.sent()
        [*_, row] = await confirmed.rows("participant")
        await desk.act(row["participant_id"], "confirmation")
        back = rig.link(
            contact_id=asked.contact_id,
            participant_id=asked.participant_id,
            acts=("draft",),
            aggregates=(asked.aggregate_id,),
        )
    empty = _press(clear=True)
    return [
        Stop("sign-up-front", "/"),
        Stop("sign-up-start-error", "/registration/sign-up", act=_press(), status=422),
        Stop("sign-up-you-empty", f"/registration/sign-up/intern?host={host_id}"),
        Stop("sign-up-you-error", "/registration/sign-up/host", act=_press(), status=422),
        Stop("sign-up-workplace", f"{whole.base}/workplace"),
        Stop("sign-up-workplace-error", f"{saved.base}/workplace", act=empty, status=422),
        Stop("sign-up-which", f"{whole.base}/which"),
        Stop("sign-up-place-error", f"{fresh.base}/place", act=_press(), status=422),
        Stop("sign-up-place-several", f"{fresh.base}/place", act=_several, status=422),
        Stop("sign-up-stay", f"{whole.base}/stay"),
        Stop("sign-up-stay-error", f"{saved.base}/stay", act=_press(), status=422),
        Stop("sign-up-wishes", f"{whole.base}/wishes"),
        Stop("sign-up-time", f"{whole.base}/time"),
        Stop("sign-up-people-error", f"{whole.base}/people", act=empty, status=422),
        Stop("sign-up-offer", f"{whole.base}/offer"),
        Stop("sign-up-guests", f"{whole.base}/guests"),
        Stop("sign-up-days", f"{whole.base}/days"),
        Stop("sign-up-guest", f"{whole.base}/guest"),
        Stop("sign-up-check", f"{whole.base}/check?changed=yes"),
        Stop("sign-up-receipt", f"{sent.base}/receipt"),
        Stop("sign-up-receipt-confirmed", f"{confirmed.base}/receipt"),
        Stop("sign-up-save-error", f"{saved.base}/save", act=empty, status=422),
        Stop("sign-up-saved", f"{saved.base}/saved"),
        Stop("sign-up-delete", f"{saved.base}/delete"),
        Stop("sign-up-deleted", "/registration/sign-up/deleted"),
        Stop("sign-up-again", f"/registration/drafts/{asked.participant_id}", token=back),
        Stop("sign-up-closed-under-way", f"{late.base}/time"),
        Stop("sign-up-gone", "/registration/sign-up/aaaaaaaaaaaaaaaaaaaaaa/you", status=404),
        Stop("privacy", "/registration/privacy"),
        Stop("cookies", "/registration/cookies"),
        Stop("accessibility", "/registration/accessibility"),
    ]


def everything() -> dict[str, dict[str, Any]]:
    """Answers that lead over every page, long ones among them."""
    return answers(
        you={"name": "Søren Ærø Ågård-Christoffersen", "job-title": LONG.strip()},
        workplace={
            "organisation": VEJLE,
            "unit": "Specialpædagogisk Udviklingscenter for Overgange",
            "reserve-name": "Karen",
            "reserve-email": "karen.elisabeth.vestergaard-mikkelsen@et-meget-langt-navn.kommune.example.org",
        },
        stay={"open": "no", "motivation": LONG * 5},
        time={"route": "found", "companion": "yes"},
        offer={"open": "no", "offer": LONG * 5},
        days={"route": "found"},
    )


def _press(*, clear: bool = False) -> Callable[[Page], Awaitable[None]]:
    """Send the form as it stands, or with its text fields empty."""

    async def act(page: Page) -> None:
        if clear:
            for box in await page.locator(
                "main input:not([type=hidden]):not([tabindex='-1']).form-input"
            ).all():
                await box.fill("")
        await page.locator("main form .button-primary").click()

    return act


async def _several(page: Page) -> None:
    await page.locator("#sector").check()
    await page.locator("#municipality").fill("vej")
    await page.locator("main form .button-primary").click()

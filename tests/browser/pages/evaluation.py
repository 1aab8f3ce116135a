"""Evaluation: answering in every state, the report full and nearly empty, the coordinators' desk.

What a stop sends is refused or was sent before, so that each can be visited again and again.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from browser.stops import Stop
from evaluation.facts import AFTER_THE_STAY, World, evaluation_id, link_for
from evaluation.rounds import answer, answered_round
from playwright.async_api import Page
from rig import Rig

from ipraktik_contracts.events import InternshipCompleted
from ipraktik_contracts.fields import Window
from ipraktik_evaluation.domain.steps import Step
from ipraktik_evaluation.usecases.publish_report import publish_report
from ipraktik_evaluation.usecases.save_draft import save_draft

SERVICE = "evaluation"
LONG = "Vi tog hjem med en ny måde at holde møder på, og den bruger vi nu hver uge i hele afdelingen. " * 8
_ANSWERS: dict[Step, dict[str, Any]] = {
    "stay": {
        "concrete_use": "yes_some",
        "would_recommend": "yes",
        "match": "good",
        "preparation": "dont_know",
    },
    "outcome": {"outcomes": ["do_better", "stop_doing"]},
    "words": {"take_home": LONG, "advice": ""},
}


async def stops(rig: Rig) -> Sequence[Stop]:
    """Two rounds that are reported on, one that is open, and people who are asked."""
    rig.clock.instant = AFTER_THE_STAY
    world, small, coming = World(), World(), World()
    stays = await answered_round(rig, world, stays=30, hosts=25, name="Uge 37 i 2018")
    await answer(rig, stays[0], "manager", advice=LONG)
    await answered_round(rig, small, stays=3, hosts=0, name="Prøverunden")
    for one in (world, small):
        async with rig.database.transaction() as tx:
            await publish_report(tx, edition_id=one.edition_id)
    later = Window(opens_at=AFTER_THE_STAY, closes_at=AFTER_THE_STAY + timedelta(days=60))
    await rig.tell(coming.edition(name="Uge 37 i 2019").model_copy(update={"window": later}))
    fresh, begun, whole, alone = [world.completed() for _ in range(4)]
    await rig.tell(fresh, begun, whole, small.completed())
    rig.clock.instant = AFTER_THE_STAY - timedelta(days=90)
    await rig.tell(alone)
    rig.clock.instant = AFTER_THE_STAY
    await _save(rig, begun, "stay")
    await _save(rig, whole, "stay", "outcome", "words")
    desk, report = f"/evaluation/desk/{world.edition_id}", f"/evaluation/reports/{world.edition_id}"
    tokens = {stay.placement_id: await _token(rig, stay) for stay in (fresh, begun, whole, alone, stays[0])}

    def asked(name: str, stay: InternshipCompleted, step: str = "", **more: Any) -> Stop:
        here = f"/evaluation/evaluations/{evaluation_id(stay, 'intern', 'after')}"
        path = f"{here}/{step}" if step else here
        return Stop(f"evaluation-{name}", path, token=tokens[stay.placement_id], **more)

    return [
        asked("stay", fresh, "stay"),
        asked("stay-refused", fresh, "stay", act=_go_on, status=422),
        asked("outcome", fresh, "outcome"),
        asked("words", fresh, "words"),
        asked("resumed", begun, "stay"),
        asked("saved", begun, "saved"),
        asked("check", whole, "check"),
        asked("changed-elsewhere", whole, "words", act=_another_window, status=409),
        asked("thanks", stays[0]),
        asked("late", alone, status=410),
        Stop("reports", "/evaluation/reports"),
        Stop("report", report),
        Stop("report-tables-open", report, act=_open_tables),
        Stop("report-of-few", f"/evaluation/reports/{small.edition_id}"),
        Stop("desk-evaluations", "/evaluation/desk", coordinator=True),
        Stop("desk-edition", desk, coordinator=True),
        Stop("desk-edition-refused", desk, coordinator=True, act=_publish, status=422),
        Stop("desk-takes-sign-ups", f"/evaluation/desk/{coming.edition_id}", coordinator=True),
        Stop("desk-published", f"{desk}/published?done=published&revision=1", coordinator=True),
        Stop("desk-preview", f"/evaluation/desk/{small.edition_id}/preview", coordinator=True),
        Stop("desk-comments", f"{desk}/comments", coordinator=True),
    ]


async def _token(rig: Rig, stay: InternshipCompleted) -> str:
    asked: UUID = evaluation_id(stay, "intern", "after")
    return await link_for(rig, evaluation=asked, participant_id=stay.intern_id)


async def _save(rig: Rig, stay: InternshipCompleted, *steps: Step) -> None:
    for step in steps:
        async with rig.database.transaction() as tx:
            await save_draft(
                tx,
                evaluation_id=evaluation_id(stay, "intern", "after"),
                participant_id=stay.intern_id,
                step=step,
                given=_ANSWERS[step],
                based_on=99,
                whole=True,
            )


async def _go_on(page: Page) -> None:
    await page.locator("main form button").first.click()


async def _publish(page: Page) -> None:
    await page.locator("main form button").click()


async def _another_window(page: Page) -> None:
    """The page was shown before anything was saved."""
    await page.goto(page.url)
    await page.locator("textarea").first.fill("Noget andet")
    await page.locator("input[name=revision]").evaluate("field => { field.value = '0'; }")
    await page.locator("main form button").first.click()


async def _open_tables(page: Page) -> None:
    for summary in await page.locator("main summary").all():
        await summary.click()

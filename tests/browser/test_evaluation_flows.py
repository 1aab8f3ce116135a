"""Answering an evaluation as people do: by keyboard on a phone, in a pause, in two windows, with the back button; and the report."""

from collections.abc import Callable
from typing import Any

import pytest
from browser.visiting import Standing, Visitors
from evaluation.facts import World, evaluation_id, link_for
from playwright.async_api import Page
from rig import Rig

Stand = Callable[[str], Standing]


async def asked(place: Standing, party: Any = "intern") -> tuple[str, str]:
    """Somebody who has just been asked: the address of their evaluation and the token of their link."""

    async def tell(rig: Rig) -> tuple[str, str]:
        world = World()
        stay = world.completed()
        await rig.tell(world.edition(), stay)
        one = evaluation_id(stay, party, "after")
        return f"/evaluation/evaluations/{one}", await link_for(
            rig, evaluation=one, participant_id=stay.host_id if party == "host" else stay.intern_id
        )

    made: tuple[str, str] = place.within(tell)
    return made


async def focused(page: Page) -> tuple[str, str, str]:
    """Kind, name and words of what has the focus."""
    found: list[str] = await page.evaluate(
        "() => { const e = document.activeElement; return [e.type || e.tagName, e.name || '', e.textContent.trim()]; }"
    )
    return found[0], found[1], found[2]


async def fill_by_keyboard(page: Page, button: str) -> None:
    """Tab through the page, choose the first of each question, write a word in each field, press the button."""
    done: set[str] = set()
    for _ in range(80):
        await page.keyboard.press("Tab")
        kind, name, words = await focused(page)
        if kind in ("radio", "checkbox") and name not in done:
            await page.keyboard.press("Space")
        elif kind == "textarea":
            await page.keyboard.type("Tid")
        elif kind == "submit" and words == button:
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
            return
        done.add(name)
    raise AssertionError(f"the keyboard does not reach {button!r}")


@pytest.mark.timeout(90)
async def test_an_evaluation_is_answered_by_keyboard_alone_without_a_script_on_a_phone(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("evaluation")
    here, token = await asked(place)
    page = await visitor(place, width=320, script=False)
    await page.goto(f"/evaluation/link?t={token}")
    await fill_by_keyboard(page, "Gå videre")
    for step in ("stay", "outcome", "words"):
        assert page.url == f"{place.url}{here}/{step}"
        await fill_by_keyboard(page, "Gå videre")
    assert page.url == f"{place.url}{here}/check"
    await fill_by_keyboard(page, "Send mine svar")
    assert await page.locator("h1").inner_text() == "Tak for dine svar"
    await page.go_back()
    assert await page.locator("h1").inner_text() == "Tak for dine svar"


@pytest.mark.timeout(90)
async def test_a_pause_goes_on_in_another_browser_and_the_send_button_pressed_twice_sends_once(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("evaluation")
    here, token = await asked(place, "manager")
    first = await visitor(place, token=token)
    await first.goto(here)
    await first.get_by_label("Nej").first.check()
    await first.get_by_role("button", name="Gem, og svar senere").click()
    assert await first.locator("h1").inner_text() == "Dine svar er gemt"
    page = await visitor(place, token=token, language="en")
    await page.goto(f"{here}?lang=en")
    assert await page.get_by_label("No", exact=True).first.is_checked()
    for question in ("would_recommend", "plan"):
        await page.locator(f"#{question}").check()
    await (
        page.get_by_role("button", name="Continue").or_(page.locator("main form button").first).first.click()
    )
    await page.locator("#outcomes").check()
    await page.locator("main form button").first.click()
    await page.locator("main form button").first.click()
    assert "lang=en" in page.url
    other = await page.context.new_page()
    await other.goto(page.url)
    await page.get_by_role("button", name="Send my answers").click()
    assert await page.locator("h1").inner_text() == "Thank you for your answers"
    await other.get_by_role("button", name="Send my answers").click()
    assert await other.locator("h1").inner_text() == "Thank you for your answers"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", ["1.997 tegn tilbage", "1 tegn for meget"]),
        ("en", ["1,997 characters left", "1 characters too many"]),
    ],
)
@pytest.mark.timeout(60)
async def test_what_is_left_to_write_is_counted_as_the_language_writes_numbers(
    standing: Stand, visitor: Visitors, language: str, said: list[str]
) -> None:
    place = standing("evaluation")
    here, token = await asked(place)
    page = await visitor(place, token=token, language=language)
    await page.goto(f"{here}/words?lang={language}")
    area = page.locator("textarea").first
    for text, shown in zip(["Tid", "x" * 2001], said, strict=True):
        await area.fill(text)
        assert (await page.locator(".character-limit").first.inner_text()).startswith(shown)


@pytest.mark.timeout(90)
async def test_what_two_windows_answer_differently_is_shown_and_decided(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("evaluation")
    here, token = await asked(place)
    one = await visitor(place, token=token)
    await one.goto(f"{here}/words")
    two = await one.context.new_page()
    await two.goto(f"{here}/words")
    await one.locator("#advice").fill("Fra det første vindue")
    await one.locator("main form button").first.click()
    await two.locator("#advice").fill("Fra det andet vindue")
    await two.locator("main form button").first.click()
    assert (await two.title()).startswith("Fejl:")
    assert "Fra det første vindue" in await two.locator("main").inner_text()
    assert await two.locator("#advice").input_value() == "Fra det andet vindue"


@pytest.mark.timeout(90)
async def test_the_report_keeps_its_shapes_in_forced_colours_and_speaks_both_languages(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("evaluation")
    path = place.stop("report").path
    plain, forced = await visitor(place, width=320), await visitor(place, width=320, forced=True)
    for page in (plain, forced):
        await page.goto(path)
    fill = "(e) => getComputedStyle(e).fill"
    assert await plain.locator(".drawing-bar").first.evaluate(fill) == "rgb(11, 79, 138)"
    ink = await forced.locator("h1").evaluate("(e) => getComputedStyle(e).color")
    assert await forced.locator(".drawing-bar").first.evaluate(fill) == ink
    assert await forced.locator(".drawing-map .drawing-text").first.evaluate(fill) == ink
    drawing = plain.get_by_role("img", name="Deltagere efter kommune")
    assert await drawing.locator(".drawing-tile").count() == 98
    height = "(e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a"
    assert await drawing.locator("text").first.evaluate(height) >= 12
    await plain.get_by_role("link", name="English").click()
    assert await plain.locator("h1").inner_text() == "Report: Uge 37 i 2018"
    assert await plain.get_by_role("img", name="Participants by municipality").count() == 1

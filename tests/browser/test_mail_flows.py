"""Coordinators and mails in a real browser: held ones read and let go by keyboard, one sent again, somebody reminded; lists on paper."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from browser.pages.mails import failed, held_round, mail_of, sorted_out, taken
from browser.visiting import Standing, Visitors
from notify.facts import Story
from playwright.async_api import Page, expect
from rig import Rig


@pytest.fixture
def place(standing: Callable[[str], Standing]) -> Standing:
    return standing("mails")


async def tab_to(page: Page, selector: str) -> None:
    """Go on by the tab key until the focus is there; a page has fewer stops than this."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")


async def test_held_mails_are_read_and_let_go_by_keyboard_alone(place: Standing, visitor: Visitors) -> None:
    story: Story = place.within(held_round)
    mail = place.within(lambda rig: mail_of(rig, story, "registered", "self"))
    page = await visitor(place, coordinator=True)
    await page.goto("/notify/held")
    await tab_to(page, f"a[href*='{mail}']")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mail-text")).to_contain_text("Nu sker der det her")
    frame = page.frame_locator(".mail-frame")
    await expect(frame.get_by_role("heading", level=1)).to_have_text(
        "Du er tilmeldt Innovationspraktik 2018 som praktikant"
    )
    await page.go_back()
    await tab_to(page, f"a[href*='{story.edition_id}/release']")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Skal 2 mails sendes nu?")
    await tab_to(page, f"form[action*='{story.edition_id}'] button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 mails er sendt videre")).to_be_visible()
    await expect(page.locator(f"[href*='{story.edition_id}/release']")).to_have_count(0)
    await page.go_back()  # the page is not kept, so it says how things stand now
    await expect(page.locator(f"[href*='{story.edition_id}/release']")).to_have_count(0)


async def test_a_mail_that_was_refused_is_found_by_name_and_sent_again_once_from_two_tabs(
    place: Standing, visitor: Visitors
) -> None:
    async def lost(rig: Rig) -> Story:
        story = Story()
        await rig.tell(story.edition(), story.contact("intern", name=f"Uno{story.mark}"))
        await rig.tell(story.registered("intern"))
        await sorted_out(rig)
        await taken(rig)
        await failed(rig, await mail_of(rig, story, "registered", "self"))
        return story

    story: Story = place.within(lost)
    page = await visitor(place, width=320, script=False, coordinator=True)
    await page.goto("/notify/mails?lang=en")
    await page.get_by_label("Find a recipient").fill(f"uno{story.mark[:6]}")
    await page.get_by_role("button", name="Find", exact=True).click()
    assert story.mark not in page.url
    await page.get_by_role("link", name="Receipt for a sign-up").click()
    await expect(page.get_by_text("The recipient's mail server said no (code 550)")).to_be_visible()
    other = await page.context.new_page()
    await other.goto(page.url)
    for tab in (page, other):
        await tab.get_by_role("button", name="Send the mail again").click()
        await expect(tab.get_by_text("The mail is on its way again")).to_be_visible()
    assert page.url == other.url


async def test_somebody_is_reminded_once_a_day(place: Standing, visitor: Visitors) -> None:
    async def asked(rig: Rig) -> Story:
        story = Story()
        await rig.tell(*story.people(), story.proposed())
        await sorted_out(rig)
        await taken(rig, at=rig.clock.now() - timedelta(days=1))
        return story

    story: Story = place.within(asked)
    page = await visitor(place, script=False, coordinator=True)
    await page.goto("/notify/nudges?about=answer")
    row = page.locator("tr", has_text=story.address("host"))
    other = await page.context.new_page()
    await other.goto("/notify/nudges?about=answer")
    await row.get_by_role("button", name="Mind om det nu").click()
    await expect(page.get_by_text("Påmindelsen er på vej")).to_be_visible()
    await other.locator("tr", has_text=story.address("host")).get_by_role("button").click()
    await expect(
        other.get_by_role("heading", name="Modtageren har fået en mail om det i dag")
    ).to_be_visible()


async def test_the_lists_are_chosen_and_printed_with_drawn_boxes_and_nothing_else(
    place: Standing, visitor: Visitors
) -> None:
    page = await visitor(place, width=320, script=False)
    await page.goto("/notify/preparation")
    await page.get_by_role("link", name="Praktikant").click()
    await page.get_by_role("link", name="Før besøget").click()
    await page.get_by_role("link", name="Skriv listen ud").click()
    await expect(page.locator(".check-box")).to_have_count(13)
    assert await page.locator("input").count() == 0
    await page.emulate_media(media="print")
    for hidden in ("header nav", "footer", ".back-link", "p.d-print-none"):
        await expect(page.locator(hidden).first).to_be_hidden()
    await expect(page.locator(".check-box").first).to_be_visible()
    paper = await page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") <= 3
    await page.emulate_media(media="screen")
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_text("Write down your own goals.")).to_be_visible()

"""People sign up in a browser: by keyboard alone on a phone, in English, with every page's mistakes, from two tabs, another day."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from browser.visiting import Standing, Visitors
from playwright.async_api import Page
from rig import Rig

from ipraktik_contracts.events import DraftSaved

Stand = Callable[[str], Standing]
THREE_MINUTES = 180
A_FIELD, A_KEY, A_PAGE = 15, 0.5, 5
"""Seconds, of somebody who is not quick: to type a field, to press a key that moves or chooses, to read a page."""


class Keyboard:
    """A person without a mouse, and without scripts. Counts what it takes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.moves = 0
        self.fields = 0
        self.pages = 0

    async def press(self, key: str) -> None:
        """One key."""
        self.moves += 1
        await self.page.keyboard.press(key)

    async def go_to(self, selector: str) -> None:
        """Tab until the thing is reached."""
        for _ in range(60):
            if await self.page.evaluate("s => document.activeElement?.matches(s)", selector):
                return
            await self.press("Tab")
        raise AssertionError(f"no way to {selector} by keyboard")

    async def write(self, field: str, text: str) -> None:
        """Type into a field."""
        await self.go_to(f"#{field}")
        self.fields += 1
        await self.page.keyboard.type(text)

    async def send(self) -> None:
        """Send the form with its main button."""
        self.pages += 1
        await self.go_to("main form .button-primary")
        async with self.page.expect_navigation():
            await self.press("Enter")


async def test_an_intern_signs_up_by_keyboard_alone_on_a_phone_without_scripts_in_three_minutes(
    standing: Stand, visitor: Visitors
) -> None:
    place, tag = standing("sign_up"), uuid.uuid4().hex[:8]
    page = await visitor(place, width=320, script=False)
    person = Keyboard(page)
    await page.goto("/")
    await person.go_to("a[href*='/sign-up/intern']")
    async with page.expect_navigation():
        await person.press("Enter")
    await person.write("name", "Søren Ærø")
    await person.write("email", f"soren-{tag}@example.org")
    await person.go_to("#field")
    await page.keyboard.type("Plan")
    await person.send()
    await person.write("organisation", "Vejle Kommune")
    await person.write("manager-name", "Karen Å")
    await person.write("manager-email", f"karen-{tag}@example.org")
    await person.send()
    await person.go_to("input[name=journey]")
    await person.press("Space")
    await person.write("motivation", "Jeg vil se, hvordan andre gør.")
    await person.send()
    await person.send()
    assert await page.locator("h1").inner_text() == "Tjek dine svar"
    await person.send()
    assert await page.locator("h1").inner_text() == "Tak. Bekræft nu din e-mail"
    assert "IP-" in await page.locator("main").inner_text()
    assert person.fields == 6
    assert person.fields * A_FIELD + person.moves * A_KEY + person.pages * A_PAGE <= THREE_MINUTES


async def test_both_roles_in_english_with_a_mistake_on_every_page(standing: Stand, visitor: Visitors) -> None:
    place, tag = standing("sign_up"), uuid.uuid4().hex[:8]
    page = await visitor(place, language="en")
    await page.goto("/registration/sign-up/both?lang=en")

    async def wrong(*fields: str) -> None:
        """Send what does not fit; each sentence leads to its field."""
        await page.locator("main form .button-primary").click()
        assert (await page.title()).startswith("Error:")
        links = page.locator("#error-summary a")
        assert [await one.get_attribute("href") for one in await links.all()] == [f"#{one}" for one in fields]
        await links.first.click()
        assert await page.evaluate("document.activeElement.id") == fields[0]

    async def on() -> None:
        await page.locator("main form .button-primary").click()

    await wrong("name", "email", "field")
    await page.get_by_label("Name").fill("Ann Other")
    await page.get_by_label("E-mail at work").fill(f"ann-{tag}@example.org")
    await page.get_by_label("Your field of work").select_option(label="Libraries")
    await on()
    await wrong("organisation", "manager-name", "manager-email")
    await page.get_by_label("Workplace").fill("State Archive of Somewhere")
    await page.get_by_label("The manager's name").fill("Bo")
    await page.get_by_label("The manager's e-mail").fill(f"ann-{tag}@example.org")
    await wrong("manager-email")
    await page.get_by_label("The manager's e-mail").fill(f"bo-{tag}@example.org")
    await on()
    await wrong("sector", "municipality")
    await page.get_by_label("State").check()
    await page.get_by_label("Which municipality is it in?").fill("vej")
    await wrong("municipality-code")
    await page.get_by_label("Vejle").check()
    await on()
    await wrong("journey")
    await page.get_by_label("My own idea").check()
    await page.get_by_label("I have wishes").check()
    await on()
    await wrong("fields")
    await page.get_by_label("Libraries").check()
    await on()
    for box in await page.locator("input[name=dates]").all():
        await box.uncheck()
    await wrong("dates")
    await page.locator("input[name=dates]").nth(0).check()
    await page.locator("input[name=dates]").nth(1).check()
    await page.get_by_label("We have found each other").check()
    await on()
    await wrong("host-name", "host-email")
    await page.get_by_label("Name of your contact at the host").fill("Eva")
    await page.get_by_label("The host's e-mail").fill(f"eva-{tag}@example.org")
    await on()
    await page.get_by_label("Shortest stay").select_option("5")
    await page.get_by_label("Longest stay").select_option("2")
    await wrong("days-max")
    await page.get_by_label("Longest stay").select_option("5")
    await on()
    await on()
    assert await page.locator("h1").inner_text() == "Check your answers"
    assert "10–11 September 2018" in await page.locator("main").inner_text()
    await page.get_by_role("button", name="Send both sign-ups").click()
    assert await page.locator("h1").inner_text() == "Thank you. Now confirm your e-mail"
    assert len(re.findall(r"IP-[0-9A-Z]{6}", await page.locator("main").inner_text())) == 2


async def _at_check(place: Standing, page: Page) -> str:
    """A host's sign-up up to the check; its address."""
    tag = uuid.uuid4().hex[:8]
    await page.goto("/registration/sign-up/host")
    await page.fill("#name", "Bo")
    await page.fill("#email", f"bo-{tag}@example.org")
    await page.select_option("#field", "libraries")
    await page.click("main form .button-primary")
    await page.fill("#organisation", "Odense")
    for _ in range(3):
        await page.click("main form .button-primary")
    assert page.url.endswith("/check")
    return page.url


async def _sign_ups(rig: Rig) -> int:
    async with rig.database.reading() as conn:
        return int(await conn.fetchval("select count(*) from participant"))


async def test_two_tabs_and_the_back_button_lead_to_one_sign_up(standing: Stand, visitor: Visitors) -> None:
    place = standing("sign_up")
    page = await visitor(place, script=False)
    address = await _at_check(place, page)
    before = place.within(_sign_ups)
    other = await page.context.new_page()
    await other.goto(address)
    await page.goto(address.replace("/check", "/days"))
    await page.check("#dates-3")
    await page.click("main form .button-primary")
    await page.click("a[href$='/offer']")
    await page.check("input[name=capacity][value='3']")
    await page.click("main form .button-primary")
    await other.click("main form .button-primary")
    assert "ændret et andet sted" in await other.locator("main").inner_text()
    assert place.within(_sign_ups) == before
    await other.click("main form .button-primary")
    receipt = await other.locator("main").inner_text()
    await page.click("main form .button-primary")
    assert await page.locator("main").inner_text() == receipt
    await page.go_back()
    await page.reload()
    assert await page.locator("main").inner_text() == receipt
    assert place.within(_sign_ups) == before + 1


async def test_who_saves_for_another_day_goes_on_from_the_mail_on_another_device(
    standing: Stand, visitor: Visitors
) -> None:
    place, tag = standing("sign_up"), uuid.uuid4().hex[:8]
    desk = await visitor(place, script=False)
    await desk.goto("/registration/sign-up/intern")
    await desk.fill("#name", "Søren")
    await desk.fill("#email", f"soren-{tag}@example.org")
    await desk.select_option("#field", "health")
    await desk.click("main form .button-primary")
    await desk.fill("#organisation", "Odense")
    await desk.fill("#manager-name", "Karen")
    await desk.click("button[name=later]")
    await desk.click("main form .button-primary")
    assert f"soren-{tag}@example.org" in await desk.locator("main").inner_text()

    async def link(rig: Rig) -> str:
        *_, asked = await rig.said(DraftSaved)
        return rig.link(
            contact_id=asked.contact_id,
            participant_id=asked.participant_id,
            acts=("draft",),
            aggregates=(asked.aggregate_id,),
        )

    token: Any = place.within(link)
    phone = await visitor(place, width=320, script=False)
    await phone.goto(f"/registration/link?t={token}")
    await phone.click("main form button")
    await phone.click("main form .button-primary")
    assert await phone.input_value("#manager-name") == "Karen"
    assert token not in phone.url
    await desk.goto(desk.url.replace("/saved", "/workplace"))
    assert "begynd forfra" in await desk.locator("main").inner_text()
    await phone.fill("#manager-email", f"karen-{tag}@example.org")
    await phone.click("main form .button-primary")
    assert await phone.locator("h1").inner_text() == "Hvad vil du opleve?"

"""People who look for a host, answer what a mail asks, change what they told, and leave again, in a real browser."""

import dataclasses
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from browser.pages.people import PERSON
from browser.visiting import Standing, Visitors
from playwright.async_api import Page, expect
from prometheus_client import CollectorRegistry
from registration.desk import Desk, host, intern
from rig import Rig

Stand = Callable[[str], Standing]


def at_the_desk(place: Standing, act: Callable[[Desk], Awaitable[Any]]) -> Any:
    """Do something over HTTP beside the browser, with an application of its own."""

    async def acted(rig: Rig) -> Any:
        beside = dataclasses.replace(
            rig, context=dataclasses.replace(rig.context, registry=CollectorRegistry())
        )
        async with Desk.open(beside) as desk:
            return await act(desk)

    return place.within(acted)


def registered(
    place: Standing, body: dict[str, Any], relation: str = "self", *acts: str
) -> tuple[uuid.UUID, str]:
    """A sign-up that is valid, or for its manager one that waits for the answer; and a link to it."""

    async def act(desk: Desk) -> tuple[uuid.UUID, str]:
        if relation == "manager":
            participant_id = await desk.sign_up(body)
            await desk.act(participant_id, "confirmation")
        else:
            participant_id = await desk.register(body)
        contact_id, epoch = await desk.contact(participant_id, relation)
        link = desk.rig.link(
            contact_id=contact_id,
            participant_id=participant_id,
            acts=acts or PERSON,
            aggregates=[participant_id],
            epoch=epoch,
        )
        return participant_id, link

    found: tuple[uuid.UUID, str] = at_the_desk(place, act)
    return found


def state(place: Standing, participant_id: uuid.UUID) -> str:
    """The state a sign-up is in."""

    async def read(rig: Rig) -> str:
        async with rig.database.reading() as conn:
            found: str = await conn.fetchval(
                "select state from participant where participant_id = $1", participant_id
            )
        return found

    return str(place.within(read))


async def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(await page.evaluate("document.activeElement.id"))


async def test_hosts_are_searched_by_keyboard_alone_and_without_scripts_in_the_language_chosen(
    standing: Stand, visitor: Visitors
) -> None:
    page = await visitor(standing("people"), script=False, width=320)
    await page.goto("/registration/hosts?lang=en")
    for _ in range(30):
        if await page.locator("#q:focus").count():
            break
        await page.keyboard.press("Tab")
    await page.keyboard.type("museum")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Bornholm")
    await page.keyboard.press("Tab")
    await expect(page.locator("#place")).to_have_value("municipality:0400")
    await page.locator("#q").press("Enter")
    await expect(page.locator("#found")).to_have_text("1 host fits")
    assert "place=municipality%3A0400" in page.url
    assert "lang=en" in page.url
    await page.get_by_role("link", name="Bornholms Museum").press("Enter")
    await expect(page.locator("h1")).to_have_text("Bornholms Museum")
    await expect(page.get_by_role("link", name="Ask this host")).to_be_visible()
    await page.go_back()
    await expect(page.locator("#q")).to_have_value("museum")
    await page.locator("#q").fill("zoo")
    await page.get_by_role("button", name="Show hosts").press("Enter")
    await page.get_by_role("link", name="Remove »zoo«").press("Enter")
    await expect(page.locator("#found")).to_have_text("1 host fits")


async def test_a_tile_of_the_map_leads_where_the_table_leads(standing: Stand, visitor: Visitors) -> None:
    page = await visitor(standing("people"))
    await page.goto("/registration/hosts")
    tile = page.get_by_role("link", name="Ringsted: ")
    row = page.get_by_role("table").get_by_role("link", name="Ringsted", exact=True)
    assert await tile.get_attribute("href") == await row.get_attribute("href")
    await tile.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#found")).to_have_text("18 værter passer")


async def test_a_change_with_errors_leads_to_each_field_and_loses_nothing(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("people")
    participant_id, token = registered(place, host())
    page = await visitor(place, token=token)
    await page.goto(f"/registration/sign-ups/{participant_id}/update")
    await page.locator("#name").fill("")
    await page.locator("#offer").fill("En plads ved vinduet")
    await page.locator("#reserve-email").fill("ingen adresse")
    await page.get_by_role("button", name="Gem ændringer").click()
    await expect(page).to_have_title("Fejl: Ret din tilmelding – Innovationspraktik")
    assert await focused(page) == "error-summary"
    await page.get_by_role("link", name="Skriv dit navn").press("Enter")
    assert await focused(page) == "name"
    await expect(page.locator("#offer")).to_have_value("En plads ved vinduet")
    await page.keyboard.type("Vært med nyt navn")
    await page.locator("#reserve-email").fill("reserve@example.org")
    await page.locator("#name").press("Enter")
    await expect(page.get_by_text("Din tilmelding er rettet")).to_be_visible()
    await page.get_by_role("link", name="Ret din tilmelding").click()
    await expect(page.locator("#name")).to_have_value("Vært med nyt navn")
    await expect(page.locator("#offer")).to_have_value("En plads ved vinduet")


async def test_two_tabs_do_not_overwrite_each_other_unasked(standing: Stand, visitor: Visitors) -> None:
    place = standing("people")
    participant_id, token = registered(place, host())
    first = await visitor(place, token=token, script=False)
    second = await first.context.new_page()
    for tab in (first, second):
        await tab.goto(f"/registration/sign-ups/{participant_id}/update")
    await first.locator("#offer").fill("Første fane")
    await first.get_by_role("button", name="Gem ændringer").click()
    await second.locator("#offer").fill("Anden fane")
    await second.get_by_role("button", name="Gem ændringer").click()
    await expect(second.get_by_text("Tilmeldingen er ændret et andet sted").first).to_be_visible()
    await expect(second.locator("#offer")).to_have_value("Anden fane")
    await second.get_by_role("button", name="Gem ændringer").click()
    await expect(second.get_by_text("Din tilmelding er rettet")).to_be_visible()


async def test_a_manager_answers_once_however_many_tabs_and_presses(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("people")
    participant_id, token = registered(place, intern(), "manager", "consent", "overview")
    page = await visitor(place, script=False, width=320)
    await page.goto(f"/registration/link?t={token}")
    assert state(place, participant_id) == "awaiting_consent", "a link that is opened changes nothing"
    await page.get_by_role("button", name="Gå videre").press("Enter")
    await expect(page.locator("h1")).to_contain_text("vil gerne i innovationspraktik")
    assert token not in page.url
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.get_by_role("link", name="Nej, det går ikke").click()
    await expect(other.locator("h1")).to_contain_text("Siger du nej til")
    assert state(place, participant_id) == "awaiting_consent", "a no is asked for once more"
    await page.get_by_role("button", name="Ja, det er i orden").dblclick()
    await expect(page.locator("h1")).to_have_text("Tak for dit svar")
    assert state(place, participant_id) == "registered"
    await other.get_by_role("button", name="Sig nej, og stop tilmeldingen").click()
    await expect(other.locator("h1")).to_have_text("Du har allerede svaret")
    assert state(place, participant_id) == "registered"
    await page.get_by_role("link", name="Gå til min side").click()
    await expect(page.locator("h1")).to_have_text("Praktikanten er tilmeldt. Vi leder efter en vært")


async def test_withdrawing_asks_why_and_a_second_tab_sends_nothing_new(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("people")
    participant_id, token = registered(place, intern(language="en"))
    page = await visitor(place, token=token, script=False)
    other = await page.context.new_page()
    for tab in (page, other):
        await tab.goto(f"/registration/sign-ups/{participant_id}/withdraw")
    await page.get_by_role("button", name="Withdraw my sign-up").click()
    await expect(page).to_have_title("Error: Withdraw – Innovationspraktik")
    assert state(place, participant_id) == "registered"
    await page.locator("#reason").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("You have withdrawn")
    assert state(place, participant_id) == "withdrawn"
    await other.locator("#reason").check()
    await other.get_by_role("button", name="Withdraw my sign-up").click()
    await expect(other.locator("h1")).to_have_text("You have withdrawn")


async def test_who_deletes_everything_finds_nothing_by_the_back_button_or_the_link(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("people")
    body = host()
    participant_id, token = registered(place, body)
    page = await visitor(place, token=token)
    await page.goto(f"/registration/sign-ups/{participant_id}")
    await page.get_by_role("link", name="Slet alt om din tilmelding").click()
    await page.get_by_label("Ja, jeg er sikker").check()
    await page.get_by_role("button", name="Slet alt").click()
    await expect(page.locator("h1")).to_have_text("Alt om din tilmelding er slettet")
    await page.goto(f"/registration/sign-ups/{participant_id}")
    await expect(page.locator("main")).not_to_contain_text(body["name"])
    await page.goto(f"/registration/link?t={token}")
    await expect(page.get_by_role("link", name="Få et nyt link")).to_be_visible()
    await page.goto("/registration/me")
    await expect(page.locator("h1")).to_have_text("Få et nyt link")


async def test_a_replaced_link_and_one_that_has_run_out_lead_to_a_new_one(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("people")
    participant_id, old = registered(place, host())

    async def ended(desk: Desk) -> str:
        contact_id, epoch = await desk.contact(participant_id)
        return desk.rig.link(
            contact_id=contact_id,
            participant_id=participant_id,
            acts=PERSON,
            aggregates=[participant_id],
            epoch=epoch,
            expires_at=desk.rig.clock.now(),
        )

    run_out = str(at_the_desk(place, ended))
    page = await visitor(place, token=old)
    await page.goto(f"/registration/sign-ups/{participant_id}/update")
    await page.locator("#email").fill(f"ny-{uuid.uuid4().hex[:8]}@example.org")
    await page.get_by_role("button", name="Gem ændringer").click()
    await expect(page.locator("h1")).to_have_text("Se i din nye indbakke")
    for token, heading in ((old, "Linket bruges ikke længere"), (run_out, "Linket er udløbet")):
        await page.goto(f"/registration/link?t={token}")
        await expect(page.locator("h1")).to_have_text(heading)
        await page.get_by_role("main").get_by_role("link", name="Få et nyt link").click()
        await expect(page.locator("h1")).to_have_text("Få et nyt link")

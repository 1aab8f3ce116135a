"""Three parties come to an agreement in a real browser: by keyboard, without scripts, in two tabs, back and forth, on paper."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from browser.pages.agreement import change_elsewhere, new_case
from browser.visiting import Standing, Visitors
from matching.visiting import PARTIES, Case
from playwright.async_api import Page, expect
from rig import Rig


@pytest.fixture
def place(standing: Callable[[str], Standing]) -> Standing:
    return standing("agreement")


def begin(place: Standing, *, accepted: bool = False, signed: bool = False) -> Case:
    """A case of one's own."""

    async def made(rig: Rig) -> Case:
        case = await new_case(rig)
        if signed:
            await case.signed()
        elif accepted:
            await case.accepted()
        return case

    case: Case = place.within(made)
    return case


async def tab_to(page: Page, selector: str) -> None:
    """Go on by the tab key until the focus is there; a page has fewer stops than this."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")


async def test_a_proposal_is_accepted_by_keyboard_alone_on_a_phone(
    place: Standing, visitor: Visitors
) -> None:
    case = begin(place)
    page = await visitor(place, width=320, script=False, token=case.token("intern"))
    await page.goto(case.here)
    await tab_to(page, "input[name=accept]")
    await page.keyboard.press("Space")
    await tab_to(page, "form[action*=answer] button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Du har sagt ja")).to_be_visible()
    await page.go_back()
    await page.reload()
    await expect(page.get_by_role("heading", name="Du har sagt ja")).to_be_visible()


async def test_without_scripts_an_agreement_is_read_changed_with_a_mistake_and_approved(
    place: Standing, visitor: Visitors
) -> None:
    case = begin(place, accepted=True)
    page = await visitor(place, width=320, script=False, token=case.token("host"))
    await page.goto(f"{case.here}/agreement")
    await page.get_by_role("link", name="Ret aftalen").click()
    await page.locator("#programme").fill("Dag 1: Kør med linje 5A.")
    await page.locator("#last_day").fill("45")
    await page.get_by_role("button", name="Send den nye version til alle tre").click()
    await expect(page).to_have_title("Fejl: Ret aftalen – Innovationspraktik")
    await page.get_by_role("link", name="Skriv sidste dag som dag, måned og år").click()
    assert page.url.endswith("#last_day")
    await expect(page.locator("#programme")).to_have_value("Dag 1: Kør med linje 5A.")
    await page.locator("#last_day").fill("11")
    await page.get_by_role("button", name="Send den nye version til alle tre").click()
    await expect(page.get_by_text("10.–11. september 2018")).to_be_visible()
    await page.get_by_label("Jeg har læst aftalen").check()
    await page.get_by_role("button", name="Godkend aftalen").click()
    await expect(page.get_by_role("heading", name="Du har godkendt")).to_be_visible()


async def test_of_two_tabs_the_later_is_told_what_changed_and_led_to_it(
    place: Standing, visitor: Visitors
) -> None:
    case = begin(place, accepted=True)
    page = await visitor(place, language="en", token=case.token("manager"))
    await page.goto(f"{case.here}/agreement?lang=en")
    await change_elsewhere(page, case, "host")
    await page.get_by_label("I have read the agreement").check()
    await page.get_by_role("button", name="Approve the agreement").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "The agreement was changed since you read it"
    )
    await expect(page.locator("ins", has_text="Kør med linje")).to_be_visible()
    await page.get_by_role("link", name="Read version 2").click()
    await page.get_by_label("I have read the agreement").check()
    await page.get_by_role("button", name="Approve the agreement").click()
    await expect(page.get_by_role("heading", name="You have approved")).to_be_visible()


async def test_a_refusal_with_a_comment_reaches_the_others(place: Standing, visitor: Visitors) -> None:
    case = begin(place, accepted=True)
    manager = await visitor(place, token=case.token("manager"))
    await manager.goto(f"{case.here}/agreement")
    await manager.get_by_role("link", name="Sig nej til denne version").click()
    await manager.get_by_role("button", name="Sig nej til versionen").click()
    await expect(manager.locator("#error-summary")).to_be_focused()
    await manager.get_by_label("Ingen kan passe arbejdet imens").check()
    await manager.get_by_label("Hvad skal ændres?").fill("Ikke i uge 37.")
    await manager.get_by_role("button", name="Sig nej til versionen").click()
    intern = await visitor(place, token=case.token("intern"))
    await intern.goto(f"{case.here}/agreement")
    await expect(intern.get_by_text("Ikke i uge 37.")).to_be_visible()
    await expect(intern.get_by_role("button", name="Godkend aftalen")).to_have_count(0)


async def test_the_signed_agreement_comes_as_a_tagged_document_whose_code_leads_to_the_check(
    place: Standing, visitor: Visitors
) -> None:
    case = begin(place, signed=True)
    assert len(PARTIES) == 3
    page = await visitor(place, script=False, token=case.token("host"))
    await page.goto(f"{case.here}/agreement")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Hent aftalen som PDF").click()
    download = await downloading.value
    assert download.suggested_filename == "praktikaftale-version-1.pdf"
    with pikepdf.open(io.BytesIO(Path(await download.path()).read_bytes())) as pdf:  # noqa: ASYNC240 - a file of the test's own
        assert pdf.Root.MarkInfo.Marked
        address = next(
            str(annotation.A.URI)
            for one in pdf.pages
            for annotation in one.get("/Annots", [])
            if "/A" in annotation
        )
    stranger = await visitor(place, width=320)
    await stranger.goto(address)
    await expect(stranger.get_by_text("Gælder. Alle tre har godkendt.")).to_be_visible()
    await expect(stranger.get_by_text("Navn")).to_have_count(0)


async def test_a_link_that_has_run_out_says_how_to_get_another(place: Standing, visitor: Visitors) -> None:
    case = begin(place)

    async def late(rig: Rig) -> str:
        return case.token("intern", expires_at=rig.clock.now())

    page = await visitor(place, width=320, token=place.within(late))
    await page.goto(f"{case.here}/answer")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Linket er udløbet")
    await expect(page.get_by_role("link", name="Få et nyt link")).to_be_visible()

"""Coordinators at the desk in a browser: by keyboard alone and without scripts, with mistakes, pressed twice, from two tabs."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from browser.visiting import Standing, Visitors
from playwright.async_api import Page
from registration.counter import HERE, host_row, intern_row, rows_of
from rig import Rig

Stand = Callable[[str], Standing]


async def tab_to(page: Page, selector: str) -> None:
    """Go there by keyboard."""
    for _ in range(250):
        if await page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keyboard")


async def write(page: Page, field: str, text: str) -> None:
    """Type into a field, in place of what stands there."""
    await tab_to(page, f"#{field}")
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(text)


async def choose(page: Page, field: str, letters: str) -> None:
    """Choose in a list by its first letters."""
    await tab_to(page, f"#{field}")
    await page.keyboard.type(letters)


async def press(page: Page, selector: str) -> None:
    """Press a button or follow a link by keyboard."""
    await tab_to(page, selector)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def signed_up(rig: Rig) -> int:
    """How many there are."""
    async with rig.database.reading() as conn:
        number: int = await conn.fetchval("select count(*) from participant")
    return number


async def test_a_list_with_an_error_is_imported_by_keyboard_alone(
    standing: Stand, visitor: Visitors, tmp_path: Path
) -> None:
    place = standing("desk")
    page = await visitor(place, script=False, coordinator=True)
    before = place.within(signed_up)
    text = rows_of(host_row(501), intern_row(502, **{"E-mail": "forkert"}), intern_row(503))

    await page.goto(f"{HERE}/import")
    await choose(page, "edition", "Uge")
    await press(page, "form[novalidate] button")
    assert (await page.title()).startswith("Fejl:")
    await press_link(page, '.alert a[href="#pasted"]')
    await write(page, "pasted", text)
    await press(page, "form[novalidate] button")
    assert await page.locator("h1").inner_text() == "Se, hvad der vil ske"
    assert await page.locator("tbody .badge").all_inner_texts() == ["Ny", "Fejl", "Ny"]
    assert place.within(signed_up) == before

    look = page.url
    await press(page, 'main form button:not([name="back"])')
    assert await page.locator("h1").inner_text() == "Listen er importeret"
    assert place.within(signed_up) == before + 2
    await page.go_back()
    await page.goto(look)  # the page before, as the service shows it now
    assert await page.locator("h1").inner_text() == "Listen er importeret"

    await tab_to(page, "a[href$='/left.csv']")
    async with page.expect_download() as started:
        await page.keyboard.press("Enter")
    left = tmp_path / "left.csv"
    await (await started.value).save_as(left)
    mended = left.read_text("utf-8-sig").replace("forkert", "p502@example.org")

    await page.goto(f"{HERE}/import")
    await choose(page, "edition", "Uge")
    await write(page, "pasted", mended)
    await press(page, "form[novalidate] button")
    assert await page.locator("tbody .badge").all_inner_texts() == ["Ny"]
    await press(page, "main form button")
    assert place.within(signed_up) == before + 3


async def press_link(page: Page, selector: str) -> None:
    """Follow a link within the page."""
    await tab_to(page, selector)
    await page.keyboard.press("Enter")


async def test_somebody_is_signed_up_on_behalf_by_keyboard_alone_and_once(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("desk")
    page = await visitor(place, width=320, script=False, coordinator=True)
    before = place.within(signed_up)
    await page.goto(f"{HERE}/sign-ups")
    await press(page, f"main a[href='{HERE}/register']")
    await press(page, "main a[href$='role=host']")
    form = page.url
    await fill_in_host(page, email="ny-vaert@")
    await press(page, "form[novalidate] > button")
    assert (await page.title()).startswith("Fejl:")
    assert await page.locator(".alert li").all_inner_texts() == ["Skriv en e-mail som navn@eksempel.dk."]
    assert await page.input_value("#name") == "Ny Vært"
    await press_link(page, '.alert a[href="#email"]')
    await write(page, "email", "ny-vaert@example.org")
    await press(page, "form[novalidate] > button")
    assert "done=registered" in page.url
    assert "Tilmeldt på personens vegne" in await page.locator("#history ~ div").inner_text()
    case = page.url
    await page.goto(form)  # who comes back to the page and sends it once more
    await fill_in_host(page, email="ny-vaert@example.org")
    await press(page, "form[novalidate] > button")
    assert page.url == case
    assert place.within(signed_up) == before + 1


async def fill_in_host(page: Page, *, email: str) -> None:
    """What somebody wrote in a mail."""
    await choose(page, "edition", "Uge")
    await write(page, "name", "Ny Vært")
    await write(page, "email", email)
    await write(page, "organisation", "Vejle Kommune")
    await choose(page, "sector", "Kom")
    await choose(page, "municipality", "Vejle")
    await choose(page, "field", "Bib")


async def test_the_list_is_searched_sorted_and_left_through_in_english(
    standing: Stand, visitor: Visitors
) -> None:
    place = standing("desk")
    page = await visitor(place, language="en", coordinator=True)
    await page.goto(f"{HERE}/sign-ups?edition={place.within(first_edition)}&lang=en")
    await press(page, "th a[href*='order=name']")
    assert await page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    first = await page.locator("tbody th a").all_inner_texts()
    await press(page, "a[rel=next]")
    second = await page.locator("tbody th a").all_inner_texts()
    assert not set(first) & set(second) - {"Without a name"}
    await press(page, "a[rel=prev]")
    assert await page.locator("tbody th a").all_inner_texts() == first
    await write(page, "q", "vært 54")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#clear-search")
    assert not any("54" in value for name, value in parse_qsl(urlsplit(page.url).query) if name != "edition")
    found = await page.locator("tbody th a").all_inner_texts()
    assert "Vært 54" in found
    assert len(found) < len(first)
    assert await page.locator("h1").inner_text() == "Sign-ups"
    await press(page, "#clear-search")
    assert await page.locator("tbody th a").count() == len(first)


async def first_edition(rig: Rig) -> str:
    """The campaign of the scene."""
    async with rig.database.reading() as conn:
        edition_id = await conn.fetchval("select edition_id from edition where mode = 'campaign'")
    return str(edition_id)

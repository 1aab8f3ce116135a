"""Coordinators at work in a real browser: by keyboard without scripts, with progress by itself, two at once, with old pages."""

import asyncio
import io
from collections.abc import Callable
from urllib.parse import unquote_plus
from uuid import UUID

import pytest
from browser.board_cast import Edition, joins, new_edition, peopled, solved
from browser.visiting import Standing, Visitors
from PIL import Image
from playwright.async_api import Page, expect
from rig import Rig

ROOT = "/matching/board"


@pytest.fixture
def place(standing: Callable[[str], Standing]) -> Standing:
    return standing("board")


def begin(place: Standing, *, runs: int = 0) -> tuple[Edition, list[UUID]]:
    """An edition of one's own with three interns, two hosts and so many solved runs."""

    async def made(rig: Rig) -> tuple[Edition, list[UUID]]:
        edition = await new_edition(rig, "En runde")
        await peopled(edition, interns=3, hosts=2)
        return edition, [await solved(edition) for _ in range(runs)]

    found: tuple[Edition, list[UUID]] = place.within(made)
    return found


def solve(place: Standing) -> None:
    """Let the clock's jobs do what is due."""

    async def jobs(rig: Rig) -> None:
        await rig.run_jobs()

    place.within(jobs)


async def tab_to(page: Page, selector: str) -> None:
    """Go on by the tab key until the focus is there; a page has fewer stops than this."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")


async def enter(page: Page, selector: str) -> None:
    """Press what the tab key comes to."""
    await tab_to(page, selector)
    await page.keyboard.press("Enter")
    await page.wait_for_load_state()


async def test_run_compare_and_send_out_by_keyboard_without_scripts(
    place: Standing, visitor: Visitors
) -> None:
    edition, _ = begin(place, runs=1)
    page = await visitor(place, script=False, coordinator=True)
    await page.goto(f"{ROOT}/runs?edition={edition.edition_id}")
    await enter(page, "form[method=post][action$='/board/runs'] button")
    await expect(page.get_by_text("Beregningen venter på at blive taget op.")).to_be_visible()

    async def one_more_host_and_solve(rig: Rig) -> None:
        await joins(edition, "host", "Ny vært", "Lejre Kommune")
        await rig.run_jobs()

    place.within(one_more_host_and_solve)
    await enter(page, "#progress a")
    await expect(page.get_by_role("heading", name="Hvor god er planen?")).to_be_visible()
    await enter(page, "a.back-link")
    await expect(page.locator("form[action$='/compare'] button")).to_be_visible()
    await enter(page, "form[action$='/compare'] button")
    await expect(page.get_by_text("Får en plads: 1")).to_be_visible()
    await enter(page, "main a.button")
    await expect(page.get_by_role("heading", name="Send planen ud")).to_be_visible()
    await enter(page, "form[action$='/release'] button")
    await expect(
        page.get_by_role("link", name="Vælg, om det er den sidste beregning i runden")
    ).to_be_visible()
    await tab_to(page, "input[name=final]")
    await page.keyboard.press("Space")
    await enter(page, "form[action$='/release'] button")
    await expect(page.get_by_role("heading", name="Planen er sendt ud")).to_be_visible()
    assert len(place.within(lambda _: edition.placements())) == 3


async def test_progress_shows_by_itself_and_then_leaves_the_service_alone(
    place: Standing, visitor: Visitors
) -> None:
    edition, _ = begin(place)
    page = await visitor(place, width=320, coordinator=True)
    await page.goto(f"{ROOT}/runs?edition={edition.edition_id}")
    await page.get_by_role("button", name="Start en beregning").click()
    await expect(page.get_by_text("Beregningen venter på at blive taget op.")).to_be_visible()
    here = page.url
    await page.get_by_role("link", name="Opdatér").focus()
    async with page.expect_response(lambda answer: answer.status == 204):
        pass  # nothing has changed: the service is asked and the page left alone
    await expect(page.get_by_role("link", name="Opdatér")).to_be_focused()
    solve(place)
    await expect(page.get_by_role("status")).to_contain_text("Beregningen er færdig.")
    assert page.url == here
    assert await page.locator("[data-hx-get]").count() == 0
    await page.get_by_role("link", name="Se resultatet").click()
    await expect(page.get_by_role("heading", name="Hvem skal hvorhen")).to_be_visible()


async def test_a_run_is_stopped_by_keyboard_without_scripts(place: Standing, visitor: Visitors) -> None:
    edition, _ = begin(place)
    page = await visitor(place, width=320, script=False, coordinator=True)
    await page.goto(f"{ROOT}/runs?edition={edition.edition_id}")
    await enter(page, "form[method=post][action$='/board/runs'] button")
    await expect(page.get_by_role("button", name="Stop beregningen")).to_be_visible()
    await enter(page, "form[action$='/cancel'] button")
    await expect(page.get_by_role("heading", name="Beregningen er stoppet")).to_be_visible()
    await enter(page, "main a.button")
    await expect(page.get_by_role("button", name="Start en beregning")).to_be_visible()
    await expect(page.get_by_text("Stoppet", exact=True)).to_be_visible()


async def test_a_host_is_supposed_on_a_phone_in_english_without_scripts_and_nothing_is_kept(
    place: Standing, visitor: Visitors
) -> None:
    edition, (run_id,) = begin(place, runs=1)
    page = await visitor(place, width=320, script=False, language="en", coordinator=True)
    await page.goto(f"{ROOT}/runs/{run_id}?lang=en")
    await enter(page, "a[href*='/what-if']")
    await expect(page.get_by_role("heading", name="What if?")).to_be_visible()
    await enter(page, "main form[method=get] button")
    await expect(page.get_by_role("link", name="Choose at least one thing to be different")).to_be_visible()
    for name, choice in (("field", "law"), ("sector", "state"), ("region", "syddanmark"), ("seats", "1")):
        await page.select_option(f"#new_{name}", choice)
    await enter(page, "main form[method=get] button")
    await expect(page.get_by_role("row", name="Gets a place").first).to_contain_text("+1")
    await expect(page.get_by_role("cell", name="The new host")).to_be_visible()
    assert "lang=en" in page.url

    async def counted(rig: Rig) -> int:
        async with rig.database.reading() as conn:
            return int(
                await conn.fetchval("select count(*) from runs where edition_id = $1", edition.edition_id)
            )

    assert place.within(counted) == 1


async def test_a_latecomer_is_pinned_from_the_way_in(place: Standing, visitor: Visitors) -> None:
    edition, _ = begin(place, runs=1)

    async def late(_: Rig) -> UUID:
        await joins(edition, "host", "Vært for sent", "Lejre Kommune")
        return (await joins(edition, "intern", "Bo Li", "Aalborg Kommune")).participant_id

    newcomer = place.within(late)
    page = await visitor(place, script=False, coordinator=True)
    await page.goto(f"{ROOT}/interns/{newcomer}/ways")
    row = page.get_by_role("row", name="Ingen flytter")
    await expect(row).to_contain_text("Vært for sent")
    await row.get_by_role("link", name="Fastlås").click()
    await expect(page.get_by_label("Skal til værten")).to_be_visible()
    assert f"intern={newcomer}" in page.url


async def test_two_coordinators_who_send_out_see_one_outcome(place: Standing, visitor: Visitors) -> None:
    edition, (run_id,) = begin(place, runs=1)
    pages = [await visitor(place, coordinator=True), await visitor(place, coordinator=True, script=False)]
    for page in pages:
        await page.goto(f"{ROOT}/runs/{run_id}/release")
        await page.get_by_label("Nej, der kan komme flere").check()
    for page in pages:
        await page.get_by_role("button", name="Send planen ud").click()
        await expect(page.get_by_role("heading", name="Planen er sendt ud")).to_be_visible()
    told = {await page.locator(".alert-success .alert-text").inner_text() for page in pages}
    assert len(told) == 1
    assert len(place.within(lambda _: edition.placements())) == 2
    await pages[0].go_back()
    await pages[0].goto(f"{ROOT}/runs/{run_id}/release")
    await expect(pages[0].get_by_role("heading", name="Planen er sendt ud")).to_be_visible()


async def test_an_old_page_takes_nothing_back(place: Standing, visitor: Visitors) -> None:
    edition, (run_id,) = begin(place, runs=1)

    async def sent(_: Rig) -> UUID:
        await edition.releases(run_id)
        return (await edition.placements())[0].placement_id

    placement_id = place.within(sent)
    page = await visitor(place, coordinator=True)
    await page.goto(f"{ROOT}/cases/{placement_id}")
    await page.get_by_label("Ja, forslaget skal trækkes tilbage").check()

    async def agreed(_: Rig) -> None:
        await edition.signed(await edition.placement(placement_id))

    place.within(agreed)
    await page.get_by_role("button", name="Træk forslaget tilbage").click()
    await expect(page.get_by_role("heading", name="Sagen har ændret sig")).to_be_visible()
    await page.get_by_role("link", name="Se sagen, som den er nu").click()
    await expect(page.get_by_text("Godkendt", exact=True).first).to_be_visible()


async def test_a_pair_is_pinned_in_three_steps_on_a_phone_in_english_and_undone(
    place: Standing, visitor: Visitors
) -> None:
    edition, _ = begin(place)
    page = await visitor(place, width=320, script=False, language="en", coordinator=True)
    await page.goto(f"{ROOT}/rules?edition={edition.edition_id}&lang=en")
    await page.get_by_role("link", name="Make a rule").click()
    for words, name in (("østergaard", "Åse Østergaard"), ("vært 1", "Vært 1")):
        await page.get_by_label("Name or workplace").fill(words)
        await page.get_by_role("button", name="Search").click()
        await page.get_by_role("link", name=name).click()
    await page.get_by_role("button", name="Keep the rule").click()
    await expect(page.get_by_role("link", name="Choose a reason that suits the rule")).to_be_visible()
    await page.get_by_label("The intern must go to the host").check()
    await page.get_by_label("Reason").select_option("agreed")
    await page.get_by_role("button", name="Keep the rule").click()
    await expect(page.get_by_role("heading", name="In force")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert "lang=en" in page.url


async def test_a_name_is_searched_for_and_never_stands_in_an_address(
    place: Standing, visitor: Visitors
) -> None:
    edition, _ = begin(place)

    async def sent(_: Rig) -> None:
        # room for all three: the lot does not decide who is found
        await joins(edition, "host", "Vært 2", "Odense Kommune", capacity=3)
        await edition.releases(await solved(edition))

    place.within(sent)
    page = await visitor(place, width=320, script=False, language="en", coordinator=True)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(unquote_plus(request.url).casefold()))
    await page.goto(f"{ROOT}/search?lang=en")
    await page.get_by_label("Name, workplace or case number").fill("kommune")
    await enter(page, "main form button")
    await page.locator("form[action*='/board/cases'] button").first.click()
    words = await page.get_by_label("Name, workplace or case number").input_value()
    assert "kommune" in words.casefold()
    await page.goto(f"{ROOT}/cases?edition={edition.edition_id}&lang=en")
    await page.get_by_label("Name, workplace or case number").fill("østergaard")
    await page.get_by_role("button", name="Show cases").click()
    await expect(page.get_by_role("row", name="Åse Østergaard")).to_have_count(1)
    async with page.expect_download() as started:
        await page.locator("form[action*='cases.csv'] button").click()
    file = await (await started.value).path()
    assert "Åse Østergaard" in await asyncio.to_thread(file.read_text, "utf-8")
    await page.get_by_role("link", name="Open").click()
    await expect(page.get_by_role("heading", name="Åse Østergaard")).to_be_visible()
    assert not [url for url in seen if "kommune" in url or "østergaard" in url or "q=" in url]


async def test_a_table_that_is_cut_off_shows_on_which_side_it_goes_on(
    place: Standing, visitor: Visitors
) -> None:
    edition, (run_id,) = begin(place, runs=1)

    async def sent(_: Rig) -> None:
        await edition.releases(run_id)

    place.within(sent)
    page = await visitor(place, width=320, script=False, coordinator=True)
    await page.goto(f"{ROOT}/cases?edition={edition.edition_id}")
    table = page.locator(".table--responsive-scroll")
    assert await table.evaluate("e => e.scrollWidth > e.clientWidth")
    assert (await _edges(page)) == (False, True)
    await table.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
    assert (await _edges(page)) == (True, False)


async def _edges(page: Page) -> tuple[bool, bool]:
    """Whether a shadow lies at the table's left and right edge: within a row, above what is written."""
    table = page.locator(".table--responsive-scroll")
    row = table.locator("tbody tr").first
    await row.scroll_into_view_if_needed()
    around, within = await table.bounding_box(), await row.bounding_box()
    assert around is not None
    assert within is not None
    found = []
    for x in (around["x"] + 2, around["x"] + around["width"] - 4):
        shot = await page.screenshot(clip={"x": x, "y": within["y"] + 5, "width": 2, "height": 4})
        with Image.open(io.BytesIO(shot)) as picture:
            found.append(max(picture.convert("L").tobytes()) < 235)
    return found[0], found[1]


async def test_without_a_session_every_page_leads_to_the_sign_in(place: Standing, visitor: Visitors) -> None:
    page = await visitor(place)
    answer = await page.request.get(f"{ROOT}/cases", max_redirects=0, headers={"accept": "text/html"})
    assert answer.status == 303
    assert "/registration/sign-in" in answer.headers["location"]

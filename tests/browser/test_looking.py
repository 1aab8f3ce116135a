"""The checks themselves can fail: a page that is wrong in every way is found wrong in every way."""

from browser.looking import glued, invalid_html, lix, prose, shape, sideways, violations
from playwright.async_api import Browser

WRONG = """<!doctype html><html><head><title>Side</title></head><body><main><p style="width: 3000px; color: #ddd">Tekst</p>
<input type="text"><img src="data:,"><p>Ansøgningsproceduren forudsætter ministeriel forhåndsgodkendelse</p></main></body></html>"""


async def test_a_page_that_is_wrong_is_found_wrong(browser: Browser, axe: str) -> None:
    context = await browser.new_context(viewport={"width": 320, "height": 600})
    page = await context.new_page()
    await page.set_content(WRONG)
    found = " ".join(await violations(page, axe))
    for rule in ("html-has-lang", "label", "image-alt", "color-contrast"):
        assert rule in found
    assert "3000" in await sideways(page) or "> 320" in await sideways(page)
    assert [line.partition(" ")[0] for line in await shape(page)] == ["0", "title"]
    assert "Ansøgningsproceduren forudsætter ministeriel forhåndsgodkendelse" in await prose(page)
    await context.close()
    assert "alt" in await invalid_html({"wrong": WRONG})


async def test_a_name_of_a_table_that_has_to_be_scrolled_is_found(browser: Browser) -> None:
    scrolled = """<div style="overflow-x: auto"><table style="width: 900px"><caption style="text-align: left">
        Spørgsmål uden svar, den nærmeste frist først</caption><tr><td>1</td></tr></table></div>"""
    context = await browser.new_context(viewport={"width": 320, "height": 600})
    page = await context.new_page()
    await page.set_content(scrolled)
    assert await sideways(page) == "cut off: Spørgsmål uden svar, den nærmeste frist først"
    await page.set_content(scrolled.replace("left", "left; max-width: 200px"))
    assert await sideways(page) == ""
    await context.close()


def test_long_words_in_long_sentences_are_hard_and_short_ones_are_not() -> None:
    hard = lix(["Ansøgningsproceduren forudsætter ministeriel forhåndsgodkendelse samt dokumentation " * 15])
    plain = lix(["Du kan rejse to dage. Vi finder en vært til dig, og du siger ja eller nej."] * 8)
    assert hard is not None
    assert plain is not None
    assert hard > 100
    assert plain < 30
    assert lix(["For få ord."]) is None


def test_a_sentence_that_runs_into_the_next_is_found_and_addresses_are_none() -> None:
    assert glued(["Dit nummer er IP-1.Nu spørger vi din leder."]) == ["IP-1.Nu"]
    assert (
        glued(["Skriv til os. Vi svarer.", "Kim.Holm@example.org", "https://example.org/a.Html", "Kl. 10.30"])
        == []
    )

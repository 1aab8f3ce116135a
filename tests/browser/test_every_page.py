"""Every page in every state: no barrier for anybody, valid, no wider than a phone, silent, plain.

The short tier looks at each stop that needs no hand to get there, in one width and language, for barriers, valid HTML and plain words.
The long tier looks at all of them: without scripts in forced colours, in every other width and language, with text twice as large.
"""

from collections.abc import Callable

import pytest
from browser.looking import MOST_LIX, invalid_html, lix, prose, shape, sideways, violations
from browser.stops import AREAS
from browser.visiting import WIDTHS, Standing, Visitors, at
from playwright.async_api import Page

Stand = Callable[[str], Standing]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("area", AREAS)
async def test_no_page_has_a_barrier(area: str, standing: Stand, visitor: Visitors, axe: str) -> None:
    place = standing(area)
    found: list[str] = []
    sources: dict[str, str] = {}
    for number, stop in enumerate(place.stops):
        if stop.act is not None:
            continue
        width, language = WIDTHS[number % 2], ("da", "en")[number // 2 % 2]
        where = f"{stop.name} ({width} px, {language})"
        page = await visitor.again(place, stop, width=width, language=language)
        status = await at(page, stop, language=language)
        found += [f"{where}: answers {status}"] if status != stop.status else []
        found += [f"{where}: {line}" for line in await shape(page)]
        found += [f"{where}: {line}" for line in await violations(page, axe)]
        found += [f"{where}: wider than the window: {wide}" for wide in [await sideways(page)] if wide]
        found += await hard_words(page, where) if language == "da" else []
        sources[f"{stop.name}-{language}"] = await page.content()
    assert not found, "\n".join(found)
    assert not (said := await invalid_html(sources)), said


async def hard_words(page: Page, where: str) -> list[str]:
    """What a page says that is too hard to read."""
    hard = lix(await prose(page))
    return [f"{where}: LIX {hard:.0f}"] if hard is not None and hard > MOST_LIX else []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("area", AREAS)
async def test_every_page_works_without_scripts_and_in_plain_danish(
    area: str, standing: Stand, visitor: Visitors
) -> None:
    place = standing(area)
    found: list[str] = []
    for number, stop in enumerate(place.stops):
        if stop.scripted:
            continue
        width = WIDTHS[(number + 1) % 2]
        page = await visitor.again(place, stop, width=width, script=False, forced=True)
        status = await at(page, stop)
        found += [f"{stop.name}: answers {status}"] if status != stop.status else []
        found += [f"{stop.name}: wider than {width}: {wide}" for wide in [await sideways(page)] if wide]
        found += await hard_words(page, stop.name)
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("area", AREAS)
async def test_no_page_has_a_barrier_at_the_other_width_in_any_language_or_with_large_text(
    area: str, standing: Stand, visitor: Visitors, axe: str
) -> None:
    place = standing(area)
    found: list[str] = []
    sources: dict[str, str] = {}
    for number, stop in enumerate(place.stops):
        looked_at, other = WIDTHS[number % 2], WIDTHS[(number + 1) % 2]
        first = "da" if number // 2 % 2 == 0 else "en"
        # the rest is looked at elsewhere: the first width and language with scripts, the other width in Danish without
        widths = {"da": [looked_at], "en": [other]} if first == "en" else {"en": [looked_at, other]}
        for language, each in widths.items():
            page = await visitor.again(place, stop, language=language)
            await seen_at(page, each[0])
            status = await at(page, stop, language=language)
            found += [f"{stop.name} ({language}): answers {status}"] if status != stop.status else []
            for width in each:
                where = f"{stop.name} ({width} px, {language})"
                await seen_at(page, width)
                found += [
                    f"{where}: wider than the window: {wide}" for wide in [await sideways(page)] if wide
                ]
                if width == other:
                    sources[f"{stop.name}-{language}"] = await page.content()
                    found += [f"{where}: {line}" for line in await violations(page, axe)]
                if width == max(WIDTHS):
                    # people make text twice as large on a desk; on a phone they zoom, which is a width of its own
                    await page.evaluate("document.documentElement.style.fontSize = '125%'")
                    found += [f"{where}: large text: {wide}" for wide in [await sideways(page)] if wide]
                    await page.evaluate("document.documentElement.style.fontSize = ''")
    assert not found, "\n".join(found)
    assert not (wrong := await invalid_html(sources)), wrong


async def seen_at(page: Page, width: int) -> None:
    """Make the page's window so wide, and let it be painted so."""
    await page.set_viewport_size({"width": width, "height": 900})
    await page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )

"""The tab key alone: it comes to whatever can be used on a page, and each thing it comes to shows that it is there."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from browser.stops import AREAS
from browser.visiting import Standing, Visitors, at
from playwright.async_api import Page

_LOOK: Final = """
    const look = (e, part) => {
        const s = getComputedStyle(e, part);
        return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor].join();
    };
    // a box or a dot is drawn by what stands beside it
    const all = (e) => [e, e.nextElementSibling].filter((one) => one !== null)
        .flatMap((one) => [look(one), look(one, "::before"), look(one, "::after")]).join(";");
"""
_NOTE: Final = (
    "() => {"
    + _LOOK
    + """
    document.activeElement.blur();  // what an act left in focus looks so already
    window.stops = new Map();
    for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
        if (e.type === "hidden" || e.disabled || e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true })) continue;
        const name = e.type === "radio" ? [...document.forms].indexOf(e.form) + e.name : String(window.stops.size);
        if (!window.stops.has(name)) window.stops.set(name, { e, reached: false });
        e.tabName = name;
        e.lookBefore = all(e);
    }
    window.unseen = [];
    document.addEventListener("focusin", ({ target: e }) => {
        const stop = window.stops.get(e.tabName);
        if (!stop) return;
        stop.reached = true;
        if (e.lookBefore === all(e)) window.unseen.push(e.outerHTML.slice(0, 120));
    });
    return window.stops.size;
}"""
)
_LEFT: Final = """() => [
    [...window.stops.values()].filter((one) => !one.reached).map((one) => one.e.outerHTML.slice(0, 120)),
    window.unseen,
]"""
AROUND: Final = 12
"""More presses than there are stops: one for the browser itself, some for what has inner stops of its own."""


async def stops_by_tab(page: Page) -> tuple[list[str], list[str]]:
    """What the tab key does not come to, and what does not show that it has come."""
    count: Any = await page.evaluate(_NOTE)
    for _ in range(count + AROUND):
        await page.keyboard.press("Tab")
    unreached, unseen = await page.evaluate(_LEFT)
    return unreached, unseen


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("area", AREAS)
async def test_the_tab_key_comes_to_everything_and_shows_where_it_is(
    area: str, standing: Callable[[str], Standing], visitor: Visitors
) -> None:
    place = standing(area)
    found: list[str] = []
    for stop in place.stops:
        page = await visitor.again(place, stop, width=320)
        await at(page, stop)
        unreached, unseen = await stops_by_tab(page)
        found += [f"{stop.name}: never reached: {one}" for one in unreached]
        found += [f"{stop.name}: not seen: {one}" for one in unseen]
    assert not found, "\n".join(found)


async def test_the_eye_for_the_tab_key_sees_what_cannot_be_reached_and_what_does_not_show(
    standing: Callable[[str], Standing], visitor: Visitors
) -> None:
    place = standing("frame")
    page = await visitor(place)
    await at(page, place.stops[0])
    assert await stops_by_tab(page) == ([], [])
    await page.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll("nav a");
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("nav a { outline: none !important; box-shadow: none !important; border: 0 !important; }");
            document.adoptedStyleSheets = [sheet];
            second.addEventListener("focus", () => document.querySelector("footer a").focus());
        }"""
    )
    unreached, unseen = await stops_by_tab(page)
    assert len(unreached) >= 1
    assert unseen

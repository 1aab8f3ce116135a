"""What a page costs to open: bytes over the wire on the first visit and after, and nothing that moves under the reader's eyes."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from browser.stops import AREAS
from browser.visiting import Standing, Visitors, at
from playwright.async_api import Page

FIRST_VISIT: Final = 250 * 1024
AFTER: Final = 20 * 1024
ONE_OF_EACH_SERVICE: Final = ("sign_up", "agreement", "mails", "evaluation")
_SHIFTS: Final = """() => new Promise((done) => {
    let moved = 0;
    const watch = (entries) => { for (const one of entries) if (!one.hadRecentInput) moved += one.value; };
    const observer = new PerformanceObserver((list) => watch(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
        watch(observer.takeRecords());
        done(moved);
    })));
})"""
LEAST_SHIFT_SEEN: Final = 0.01
"""People notice nothing below 0.1; the arrival of the font is let change a line's width by a hair."""


class Scale:
    """Weighs what a page fetches."""

    def __init__(self) -> None:
        self.bytes = 0

    async def put_under(self, page: Page) -> None:
        """Count from here on."""
        session = await page.context.new_cdp_session(page)
        await session.send("Network.enable")

        def fetched(event: dict[str, Any]) -> None:
            self.bytes += int(event["encodedDataLength"])

        session.on("Network.loadingFinished", fetched)

    def read(self) -> int:
        """The bytes since the last reading."""
        weight, self.bytes = self.bytes, 0
        return weight


@pytest.mark.parametrize("area", ONE_OF_EACH_SERVICE)
async def test_pages_are_light_and_stand_still(
    area: str, standing: Callable[[str], Standing], visitor: Visitors
) -> None:
    """The first pages of whoever has most to see: all have the same frame."""
    place = standing(area)
    people = [(stop.token, stop.coordinator) for stop in place.stops if stop.act is None]
    most = max(people, key=people.count)
    found = await _heavy(place, visitor, [most], width=1280, at_most=5)
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("area", AREAS)
async def test_every_page_is_light_and_stands_still_on_a_phone(
    area: str, standing: Callable[[str], Standing], visitor: Visitors
) -> None:
    place = standing(area)
    people = sorted({(stop.token, stop.coordinator) for stop in place.stops if stop.act is None})
    found = await _heavy(place, visitor, people, width=320)
    assert not found, "\n".join(found)


async def _heavy(
    place: Standing,
    visitor: Visitors,
    people: Sequence[tuple[str, bool]],
    *,
    width: int,
    at_most: int | None = None,
) -> list[str]:
    """What weighs too much or moves, a line each, over so many pages of each of these people."""
    found = []
    for token, coordinator in people:
        page = await visitor(place, width=width, token=token, coordinator=coordinator)
        scale = Scale()
        await scale.put_under(page)
        most = FIRST_VISIT
        theirs = [
            stop
            for stop in place.stops
            if (stop.token, stop.coordinator) == (token, coordinator) and stop.act is None
        ]
        for stop in theirs[:at_most]:
            await at(page, stop)
            await page.wait_for_load_state("networkidle")
            moved = await page.evaluate(_SHIFTS)
            weight = scale.read()
            found += [f"{stop.name}: {weight} bytes of {most}"] if weight > most else []
            found += [f"{stop.name}: shifts by {moved:.3f}"] if moved > LEAST_SHIFT_SEEN else []
            most = AFTER
    return found


async def test_the_scale_and_the_eye_for_movement_can_find_something(
    standing: Callable[[str], Standing], visitor: Visitors
) -> None:
    place = standing("frame")
    page = await visitor(place)
    scale = Scale()
    await scale.put_under(page)
    await at(page, place.stops[0])
    await page.wait_for_load_state("networkidle")
    assert scale.read() > AFTER, "style and fonts are fetched on the first visit"
    await page.evaluate(
        """() => new Promise((done) => {
            const block = document.createElement("div");
            block.style.height = "500px";
            document.querySelector("main").prepend(block);
            requestAnimationFrame(() => requestAnimationFrame(done));
        })"""
    )
    assert await page.evaluate(_SHIFTS) > LEAST_SHIFT_SEEN

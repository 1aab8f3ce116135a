"""Pictures of every page in every state into docs/pages, of its main state on a phone too. No test: `make pages` runs it by name."""

import asyncio
import io
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from browser.stops import AREAS
from browser.visiting import WIDTHS, Standing, Visitors, at
from PIL import Image
from playwright.async_api import FloatRect, Page, Route

SHOWN: Final = 640
"""Pixels across, at most: text on a desk's picture can still be read."""
TALL: Final = 1600
"""Pixels of the page from its top, at most: what comes below shows nothing new of how a page looks."""
COLOURS: Final = bytes.fromhex(
    "ffffff f5f5f5 dcdcdc bfbfbf 8e8e8e 6f6f6f 454545 1a1a1a "  # paper, lines, text and its edges
    "1b4965 6b899b a4b7c2 "  # the programme's own, and its edges on white
    "ffe0e0 ddf7ce ffeecc e2f2fb cc0000 358000 febb30 1b86c3 "  # what went wrong, well, is urgent, is news: grounds and marks
    "06294a 0b4f8a a9cdec d3e6f7 f5c77e 7a4a00"  # drawings
)
"""The pages are flat, and these are their colours. With no others and no loss a picture is a quarter of the size, and its text sharp."""
PAINTED_WITHIN: Final = 20.0
"""Seconds that a page's frames may take to be painted."""
UNHURRIED: Final = 60_000
"""Milliseconds that a page may take to come: nobody waits for pictures, and a busy machine makes them too."""
_styles: Final[dict[str, str]] = {}
_A_FRAME_LATER: Final = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
)
BORDER: Final = 3
"""Pixels at a frame's edge that are the page's."""
INTO: Final = Path(__file__).resolve().parents[2] / "docs" / "pages"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("area", AREAS)
async def test_pictures(area: str, standing: Callable[[str], Standing], visitor: Visitors) -> None:
    place = standing(area)
    folder = INTO / area
    folder.mkdir(parents=True, exist_ok=True)
    names = {stop.name for stop in place.stops}
    pictured = [
        (stop, width)
        for stop in place.stops
        for width in WIDTHS
        if width > SHOWN or not varied(stop.name, names)
    ]
    wanted = {f"{stop.name}-{width}.webp" for stop, width in pictured}
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink()
    for stop, width in pictured:
        page = await visitor(place, width=width, token=stop.token, coordinator=stop.coordinator)
        page.context.set_default_timeout(UNHURRIED)
        await page.route(re.compile(r"\.css(\?|$)"), with_its_fonts)
        await at(page, stop)
        save_small(await taken(page, width=width), width=width, file=folder / f"{stop.name}-{width}.webp")
        await page.context.close()


def varied(name: str, names: Collection[str]) -> bool:
    """Whether it is a variation of another state: on a phone it looks as that does."""
    return name.endswith(("-error", "-refused")) or any(name.startswith(f"{other}-") for other in names)


async def with_its_fonts(route: Route) -> None:
    """A style sheet that waits for its fonts. The pages' own leaves them out where they come late, as on a machine that is busy."""
    name = urlsplit(route.request.url).path  # it says the digest, so what has that name never changes
    if name not in _styles:
        answer = await route.fetch()
        _styles[name] = (await answer.text()).replace("font-display:optional", "font-display:block")
    await route.fulfill(content_type="text/css", body=_styles[name])


async def taken(page: Page, *, width: int) -> bytes:
    """The page's picture, once its fonts are there and every frame in it shows what it holds.

    A browser paints a frame in its own time, and never one below its window; so the window is made as tall as the picture, and the
    picture itself is looked at until no frame is blank.
    """
    tall = await page.evaluate("document.documentElement.scrollHeight")
    await page.set_viewport_size({"width": width, "height": min(max(tall, 900), TALL)})
    for frame in page.frames:
        await frame.wait_for_load_state("load")
    await page.evaluate("document.fonts.ready")
    framed = [box for one in await page.locator("iframe").all() if (box := await one.bounding_box())]
    async with asyncio.timeout(PAINTED_WITHIN):
        picture = await page.screenshot()
        while any(blank(picture, box) for box in framed):
            await page.evaluate(_A_FRAME_LATER)
            picture = await page.screenshot()
    return picture


def blank(picture: bytes, box: FloatRect) -> bool:
    """Whether there is nothing to see in that part of the picture; a frame's own border is not of it."""
    with Image.open(io.BytesIO(picture)) as whole:
        left, top = int(box["x"]) + BORDER, int(box["y"]) + BORDER
        right, bottom = int(box["x"] + box["width"]) - BORDER, int(box["y"] + box["height"]) - BORDER
        if top >= min(bottom, whole.height):
            return False  # it lies below what is pictured
        part = whole.convert("L").crop((left, top, right, min(bottom, whole.height)))
        darkest, lightest = part.getextrema()
    return darkest == lightest


def save_small(taken: bytes, *, width: int, file: Path) -> None:
    """The picture of a page of that width, cut, scaled down and in few colours."""
    with Image.open(io.BytesIO(taken)) as picture:
        top = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALL)))
    if width > SHOWN:
        top = top.resize((SHOWN, top.height * SHOWN // width), Image.Resampling.LANCZOS)
    few = top.quantize(palette=palette(), dither=Image.Dither.NONE).convert("RGB")
    few.save(file, lossless=True, quality=75, method=4)


def palette() -> Image.Image:
    """The colours, as an image has them."""
    made = Image.new("P", (1, 1))
    made.putpalette(COLOURS.ljust(3 * 256, b"\xff"))
    return made


async def test_an_index_of_the_pictures() -> None:
    lines = [
        "# Pages",
        "",
        "Every page in every state, as `make pages` pictures it on a desk (1280 px), and its main state on a phone (320 px). The tests look",
        f"at the same states (`tests/browser/pages/`) at both widths. A picture ends {TALL:,} pixels down.",
    ]
    for area in AREAS:
        lines += ["", f"## {area}", "", "| page | phone | desk |", "|---|---|---|"]
        for file in sorted((INTO / area).glob("*-1280.webp")):
            name = file.name.removesuffix("-1280.webp")
            phone = f"{name}-320.webp"
            on_phone = f"[320 px]({area}/{phone})" if (INTO / area / phone).exists() else ""
            lines.append(f"| {name} | {on_phone} | [1280 px]({area}/{name}-1280.webp) |")
    (INTO / "README.md").write_text("\n".join([*lines, ""]), "utf-8")

"""Pictures of every page in every state into docs/pages, of its main state on a phone too. No test: `make pages` runs it by name."""

import io
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import pytest
from browser.stops import AREAS
from browser.visiting import WIDTHS, Standing, Visitors, at
from PIL import Image

SHOWN: Final = 640
"""Pixels across, at most: text on a desk's picture can still be read."""
TALL: Final = 1600
"""Pixels of the page from its top, at most: what comes below shows nothing new of how a page looks."""
COLOURS: Final = 12
"""The pages are flat. With few colours and no loss a picture is a quarter of the size, and its text is sharp."""
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
        await at(page, stop)
        taken = await page.screenshot(full_page=True)
        save_small(taken, width=width, file=folder / f"{stop.name}-{width}.webp")
        await page.context.close()


def varied(name: str, names: Collection[str]) -> bool:
    """Whether it is a variation of another state: on a phone it looks as that does."""
    return name.endswith(("-error", "-refused")) or any(name.startswith(f"{other}-") for other in names)


def save_small(taken: bytes, *, width: int, file: Path) -> None:
    """The picture of a page of that width, cut, scaled down and in few colours."""
    with Image.open(io.BytesIO(taken)) as picture:
        top = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALL)))
    if width > SHOWN:
        top = top.resize((SHOWN, top.height * SHOWN // width), Image.Resampling.LANCZOS)
    few = top.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    few.save(file, lossless=True, quality=75, method=4)


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

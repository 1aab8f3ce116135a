"""Pictures of every page in every state, at both widths, into docs/pages. No test: `make pages` runs it by name."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from browser.stops import AREAS
from browser.visiting import WIDTHS, Standing, Visitors, at
from PIL import Image

SHOWN: Final = 800
"""Pixels across, at most: enough to read, and a third of the bytes."""
INTO: Final = Path(__file__).resolve().parents[2] / "docs" / "pages"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("area", AREAS)
async def test_pictures(area: str, standing: Callable[[str], Standing], visitor: Visitors) -> None:
    place = standing(area)
    folder = INTO / area
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{stop.name}-{width}.webp" for stop in place.stops for width in WIDTHS}
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink()
    for stop in place.stops:
        for width in WIDTHS:
            page = await visitor(place, width=width, token=stop.token, coordinator=stop.coordinator)
            await at(page, stop)
            taken = await page.screenshot(full_page=True)
            with Image.open(io.BytesIO(taken)) as picture:
                drawn = picture.convert("RGB")
                small = drawn.resize((min(width, SHOWN), drawn.height * min(width, SHOWN) // width))
                small.save(folder / f"{stop.name}-{width}.webp", quality=30, method=6)
            await page.context.close()


async def test_an_index_of_the_pictures() -> None:
    lines = [
        "# Pages",
        "",
        "Every page in every state, as `make pages` pictures it: on a phone (320 px) and on a desk (1280 px). The tests look at the same",
        "states (`tests/browser/pages/`).",
    ]
    for area in AREAS:
        lines += ["", f"## {area}", "", "| page | phone | desk |", "|---|---|---|"]
        names = sorted(file.name.removesuffix("-320.webp") for file in (INTO / area).glob("*-320.webp"))
        lines += [
            f"| {name} | [320 px]({area}/{name}-320.webp) | [1280 px]({area}/{name}-1280.webp) |"
            for name in names
        ]
    (INTO / "README.md").write_text("\n".join([*lines, ""]), "utf-8")

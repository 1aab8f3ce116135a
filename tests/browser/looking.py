"""What is looked for on every page: accessibility, valid HTML, nothing wider than the window, plain words."""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from foreign import npm_packages, tool
from playwright.async_api import Page

TOOLS: Final = Path(__file__).parent / "tools"
MOST_LIX: Final = 40
ENOUGH_WORDS: Final = 60
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_PROSE: Final = re.compile(r"\S+@\S+|https?://\S+|\b[0-9a-f]{8,}\b|\b(kl|f\.eks|fx|ca)\.")


def axe_source() -> str:
    """axe-core, as pinned by the lock file."""
    return (npm_packages(TOOLS) / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


async def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds, a line each. Needs scripts in the page's context, but none of the page's own."""
    await page.evaluate(axe)
    found: dict[str, Any] = await page.evaluate(
        f"axe.run(document, {{runOnly: {_TAGS!r}, resultTypes: ['violations']}})"
    )
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in found["violations"]
    ]


async def sideways(page: Page) -> str:
    """What sticks out to the right, empty where nothing does."""
    wide: str = await page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            // a table may scroll, but not what says which table it is
            for (const caption of document.querySelectorAll("caption")) {
                // what is folded away was last laid out at the width that the page was loaded with
                if (!caption.checkVisibility()) continue;
                const words = document.createRange();
                words.selectNodeContents(caption);
                if (words.getBoundingClientRect().right > room) return `cut off: ${caption.innerText}`;
            }
            if (document.documentElement.scrollWidth <= room) return "";
            const inScroller = (e) => e.closest(".table--responsive-scroll, .scrolls");
            const out = [...document.querySelectorAll("body *")].filter(
                (e) => e.getBoundingClientRect().right > room + 1 && !inScroller(e));
            return `${document.documentElement.scrollWidth} > ${room}: `
                + out.slice(-3).map((e) => e.outerHTML.slice(0, 140)).join(" | ");
        }"""
    )
    return wide


async def shape(page: Page) -> list[str]:
    """What every page has: one main heading, a title that says the page and the service, a space after each sentence."""
    found = [f"no space within {words!r}" for words in glued(await prose(page))]
    headings = await page.locator("h1").count()
    if headings != 1:
        found.append(f"{headings} main headings")
    title = await page.title()
    if not title.endswith("– Innovationspraktik") or title.startswith("–"):
        found.append(f"title {title!r}")
    return found


async def prose(page: Page) -> list[str]:
    """The page's own words, a line for each block: what is typed in, tables and navigation left out."""
    lines: str = await page.evaluate(
        """() => {
            const main = document.querySelector("main").cloneNode(true);
            main.querySelectorAll("table, dl, select, textarea, nav, svg, datalist, pre, .not-for-people, [data-foreign]")
                .forEach((e) => e.remove());
            document.body.append(main);
            main.querySelectorAll("details").forEach((e) => { e.open = true; });
            const text = main.innerText;
            main.remove();
            return text;
        }"""
    )
    return [line.strip() for line in lines.splitlines() if line.strip()]


def glued(lines: list[str]) -> list[str]:
    """Where one sentence runs into the next: a template that swallows the end of its line does that, and no eye looks for it."""
    return [
        found.group()
        for line in lines
        for found in re.finditer(r"\S*[\wæøåÆØÅ)»][.!?][A-ZÆØÅ][a-zæøå]\S*", line)
        if "@" not in found.group() and "://" not in found.group()
    ]


def lix(lines: list[str]) -> float | None:
    """Words per sentence and the share of long words (more than six letters); None for too few words to judge by.

    A line ends a sentence: headings, labels and points of a list are read as such.
    """
    words = long = sentences = 0
    for line in lines:
        for sentence in re.split(r"[.!?:;]+(?:\s|$)", _NO_PROSE.sub("", line)):
            found = _WORD.findall(sentence)
            if found:
                sentences += 1
                words += len(found)
                long += sum(len(word) > 6 for word in found)
    return words / sentences + 100 * long / words if words >= ENOUGH_WORDS else None


async def invalid_html(pages: Mapping[str, str]) -> str:
    """What the validator says of these pages, empty where they are valid. One start of Java for all of them."""
    java = tool("java", install="a Java runtime (Debian, Ubuntu: sudo apt install default-jre-headless)")
    jar = npm_packages(TOOLS) / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory() as folder:
        for name, content in pages.items():
            (Path(folder) / f"{name}.html").write_text(content, "utf-8")
        checking = await asyncio.create_subprocess_exec(
            java, "-Xmx256m", "-jar", str(jar), "--errors-only", "--format", "gnu", folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await checking.communicate()
    return said.decode().replace(f"file:{folder}/", "")[:4000]

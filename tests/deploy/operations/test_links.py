"""Whatever a page of ours points to is there: files, folders, headings, and files that are named in passing."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MADE_BY_THE_READER = "deploy/small/env"
LEFT_OUT = {".venv", ".local", ".git", "node_modules", "build", "dist", ".pytest_cache", "vendored", "site"}


def pages() -> Iterator[Path]:
    """Every page that people read in the tree."""
    for top in (ROOT, *(ROOT / name for name in ("contracts", "deploy", "docs", "services", "tests"))):
        found = top.glob("*.md") if top == ROOT else top.rglob("*.md")
        yield from (page for page in sorted(found) if not LEFT_OUT & set(page.relative_to(ROOT).parts))


@cache
def headings(page: Path) -> frozenset[str]:
    """A page's headings, as they are pointed to."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return frozenset(
        re.sub(r"[^\w -]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading))
        .strip()
        .lower()
        .replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    )


def broken(page: Path, text: str) -> list[str]:
    """Links of a text that lead nowhere, if it stood in this page."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = []
    for link in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in headings(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", list(pages()), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page, page.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "page",
    [page for page in pages() if page.parent == ROOT / "docs" / "operations"],
    ids=lambda page: page.stem,
)
def test_every_file_that_is_named_in_passing_is_there(page: Path) -> None:
    named = re.findall(
        r"(?:^|[ <`(])((?:deploy|contracts|tests)/[\w./-]+\w)", page.read_text("utf-8"), re.MULTILINE
    )
    files = [path for path in named if not re.fullmatch(r"deploy/\w+-(serve|work)", path)]  # Deployments
    assert [path for path in files if path != MADE_BY_THE_READER and not (ROOT / path).exists()] == []


def test_every_page_that_a_file_of_deploy_names_is_there() -> None:
    named: dict[str, Path] = {}
    for file in (ROOT / "deploy").rglob("*"):
        if file.is_file() and not LEFT_OUT & set(file.relative_to(ROOT).parts):
            text = file.read_bytes().decode("utf-8", "replace")
            named |= dict.fromkeys(re.findall(r"\bdocs/[\w./-]+\.md\b", text), file)

    assert len(named) > 20
    assert [f"{file}: {page}" for page, file in named.items() if not (ROOT / page).exists()] == []


def test_a_link_that_leads_nowhere_is_seen() -> None:
    page = ROOT / "docs" / "operations" / "README.md"
    assert broken(page, "[a](nowhere.md) [b](README.md#no-such-heading) [c](#nor-this)") == [
        "nowhere.md",
        "README.md#no-such-heading",
        "#nor-this",
    ]
    assert broken(page, "[a](README.md#by-symptom) [b](https://example.org/x) ```[c](nowhere.md)```") == []

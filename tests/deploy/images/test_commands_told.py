"""`docker compose …` as the pages tell it: options that Compose has, containers that the files have, commands that run in them."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.images.compose import LOCAL, SMALL, containers

from deploy.image_root import ROOT

PAGES = (
    ROOT / "deploy" / "README.md",
    ROOT / "deploy" / "small" / "README.md",
    *sorted((ROOT / "docs" / "operations").rglob("*.md")),
)
# What each command of Compose 2.24 takes of what the pages use: options alone, and options with a value.
OPTIONS = {
    "up": ({"--build", "--detach", "--wait"}, set()),
    "down": ({"--volumes"}, set()),
    "pull": (set(), set()),
    "ps": (set(), set()),
    "logs": ({"--follow"}, {"--since"}),
    "start": (set(), set()),
    "stop": (set(), set()),
    "exec": ({"-T"}, set()),
    "run": ({"--rm", "-T", "--no-deps"}, {"--entrypoint", "-e"}),
}
PROGRAMS = {"python", "psql"}


def told(text: str) -> Iterator[list[str]]:
    """The words after `docker compose`, of every command of a page."""
    text = text.replace("\\\n", " ").replace("$service", "registration")
    for found in re.finditer(r"docker compose ((?:'[^']*'|\"[^\"]*\"|[^\n`#<|&;)\"'])+)", text):
        words = shlex.split(found[1])
        if words[0] in OPTIONS or re.match(r"[a-z]+$", words[0]):
            yield words


def wrong(words: list[str], *, names: set[str]) -> str:
    """What Compose would refuse; empty where nothing."""
    command, *rest = words
    if command not in OPTIONS:
        return f"{command} is not known"
    alone, valued = OPTIONS[command]
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in valued:
            rest.pop(0)
        elif option not in alone:
            return f"{command} does not take {option}"
    if command in {"up", "down", "pull", "ps"}:
        return "" if not rest or set(rest) <= names else f"{rest} are no containers"
    if not rest or rest[0] not in names:
        return f"{' '.join(words)} names no container"
    if command == "exec" and rest[1] not in PROGRAMS:
        return f"{rest[1]} is not in {rest[0]}"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_compose_takes(page: Path) -> None:
    names = set(containers(LOCAL))
    text = page.read_text("utf-8")
    prose = text.replace("`docker compose`", "")

    assert [said for words in told(prose) if (said := wrong(words, names=names))] == []


def test_commands_are_found_and_mistakes_seen() -> None:
    found = list(
        told("Say `docker compose exec matching python -m x` or\ndocker compose up --quick   # now\n")
    )
    names = set(containers(LOCAL))

    assert [words[0] for words in found] == ["exec", "up"]
    assert [wrong(words, names=names) for words in found] == ["", "up does not take --quick"]
    assert wrong(["logs", "nobody"], names=names) == "logs nobody names no container"
    assert sum(len(list(told(page.read_text("utf-8")))) for page in PAGES) > 20


def test_one_machine_is_told_the_engine_that_its_health_checks_need() -> None:
    asked = [
        one.entry
        for one in containers(SMALL).values()
        if "start_interval" in one.entry.get("healthcheck", {})
    ]

    assert asked
    assert "Docker Engine 25 or newer" in (ROOT / "deploy" / "small" / "README.md").read_text("utf-8")

"""What a page tells people to type is there: targets of make, commands of ipraktik-events, files of the checkout, modules."""

import pkgutil
import re
from pathlib import Path
from typing import Final

import typer
from contracts.site.reading import elements, pages

from ipraktik_contracts.cli.app import app

ROOT: Final = Path(__file__).resolve().parents[3]


def told(pattern: str) -> set[str]:
    """What the code on all pages says by a pattern."""
    found: set[str] = set()
    for path in pages():
        for one in elements(path, "code"):
            for line in str(one.to_text(separator="", strip=False)).splitlines():
                found |= set(re.findall(pattern, line))
    return found


def test_every_target_of_make_is_there() -> None:
    targets = set(
        re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    wanted = told(r"(?<![\w-])make ([a-z-]+)")
    assert {"up", "agency"} <= wanted
    assert wanted - targets == set()


def test_every_file_of_the_checkout_is_there() -> None:
    wanted = told(r"(?<![\w/.-])((?:contracts|docs|deploy|services)/[\w./-]*[\w/])")
    assert [path for path in sorted(wanted) if not (ROOT / path).exists()] == []


def test_every_module_is_there() -> None:
    wanted = told(r"(?<![\w./])(ipraktik_contracts(?:\.[a-z_]+)*)")
    assert wanted
    for name in wanted:
        pkgutil.resolve_name(name)  # raises for what is not there


def test_every_command_of_ipraktik_events_is_there_with_its_options() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    told_lines = told(r"(?<![\w-])ipraktik-events ([a-z][^\n`]*)")
    assert told_lines
    for line in told_lines:
        name, *rest = line.split()
        options = {option for one in commands[name].params for option in (*one.opts, *one.secondary_opts)}
        assert {word for word in rest if word.startswith("--")} <= options, line

"""The contract's changelog, whole for its own page and by event for each event's page, and since when an event is promised."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...version import VERSION

_CHECKOUT: Final = Path(__file__).resolve().parents[3]
CHANGELOG: Final = _CHECKOUT / "CHANGELOG.md"
RELEASED: Final = _CHECKOUT / "released"
_RELEASE: Final = re.compile(r"^## (?P<name>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """One release, newest first in the file: what is said of it as a whole, and its points, both as markdown."""

    name: str
    introduction: str
    points: tuple[str, ...]


def releases(changelog: str) -> tuple[Release, ...]:
    """The releases of a changelog, newest first."""
    parts = _RELEASE.split(changelog)
    return tuple(
        Release(name.strip(), text.partition("\n- ")[0].strip(), _points(text))
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    )


def changes_of(event_name: str, told: tuple[Release, ...]) -> tuple[tuple[str, str], ...]:
    """Release and point, wherever a point names the event."""
    word = re.compile(rf"\b{re.escape(event_name)}\b")
    return tuple((one.name, point) for one in told for point in one.points if word.search(point))


def promised_since(event_name: str, *, released: Path = RELEASED) -> str:
    """The first released version that has the event; the version at hand where none has it yet."""
    versions = [
        registry["version"]
        for registry in (
            json.loads(file.read_text(encoding="utf-8")) for file in released.glob("*/registry.json")
        )
        if event_name in registry["types"]
    ]
    return min(versions, key=lambda version: [int(part) for part in version.split(".")], default=VERSION)


def _points(text: str) -> tuple[str, ...]:
    points: list[str] = []
    for line in text.splitlines():
        if line.startswith("- "):
            points.append(line[2:].strip())
        elif points and line.startswith("  ") and line.strip():
            points[-1] += " " + line.strip()
    return tuple(points)

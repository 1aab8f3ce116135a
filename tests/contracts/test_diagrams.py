"""The diagrams show every transition with exactly one event, stand alone, and nothing in them lies upon anything else."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations

import pytest

from ipraktik_contracts.lifecycle import LIFECYCLES, Lifecycle
from ipraktik_contracts.publish import ROOT

NAMES = [one.aggregate for one in LIFECYCLES]
SVG = "{http://www.w3.org/2000/svg}"


def known(name: str) -> Lifecycle:
    [lifecycle] = [one for one in LIFECYCLES if one.aggregate == name]
    return lifecycle


def drawing(name: str) -> ET.Element:
    return ET.fromstring((ROOT / "diagrams" / f"{name}.svg").read_text(encoding="utf-8"))  # noqa: S314 - made by ourselves


@dataclass(frozen=True)
class Place:
    """Where something lies."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def upon(self, other: "Place") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, other: "Place") -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


def texts(picture: ET.Element) -> list[Place]:
    """Every text with about the room it takes."""
    found = []
    for one in picture.iter(f"{SVG}text"):
        words, x, y = one.text or "", float(one.attrib["x"]), float(one.attrib["y"])
        width = 6.4 * len(words)
        left = x - width if one.attrib.get("text-anchor") == "end" else x
        found.append(Place(words, left, y - 10, left + width, y + 2))
    return found


def boxes(picture: ET.Element) -> list[Place]:
    """Every state."""
    found = []
    for one in picture.iter(f"{SVG}rect"):
        if one.attrib.get("class") in ("box", "end"):
            x, y, width, height = (float(one.attrib[word]) for word in ("x", "y", "width", "height"))
            found.append(Place("state", x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_has_every_transition_with_its_one_event_and_no_arrows_upon_each_other(name: str) -> None:
    lifecycle = known(name)
    lines = (ROOT / "diagrams" / f"{name}.mmd").read_text(encoding="utf-8").splitlines()
    arrows = [re.fullmatch(r"    (\S+) --> (\S+) : (.+)", line) for line in lines]
    told = [(one[1], one[2], label) for one in arrows if one for label in one[3].split("<br/>")]
    assert sorted(told) == sorted(
        (
            step.before or "[*]",
            step.after,
            f"{step.event.__name__} ({step.said})" if step.said else step.event.__name__,
        )
        for step in lifecycle.transitions
    )
    assert len({(one[1], one[2]) for one in arrows if one}) == sum(one is not None for one in arrows)
    assert {line.strip() for line in lines if line.endswith("--> [*]")} == {
        f"{state} --> [*]" for state in lifecycle.finals
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_alone_and_tells_its_content_in_words(name: str) -> None:
    lifecycle, picture = known(name), drawing(name)
    text = ET.tostring(picture, encoding="unicode")
    assert not re.search(r"(?:href|src)=|@import|<script|<image|url\((?!#)", text)
    assert picture.attrib["role"] == "img"
    labels = picture.attrib["aria-labelledby"].split()
    assert [one.attrib["id"] for one in picture if one.tag in (f"{SVG}title", f"{SVG}desc")] == labels
    words = picture.findtext(f"{SVG}desc") or ""
    for step in lifecycle.transitions:
        where = f"From {step.before}" if step.before else "First"
        said = f" ({step.said})" if step.said else ""
        assert f"{where}, {step.event.__name__}{said} leads to {step.after}." in words


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_every_state_and_an_arrow_for_every_way(name: str) -> None:
    lifecycle, picture = known(name), drawing(name)
    shown = [one.text for one in picture.iter(f"{SVG}text") if one.attrib.get("class") == "state"]
    assert set(shown) == set(lifecycle.meanings)
    arrows = [one for one in picture.iter(f"{SVG}path") if "marker-end" in one.attrib]
    to_ends = [step for step in lifecycle.transitions if step.after in lifecycle.finals]
    others = {
        (step.before, step.after) for step in lifecycle.transitions if step.after not in lifecycle.finals
    }
    assert len(arrows) == len(to_ends) + len(others)
    labels = [one.text for one in picture.iter(f"{SVG}text")]
    for event_class in lifecycle.event_classes():
        steps = [step for step in lifecycle.transitions if step.event is event_class]
        assert labels.count(event_class.__name__) == len(steps)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_upon_anything_else_or_outside_the_picture(name: str) -> None:
    picture = drawing(name)
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    page = Place("page", 0, 0, width, height)
    words, states = texts(picture), boxes(picture)
    for one in words + states:
        assert one.inside(page), one
    for one, other in [*combinations(words, 2), *combinations(states, 2)]:
        assert not one.upon(other), (one, other)
    for one in words:
        for state in states:
            assert not one.upon(state) or one.inside(state), (one, state)

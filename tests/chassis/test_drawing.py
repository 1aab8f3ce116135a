"""What every drawing promises: valid XML, words for those who do not see it, no inline style, escaped values, legible text."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

import ipraktik_chassis
from ipraktik_chassis.drawing import Bar, Stack, Two, bars, mirrored, municipality_map, printed, stacked
from ipraktik_chassis.drawing.svg import TEXT

SVG = "{http://www.w3.org/2000/svg}"
CSS = (Path(ipraktik_chassis.__file__).parent / "static" / "drawing.css").read_text()
ODD = '<script>"x"</script> & Co'
TITLE = f"Fund {ODD}"
WORDS = f"Beskrivelse {ODD}"


def drawings() -> dict[str, Markup]:
    return {
        "bars": bars(
            [Bar(ODD, 3, "3"), Bar("Region", None, "færre end 5")],
            title=TITLE,
            description=WORDS,
        ),
        "mirrored": mirrored(
            [Two(ODD, 3, 0), Two("Sundhed", None, 7)],
            left=ODD,
            right="Pladser",
            silent="få",
            title=TITLE,
            description=WORDS,
        ),
        "stacked": stacked(
            [
                Stack(ODD, [("Ja", 0.75, "75 %"), ("Nej", 0.2, "20 %"), (f"Andet {ODD}", 0.05, "5 %")]),
                Stack("Ledere", [("Svar", None, "vises ikke, færre end 5")]),
            ],
            title=TITLE,
            description=WORDS,
        ),
        "map": municipality_map(
            {"0751": 4, "0400": None},
            unit=ODD,
            nobody="Ingen",
            silent="Under 5",
            title=TITLE,
            description=WORDS,
        ),
        "map with links": municipality_map(
            {"0751": 4}, unit="værter", hrefs={"0751": '/x?a=1&b="2"'}, title=TITLE, description=WORDS
        ),
        "nothing": bars([], title=TITLE, description=WORDS),
    }


@pytest.mark.parametrize("name", drawings())
def test_a_drawing_is_valid_xml_with_title_and_description_and_no_inline_style(name: str) -> None:
    svg = str(drawings()[name])
    root = ElementTree.fromstring(svg)  # noqa: S314  our own
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == ("group" if "links" in name else "img")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert title.text == TITLE
    assert description.text == WORDS
    for element in root.iter():
        assert element.tag.removeprefix(SVG) not in {"style", "script"}
        assert not [key for key in element.attrib if key == "style" or key.startswith("on")]
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", drawings())
def test_every_hatch_that_is_used_is_there_and_every_class_has_a_rule(name: str) -> None:
    svg = str(drawings()[name])
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r'pattern id="([^"]+)"', svg))
    used = {one for names in re.findall(r'class="([^"]+)"', svg) for one in names.split()}
    frames = {"drawing-bars", "drawing-mirrored", "drawing-stacked", "drawing-tile"}
    assert {one for one in used - frames if f".{one}" not in CSS} == set()


@pytest.mark.parametrize("name", drawings())
def test_text_is_large_enough_where_the_drawing_is_as_wide_as_a_small_phone(name: str) -> None:
    root = ElementTree.fromstring(str(drawings()[name]))  # noqa: S314  our own
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    assert float(height) > 0
    assert f"font-size: {TEXT}px" in CSS
    assert TEXT * 288 / width >= 12, "a phone of 320 leaves 288 beside the margins"


def test_the_id_of_a_drawing_follows_its_content_so_that_two_on_a_page_do_not_clash() -> None:
    def ids(label: str) -> set[str]:
        return set(re.findall(r' id="([^"]+)"', bars([Bar(label, 1, "1")], title="a", description="b")))

    assert ids("en") == ids("en")
    assert not ids("en") & ids("to")


def test_what_is_not_said_is_hatched_and_said_in_words() -> None:
    svg = bars([Bar("Region", None, "færre end 5"), Bar("Stat", 7, "7")], title="Værter", description="b")
    assert svg.count('class="drawing-silent"') == 1
    assert "færre end 5" in svg
    in_map = municipality_map({"0751": None}, title="a", description="b", unit="værter", silent="Under 5")
    assert "<title>Aarhus: Under 5</title>" in in_map
    two = mirrored(
        [Two("Sundhed", None, 7)], left="Ønsker", right="Pladser", title="a", description="b", silent="få"
    )
    assert ">få</text>" in two
    shares = stacked([Stack("Ledere", [("Svar", None, "vises ikke")])], title="a", description="b")
    assert ">Svar: vises ikke</text>" in shares


def test_a_full_bar_is_the_largest_value_or_the_one_that_was_named() -> None:
    def width(most: float | None) -> float:
        svg = bars([Bar("a", 0.5, "50 %")], title="a", description="b", most=most)
        found = re.search(r'class="drawing-bar"[^>]*width="([\d.]+)"', svg)
        assert found is not None
        return float(found[1])

    assert width(1) == pytest.approx(width(None) / 2, abs=0.1)


def test_a_stacked_bar_fills_its_length_and_refuses_more_parts_than_it_can_tell_apart() -> None:
    svg = stacked(
        [Stack("a", [("x", 0.5, "50 %"), ("y", 0.3, "30 %"), ("z", 0.2, "20 %")])], title="a", description="b"
    )
    widths = [
        float(one)
        for one in re.findall(r'drawing-part-\d" x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="26"', svg)
    ]
    assert sum(widths) == pytest.approx(319, abs=0.3)
    seven = [(f"del {index}", 1 / 7, "14 %") for index in range(7)]
    with pytest.raises(ValueError, match="at most 6 parts"):
        stacked([Stack("a", seven)], title="a", description="b")


@pytest.mark.parametrize("name", [name for name in drawings() if name != "map with links"])
def test_a_printed_drawing_carries_its_style_and_has_a_rule_for_every_class(name: str) -> None:
    svg = printed(drawings()[name])
    root = ElementTree.fromstring(svg)  # noqa: S314  our own
    style = root.find(f"{SVG}style")
    assert style is not None
    assert style.text
    used = {one for names in re.findall(r'class="([^"]+)"', svg) for one in names.split()}
    frames = {"drawing", "drawing-bars", "drawing-map", "drawing-mirrored", "drawing-stacked", "drawing-tile"}
    assert {one for one in used - frames if f".{one}" not in style.text} == set()

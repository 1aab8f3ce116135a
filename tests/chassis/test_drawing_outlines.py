"""Maps inside real outlines: only from a file that the organiser supplies, refused with what is wrong, light whatever it holds."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from ipraktik_chassis.drawing import TILES, municipality_map
from ipraktik_chassis.drawing.outlines import MOST_SIGNS, MapSettings, OutlinesUnusable, outlines_in
from ipraktik_chassis.settings import SettingsWrong, read


def around(code: str, *, points: int = 24) -> list[list[float]]:
    """A made-up municipality: a wavy circle where its tile lies, closed."""
    column, row = TILES[code]
    east, north = 8.0 + column * 0.3, 57.7 - row * 0.2
    ring = [
        [
            east + (0.12 + 0.01 * math.sin(7 * angle)) * math.cos(angle),
            north + 0.08 * math.sin(angle) + 0.004 * math.cos(9 * angle),
        ]
        for angle in (2 * math.pi * number / points for number in range(points))
    ]
    return [*ring, ring[0]]


def collection(**changed: Any) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {"kode": code},
            "geometry": {"type": "Polygon", "coordinates": [around(code)]},
        }
        for code in TILES
    ]
    return {"type": "FeatureCollection", "features": features} | changed


def written(home: Path, content: object) -> Path:
    file = home / f"{len(list(home.iterdir()))}.geojson"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def test_every_municipality_gets_its_outline_and_bornholm_comes_closer(tmp_path: Path) -> None:
    outlines = outlines_in(written(tmp_path, collection()))
    svg = municipality_map(
        {"0751": 4, "0400": 1, "0101": None},
        title="a",
        description="b",
        unit="værter",
        outlines=outlines,
        hrefs={"0751": "/x?a=1&b=2"},
    )
    assert svg.count('<path class="drawing-tile') == len(TILES)
    assert "<title>Aarhus: 4 værter</title>" in svg
    assert 'href="/x?a=1&amp;b=2"' in svg
    assert f'viewBox="0 0 {outlines.width:g} ' in svg
    left, top, width, height = outlines.apart
    assert 0 <= left < left + width <= outlines.width
    assert 0 <= top < top + height <= outlines.height / 4


def test_a_file_with_more_points_than_a_page_can_bear_is_made_lighter(tmp_path: Path) -> None:
    fine = collection()
    for feature in fine["features"]:
        code = feature["properties"]["kode"]
        feature["geometry"] = {
            "type": "MultiPolygon",
            "coordinates": [[around(code, points=900)], [around(code, points=3)]],
        }
    outlines = outlines_in(written(tmp_path, fine))
    assert sum(map(len, outlines.paths.values())) <= MOST_SIGNS
    assert all(path.startswith("M") and path.endswith("Z") for path in outlines.paths.values())


def instead(**changed: Any) -> dict[str, Any]:
    """All municipalities, and one of them is odd."""
    first, *others = collection()["features"]
    return collection(features=[first | changed, *others])


def shrunk_to(place: list[float]) -> dict[str, Any]:
    """Every municipality at one point."""
    ring = {"type": "Polygon", "coordinates": [[place] * 4]}
    return collection(features=[one | {"geometry": ring} for one in collection()["features"]])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (instead(properties=[1]), "no Polygon"),
        (instead(properties="0751"), "no Polygon"),
        (instead(geometry={"type": "MultiPolygon", "coordinates": []}), "fewer than three points"),
        (instead(geometry={"type": "MultiPolygon", "coordinates": [[]]}), "fewer than three points"),
        (instead(geometry={"type": "Polygon", "coordinates": [[[10.0, 56.0]]]}), "fewer than three points"),
        (instead(geometry={"type": "Polygon", "coordinates": [[[10**400, 56]] * 4]}), "in degrees"),
        (instead(geometry={"type": "Polygon", "coordinates": [[[math.inf, 56]] * 4]}), "in degrees"),
        (instead(geometry={"type": "Polygon", "coordinates": [[{"x": 10}]]}), "no Polygon"),
        (instead(geometry={"type": ["Polygon"], "coordinates": []}), "no Polygon"),
        (instead(geometry=[1]), "no Polygon"),
        (collection(features=[7]), "no Polygon"),
        (collection(features={"0751": 1}), "no GeoJSON FeatureCollection"),
        (shrunk_to([10.0, 56.0]), "one spot or line"),
        (shrunk_to([180.0, 90.0]), "one spot or line"),
        ("not json", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ([], "no GeoJSON FeatureCollection"),
        (collection(features=collection()["features"][1:]), "1 municipalities are missing"),
        (collection(features=[{"properties": {"kode": "0751"}, "geometry": None}]), "no Polygon"),
        (
            collection(
                features=[
                    {
                        "properties": {"kode": "751"},
                        "geometry": {"type": "Polygon", "coordinates": [[[574000.0, 6220000.0]]]},
                    }
                ]
            ),
            "in degrees",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(OutlinesUnusable, match=said):
        outlines_in(written(tmp_path, content))


def test_a_wrong_file_is_said_among_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@127.0.0.1/a")
    monkeypatch.setenv("MAP_OUTLINES_FILE", str(tmp_path / "missing.geojson"))
    with pytest.raises(SettingsWrong) as wrong:
        read(MapSettings)
    assert any(line.startswith("MAP_OUTLINES_FILE: the file cannot be read") for line in wrong.value.lines)
    monkeypatch.delenv("MAP_OUTLINES_FILE")
    assert read(MapSettings).outlines is None

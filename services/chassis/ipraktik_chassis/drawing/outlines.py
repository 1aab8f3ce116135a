"""The municipalities' real outlines, from a file that the organiser supplies; without one, maps are made of tiles.

None comes with the programme: outlines belong to whoever measured them, and their terms are the organiser's to keep. The file is
GeoJSON in longitude and latitude with a feature for each of the 98 municipalities, such as the free ones of the Danish Agency for
Climate Data; the code is the property `code`, `kode` or `kommunekode` ("0751" or "751").
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import Field, field_validator

from ipraktik_chassis.settings import Settings
from ipraktik_contracts.municipalities import MUNICIPALITIES

from .tiles import APART

MOST_BYTES: Final = 50_000_000
MOST_SIGNS: Final = 60_000
"""Of all paths together: what a page may weigh is kept whatever the file holds."""
_CODES: Final = ("code", "kode", "kommunekode")
_WIDTH: Final = 300.0
_MARGIN: Final = 3.0
_LEAST_DEGREES: Final = 0.01

Point = tuple[float, float]
Ring = Sequence[Point]


class OutlinesUnusable(ValueError):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """A path for each municipality, in units of a drawing this wide and high; `apart` frames the island that is moved closer."""

    paths: Mapping[str, str]
    width: float
    height: float
    apart: tuple[float, float, float, float]
    """Left, top, width, height."""


class MapSettings(Settings):
    """Settings of a service whose pages show a map."""

    map_outlines_file: Path | None = Field(
        default=None,
        description="GeoJSON with the outlines of the 98 municipalities; without it, maps are made of tiles.",
    )

    @field_validator("map_outlines_file")
    @classmethod
    def _a_file_that_maps_can_be_drawn_from(cls, file: Path | None) -> Path | None:
        if file is not None:
            outlines_in(file)
        return file

    @property
    def outlines(self) -> Outlines | None:
        """What the file holds."""
        return None if self.map_outlines_file is None else outlines_in(self.map_outlines_file)


@lru_cache(maxsize=1)
def outlines_in(file: Path) -> Outlines:
    """Read the file, once. Raises OutlinesUnusable."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise OutlinesUnusable(f"the file is over {MOST_BYTES // 1_000_000} MB; take a simplified one")
        found = json.loads(file.read_bytes())
    except OSError as error:
        raise OutlinesUnusable(f"the file cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise OutlinesUnusable("the file is no JSON; take GeoJSON") from None
    rings = _rings_by_code(found)
    missing = sorted(MUNICIPALITIES[code] for code in MUNICIPALITIES if code not in rings)
    if missing:
        raise OutlinesUnusable(
            f"{len(missing)} municipalities are missing, such as {missing[0]}; a feature needs one of the properties "
            f"{', '.join(_CODES)} with the municipality's code"
        )
    return _laid_out(rings)


def _rings_by_code(found: Any) -> dict[str, list[Ring]]:
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise OutlinesUnusable("the file is no GeoJSON FeatureCollection")
    rings: dict[str, list[Ring]] = {}
    for feature in features:
        try:
            code = _code_of(feature["properties"])
            if code not in MUNICIPALITIES:
                continue  # such as the state's own island, which is no municipality
            rings.setdefault(code, []).extend(_rings_of(feature["geometry"]))
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            raise OutlinesUnusable(
                "a feature is no Polygon or MultiPolygon with longitude and latitude in degrees"
            ) from None
    for code, there in rings.items():
        if not there:
            raise OutlinesUnusable(f"the outline of {MUNICIPALITIES[code]} has fewer than three points")
    return rings


def _code_of(properties: Any) -> str:
    if properties is None:
        return ""
    if not isinstance(properties, dict):
        raise TypeError("properties are names and values")
    return next((str(properties[name]) for name in _CODES if properties.get(name)), "").zfill(4)


def _rings_of(geometry: Any) -> list[Ring]:
    """The rings that enclose something."""
    place = geometry["coordinates"]
    polygons = {"Polygon": [place], "MultiPolygon": place}[geometry["type"]]
    rings = [[_degrees(*point[:2]) for point in ring] for polygon in polygons for ring in polygon]
    return [ring for ring in rings if len(ring) >= 3]


def _degrees(longitude: Any, latitude: Any) -> Point:
    east, north = float(longitude), float(latitude)
    if not (-180 <= east <= 180 and -90 <= north <= 90):
        raise ValueError("not in degrees")
    return east, north


def _laid_out(rings: dict[str, list[Ring]]) -> Outlines:
    main = [point for code, parts in rings.items() if code != APART for part in parts for point in part]
    west, south, east, north = _box(main)
    if min(east - west, north - south) < _LEAST_DEGREES:
        raise OutlinesUnusable("all points lie on one spot or line, so there is nothing to draw")
    shrink = math.cos(math.radians((south + north) / 2))
    scale = _WIDTH / ((east - west) * shrink)

    def flat(ring: Ring, *, shift: Point = (0.0, 0.0)) -> list[Point]:
        return [
            (_MARGIN + (x - west + shift[0]) * shrink * scale, _MARGIN + (north - y + shift[1]) * scale)
            for x, y in ring
        ]

    _, _, island_east, island_north = _box(point for part in rings[APART] for point in part)
    shift = (east - island_east, island_north - north)
    drawn = {
        code: [flat(part, shift=shift if code == APART else (0.0, 0.0)) for part in parts]
        for code, parts in rings.items()
    }
    left, top, right, bottom = _box(point for part in drawn[APART] for point in part)
    return Outlines(
        paths=_light(drawn),
        width=_WIDTH + 2 * _MARGIN,
        height=(north - south) * scale + 2 * _MARGIN,
        apart=(left - _MARGIN, top - _MARGIN, right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN),
    )


def _light(drawn: Mapping[str, list[list[Point]]]) -> dict[str, str]:
    """The paths with as many points as the page can bear: what is finer than the eye sees goes first."""
    tolerance = 0.25
    while True:
        paths = {
            code: "".join(_path(_simplified(ring, tolerance)) for ring in rings) or _path(rings[0][:3])
            for code, rings in drawn.items()
        }
        if sum(map(len, paths.values())) <= MOST_SIGNS:
            return paths
        tolerance *= 1.5
        if tolerance > _WIDTH:
            raise OutlinesUnusable("the file has too many islands; take a simplified one")


def _path(ring: Ring) -> str:
    if len(ring) < 3:
        return ""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"


def _simplified(ring: list[Point], tolerance: float) -> list[Point]:
    """Without the points that lie within `tolerance` of the line that is left (Ramer, Douglas and Peucker); none for a speck."""
    left, top, right, bottom = _box(ring)
    if max(right - left, bottom - top) < tolerance:
        return []
    far = max(range(len(ring)), key=lambda number: math.dist(ring[0], ring[number]))
    keep = {0, far, len(ring) - 1}
    spans = [(0, far), (far, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        off, worst = max(
            ((_off(ring[n], ring[first], ring[last]), n) for n in range(first + 1, last)), default=(0.0, 0)
        )
        if off > tolerance:
            keep.add(worst)
            spans += [(first, worst), (worst, last)]
    return [ring[number] for number in sorted(keep)]


def _off(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = math.hypot(x2 - x1, y2 - y1)
    if length == 0:
        return math.dist(point, start)
    along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length**2))
    return math.dist(point, (x1 + along * (x2 - x1), y1 + along * (y2 - y1)))


def _box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    every = list(points)
    if not every:
        raise OutlinesUnusable("a municipality has no points")
    xs, ys = [x for x, _ in every], [y for _, y in every]
    return min(xs), min(ys), max(xs), max(ys)

"""Denmark as tiles: everybody is on it once, and colours are shared out fairly."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_chassis.drawing import TILES, municipality_map
from ipraktik_chassis.drawing.map import classes_of
from ipraktik_contracts.municipalities import MUNICIPALITIES


def test_every_municipality_has_one_tile_of_its_own() -> None:
    assert set(TILES) == set(MUNICIPALITIES)
    assert len(set(TILES.values())) == len(MUNICIPALITIES) == 98
    svg = municipality_map({}, title="a", description="b", unit="værter")
    assert sorted(re.findall(r"<title>([^:<]+): 0 værter</title>", svg)) == sorted(MUNICIPALITIES.values())


@pytest.mark.parametrize(
    ("west", "east"),
    [
        ("Esbjerg", "Kolding"),
        ("Kolding", "Odense"),
        ("Odense", "Slagelse"),
        ("Slagelse", "København"),
        ("Køge", "Bornholm"),
    ],
)
def test_west_is_left(west: str, east: str) -> None:
    code = {name: one for one, name in MUNICIPALITIES.items()}
    assert TILES[code[west]][0] < TILES[code[east]][0]


@pytest.mark.parametrize(
    ("north", "south"),
    [
        ("Hjørring", "Aalborg"),
        ("Aalborg", "Aarhus"),
        ("Aarhus", "Vejle"),
        ("Vejle", "Sønderborg"),
        ("Helsingør", "København"),
        ("Vordingborg", "Lolland"),
    ],
)
def test_north_is_up(north: str, south: str) -> None:
    code = {name: one for one, name in MUNICIPALITIES.items()}
    assert TILES[code[north]][1] < TILES[code[south]][1]


def test_land_is_parted_by_water() -> None:
    """Jutland, Funen and Zealand do not touch, nor do Lolland-Falster and Bornholm."""
    code = {name: one for one, name in MUNICIPALITIES.items()}

    def land(name: str) -> set[str]:
        reached, ahead = set[str](), [code[name]]
        at = {place: one for one, place in TILES.items()}
        while ahead:
            one = ahead.pop()
            if one in reached:
                continue
            reached.add(one)
            x, y = TILES[one]
            ahead += [at[p] for p in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)) if p in at]
        return reached

    lands = [land(name) for name in ("Aarhus", "Odense", "Roskilde", "Lolland", "Bornholm")]
    assert sum(len(one) for one in lands) == len(set().union(*lands))
    assert [len(one) for one in lands][1:] == [8, 43, 2, 1]


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="0999"):
        municipality_map({"0999": 1}, title="a", description="b", unit="værter")


def test_a_map_with_links_is_a_group_whose_links_say_where_they_lead() -> None:
    svg = municipality_map({"0751": 4}, title="a", description="b", unit="værter", hrefs={"0751": "/x"})
    assert 'role="group"' in svg
    assert '<a class="drawing-link" href="/x" aria-label="Aarhus: 4 værter">' in svg


@given(st.dictionaries(st.sampled_from(sorted(TILES)), st.none() | st.integers(0, 500)))
def test_each_counted_municipality_falls_in_just_one_of_at_most_four_classes(
    values: dict[str, int | None],
) -> None:
    classes = classes_of(values)
    assert len(classes) <= 4
    for value in values.values():
        if value:
            assert sum(low <= value <= high for low, high in classes) == 1
    assert all(one[1] < other[0] for one, other in pairwise(classes))
    municipality_map(values, title="a", description="b", unit="værter")

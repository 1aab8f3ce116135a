"""The board's one box: people, organisations and cases by a few letters of them."""

import re

from matching.board_visits import Visits
from matching.cast import Cast
from rig import Rig

from ipraktik_contracts.events import ContactChanged
from ipraktik_matching.web.board import codes


async def test_one_box_finds_people_organisations_and_cases(rig: Rig, cast: Cast) -> None:
    board = Visits(cast)
    host, intern = await cast.joins("host"), await cast.joins("intern")
    (placement,) = await cast.proposed()
    page = await board.find("/search", q="navn self")
    assert f"/registration/desk/sign-ups/{intern.participant_id}" in page
    assert f"/matching/board/cases?participant={host.participant_id}" in page
    assert f"/matching/board/cases/{placement.placement_id}" in page
    organisations = await board.find("/search", q="organisation ")
    name = re.search(r'name="q" value="([^"]+)"><button[^>]*class="function-link"', organisations)
    assert name is not None
    assert "Sager: 1" in await board.find(f"/cases?edition={cast.edition_id}", q=name[1])
    assert f"/cases/{placement.placement_id}" in await board.find(
        "/search", q=str(placement.placement_id)[:13]
    )
    assert "Ingen passer" in await board.find("/search", q="findes ikke")
    assert "Skriv mindst 2 tegn" in await board.find("/search", q="x", status=422)
    box = await board.get("/search")
    assert "Ingen passer" not in box
    assert '/registration/desk/sign-ups">Søg på e-mail eller nummer' in box
    await rig.erase(ContactChanged, intern.self_id, intern.second_id)
    assert (
        str(intern.participant_id)
        not in (await board.find("/search", q="navn self intern")).partition("Sager")[0]
    )


def test_whoever_signed_up_is_named_before_those_beside_them() -> None:
    beside = ["manager", "a later release's own", "reserve", "self"]
    assert sorted(beside, key=codes.place_of) == ["self", "reserve", "manager", "a later release's own"]

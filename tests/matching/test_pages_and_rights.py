"""Pages lead through the same acts as JSON; a link opens what it says and nothing else; odd input is refused, never a crash."""

import json
import uuid
from typing import Any

import pytest
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import Event
from ipraktik_matching.domain.placement import Placement


@pytest.fixture
async def case(rig: Rig, cast: Cast) -> tuple[Placement, Person, Person]:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    return placement, intern, host


async def _follow(cast: Cast, token: str) -> str:
    shown = await cast.web.get("/matching/link", params={"t": token})
    assert shown.status_code == 200
    led = await cast.web.post("/matching/link", data={"t": token})
    assert led.status_code == 303
    return str(led.headers["location"])


async def test_from_the_link_through_the_pages_to_a_signed_agreement(
    rig: Rig, cast: Cast, case: tuple[Placement, Person, Person]
) -> None:
    placement, intern, host = case
    read = (
        (intern, "Hos os kan du følge en bus.", "Værten arbejder med et fag, du ønsker."),
        (host, "Jeg vil se noget nyt.", "I arbejder med et fag, praktikanten ønsker."),
    )
    for person, text, why in read:
        page = await _follow(cast, cast.token(person, placement.placement_id, acts=["answer"]))
        shown = await cast.web.get(page)
        assert text in shown.text
        assert "10.–12. september 2018" in shown.text
        assert why in shown.text
        assert "23. april 2018" in shown.text
        answered = await cast.web.post(page, data={"accept": "yes"})
        assert answered.status_code == 303
        assert "har" in (await cast.web.get(answered.headers["location"])).text
    for person, relation in ((intern, "self"), (intern, "manager"), (host, "self")):
        token = cast.token(person, placement.placement_id, relation=relation, acts=["agreement"])
        page = await _follow(cast, token)
        current = (await cast.placement(placement.placement_id)).current
        assert current is not None
        shown = await cast.web.get(page)
        assert current.fingerprint in shown.text
        assert "Godkend aftalen" in shown.text
        approved = await cast.web.post(
            f"{page}/approval", data={"version": "1", "fingerprint": current.fingerprint, "read": "yes"}
        )
        assert approved.status_code == 303
    page = f"/matching/placements/{placement.placement_id}/agreement"
    assert "Alle tre har godkendt" in (await cast.web.get(page)).text
    stale = await cast.web.post(
        f"{page}/approval", data={"version": "9", "fingerprint": "0" * 64, "read": "yes"}
    )
    assert stale.status_code == 409
    assert "Der er intet at godkende" in stale.text


async def test_a_page_speaks_english_to_who_reads_english(
    rig: Rig, cast: Cast, case: tuple[Placement, Person, Person]
) -> None:
    placement, _, host = case
    await rig.tell(cast.contact(host, "self", language="en"))
    page = await _follow(cast, cast.token(host, placement.placement_id, acts=["answer"]))
    assert "Do you want this intern?" in (await cast.web.get(page)).text
    declined = await cast.web.post(page, data={"accept": "no", "reason": "capacity"})
    assert declined.status_code == 303
    assert "You have said no" in (await cast.web.get(page)).text
    assert "The case has ended" not in (await cast.web.get(page)).text
    yes = await cast.web.post(page, data={"accept": "yes"})
    assert (yes.status_code, "You have answered already" in yes.text) == (409, True)


async def test_a_manager_does_not_answer_and_a_stranger_sees_nothing(
    cast: Cast, case: tuple[Placement, Person, Person]
) -> None:
    placement, intern, _ = case
    manager = cast.token(intern, placement.placement_id, relation="manager")
    assert (await cast.does(manager, placement.placement_id, "answer", accept=True)).status_code == 409
    stranger = await cast.joins("host")
    token = cast.token(stranger, placement.placement_id)
    assert (await cast.does(token, placement.placement_id, "answer", accept=True)).status_code == 403
    narrow = cast.token(intern, placement.placement_id, acts=["stay"])
    assert (await cast.does(narrow, placement.placement_id, "answer", accept=True)).status_code == 403
    nobody = cast.token(Person(role="intern"), placement.placement_id)
    assert (await cast.does(nobody, placement.placement_id, "answer", accept=True)).status_code == 503
    assert (await cast.does("x.y.z", placement.placement_id, "answer", accept=True)).status_code == 401


async def test_a_higher_epoch_revokes_older_links(
    rig: Rig, cast: Cast, case: tuple[Placement, Person, Person]
) -> None:
    placement, intern, _ = case
    token = cast.token(intern, placement.placement_id)
    await rig.tell(cast.contact(intern, "self", epoch=2))
    assert (await cast.does(token, placement.placement_id, "answer", accept=True)).status_code == 410


async def test_looking_changes_nothing(rig: Rig, cast: Cast, case: tuple[Placement, Person, Person]) -> None:
    placement, intern, _ = case
    await rig.said(Event)
    before = await cast.placement(placement.placement_id)
    headers = {"authorization": f"Bearer {cast.token(intern, placement.placement_id)}"}
    here = f"/matching/placements/{placement.placement_id}"
    api = f"/matching/api/v1/placements/{placement.placement_id}"
    for path, status in (
        (f"{here}/answer", 200),
        (f"{here}/agreement", 404),
        (f"{here}/stay", 200),
        (api, 200),
        (f"{api}/agreement", 404),
    ):
        assert (await cast.web.get(path, headers=headers)).status_code == status
    assert await cast.placement(placement.placement_id) == before
    assert await rig.said(Event) == []


@pytest.mark.parametrize(
    "change",
    [
        {"programme": "a\u0000b"},
        {"programme": "\ud800"},
        {"programme": "x" * 2001},
        {"based_on": 10**30},
        {"based_on": True},
        {"first_day": "9999-12-31", "last_day": "9999-12-31"},
        {"first_day": "0001-01-01", "last_day": "0001-01-01"},
        {"host_contact_id": str(uuid.UUID(int=0))},
        {"practical_needs": "nødder"},
        {"hr_asked": None},
    ],
)
async def test_odd_terms_are_refused(
    cast: Cast, case: tuple[Placement, Person, Person], change: dict[str, Any]
) -> None:
    placement, intern, host = case
    await cast.both_accept(placement, intern, host)
    body: dict[str, Any] = {
        "based_on": 1,
        "first_day": "2018-09-10",
        "last_day": "2018-09-11",
        "meeting_place": "",
        "host_contact_id": None,
        "host_reserve_id": None,
        "goals_intern": "",
        "goals_manager": "",
        "goals_host": "",
        "programme": "",
        "follow_up": "",
        "hr_asked": False,
        "confidentiality_declaration": False,
    }
    token = cast.token(host, placement.placement_id)
    answer = await cast.web.post(
        f"/matching/api/v1/placements/{placement.placement_id}/agreement/versions",
        content=json.dumps(body | change),
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
    )
    assert answer.status_code in (409, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_coordinator_takes_a_proposal_back_and_lists_what_there_is(
    rig: Rig, cast: Cast, case: tuple[Placement, Person, Person]
) -> None:
    placement, _, _ = case
    await rig.said(Event)
    path = f"placements/{placement.placement_id}/withdrawal"
    for _ in range(2):
        assert (await cast.coordinator("POST", path)).json()["state"] == "withdrawn"
    assert len(await rig.said(Event)) == 1
    listed = (await cast.coordinator("GET", f"editions/{cast.edition_id}/placements")).json()["placements"]
    assert [(one["state"], one["ended_reason"]) for one in listed] == [("withdrawn", "coordinator")]
    unsigned = await cast.web.get(f"/matching/api/v1/editions/{cast.edition_id}/placements")
    assert unsigned.status_code == 401

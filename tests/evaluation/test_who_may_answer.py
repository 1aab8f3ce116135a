"""Which evaluations a link opens: the one its mail is about, and, where it opens everything of a sign-up, that person's own."""

import uuid
from uuid import UUID

import pytest
from evaluation.facts import World, browser, contact, evaluation_id
from rig import Rig

from ipraktik_contracts.events import InternshipCompleted
from ipraktik_evaluation.domain.questions import Party


@pytest.fixture
async def stay(rig: Rig, world: World) -> InternshipCompleted:
    """A stay whose parties have been asked."""
    made = world.completed()
    await rig.tell(world.edition(), made)
    return made


async def broad(rig: Rig, participant_id: UUID, relation: str, *, about: UUID | None = None) -> str:
    """A link as mails carry it: it opens everything of a sign-up that the relation may."""
    contact_id = uuid.uuid4()
    await rig.tell(contact(contact_id, participant_id, relation=relation))
    return rig.link(
        contact_id=contact_id,
        participant_id=participant_id,
        acts=["overview", "evaluate"],
        aggregates=[about or uuid.uuid4(), participant_id],
    )


async def opened(rig: Rig, token: str, asked: UUID) -> list[int]:
    """What page and API answer."""
    async with browser(rig, token=token) as client:
        return [
            (await client.get(f"/evaluation/evaluations/{asked}/stay")).status_code,
            (await client.get(f"/evaluation/api/v1/evaluations/{asked}")).status_code,
        ]


@pytest.mark.parametrize(
    ("relation", "party", "status"),
    [
        ("self", "intern", 200),
        ("self", "manager", 403),
        ("self", "host", 403),
        ("manager", "manager", 200),
        ("manager", "intern", 403),
        ("reserve", "intern", 403),
        ("invited", "intern", 403),
    ],
)
async def test_a_link_of_another_mail_opens_ones_own_evaluations_only(
    rig: Rig, stay: InternshipCompleted, relation: str, party: Party, status: int
) -> None:
    token = await broad(rig, stay.intern_id, relation)
    assert await opened(rig, token, evaluation_id(stay, party, "after")) == [status, status]


async def test_a_hosts_link_opens_the_evaluation_of_each_of_its_interns(rig: Rig, world: World) -> None:
    host_id = uuid.uuid4()
    stays = [world.completed(host_id=host_id) for _ in range(2)]
    await rig.tell(world.edition(), *stays)
    token = await broad(rig, host_id, "self")
    for stay in stays:
        assert await opened(rig, token, evaluation_id(stay, "host", "after")) == [200, 200]


async def test_somebody_elses_evaluation_stays_shut(
    rig: Rig, world: World, stay: InternshipCompleted
) -> None:
    token = await broad(rig, uuid.uuid4(), "self")
    assert await opened(rig, token, evaluation_id(stay, "intern", "after")) == [403, 403]
    named = await broad(rig, uuid.uuid4(), "self", about=evaluation_id(stay, "intern", "after"))
    assert await opened(rig, named, evaluation_id(stay, "intern", "after")) == [403, 403]


async def test_my_data_holds_ones_own_answers_and_nobody_elses(rig: Rig, stay: InternshipCompleted) -> None:
    mine = await broad(rig, stay.intern_id, "self")
    bosses = await broad(rig, stay.intern_id, "manager")
    intern, manager = evaluation_id(stay, "intern", "after"), evaluation_id(stay, "manager", "after")
    async with browser(rig, token=mine) as client:
        await client.post(f"/evaluation/evaluations/{intern}/words", data={"advice": "Mit råd"})
        found = await client.get("/evaluation/my-data")
    assert found.headers["content-disposition"].startswith("attachment")
    assert [(one["evaluation_id"], one["draft"]) for one in found.json()["evaluations"]] == [
        (str(intern), {"advice": "Mit råd"})
    ]
    assert found.json()["contact"]["name"] == "Alma Prøve"
    async with browser(rig, token=bosses) as client:
        theirs = (await client.get("/evaluation/my-data")).json()
    assert [one["evaluation_id"] for one in theirs["evaluations"]] == [str(manager)]
    async with browser(rig) as client:
        assert (await client.get("/evaluation/my-data")).status_code == 401

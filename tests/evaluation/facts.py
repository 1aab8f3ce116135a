"""Valid things for tests of evaluation; a test states only what matters to it."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
from prometheus_client import CollectorRegistry
from rig import Rig

from ipraktik_chassis.ids import derived_id
from ipraktik_contracts.events import (
    ContactChanged,
    EditionChanged,
    InternshipCompleted,
    ParticipantErased,
    ParticipantRegistered,
)
from ipraktik_contracts.fields import Days, Period, Window, Wishes, Workplace
from ipraktik_evaluation.domain.question_set_1 import QUESTION_SET_1
from ipraktik_evaluation.domain.questions import Party, Wave
from ipraktik_evaluation.web.app import create

LAST_DAY = date(2018, 9, 14)
AFTER_THE_STAY = datetime(2018, 9, 17, 10, 0, tzinfo=UTC)
FOLLOW_UP_AT = datetime(2018, 12, 14, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """One edition and its people."""

    edition_id: UUID = field(default_factory=uuid.uuid4)

    def edition(self, *, follow_up: int = 3, name: str = "Uge 37") -> EditionChanged:
        return EditionChanged(
            edition_id=self.edition_id,
            name=name,
            mode="campaign",
            window=Window(
                opens_at=datetime(2018, 4, 1, tzinfo=UTC), closes_at=datetime(2018, 6, 8, tzinfo=UTC)
            ),
            dates=Period(first_day=date(2018, 9, 10), last_day=LAST_DAY),
            answer_days=7,
            sign_days=21,
            follow_up=follow_up,
            hold_mails=False,
        )

    def completed(self, **changes: Any) -> InternshipCompleted:
        """A completed stay of an intern and a host whom nobody else has met."""
        values: dict[str, Any] = {
            "placement_id": uuid.uuid4(),
            "edition_id": self.edition_id,
            "intern_id": uuid.uuid4(),
            "host_id": uuid.uuid4(),
            "group_id": None,
            "first_day": date(2018, 9, 10),
            "last_day": LAST_DAY,
            "decided_by": "silence",
        }
        return InternshipCompleted(**values | changes)

    def registered(self, participant_id: UUID, **changes: Any) -> ParticipantRegistered:
        """A sign-up at a workplace of its own in Aarhus; `workplace` changes the workplace's facts."""
        workplace: dict[str, Any] = {
            "organisation_id": uuid.uuid4(),
            "workplace_id": uuid.uuid4(),
            "organisation_name": "Aarhus Kommune",
            "sector": "municipal",
            "ownership": "public",
            "municipality_code": "0751",
            "country": "DK",
            "ministerial_area": None,
        } | changes.pop("workplace", {})
        values: dict[str, Any] = {
            "participant_id": participant_id,
            "edition_id": self.edition_id,
            "role": "intern",
            "workplace": Workplace(**workplace),
            "field": "libraries",
            "wishes": Wishes(),
            "journey_type": None,
            "days": Days(min=2, max=5),
            "lot": "0" * 64,
        }
        return ParticipantRegistered(**values | changes)

    def erased(self, participant_id: UUID) -> ParticipantErased:
        return ParticipantErased(participant_id=participant_id, edition_id=self.edition_id)


def contact(contact_id: UUID, participant_id: UUID, **changes: Any) -> ContactChanged:
    values: dict[str, Any] = {
        "contact_id": contact_id,
        "participant_id": participant_id,
        "relation": "self",
        "name": "Alma Prøve",
        "email": "alma@example.org",
        "language": "da",
        "epoch": 1,
    }
    return ContactChanged(**values | changes)


def evaluation_id(stay: InternshipCompleted, party: Party, wave: Wave) -> UUID:
    return derived_id("evaluation", stay.placement_id, party, wave)


def answers(party: Party, wave: Wave, **changes: Any) -> dict[str, Any]:
    """The first option of every choice; `changes` replaces answers."""
    made: dict[str, Any] = {}
    for question in QUESTION_SET_1.form(party, wave):
        if question.kind == "one":
            made[question.code] = question.options[0].code
        elif question.kind == "many":
            made[question.code] = [question.options[0].code]
    return made | changes


def browser(rig: Rig, *, token: str | None = None) -> httpx.AsyncClient:
    """A client of the service's web application; with a token it sends it as bearer."""
    app = create(
        replace(rig.context, registry=CollectorRegistry())
    )  # an application registers its metrics once
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://evaluation.test",
        headers={"accept": "text/html"} | ({} if token is None else {"authorization": f"Bearer {token}"}),
    )


async def link_for(rig: Rig, *, evaluation: UUID, participant_id: UUID, **changes: Any) -> str:
    """A link to an evaluation for a contact that the service has just heard of."""
    contact_id = changes.pop("contact_id", None) or uuid.uuid4()
    await rig.tell(contact(contact_id, participant_id, **changes))
    return rig.link(
        contact_id=contact_id, participant_id=participant_id, acts=["evaluate"], aggregates=[evaluation]
    )


async def open_link(client: httpx.AsyncClient, token: str) -> str:
    """From the mail's link through its button; where that leads."""
    shown = await client.get("/evaluation/link", params={"t": token})
    assert shown.status_code == 200
    led = await client.post("/evaluation/link", data={"t": token})
    assert led.status_code == 303
    return str(led.headers["location"])


async def send(rig: Rig, *, stay: InternshipCompleted, party: Party, wave: Wave, **changes: Any) -> int:
    """Answer as that party; the status of the answer."""
    asked = evaluation_id(stay, party, wave)
    participant_id = stay.host_id if party == "host" else stay.intern_id
    token = await link_for(rig, evaluation=asked, participant_id=participant_id)
    async with browser(rig, token=token) as client:
        response = await client.post(
            f"/evaluation/api/v1/evaluations/{asked}/answers",
            json={"answers": answers(party, wave, **changes)},
        )
    return response.status_code

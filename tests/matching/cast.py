"""Who takes part in matching's tests: valid events with only the differences stated, and acts as people do them."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
from rig import Rig

from ipraktik_chassis.composition import imported
from ipraktik_contracts.events import (
    ContactChanged,
    EditionChanged,
    ParticipantRegistered,
    ParticipantUpdated,
)
from ipraktik_contracts.fields import Days, Period, Window, Wishes, Workplace
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.puzzle import digest, from_json, plan_to_json
from ipraktik_matching.puzzle import plan as puzzle_parts
from ipraktik_matching.puzzle.pieces import companions
from ipraktik_matching.store import placements, runs
from ipraktik_matching.usecases.release_run import Released, release_run
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run

MONDAY = date(2018, 9, 10)
WEDNESDAY = date(2018, 9, 12)
FRIDAY = date(2018, 9, 14)
OPENS = datetime(2018, 4, 2, 6, tzinfo=UTC)
ACTS = ("answer", "agreement", "stay")


@dataclass(kw_only=True)
class Person:
    """A sign-up with its contacts."""

    role: str
    participant_id: UUID = field(default_factory=uuid.uuid4)
    self_id: UUID = field(default_factory=uuid.uuid4)
    second_id: UUID = field(default_factory=uuid.uuid4)

    @property
    def second(self) -> str:
        """The relation of the second contact."""
        return "manager" if self.role == "intern" else "reserve"


class Cast:
    """An edition and its people, told to matching as registration would."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.edition_id = uuid.uuid4()
        self.web = httpx.AsyncClient(
            transport=httpx.ASGITransport(imported(rig.service.web)(rig.context)),
            base_url="http://matching.test",
            headers={
                "accept": "text/html"
            },  # as browsers ask; routes under /api/ answer programs all the same
        )

    def edition(self, **different: Any) -> EditionChanged:
        values: dict[str, Any] = {
            "edition_id": self.edition_id,
            "name": "Uge 37",
            "mode": "campaign",
            "window": Window(opens_at=OPENS, closes_at=datetime(2018, 6, 8, 22, tzinfo=UTC)),
            "dates": Period(first_day=MONDAY, last_day=FRIDAY),
            "answer_days": 14,
            "sign_days": 30,
            "follow_up": 6,
            "hold_mails": False,
        }
        return EditionChanged(**(values | different))

    def body(self, person: Person, **different: Any) -> ParticipantRegistered:
        number = person.participant_id.int % 9000 + 1000
        intern = person.role == "intern"
        values: dict[str, Any] = {
            "participant_id": person.participant_id,
            "edition_id": self.edition_id,
            "role": person.role,
            "workplace": Workplace(
                organisation_id=uuid.uuid4(),
                workplace_id=uuid.uuid4(),
                organisation_name=f"Organisation {number}",
                sector="municipal",
                ownership="public",
                municipality_code="0751",
                country="DK",
                ministerial_area=None,
            ),
            "field": "libraries",
            "wishes": Wishes(),
            "journey_type": "own_idea" if intern else None,
            "days": Days(min=2, max=5),
            "capacity": None if intern else 1,
            "lot": hashlib.sha256(person.participant_id.bytes).hexdigest(),
        }
        return ParticipantRegistered(**(values | different))

    def updated(self, body: ParticipantRegistered, **different: Any) -> ParticipantUpdated:
        return ParticipantUpdated(**{**dict(body), **different})

    def contact(self, person: Person, relation: str, **different: Any) -> ContactChanged:
        values: dict[str, Any] = {
            "contact_id": person.self_id if relation == "self" else person.second_id,
            "participant_id": person.participant_id,
            "relation": relation,
            "name": f"Navn {relation} {person.role}",
            "email": f"{relation}@example.org",
            "language": "da",
            "epoch": 1,
            "motivation": "Jeg vil se noget nyt." if person.role == "intern" else "",
            "offer": "Hos os kan du følge en bus." if person.role == "host" else "",
            "job_title": "Bibliotekar",
            "unit_name": "Hovedbiblioteket",
        }
        return ContactChanged(**(values | different))

    async def joins(self, role: str, **different: Any) -> Person:
        """A sign-up becomes valid, contacts and all."""
        person = Person(role=role, participant_id=different.pop("participant_id", None) or uuid.uuid4())
        await self.rig.tell(
            self.contact(person, "self"),
            self.contact(person, person.second),
            self.body(person, **different),
        )
        return person

    async def solved_run(self) -> UUID:
        """A run that the stand-in has solved."""
        async with self.rig.database.transaction() as tx:
            run_id = await request_run(tx, edition_id=self.edition_id, requested_by="coordinator")
        await solve_next_run(self.rig.database, solve=first_come)
        return run_id

    async def releases(self, run_id: UUID, *, final: bool = False) -> Released:
        async with self.rig.database.transaction() as tx:
            return await release_run(tx, run_id=run_id, final=final, by="coordinator")

    async def proposed(self) -> list[Placement]:
        """A run is solved and released; what was proposed by it."""
        run_id = await self.solved_run()
        await self.releases(run_id)
        return [one for one in await self.placements() if one.run_id == run_id]

    async def placements(self) -> list[Placement]:
        async with self.rig.database.reading() as conn:
            return await placements.of_edition(conn, edition_id=self.edition_id)

    async def placement(self, placement_id: UUID) -> Placement:
        async with self.rig.database.reading() as conn:
            found = await placements.find(conn, placement_id=placement_id)
        assert found is not None
        return found

    async def run(self, run_id: UUID) -> runs.Run:
        async with self.rig.database.reading() as conn:
            found = await runs.find(conn, run_id=run_id)
        assert found is not None
        return found

    def token(
        self,
        person: Person,
        placement_id: UUID,
        *,
        relation: str = "self",
        acts: Sequence[str] = ACTS,
        **more: Any,
    ) -> str:
        return self.rig.link(
            contact_id=person.self_id if relation == "self" else person.second_id,
            participant_id=person.participant_id,
            acts=acts,
            aggregates=[placement_id],
            **more,
        )

    async def does(self, token: str, placement_id: UUID, act: str, **body: Any) -> httpx.Response:
        """A person's act over JSON."""
        return await self.web.post(
            f"/matching/api/v1/placements/{placement_id}/{act}",
            json=body,
            headers={"authorization": f"Bearer {token}"},
        )

    async def coordinator(self, method: str, path: str, **body: Any) -> httpx.Response:
        """A coordinator's act over JSON."""
        return await self.web.request(
            method,
            f"/matching/api/v1/{path}",
            json=body if method != "GET" else None,
            headers={"authorization": f"Bearer {self.rig.coordinator()}"},
        )

    async def both_accept(self, placement: Placement, intern: Person, host: Person) -> None:
        for person in (intern, host):
            token = self.token(person, placement.placement_id)
            answer = await self.does(token, placement.placement_id, "answer", accept=True)
            assert answer.status_code == 200, answer.text

    async def signs(self, placement_id: UUID, intern: Person, host: Person) -> None:
        """All three approve the version put up."""
        current = (await self.placement(placement_id)).current
        assert current is not None
        for person, relation in ((intern, "self"), (intern, "manager"), (host, "self")):
            answer = await self.does(
                self.token(person, placement_id, relation=relation),
                placement_id,
                "agreement/approval",
                version=current.number,
                fingerprint=current.fingerprint,
            )
            assert answer.status_code == 200, answer.text


async def first_come(text: str) -> str:
    """A stand-in for the solver: companions first, then by lot, each at the first host with room that is not forbidden."""
    puzzle = from_json(text)
    seats = {host.id: host.capacity for host in sorted(puzzle.hosts, key=lambda host: host.lot)}
    for _, host_id in puzzle.fixed:
        seats[host_id] -= 1
    together = companions(puzzle.interns)
    placed: list[puzzle_parts.Placement] = []
    left: list[puzzle_parts.Unplaced] = []
    done = {intern_id for intern_id, _ in puzzle.fixed}
    for intern in sorted(puzzle.interns, key=lambda one: (one.id not in together, one.lot)):
        if intern.id in done:
            continue
        members = [intern.id, *([together[intern.id]] if intern.id in together else [])]
        done.update(members)
        rooms = (
            host_id
            for host_id, free in seats.items()
            if free >= len(members) and not any((one, host_id) in puzzle.forbidden for one in members)
        )
        room = next(rooms, None)
        for one in members:
            if room is None:
                left.append(puzzle_parts.Unplaced(intern_id=one, reason="no_free_place"))
                continue
            seats[room] -= 1
            placed.append(
                puzzle_parts.Placement(
                    intern_id=one,
                    host_id=room,
                    companion_id=next((other for other in members if other != one), None),
                    days=3,
                    window=puzzle.dates,
                    fit=0,
                    parts={},
                    reasons=("field",),
                )
            )
    figures = dict.fromkeys(puzzle_parts.Stats.__dataclass_fields__, 0)
    stats = puzzle_parts.Stats(
        **{
            **figures,
            "count_proven": True,
            "fit_proven": True,
            "unique": True,
            "solver": "stand-in",
            "input_digest": digest(puzzle),
        }  # type: ignore[arg-type]  # figures are numbers, the named ones are not
    )
    return plan_to_json(puzzle_parts.Plan(placements=tuple(placed), unplaced=tuple(left), stats=stats))

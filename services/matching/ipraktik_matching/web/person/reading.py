"""Everything about a placement's agreement that its pages read, fetched at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_matching.domain.placement import Placement, settle
from ipraktik_matching.store import approvals, history, participants, versions
from ipraktik_matching.store.approvals import Approval
from ipraktik_matching.store.versions import PutUp
from ipraktik_matching.web.parties import Asking
from ipraktik_matching.web.people import People, people_of


@dataclass(frozen=True, slots=True)
class Agreement:
    """A placement as the clock has it now, with every version and every approval."""

    placement: Placement
    versions: tuple[PutUp, ...]
    approvals: tuple[Approval, ...]
    people: People
    workplaces: Mapping[str, str]
    lines: tuple[dict[str, Any], ...]
    begun: bool

    @property
    def current(self) -> PutUp:
        """The newest version that is put up or signed."""
        current = self.placement.current
        number = current.number if current else self.versions[-1].number
        return self.numbered(number) or self.versions[-1]

    @property
    def standing(self) -> PutUp | None:
        """The version that all three have approved last."""
        standing = self.placement.standing
        return None if standing is None else self.numbered(standing.number)

    @property
    def active(self) -> bool:
        """Whether it can be changed or called off."""
        return self.placement.state in ("drafted", "signed") and not self.begun

    @property
    def open(self) -> bool:
        """Whether a version waits for approvals."""
        return self.active and self.placement.draft is not None

    def numbered(self, number: int) -> PutUp | None:
        """The version of that number."""
        return next((one for one in self.versions if one.number == number), None)

    def objections(self, number: int) -> list[dict[str, Any]]:
        """Who has refused the version, and why."""
        return [
            line for line in self.lines if line["act"] == "AgreementRefused" and line["version"] == number
        ]


async def agreement_of(request: Request, who: Asking) -> Agreement:
    """The agreement. Raises Problem 404 where there is none yet."""
    context = context_of(request)
    now = context.clock.now()
    placement_id = who.placement.placement_id
    async with context.database.reading() as conn:
        found = await versions.of_placement(conn, placement_id=placement_id)
        if not found:
            raise Problem(
                404,
                "There is no agreement yet",
                "It follows when both have said yes.",
                danish=("Der er ingen aftale endnu", "Den kommer, når I begge har sagt ja."),
            )
        approved = await approvals.of_placement(conn, placement_id=placement_id)
        people = await people_of(conn, who.placement)
        sides = {"intern": who.placement.intern_id, "host": who.placement.host_id}
        bodies = await participants.find(conn, participant_ids=list(sides.values()))
        lines = await history.of_placement(conn, placement_id=placement_id)
    workplaces = {
        side: bodies[participant_id].workplace.organisation_name
        for side, participant_id in sides.items()
        if participant_id in bodies
    }
    placement, _ = settle(who.placement, now)
    return Agreement(
        placement, tuple(found), tuple(approved), people, workplaces, tuple(lines), placement.stay_begun(now)
    )

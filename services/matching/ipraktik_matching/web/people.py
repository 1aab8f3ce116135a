"""The people of a placement by their part in it: who speaks for each party now, and whom an agreement can name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store import contacts
from ipraktik_matching.store.contacts import Contact

_SPEAKS: Final[Mapping[Party, tuple[str, str]]] = {
    "intern": ("intern_id", "self"),
    "manager": ("intern_id", "manager"),
    "host": ("host_id", "self"),
}


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a placement who is known here."""

    placement: Placement
    known: Sequence[Contact]

    def speaks(self, party: Party) -> Contact | None:
        """Who speaks for the party now; the latest where registration has named one after another."""
        side, relation = _SPEAKS[party]
        participant_id = getattr(self.placement, side)
        found = [
            one for one in self.known if one.participant_id == participant_id and one.relation == relation
        ]
        return max(found, key=lambda one: one.contact_id, default=None)

    @property
    def of_host(self) -> list[Contact]:
        """The host's contact person and reserve."""
        return [
            one
            for one in self.known
            if one.participant_id == self.placement.host_id and one.relation in ("self", "reserve")
        ]

    @property
    def names(self) -> dict[UUID, str]:
        """Names by contact."""
        return {one.contact_id: one.name for one in self.known}


async def people_of(conn: Any, placement: Placement) -> People:
    """The people of the placement."""
    known = await contacts.of_participants(conn, participant_ids=[placement.intern_id, placement.host_id])
    return People(placement, known)

"""Who names whom, and what follows when a sign-up becomes valid or names somebody new. Pure decisions.

A sign-up's body carries only what its own owner said. Invariants: nobody is tied to somebody who is not signed up and valid;
nobody is asked twice about the same naming; who has said no is not asked again; who names back is not asked at all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from ipraktik_registration.domain.life import Role

Kind = Literal["companion", "self_found", "host_in_mind"]
KINDS: Final[tuple[Kind, ...]] = ("companion", "self_found", "host_in_mind")
MUTUAL: Final[frozenset[Kind]] = frozenset({"companion", "self_found"})
"""The kinds that hold only when both say so."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One sign-up names somebody. `found_id` is the valid sign-up behind the name now, `other_id` the one noted before."""

    participant_id: UUID
    kind: Kind
    found_id: UUID | None
    other_id: UUID | None = None
    invited: bool = False
    asked_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ties:
    """What follows: whose naming now leads to whom, who is asked to say the same, who is invited to sign up."""

    tied: tuple[Naming, ...] = ()
    asked: tuple[Naming, ...] = ()
    invited: tuple[Naming, ...] = ()

    @property
    def changed(self) -> frozenset[UUID]:
        """The sign-ups whose body changes."""
        return frozenset(naming.participant_id for naming in self.tied)


def wanted_role(kind: Kind, of: Role) -> Role | None:
    """The role a sign-up must have to be meant; None where a sign-up of this role names nobody in this way."""
    match kind, of:
        case "companion", "intern":
            return "intern"
        case "self_found", _:
            return "host" if of == "intern" else "intern"
        case "host_in_mind", "intern":
            return "host"
        case _:
            return None


def ties(namings: Sequence[Naming], *, said: Collection[tuple[UUID, Kind, UUID]], window_open: bool) -> Ties:
    """What follows from these namings. `said` holds, as (who, kind, whom), what valid sign-ups have said already."""
    tied = tuple(
        naming for naming in namings if naming.found_id is not None and naming.found_id != naming.other_id
    )
    known = set(said) | {(one.participant_id, one.kind, one.found_id) for one in namings if one.found_id}
    asked = tuple(
        naming
        for naming in namings
        if naming.kind in MUTUAL
        and naming.found_id is not None
        and naming.asked_id != naming.found_id
        and (naming.found_id, naming.kind, naming.participant_id) not in known
    )
    invited = tuple(
        naming
        for naming in namings
        if window_open and naming.found_id is None and naming.other_id is None and not naming.invited
    )
    return Ties(tied, asked, invited)

"""Everything that registration holds about one sign-up, for coordinators: with its history, and who is behind each name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipraktik_registration.store import history, lines, named
from ipraktik_registration.store.history import Noted
from ipraktik_registration.store.lines import Line
from ipraktik_registration.store.named import Named
from ipraktik_registration.usecases.tell_own_sign_up import OwnSignUp, tell_own_sign_up


@dataclass(frozen=True, slots=True)
class Case:
    """A sign-up as coordinators see it. `named_by` are others' namings of it; `others` the sign-ups behind all names."""

    own: OwnSignUp
    named_by: list[Named]
    others: dict[UUID, Line]
    history: list[Noted]


async def tell_case(conn: Any, *, participant_id: UUID) -> Case:
    """Read it all. Raises Refused where there is no such sign-up."""
    own = await tell_own_sign_up(conn, participant_id=participant_id)
    named_by = await named.naming(conn, other_id=participant_id)
    meant = [one.other_id for one in own.names.values() if one.other_id]
    others = await lines.some(conn, participant_ids=[*meant, *(one.participant_id for one in named_by)])
    return Case(own, named_by, others, await history.of(conn, participant_id=participant_id))

"""What a list of mails is narrowed to, read from its address. What does not fit is no narrowing: an old bookmark still shows a list."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.store.mail_list import STATES, Narrowing
from ipraktik_notify.web.words import PARTIES

_SHORT: Final = Query(max_length=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """The chosen narrowings, each empty or valid."""

    kind: str
    state: str
    party: str
    edition: UUID | None
    about: UUID | None
    failed: bool
    before: UUID | None

    def query(self) -> dict[str, object]:
        """The narrowings as query values, the place in the list left out."""
        values: dict[str, object] = {
            "kind": self.kind,
            "state": self.state,
            "party": self.party,
            "edition": self.edition or "",
            "about": self.about or "",
            "failed": "yes" if self.failed else "",
        }
        return {name: value for name, value in values.items() if value}


def asked(
    kind: Annotated[str, _SHORT] = "",
    state: Annotated[str, _SHORT] = "",
    party: Annotated[str, _SHORT] = "",
    edition: Annotated[str, _SHORT] = "",
    about: Annotated[str, _SHORT] = "",
    failed: Annotated[str, _SHORT] = "",
    before: Annotated[str, _SHORT] = "",
) -> Asked:
    """What the address asks for."""
    return Asked(
        kind=kind if kind in KINDS else "",
        state=state if state in STATES else "",
        party=party if party in PARTIES else "",
        edition=_id(edition),
        about=_id(about),
        failed=failed == "yes",
        before=_id(before),
    )


def narrowing_of(chosen: Asked) -> Narrowing:
    """The same for the store."""
    return Narrowing(
        kind=chosen.kind or None,
        state=chosen.state or None,
        party=chosen.party or None,
        edition_id=chosen.edition,
        failed=chosen.failed,
        about=chosen.about,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

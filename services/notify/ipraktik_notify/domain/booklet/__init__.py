"""The booklet: short check lists for three roles in three phases, as data. Mails and pages show the same items.

What must stay true: the counts per role and phase are those of the programme's own booklet (58 in all), an id names its item for
ever, and both languages say the same. `text` stands alone, in mails and on paper; `why` is the sentence below it on a page.
"""

from collections.abc import Mapping
from typing import Final

from ipraktik_notify.domain.booklet.host import HOST
from ipraktik_notify.domain.booklet.intern import INTERN
from ipraktik_notify.domain.booklet.item import Item, List, Phase, Role
from ipraktik_notify.domain.booklet.workplace import WORKPLACE

ROLES: Final[tuple[Role, ...]] = ("intern", "host", "workplace")
PHASES: Final[tuple[Phase, ...]] = ("before", "during", "after")

_BY_ROLE: Final[Mapping[Role, Mapping[Phase, List]]] = {
    "intern": INTERN,
    "host": HOST,
    "workplace": WORKPLACE,
}
BOOKLET: Final[Mapping[tuple[Role, Phase], List]] = {
    (role, phase): _BY_ROLE[role][phase] for role in ROLES for phase in PHASES
}

ROLE_OF_PARTY: Final[Mapping[str, Role]] = {
    "intern": "intern",
    "manager": "workplace",
    "host": "host",
    "reserve": "host",
}
"""Whose lists a party of a placement gets: the manager stands for the sending workplace."""

__all__ = ["BOOKLET", "PHASES", "ROLES", "ROLE_OF_PARTY", "Item", "List", "Phase", "Role"]

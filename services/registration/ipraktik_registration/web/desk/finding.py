"""What a coordinator looks for in the list: read from the address, and given back to the form and to links.

Invariant: what is typed into the search never stands in an address, where it would lie in logs and histories. It is posted, and the
page that answers carries it in its forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import Request

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import FIELDS, SECTORS, Label
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS, region_of
from ipraktik_registration.domain.life import SILENCE, Role, State
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.store.lines import ORDERS, Order, Tie, Wanted

PATH: Final = "/registration/desk"
MOST_CHARS: Final = 100
ROLES: Final[tuple[Role, ...]] = ("intern", "host")
TIES: Final[tuple[Tie, ...]] = ("companion", "self_found", "host_in_mind")
STATES: Final[Mapping[str, tuple[State, ...]]] = {
    "waiting": ("unconfirmed", "awaiting_consent"),
    "unconfirmed": ("unconfirmed",),
    "awaiting_consent": ("awaiting_consent",),
    "registered": ("registered",),
    "withdrawn": ("withdrawn",),
    "refused": ("refused",),
    "expired": ("expired",),
    "erased": ("erased",),
}
_DANISH: Final = str.maketrans("æøå", "{|}")
FILTERS: Final = (
    *("edition", "role", "state", "field", "sector", "place", "tie", "waits"),
    *("order", "falling"),
)
"""The names that stand in addresses of the list, beside the place of a page."""
WAITS: Final = ("3", "7", "10", "13")


@dataclass(frozen=True, slots=True)
class Finding:
    """The list as it is asked for. `query` goes into links; `text` does not.

    Regions are what they are on `region_day`.
    """

    wanted: Wanted
    order: Order
    falling: bool
    after: UUID | None
    before: UUID | None
    region_day: date
    query: dict[str, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The filters as the form shows them."""
        return Form({**self.query, "q": self.wanted.text})

    def with_order(self, order: Order) -> dict[str, str]:
        """The query of the same list in another order; the same order again turns round."""
        falling = order == self.order and not self.falling
        rest = {name: value for name, value in self.query.items() if name not in ("order", "falling")}
        return rest | {"order": order} | ({"falling": "yes"} if falling else {})


def finding(
    request: Request, editions: list[Edition], *, given: Mapping[str, str] | None = None
) -> Finding | None:
    """What the address asks for, or what was posted; what it cannot mean is left out. None where there is no edition."""
    posted = given is not None
    given = request.query_params if given is None else given
    edition = next((one for one in editions if str(one.edition_id) == given.get("edition")), None)
    edition = edition or (editions[0] if editions else None)
    if edition is None:
        return None
    now = context_of(request).clock.now()
    query = {"edition": str(edition.edition_id)}
    for name, offered in (
        ("role", ROLES),
        ("state", STATES),
        ("field", FIELDS),
        ("sector", SECTORS),
        ("tie", TIES),
        ("waits", WAITS),
        ("order", ORDERS),
    ):
        if given.get(name) in offered:
            query[name] = given[name]
    day = _region_day(edition, now)
    if _places(given.get("place", ""), day):
        query["place"] = given["place"]
    if given.get("falling") == "yes":
        query["falling"] = "yes"
    text = given.get("q", "").strip()[:MOST_CHARS] if posted else ""
    wanted = Wanted(
        edition_id=edition.edition_id,
        role=next((role for role in ROLES if role == query.get("role")), None),
        states=STATES.get(query.get("state", ""), ()),
        field=query.get("field"),
        sector=query.get("sector"),
        municipalities=_places(query.get("place", ""), day),
        waits_until=_waiting_since(query.get("waits"), now),
        tie=next((tie for tie in TIES if tie == query.get("tie")), None),
        text=text,
    )
    order: Order = next((one for one in ORDERS if one == query.get("order")), "arrival")
    return Finding(
        wanted,
        order,
        "falling" in query,
        _uuid(given.get("after")),
        _uuid(given.get("before")),
        day,
        query,
    )


def _region_day(edition: Edition, now: datetime) -> date:
    """The day whose regions count: that on which the round's stays begin, or today once they have begun."""
    return max(edition.frame.first_day, min(local_day(now), edition.frame.last_day))


def places(day: date) -> list[tuple[str, str]]:
    """Regions as they are on that day, then municipalities, for the form."""
    regions = {code: region_of(code, day) for code in MUNICIPALITIES}
    there = sorted({region for region in regions.values() if region}, key=REGIONS.__getitem__)
    return [
        *((f"region:{code}", REGIONS[code]) for code in there),
        *((f"municipality:{code}", name) for code, name in by_name(MUNICIPALITIES)),
    ]


def by_name(named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their names in Danish order: æ, ø and å come last, and aa is å."""
    return sorted(named.items(), key=lambda one: one[1].lower().translate(_DANISH).replace("aa", "}"))


def in_order(labelled: Mapping[str, Label], say: Speech) -> dict[str, Label]:
    """Codes in the order of the alphabet, by the words that the reader's language has for them."""
    return {
        code: labelled[code] for code, _ in by_name({code: say.label(one) for code, one in labelled.items()})
    }


def _places(place: str, day: date) -> tuple[str, ...]:
    kind, _, code = place.partition(":")
    if kind == "municipality" and code in MUNICIPALITIES:
        return (code,)
    if kind == "region" and code in REGIONS:
        return tuple(one for one in MUNICIPALITIES if region_of(one, day) == code)
    return ()


def _waiting_since(days: str | None, now: datetime) -> datetime | None:
    """Who has that many days of waiting behind them has the rest of the fourteen before them."""
    return None if days is None else now + SILENCE - timedelta(days=int(days))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

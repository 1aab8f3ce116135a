"""The balance of an edition: what interns wish for against the places that hosts have, by field and by region.

Who wishes for three fields counts in each of the three; who is open to all counts in none and is told apart. Of what is asked for
more than it is offered, hosts are scarce.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

ABROAD = "abroad"
"""The region of workplaces outside Denmark (or outside every region)."""

RegionOf = Callable[[str], str | None]
"""Municipality to region on the edition's days."""


@dataclass(frozen=True, slots=True)
class Share:
    """Sign-ups of one role in one field, or in one municipality (None: none is told). `taken`: seats that hosts have given away."""

    role: str
    code: str | None
    persons: int
    seats: int
    taken: int


@dataclass(frozen=True, slots=True)
class Wished:
    """Interns who wish for just these fields and areas; empty is open to all."""

    fields: tuple[str, ...]
    areas: tuple[str, ...]
    persons: int


@dataclass(frozen=True, slots=True)
class Row:
    """One field or region: interns who wish for it, interns who come from it, hosts, their seats, and the seats left."""

    code: str
    wished: int
    interns: int
    hosts: int
    seats: int
    free: int

    @property
    def missing(self) -> int:
        """Wishes beyond the seats."""
        return max(self.wished - self.seats, 0)


@dataclass(frozen=True, slots=True)
class Balance:
    """The rows, the most wished for first, and who is open to all."""

    rows: tuple[Row, ...]
    open_to_all: int

    @property
    def scarce(self) -> tuple[Row, ...]:
        """Where the most is missing, three at most."""
        rows = sorted((row for row in self.rows if row.missing), key=lambda row: (-row.missing, row.code))
        return tuple(rows[:3])


@dataclass(frozen=True, slots=True)
class Totals:
    """Everybody: interns, those without a place, seats, seats left."""

    interns: int
    unplaced: int
    hosts: int
    seats: int
    free: int


def totals(shares: Iterable[Share], *, placed: int) -> Totals:
    """All of the edition; so many of its interns have a place."""
    interns = hosts = seats = free = 0
    for share in shares:
        if share.role == "intern":
            interns += share.persons
        else:
            hosts += share.persons
            seats += share.seats
            free += share.seats - share.taken
    return Totals(interns, interns - placed, hosts, seats, free)


def by_field(shares: Iterable[Share], wishes: Iterable[Wished]) -> Balance:
    """Fields of work, from shares by field."""
    wished: Counter[str] = Counter()
    everything = 0
    for wish in wishes:
        wished.update(dict.fromkeys(set(wish.fields), wish.persons))
        everything += 0 if wish.fields else wish.persons
    return _balance(shares, wished, everything, lambda code: code or "")


def by_region(shares: Iterable[Share], wishes: Iterable[Wished], *, region_of: RegionOf) -> Balance:
    """Regions, from shares by the municipality of each workplace; a wish for a municipality is one for its region."""
    wished: Counter[str] = Counter()
    everything = 0
    for wish in wishes:
        wished.update(dict.fromkeys({_region_wished(area, region_of) for area in wish.areas}, wish.persons))
        everything += 0 if wish.areas else wish.persons
    return _balance(
        shares,
        wished,
        everything,
        lambda municipality: (municipality and region_of(municipality)) or ABROAD,
    )


def _balance(
    shares: Iterable[Share],
    wished: Mapping[str, int],
    everything: int,
    code_of: Callable[[str | None], str],
) -> Balance:
    interns: Counter[str] = Counter()
    hosts: Counter[str] = Counter()
    seats: Counter[str] = Counter()
    free: Counter[str] = Counter()
    for share in shares:
        code = code_of(share.code)
        if share.role == "intern":
            interns[code] += share.persons
        else:
            hosts[code] += share.persons
            seats[code] += share.seats
            free[code] += share.seats - share.taken
    rows = [
        Row(code, wished.get(code, 0), interns[code], hosts[code], seats[code], free[code])
        for code in wished.keys() | interns.keys() | seats.keys()
    ]
    return Balance(tuple(sorted(rows, key=lambda row: (-row.wished, -row.seats, row.code))), everything)


def _region_wished(area: str, region_of: RegionOf) -> str:
    kind, _, code = area.partition(":")
    if kind == "municipality":
        return region_of(code) or ABROAD
    return code if kind == "region" else ABROAD

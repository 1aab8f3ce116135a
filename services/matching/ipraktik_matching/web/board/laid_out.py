"""A run's puzzle as the page of one intern asks it: hosts by their kind, so that a kind is weighed and not each host of it.

Invariants: what is kept of the run looked at last is of the puzzle with that digest, which never changes; a host stands for others
only where no rule sees a difference between them (hosts that one intern's own ids mean something to are weighed by themselves).
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain, islice
from typing import Any, TypeVar
from uuid import UUID

from ipraktik_matching.puzzle import Fit, Host, Intern, Puzzle, fit, from_json, obstacles

Row = TypeVar("Row", Intern, Host)
_ALIKE = ("organisation_id", "field", "sector", "municipality_code", "country", "days", "wishes", "available")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A host beside the one that was given: points, what stood in the way, and how its seats went."""

    host_id: UUID
    points: Fit
    obstacles: tuple[str, ...]
    taken: int
    seats: int


@dataclass(frozen=True, slots=True)
class Kind:
    """Hosts that differ in nothing that is weighed: what they are like, and the ids of those with a seat left and of the others."""

    like: Host
    free: Iterable[str]
    full: Iterable[str]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The puzzle, looked up by id. `taken`: seats given away before the run; `related`: hosts by organisation and by unit.

    `open`, `drafts`: where proposals that may be moved had somebody.
    """

    puzzle: Puzzle
    interns: Mapping[str, Intern]
    hosts: Mapping[str, Host]
    taken: Counter[str]
    kinds: tuple[Kind, ...]
    related: Mapping[str, tuple[str, ...]]
    forbidden: Mapping[str, tuple[str, ...]]
    pinned: Mapping[str, str]
    open: Mapping[str, str]
    drafts: Mapping[str, str]

    def alternatives(self, intern: Intern, *, given: UUID | None, most: int) -> list[Alternative]:
        """The other hosts: those that nothing stood between first, and among these the best fit first.

        Their taken seats are those taken before the run.
        """
        apart = self._apart(intern)
        small = self._around(intern, apart)
        out = {*apart, str(given)}
        places: dict[tuple[bool, int], list[Iterator[tuple[str, Fit, tuple[str, ...]]]]] = defaultdict(list)
        for kind in chain(self.kinds, (self._alone(one) for one in apart if one != str(given))):
            skipped = out if kind.like.id not in apart else set()
            points, between = fit(intern, kind.like, puzzle=small), obstacles(small, intern, kind.like)
            for ids, stood in ((kind.free, between), (kind.full, (*between, "full"))):
                places[bool(stood), -points.total].append(_rows(ids, points, stood, skipped))
        ordered = chain.from_iterable(
            merge(*places[place], key=lambda row: row[0]) for place in sorted(places)
        )
        return [
            Alternative(UUID(one), points, stood, self.taken[one], self.hosts[one].capacity)
            for one, points, stood in islice(ordered, most)
        ]

    def _apart(self, intern: Intern) -> set[str]:
        named = {
            *self.related.get(intern.organisation_id, ()),
            *self.related.get(intern.workplace_id, ()),
            *self.forbidden.get(intern.id, ()),
            *(of.get(intern.id, "") for of in (self.pinned, self.open, self.drafts)),
            intern.host_in_mind_id or "",
        }
        return named & self.hosts.keys()

    def _around(self, intern: Intern, apart: Iterable[str]) -> Puzzle:
        """As much of the puzzle as speaks of this intern. Seats that are taken are ours to tell."""

        def named(pairs: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
            host_id = pairs.get(intern.id)
            return () if host_id is None else ((intern.id, host_id),)

        return replace(
            self.puzzle,
            interns=(intern,),
            hosts=tuple(self.hosts[one] for one in apart),
            forbidden=frozenset((intern.id, one) for one in self.forbidden.get(intern.id, ())),
            pinned=named(self.pinned),
            open=named(self.open),
            drafts=named(self.drafts),
        )

    def _alone(self, host_id: str) -> Kind:
        host = self.hosts[host_id]
        full = self.taken[host_id] >= host.capacity
        return Kind(host, () if full else (host_id,), (host_id,) if full else ())


class LastLaidOut:
    """The puzzle of the run that was looked at last, so that the next intern of it costs no reading."""

    def __init__(self) -> None:
        self._key: Any = None
        self._found: LaidOut | None = None

    def kept(self, key: object) -> LaidOut | None:
        """That of this key, if it is the one kept."""
        return self._found if key == self._key else None

    async def read(self, key: object, text: str) -> LaidOut:
        """That of the text, aside from the loop, since a long one takes its time. Kept from now on."""
        found = await asyncio.to_thread(_read, text)
        self._key, self._found = key, found
        return found


def _read(text: str) -> LaidOut:
    return laid_out(from_json(text))


def laid_out(puzzle: Puzzle) -> LaidOut:
    """The puzzle by id and by kind."""
    shared: dict[Any, Any] = {}
    interns = [_lean(one, shared) for one in puzzle.interns]
    hosts = sorted((_lean(one, shared) for one in puzzle.hosts), key=lambda one: one.id)
    taken = Counter(host_id for _, host_id in puzzle.fixed)
    kinds: dict[Host, tuple[list[str], list[str]]] = {}
    related: dict[str, list[str]] = defaultdict(list)
    for host in hosts:
        like = replace(host, id="", organisation_id="", workplace_id="", capacity=1)
        kinds.setdefault(like, ([], []))[taken[host.id] >= host.capacity].append(host.id)
        for one in {host.organisation_id, host.workplace_id}:
            related[one].append(host.id)
    forbidden: dict[str, list[str]] = defaultdict(list)
    for intern_id, host_id in puzzle.forbidden:
        forbidden[intern_id].append(host_id)
    return LaidOut(
        puzzle=replace(
            puzzle, interns=(), hosts=(), fixed=(), forbidden=frozenset(), pinned=(), open=(), drafts=()
        ),
        interns={one.id: one for one in interns},
        hosts={one.id: one for one in hosts},
        taken=taken,
        kinds=tuple(Kind(like, tuple(free), tuple(full)) for like, (free, full) in kinds.items()),
        related={one: tuple(ids) for one, ids in related.items()},
        forbidden={one: tuple(ids) for one, ids in forbidden.items()},
        pinned=dict(puzzle.pinned),
        open=dict(puzzle.open),
        drafts=dict(puzzle.drafts),
    )


def _lean(row: Row, shared: dict[Any, Any]) -> Row:
    """The row without its lot, which weighs nothing here; what thousands have alike is kept once."""
    alike = {name: shared.setdefault(value := getattr(row, name), value) for name in _ALIKE}
    return replace(row, lot="0", **alike)


def _rows(
    ids: Iterable[str], points: Fit, stood: tuple[str, ...], skipped: set[str]
) -> Iterator[tuple[str, Fit, tuple[str, ...]]]:
    return ((one, points, stood) for one in ids if one not in skipped)

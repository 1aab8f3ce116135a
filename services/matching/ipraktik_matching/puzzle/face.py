"""Which plans are still in the running.

A plan gives each group at most one host (`Chosen`: the host's number, or -1). A `Face` is a set of plans, described by
the columns they may use and the rows they must fill. Every stage of the search starts from a face and ends with the
smaller face of exactly those plans that reach its optimum. Whole numbers throughout: whether a plan belongs to a face
is never a matter of tolerance.
"""

from dataclasses import dataclass

import numpy as np

from ipraktik_matching.puzzle.columns import Columns, Whole, Yes

Chosen = Whole


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier stage's value, which no later plan may fall below."""

    weights: Whole
    value: int


@dataclass(frozen=True, slots=True)
class Cut:
    """At this host a pair and these solos (one fewer than the free seats) add up to at most len(solos).

    True of every plan. It only stops the relaxation from seating half a pair beside them; all such rows together
    leave it no way to do better at a single host than plans can.
    """

    host: int
    solos: tuple[int, ...]

    @property
    def hosts(self) -> tuple[int, ...]:
        """Where it holds, as for cuts that span several hosts."""
        return (self.host,)

    @property
    def most(self) -> int:
        """What they add up to at most."""
        return len(self.solos)


@dataclass(frozen=True, slots=True)
class Odd:
    """These solos at these hosts and all pairs there are `most` together: half of the solos and the hosts' seats, rounded down.

    True of every plan (`odd`). With one host, and one solo fewer than its seats, it says what a `Cut` says.
    """

    hosts: tuple[int, ...]
    solos: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Face:
    """`must`: groups that are placed in all of these plans. `full`: hosts all of whose free seats are taken in all.
    `paired`: hosts that receive a pair in all. `reserved`: hosts that keep two seats for a pair, whether one comes or not."""

    sizes: Whole
    seats: Whole
    allowed: Yes
    must: Yes
    full: Yes
    paired: Yes
    reserved: Yes
    kept: tuple[Kept, ...] = ()
    cuts: tuple[Cut, ...] = ()

    @property
    def pairs(self) -> Yes:
        """The groups that are companions."""
        return np.asarray(self.sizes == 2)

    @property
    def hosts_of_pairs(self) -> Yes:
        """The hosts that could receive a pair; with at most three seats never more than one."""
        return np.asarray((self.seats >= 2) & self.allowed[self.pairs].any(axis=0))


def all_plans(columns: Columns) -> Face:
    """Every plan that keeps the hard rules and seats who is pinned; `columns.pinned` is one of them."""
    hosts = len(columns.seats)
    return Face(
        sizes=columns.sizes,
        seats=columns.seats,
        allowed=columns.allowed,
        must=columns.pinned >= 0,
        full=np.zeros(hosts, dtype=np.bool_),
        paired=np.zeros(hosts, dtype=np.bool_),
        reserved=np.zeros(hosts, dtype=np.bool_),
    )


def value_of(chosen: Chosen, weights: Whole) -> int:
    """What the plan is worth."""
    placed = np.flatnonzero(chosen >= 0)
    return int(weights[placed, chosen[placed]].sum())


def holds(face: Face, chosen: Chosen) -> bool:
    """Whether the plan belongs to the face."""
    placed = np.flatnonzero(chosen >= 0)
    where = chosen[placed]
    used = np.zeros(len(face.seats), dtype=np.int64)
    np.add.at(used, where, face.sizes[placed])
    pairs = np.bincount(where[face.pairs[placed]], minlength=len(face.seats))
    return bool(
        face.allowed[placed, where].all()
        and (used <= face.seats).all()
        and (chosen[face.must] >= 0).all()
        and (used == face.seats)[face.full].all()
        and (pairs == 1)[face.paired].all()
        and (used - 2 * pairs <= face.seats - 2)[face.reserved].all()
        and all(value_of(chosen, kept.weights) >= kept.value for kept in face.kept)
    )

"""The columns that a better plan than the one in hand can use, listed one by one, and what prices prove of them.

The same sums as in `prices`, but only over these columns: however large the puzzle, memory goes with what is listed. Worth
is in halves, fit and lot together as the network has it (`network.tables`), so one search settles both. All plans meant here place
as many persons as any plan can: `must`, `full` and `paired` say which groups and seats are filled in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.face import Chosen, Cut, Odd
from ipraktik_matching.puzzle.network.seating import Seated
from ipraktik_matching.puzzle.network.tables import Tables, everywhere, near_enough


@dataclass(frozen=True, slots=True)
class Listed:
    """Columns in the order of groups and then hosts; `worth` in halves."""

    group: Whole
    host: Whole
    worth: Whole
    sizes: Whole
    seats: Whole
    must: Yes
    full: Yes
    paired: Yes

    @property
    def pairs(self) -> Yes:
        """Which columns are a pair's."""
        return np.asarray(self.sizes[self.group] == 2)

    @property
    def key(self) -> Whole:
        """Ascending, one number for each column."""
        return self.group * len(self.seats) + self.host

    def only(self, some: Yes) -> Listed:
        """These columns alone."""
        return replace(self, group=self.group[some], host=self.host[some], worth=self.worth[some])

    def of_plan(self, chosen: Chosen) -> Yes:
        """The columns that the plan uses."""
        return np.asarray(chosen[self.group] == self.host)


@dataclass(frozen=True, slots=True)
class Priced:
    """What these prices prove: no plan is worth more than `bound`, and one that uses a column loses what it is `short`."""

    of_group: Whole
    of_seat: Whole
    of_pair: Whole
    cuts: tuple[Cut | Odd, ...]
    of_cut: Whole
    bound: int
    short: Whole


def listed(tables: Tables, seated: Seated, gap: int, most: int) -> Listed | None:
    """The columns within the gap by the network's prices, and what every largest seating fills; None where they are more than `most`."""
    found = near_enough(tables, seated, np.array([gap, gap // 2]), most)
    return None if found is None else listed_as(tables, seated, *found)


def listed_as(tables: Tables, seated: Seated, group: Whole, host: Whole) -> Listed:
    """These columns, in the order of groups and then hosts, and what every largest seating fills."""
    general, single = seated.taken[0::2] == 1, seated.taken[1::2] == 1
    two, odd = tables.seats >= 2, tables.seats % 2 == 1
    return Listed(
        group=group,
        host=host,
        worth=2 * tables.weight[group, host],
        sizes=tables.sizes,
        seats=tables.seats,
        must=np.asarray(seated.sure == tables.sizes),
        full=(tables.seats > 0) & (general | ~two) & (single | ~odd),
        # Where only the two seats for anybody are short, it is companions who compete for them.
        paired=two & odd & general & ~single,
    )


def first_prices(here: Listed, seated: Seated) -> Priced:
    """The network's prices: a single traveller pays the cheaper of a host's seats, companions what two for anybody cost."""
    of_seat, of_pair = _by_host(here.seats, seated.of_item[0::2], seated.of_item[1::2])
    return priced(here, of_seat, of_pair, (), np.zeros(0, dtype=np.int64))


def priced(
    here: Listed, of_seat: Whole, of_pair: Whole, cuts: tuple[Cut | Odd, ...], of_cut: Whole
) -> Priced:
    """What any whole prices prove, exactly; prices that must not be below zero are lifted to it."""
    of_seat = np.where(here.full, of_seat, np.maximum(of_seat, 0))
    of_pair = np.where(here.paired, of_pair, np.maximum(of_pair, 0))
    of_cut = np.maximum(of_cut, 0)
    nothing = np.zeros(0, dtype=np.int64)
    proven = Priced(nothing, of_seat, of_pair, cuts, of_cut, 0, nothing)
    gain = here.worth - here.sizes[here.group] * of_seat[here.host]
    gain[here.pairs] -= (of_pair + cuts_by_host(proven))[here.host[here.pairs]]
    if cuts:
        solo, host, price = cuts_by_solo(proven)
        wanted, key = solo * len(here.seats) + host, here.key
        place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        found = key[place] == wanted
        np.subtract.at(gain, place[found], price[found])
    of_group = np.where(here.must, np.iinfo(np.int64).min, 0)
    np.maximum.at(of_group, here.group, gain)
    bound = of_rows(here, proven) + int(of_group.sum())
    return replace(proven, of_group=of_group, bound=bound, short=of_group[here.group] - gain)


def of_rows(here: Listed, prices: Priced) -> int:
    """What all seats, places for pairs and cuts cost together."""
    of_cuts = sum(int(price) * cut.most for cut, price in zip(prices.cuts, prices.of_cut, strict=True))
    return int((prices.of_seat * here.seats).sum() + prices.of_pair.sum()) + of_cuts


def cuts_by_host(prices: Priced) -> Whole:
    """What a pair pays for the cuts of each host."""
    at_host = np.zeros_like(prices.of_pair)
    host = np.array([one for cut in prices.cuts for one in cut.hosts], dtype=np.int64)
    np.add.at(at_host, host, np.repeat(prices.of_cut, [len(cut.hosts) for cut in prices.cuts]))
    return at_host


def cuts_by_solo(prices: Priced) -> tuple[Whole, Whole, Whole]:
    """Which single travellers pay at which hosts for cuts, and what: in the order of groups, somebody perhaps more than once."""
    solo, host = np.zeros((2, 0), dtype=np.int64)
    if prices.cuts:
        solo, host = np.concatenate([columns_in(cut) for cut in prices.cuts], axis=1)
    price = np.repeat(prices.of_cut, [len(cut.solos) * len(cut.hosts) for cut in prices.cuts])
    order = np.argsort(solo, kind="stable")
    return solo[order], host[order], price[order]


def columns_in(cut: Cut | Odd) -> Whole:
    """The single travellers' columns in a cut: their groups, and their hosts."""
    solos, hosts = np.array(cut.solos, dtype=np.int64), np.array(cut.hosts, dtype=np.int64)
    return np.stack([np.repeat(solos, len(hosts)), np.tile(hosts, len(solos))])


def credited(here: Listed, prices: Priced, seated: Seated, credit: int) -> tuple[Listed, Priced]:
    """The same where nothing must be filled, but each person placed is worth so much more: for want of a plan that places all."""
    general, single = (credit * seated.taken[which::2].astype(np.int64) for which in (0, 1))
    of_seat, of_pair = _by_host(here.seats, general, single)
    freed = replace(
        here,
        worth=here.worth + credit * here.sizes[here.group],
        must=np.zeros_like(here.must),
        full=np.zeros_like(here.full),
        paired=np.zeros_like(here.paired),
    )
    return freed, priced(
        freed, prices.of_seat + of_seat, prices.of_pair + of_pair, prices.cuts, prices.of_cut
    )


def for_persons(tables: Tables, seated: Seated) -> tuple[Listed, Priced]:
    """All columns, each worth its persons (two halves each), at the prices that prove how many can be placed."""
    group, host = everywhere(tables)
    nobody, nowhere = np.zeros(len(tables.sizes), dtype=np.bool_), np.zeros(len(tables.seats), dtype=np.bool_)
    here = Listed(group, host, 2 * tables.sizes[group], tables.sizes, tables.seats, nobody, nowhere, nowhere)
    general, single = (2 * seated.taken[which::2].astype(np.int64) for which in (0, 1))
    of_seat, of_pair = _by_host(here.seats, general, single)
    return here, priced(here, of_seat, of_pair, (), np.zeros(0, dtype=np.int64))


def all_columns(tables: Tables, seated: Seated, credit: int) -> tuple[Listed, Priced]:
    """All columns, where a person placed counts so much besides."""
    persons, _ = for_persons(tables, seated)
    here = replace(persons, worth=2 * tables.weight[persons.group, persons.host])
    prices = first_prices(here, seated)
    return credited(here, prices, seated, credit)


def _by_host(seats: Whole, general: Whole, single: Whole) -> tuple[Whole, Whole]:
    """What a seat costs, and what a pair pays besides for two of them, by what the network takes for either kind."""
    two, odd = seats >= 2, seats % 2 == 1
    of_seat = np.where(two & odd, np.minimum(general, single), np.where(two, general, single))
    return of_seat, np.where(two & odd, 2 * (general - of_seat), 0)


def worth_of(here: Listed, chosen: Chosen) -> int:
    """What a plan of listed columns is worth, in halves."""
    return int(here.worth[here.of_plan(chosen)].sum())


def allows(here: Listed, chosen: Chosen) -> bool:
    """Whether the plan uses listed columns only, keeps to the seats, and fills what must be filled."""
    used = here.of_plan(chosen)
    host = here.host[used]
    taken = np.bincount(host, weights=here.sizes[here.group[used]], minlength=len(here.seats))
    companions = np.bincount(host[here.pairs[used]], minlength=len(here.seats))
    return bool(
        used.sum() == (chosen >= 0).sum()
        and (taken <= here.seats).all()
        and (chosen[here.must] >= 0).all()
        and (taken == here.seats)[here.full].all()
        and (companions == 1)[here.paired].all()
    )

# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Which cells of a puzzle too large for tables could gain anything: `ladder` in one go over groups and hosts, compiled with `scan.pxd`.

Interpreted, `ladder` does the same with arrays, which is quicker than this file would be; a test runs both. What is found here is
looked at once more: points that belong to a single pair (a host in mind) and rules about single pairs are not known here.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

Numbers = MutableSequence[int]
Given = Sequence[int]
Number = int


def climb(
    start: Number,
    rows: Number,
    places: Number,
    begin: Given,
    work: Given,
    home: Given,
    could: Given,
    host: Given,
    day: Given,
    of_field: Given,
    of_sector: Given,
    of_area: Given,
    house_of: Given,
    cost: Given,
    host_seed: Given,
    works: Number,
    by_work: Given,
    homes: Number,
    by_home: Given,
    kinds: Number,
    by_days: Given,
    base: Given,
    wanted: Given,
    price: Given,
    pair: Number,
    field: Given,
    sector: Given,
    area: Given,
    house: Given,
    asked: Given,
    seed: Given,
    fields: Number,
    by_field: Given,
    sectors: Number,
    by_sector: Given,
    areas: Number,
    by_area: Given,
    wish: Given,
    times: Number,
    step: Number,
    scale: Number,
    lots: Number,
    out_row: Numbers,
    out_host: Numbers,
    ended: Numbers,
) -> int:
    """Write down the cells of rows from `start` on; returns how many, and in `ended` the row that is next.

    A ladder is one place, `begin` to the next `begin`; `work`, `home` its classes. Along it stand hosts, in order of what they could
    give most (`could`). What belongs to a group's persons (`field` to `seed`) stands twice, for the first and, `rows` further on, the last.
    """
    found = 0
    full = 0xFFFFFFFFFFFFFFFF
    many = len(could)
    size = 2 if pair else 1
    luck = lots * size * 65535
    row = start
    while row < rows and found + many <= len(out_row):
        for place in range(places):
            points = by_work[row * works + work[place]] + by_home[row * homes + home[place]]
            least = wanted[row] - points
            for at in range(begin[place], begin[place + 1]):
                if could[at] <= least:
                    break
                days = by_days[row * kinds + day[at]]
                if days < 0:
                    continue
                fit = points + days + base[row]
                meets = 1
                for member in range(size):
                    one = row + member * rows
                    if house_of[at] == house[one] and asked[one] == 0:
                        meets = 0
                    fit += wish[
                        by_field[field[one] * fields + of_field[at]]
                        + by_sector[sector[one] * sectors + of_sector[at]]
                        + by_area[area[one] * areas + of_area[at]]
                    ]
                if meets == 0:
                    continue
                worth = fit // step * scale
                owed = price[row] + cost[at]
                if times * (worth + luck) <= owed:
                    continue
                if lots:
                    for member in range(size):
                        mixed = seed[row + member * rows] ^ ((host_seed[at] * 0x9E3779B97F4A7C15) & full)
                        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & full
                        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & full
                        mixed = (mixed ^ (mixed >> 31)) >> 48
                        worth += mixed
                    if times * worth <= owed:
                        continue
                out_row[found] = row
                out_host[found] = host[at]
                found += 1
        row += 1
    ended[0] = row
    return found

"""The ways in use: per group its hosts in order, with the weight of each. Few of all there are, whatever the size of the puzzle."""

from __future__ import annotations

import numpy as np

from ipraktik_matching.puzzle.columns import Whole, Yes
from ipraktik_matching.puzzle.network.seating import Index, Ways


def group_of(ways: Ways) -> Index:
    """Whose way each is."""
    return np.repeat(np.arange(len(ways.first) - 1, dtype=np.int32), np.diff(ways.first))


def kept(ways: Ways, keep: Yes) -> Ways:
    """These alone."""
    many = np.bincount(group_of(ways)[keep], minlength=len(ways.first) - 1)
    return Ways(np.concatenate([[0], np.cumsum(many)]), ways.host[keep], ways.weight[keep])


def made(groups: int, hosts: int, group: Whole, host: Whole, weight: Whole) -> Ways:
    """Ways in any order, some perhaps named twice."""
    codes, chosen = np.unique(group.astype(np.int64) * hosts + host, return_index=True)
    first = np.searchsorted(codes, np.arange(groups + 1, dtype=np.int64) * hosts)
    return Ways(first, (codes % max(hosts, 1)).astype(np.int32), weight[chosen])


def joined(ways: Ways, hosts: int, group: Whole, host: Whole, weight: Whole) -> Ways:
    """The ways and these besides."""
    return made(
        len(ways.first) - 1,
        hosts,
        np.concatenate([group_of(ways), group]),
        np.concatenate([ways.host, host]),
        np.concatenate([ways.weight, weight]),
    )


def among(ways: Ways, hosts: int, group: Whole, host: Whole) -> Yes:
    """Which of these pairs are ways already."""
    codes = group_of(ways).astype(np.int64) * hosts + ways.host
    asked = group.astype(np.int64) * hosts + host
    if not len(codes):
        return np.zeros(len(asked), dtype=np.bool_)
    return np.asarray(codes[np.minimum(np.searchsorted(codes, asked), len(codes) - 1)] == asked)


def best_of_each(score: Whole, most: int) -> Yes:
    """The so many highest of each row, among equals any."""
    if score.shape[1] <= most:
        return np.ones(score.shape, dtype=np.bool_)
    picked = np.zeros(score.shape, dtype=np.bool_)
    np.put_along_axis(picked, np.argpartition(-score, most - 1, axis=1)[:, :most], True, axis=1)
    return picked

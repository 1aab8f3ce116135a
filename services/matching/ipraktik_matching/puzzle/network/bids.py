# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The start of `paths.dearest`: everybody bids for the best there is. Compiled or interpreted like `core`, with the types of `bids.pxd`.

Bids seat most and leave right prices, at the cost of a look at one's own arcs each; the paths of `paths.dearest` then seat the
few who are left, from those prices. Where one is short of many seats, paths alone would search through all of them each time.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

Numbers = MutableSequence[int]
Given = Sequence[int]
_BIDS = 4
"""Per `a`, on an average; a war of prices in small steps is cut short, for paths end it in one."""


def bids(
    first: Given,
    to: Given,
    worth: Given,
    fill: Numbers,
    room: Numbers,
    pay_a: Numbers,
    pay_b: Numbers,
    seat: Numbers,
    waits: Numbers,
    queue: Numbers,
    later: Numbers,
) -> int:
    """Fill as many `a` as bids can; returns the looks at arcs. `seat` is empty and `pay_b` is 0 before.

    Takes and leaves all as `paths.dearest` wants it; `waits`, `queue` and `later` are working room, as long as `fill`.
    """
    many_a = len(fill)
    looks = 0
    tail = 0
    none = -(1 << 62)
    for a in range(many_a):
        waits[a] = 0
        best = none
        for arc in range(first[a], first[a + 1]):
            best = max(best, worth[arc])
        pay_a[a] = best
        for arc in range(first[a], first[a + 1]):
            if fill[a] == 0:
                break
            b = to[arc]
            if room[b] > 0 and pay_b[b] == 0 and worth[arc] == best:
                room[b] -= 1
                fill[a] -= 1
                seat[2 * b if seat[2 * b] < 0 else 2 * b + 1] = a
        if fill[a] > 0:
            queue[tail] = a
            tail += 1
    # Bidding: who is still to be filled takes the best there is from whoever holds it, and its price rises until the second best
    # is as good. Cheaper than a search, and the prices stay prices; but only for what one holds alone, and so often at most.
    left = _BIDS * many_a
    while tail > 0 and left > 0:
        waiting = tail
        tail = 0
        for head in range(waiting):
            a = queue[head]
            waits[a] = 0
            while fill[a] > 0 and left > 0:
                left -= 1
                best = none
                second = none
                sink = -1
                held = 0
                for arc in range(first[a], first[a + 1]):
                    b = to[arc]
                    if seat[2 * b] == a or seat[2 * b + 1] == a:
                        held += 1 if room[b] > 0 or seat[2 * b + 1] >= 0 else 0
                        continue
                    gain = worth[arc] - pay_b[b]
                    if gain > best:
                        second = best
                        best = gain
                        sink = b
                    elif gain > second:
                        second = gain
                looks += first[a + 1] - first[a]
                if sink < 0 or held > 0:
                    break
                if room[sink] > 0:
                    second = best
                    room[sink] -= 1
                else:
                    # Between equals a bid would only go round; what is shared has no price of one's own.
                    other = seat[2 * sink]
                    if second in (none, best) or other < 0 or seat[2 * sink + 1] >= 0:
                        break
                    seat[2 * sink] = -1
                    fill[other] += 1
                    pay_b[sink] += best - second
                    if waits[other] == 0:
                        waits[other] = 1
                        later[tail] = other
                        tail += 1
                if second < pay_a[a]:
                    for arc in range(first[a], first[a + 1]):
                        b = to[arc]
                        if seat[2 * b] == a:
                            pay_b[b] += pay_a[a] - second
                    pay_a[a] = second
                seat[2 * sink if seat[2 * sink] < 0 else 2 * sink + 1] = a
                fill[a] -= 1
        for head in range(tail):
            queue[head] = later[head]
    return looks

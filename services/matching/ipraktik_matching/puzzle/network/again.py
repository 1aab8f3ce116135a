# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The end of `core.dearest` where it began with the prices of an earlier seating: room that was left at a price is made to cost nothing.

Compiled or interpreted like `core`, with the types of `again.pxd`. Prices of an earlier seating cover nearly every arc, so few have to be
seated again; but where somebody rose, a seat may be left with room and a price, and then the seating need not be the dearest.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

Numbers = MutableSequence[int]
Given = Sequence[int]


def lowered(
    first: Given,
    to: Given,
    worth: Given,
    room: Numbers,
    pay_a: Numbers,
    pay_b: Numbers,
    seat: Numbers,
    held: Numbers,
    dist: Numbers,
    came: Numbers,
    by: Numbers,
    low: Numbers,
    tree: Numbers,
    heap: Numbers,
    spot: Numbers,
    seen: Numbers,
) -> int:
    """Let prices fall where room is left, until it costs nothing or somebody moves in; returns the looks at arcs.

    The graph is given from `b`: its neighbours are `a`, all of them filled. `held` says of each `a` which two `b` it sits at, as
    `seat` says of each `b` which two `a` sit there. Before and after: pay_a + pay_b >= worth, equal where somebody sits, pay_b >= 0.
    """
    many_a = len(pay_a)
    many_b = len(room)
    looks = 0
    for a in range(many_a):
        spot[a] = -1
    for b in range(many_b):
        by[b] = -2
    for root in range(many_b):
        while room[root] > 0 and pay_b[root] > 0:
            size = 0
            done = 0
            touched = 2
            grown = 1
            tree[0] = root
            by[root] = -1
            low[root] = 0
            stop = pay_b[root]
            end = root
            b = root
            while b >= 0:
                base = low[b]
                for arc in range(first[b], first[b + 1]):
                    a = to[arc]
                    if spot[a] == -2:
                        continue
                    far = base + pay_a[a] + pay_b[b] - worth[arc]
                    if far >= stop:
                        continue
                    if spot[a] == -1:
                        dist[a] = far
                        came[a] = b
                        place = size
                        size += 1
                    elif far < dist[a]:
                        dist[a] = far
                        came[a] = b
                        place = spot[a]
                    else:
                        continue
                    while place > 0:
                        above = (place - 1) >> 1
                        other = heap[above]
                        if dist[other] <= far:
                            break
                        heap[place] = other
                        spot[other] = place
                        place = above
                    heap[place] = a
                    spot[a] = place
                looks += first[b + 1] - first[b]
                # The next seat that could be left: another of whom was just reached, or of the nearest.
                b = -1
                while b < 0:
                    if touched < 2:
                        a = seen[done - 1]
                        other = held[2 * a + touched]
                        touched += 1
                        if other >= 0 and by[other] == -2:
                            b = other
                            by[b] = a
                            low[b] = dist[a]
                            tree[grown] = b
                            grown += 1
                            if dist[a] + pay_b[b] < stop:
                                stop = dist[a] + pay_b[b]
                                end = b
                        continue
                    if size == 0 or dist[heap[0]] >= stop:
                        break
                    a = heap[0]
                    size -= 1
                    if size > 0:
                        last = heap[size]
                        far = dist[last]
                        place = 0
                        while True:
                            below = 2 * place + 1
                            if below >= size:
                                break
                            if below + 1 < size and dist[heap[below + 1]] < dist[heap[below]]:
                                below += 1
                            other = heap[below]
                            if dist[other] >= far:
                                break
                            heap[place] = other
                            spot[other] = place
                            place = below
                        heap[place] = last
                        spot[last] = place
                    spot[a] = -2
                    seen[done] = a
                    done += 1
                    touched = 0
            for place in range(size):
                spot[heap[place]] = -1
            for place in range(done):
                a = seen[place]
                spot[a] = -1
                pay_a[a] += stop - dist[a]
            for place in range(grown):
                b = tree[place]
                pay_b[b] -= stop - low[b]
            # Each moves one seat towards the root; the room is then at the other end, where it costs nothing.
            b = end
            if end != root:
                room[root] -= 1
                room[end] += 1
                a = by[b]
                seat[2 * b if seat[2 * b] == a else 2 * b + 1] = -1
                while b != root:
                    a = by[b]
                    other = came[a]
                    held[2 * a if held[2 * a] == b else 2 * a + 1] = other
                    leaving = by[other]
                    seat[2 * other if seat[2 * other] == leaving else 2 * other + 1] = a
                    b = other
            for place in range(grown):
                by[tree[place]] = -2
    return looks

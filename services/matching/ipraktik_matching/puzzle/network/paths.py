# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False, annotation_typing=False
"""Cheapest paths: one more is filled, whoever stands in the way moves on, and prices follow, so that they prove the seating as before.

Compiled or interpreted like `core`, with the types of `paths.pxd`. The graph is given from one side, `a`; each of the other, `b`, holds
at most two, in `seat[2 * b]` and `seat[2 * b + 1]`. Which side are persons is the caller's affair: a person who comes and a seat that
is left are the same search from two sides. Nothing is set up per path but what it touches.

Before and after: pay_a + pay_b >= worth on every arc, equal where somebody sits, pay_b >= 0, and 0 where room is left.
Working room is clean before and after: `spot` is -1 (or -2: a `b` that is not there), `back` is -2, `heap`, `seen`, `dist` and `came`
are whatever they were.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

Numbers = MutableSequence[int]
Given = Sequence[int]


def dearest(
    begin: int,
    close: int,
    must: int,
    first: Given,
    to: Given,
    worth: Given,
    fill: Numbers,
    room: Numbers,
    pay_a: Numbers,
    pay_b: Numbers,
    seat: Numbers,
    dist: Numbers,
    came: Numbers,
    back: Numbers,
    heap: Numbers,
    spot: Numbers,
    seen: Numbers,
    told: Numbers,
) -> int:
    """Fill every `a` from `begin` to before `close` (with `fill[a]` of the other side) so that the sum of `worth` is greatest.

    `fill` and `room` are what is still to be filled and free; both are counted down, and `seat` holds who is where. `bids` or earlier
    prices make the beginning. Each path is the cheapest way to free room, or unless everybody `must` be filled to an `a` that goes
    without for its price, the one to be filled among them. Returns the looks at arcs, or -1 where somebody must be filled and cannot be.

    `told` says of the last path how many `b` were done (they stand in `seen`), then where the way ended: the `b` with room, or -1,
    and the `a` that goes without, or -1.
    """
    looks = 0
    told[0] = 0
    told[1] = -1
    told[2] = begin
    for root in range(begin, close):
        while fill[root] > 0 and (must or pay_a[root] > 0):
            # The heap holds the front, `seen` the nodes that are done, so both can be undone.
            size = 0
            done = 0
            touched = 2
            a = root
            base = 0
            back[root] = -1
            sink = -1
            end = -1
            reached = 0
            nearest = 1 << 62
            if not must:
                nearest = pay_a[root]
                end = root
            # -1 in `spot` = not met, >= 0 = place in the heap, -2 = done.
            while a >= 0:
                owed = base + pay_a[a]
                for arc in range(first[a], first[a + 1]):
                    b = to[arc]
                    far = owed + pay_b[b] - worth[arc]
                    # What is no nearer than the nearest end known will not be looked at.
                    if far >= nearest or spot[b] == -2:
                        continue
                    if room[b] > 0:
                        nearest = far
                        end = -1
                    if spot[b] == -1:
                        dist[b] = far
                        came[b] = a
                        place = size
                        size += 1
                    elif far < dist[b]:
                        dist[b] = far
                        came[b] = a
                        place = spot[b]
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
                    heap[place] = b
                    spot[b] = place
                looks += first[a + 1] - first[a]
                # The next to look: a second one at the node just done, or whoever sits at the nearest node.
                a = -1
                while a < 0:
                    if touched < 2:
                        b = seen[done - 1]
                        other = seat[2 * b + touched]
                        touched += 1
                        if other >= 0 and back[other] == -2:
                            a = other
                            back[a] = b
                            base = dist[b]
                            if not must and base + pay_a[a] < nearest:
                                nearest = base + pay_a[a]
                                end = a
                        continue
                    if size == 0:
                        break
                    b = heap[0]
                    if end >= 0 and dist[b] >= nearest:
                        break
                    reached = dist[b]
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
                    spot[b] = -2
                    if room[b] > 0:
                        sink = b
                        spot[b] = -1
                        break
                    seen[done] = b
                    done += 1
                    touched = 0
            told[0] = done
            told[1] = sink
            told[2] = end
            if sink < 0:
                if end < 0:
                    return -1
                reached = nearest
            for place in range(size):
                spot[heap[place]] = -1
            pay_a[root] -= reached
            for place in range(done):
                b = seen[place]
                spot[b] = -1
                pay_b[b] += reached - dist[b]
                for slot in range(2 * b, 2 * b + 2):
                    other = seat[slot]
                    if other >= 0 and back[other] == b:
                        pay_a[other] -= reached - dist[b]
            b = sink
            slot = -1
            if sink >= 0:
                room[sink] -= 1
                slot = 2 * b if seat[2 * b] < 0 else 2 * b + 1
            elif end != root:
                fill[end] += 1
                b = back[end]
                back[end] = -2
                slot = 2 * b if seat[2 * b] == end else 2 * b + 1
            if slot >= 0:
                fill[root] -= 1
                a = came[b]
                while a != root:
                    # Leave the old seat before taking the new one, or the old could not be told from it.
                    b = back[a]
                    leaving = 2 * b if seat[2 * b] == a else 2 * b + 1
                    seat[slot] = a
                    slot = leaving
                    a = came[b]
                seat[slot] = root
            for place in range(done):
                b = seen[place]
                for slot in range(2 * b, 2 * b + 2):
                    other = seat[slot]
                    if other >= 0:
                        back[other] = -2
            if sink >= 0:
                for slot in range(2 * sink, 2 * sink + 2):
                    other = seat[slot]
                    if other >= 0:
                        back[other] = -2
            back[root] = -2
    return looks


def comes(
    root: int,
    credit: int,
    heaviest: int,
    host: Given,
    weight: Given,
    most: Given,
    low: Given,
    first: Numbers,
    to: Numbers,
    worth: Numbers,
    fill: Numbers,
    room: Numbers,
    pay_a: Numbers,
    pay_b: Numbers,
    seat: Numbers,
    dist: Numbers,
    came: Numbers,
    back: Numbers,
    heap: Numbers,
    spot: Numbers,
    seen: Numbers,
    told: Numbers,
    at: Numbers,
) -> int:
    """One more `a`, who travels alone, in a seating whose prices prove it; returns what the seating gains, or -1 where that is not proven.

    The newcomer's ways are written after the last row, to both items of each host that hold anybody (`most`). Whatever the path has touched
    is then looked at again, arc by arc, and what is gained at seats must be what is gained in prices. `low`: below these prices of
    `a` ways that are not in the graph might pay. `told` besides says how many sit elsewhere (in `told[3]`), then who, from where,
    to where, three by three. Nothing is done for a way that weighs more than the `heaviest`, for which the credit might not be enough.
    """
    for one in range(len(host)):
        if weight[one] > heaviest:
            return -1
    place = first[root]
    best = 0
    for one in range(len(host)):
        for b in range(2 * host[one], 2 * host[one] + 2):
            if most[b] > 0:
                gain = 2 * weight[one] + credit
                to[place] = b
                worth[place] = gain
                place += 1
                best = max(best, gain - pay_b[b])
    first[root + 1] = place
    fill[root] = 1
    pay_a[root] = best
    at[root] = -1
    dearest(
        root,
        root + 1,
        0,
        first,
        to,
        worth,
        fill,
        room,
        pay_a,
        pay_b,
        seat,
        dist,
        came,
        back,
        heap,
        spot,
        seen,
        told,
    )
    done = told[0]
    sink = told[1]
    end = told[2]
    # Who sits elsewhere, from the end of the way back to the newcomer, and what that gains.
    gained = 0
    moved = 0
    b = sink
    if sink < 0 and end != root:
        b = at[end]
        at[end] = -1
        gained -= _worth(end, b, first, to, worth)
        told[4] = end
        told[5] = b
        told[6] = -1
        moved = 1
    if b >= 0:
        a = -1
        while a != root:
            a = came[b]
            was = at[a]
            at[a] = b
            gained += _worth(a, b, first, to, worth)
            if was >= 0:
                gained -= _worth(a, was, first, to, worth)
            told[4 + 3 * moved] = a
            told[5 + 3 * moved] = was
            told[6 + 3 * moved] = b
            moved += 1
            b = was
    told[3] = moved
    if gained != pay_a[root] or not _covers(root, first, to, worth, pay_a, pay_b, at, low):
        return -1
    if end >= 0 and not _covers(end, first, to, worth, pay_a, pay_b, at, low):
        return -1
    for one in range(done + 1):
        b = seen[one] if one < done else sink
        if b < 0:
            continue
        if pay_b[b] < 0 or (room[b] > 0 and pay_b[b] > 0):
            return -1
        for slot in range(2 * b, 2 * b + 2):
            a = seat[slot]
            if a >= 0 and (at[a] != b or not _covers(a, first, to, worth, pay_a, pay_b, at, low)):
                return -1
    return gained


def _worth(a: int, b: int, first: Given, to: Given, worth: Given) -> int:
    """What `a` is worth at `b`."""
    for arc in range(first[a], first[a + 1]):
        if to[arc] == b:
            return worth[arc]
    return -(1 << 62)


def _covers(
    a: int, first: Given, to: Given, worth: Given, pay_a: Given, pay_b: Given, at: Given, low: Given
) -> int:
    """Whether the prices cover every way of `a`, and no more than that where `a` sits, or nothing at home."""
    if pay_a[a] < low[a] or pay_a[a] < 0 or (at[a] < 0 and pay_a[a] > 0):
        return 0
    owed = pay_a[a]
    here = at[a]
    for arc in range(first[a], first[a + 1]):
        b = to[arc]
        more = owed + pay_b[b] - worth[arc]
        if more < 0 or (more > 0 and b == here):
            return 0
    return 1

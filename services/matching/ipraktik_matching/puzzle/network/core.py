# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Seating people on a network in whole numbers: first as many as possible, then worth most, with prices that prove it.

One file, run in two ways: compiled by Cython, with the types of `core.pxd`, or as it stands; both do the same steps and so
give the same seats and prices. Everything is flat sequences of whole numbers: numpy arrays when compiled, lists when not.

A graph is given by rows: the neighbours of `a` are `to[first[a]:first[a + 1]]`. Nodes on the receiving side hold at most two,
in the slots `seat[2 * b]` and `seat[2 * b + 1]`; -1 = empty. Worth is never mixed with number: `most` knows no worth, `scarce`
parts the graph where seats are short from where they suffice, and `dearest` then fills one part from the side that is
filled in every largest seating. Nothing here allocates but once per call, nothing draws, nothing reads a clock.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

Numbers = MutableSequence[int]
Given = Sequence[int]


def most(
    first: Given,
    to: Given,
    room: Given,
    at: Numbers,
    seat: Numbers,
    level: Numbers,
    queue: Numbers,
    here: Numbers,
    slots: Numbers,
) -> int:
    """Seat as many as possible, by shortest augmenting paths in rounds; returns how many.

    `at` (each person's seat) and `seat` are filled from what they hold, so a seating in hand is a start. The rest is working
    room, as long as `at`.
    """
    people = len(at)
    seated = 0
    for a in range(people):
        if at[a] >= 0:
            seated += 1
            continue
        for arc in range(first[a], first[a + 1]):
            b = to[arc]
            slot = -1
            if seat[2 * b] < 0 and room[b] > 0:
                slot = 2 * b
            elif seat[2 * b + 1] < 0 and room[b] > 1:
                slot = 2 * b + 1
            if slot >= 0:
                seat[slot] = a
                at[a] = b
                seated += 1
                break
    while True:
        head = 0
        tail = 0
        for a in range(people):
            here[a] = first[a]
            level[a] = -1
            if at[a] < 0:
                level[a] = 0
                queue[tail] = a
                tail += 1
        deepest = people + 1
        while head < tail:
            a = queue[head]
            head += 1
            if level[a] >= deepest:
                break
            for arc in range(first[a], first[a + 1]):
                b = to[arc]
                if (seat[2 * b] < 0 and room[b] > 0) or (seat[2 * b + 1] < 0 and room[b] > 1):
                    deepest = level[a]
                    break
                for slot in range(2 * b, 2 * b + 2):
                    other = seat[slot]
                    if other >= 0 and level[other] < 0:
                        level[other] = level[a] + 1
                        queue[tail] = other
                        tail += 1
        if deepest > people:
            return seated
        for root in range(people):
            if at[root] >= 0:
                continue
            # The queue's room is free now; it is the path of people from the root, `slots` the seats between them.
            queue[0] = root
            depth = 0
            while depth >= 0:
                a = queue[depth]
                if here[a] >= first[a + 1] or level[a] < 0:
                    level[a] = -1
                    depth -= 1
                    continue
                b = to[here[a]]
                slot = -1
                if seat[2 * b] < 0 and room[b] > 0:
                    slot = 2 * b
                elif seat[2 * b + 1] < 0 and room[b] > 1:
                    slot = 2 * b + 1
                if slot >= 0:
                    while depth >= 0:
                        a = queue[depth]
                        seat[slot] = a
                        at[a] = slot // 2
                        depth -= 1
                        if depth >= 0:
                            slot = slots[depth]
                    seated += 1
                    break
                for slot in range(2 * b, 2 * b + 2):
                    other = seat[slot]
                    if other >= 0 and level[other] == level[a] + 1:
                        slots[depth] = slot
                        depth += 1
                        queue[depth] = other
                        break
                else:
                    here[a] += 1


def scarce(
    first: Given, to: Given, at: Given, seat: Given, left: Numbers, full: Numbers, queue: Numbers
) -> None:
    """Mark the part where seats are short: whoever could be left out, and the seats they compete for.

    After `most`. People in `left` may be left, all seats in `full` are taken in every largest seating; everybody else
    is placed in every one, at seats that are not in `full`.
    """
    head = 0
    tail = 0
    for a in range(len(at)):
        left[a] = 0
        if at[a] < 0:
            left[a] = 1
            queue[tail] = a
            tail += 1
    for b in range(len(full)):
        full[b] = 0
    while head < tail:
        a = queue[head]
        head += 1
        for arc in range(first[a], first[a + 1]):
            b = to[arc]
            if full[b]:
                continue
            full[b] = 1
            for slot in range(2 * b, 2 * b + 2):
                other = seat[slot]
                if other >= 0 and not left[other]:
                    left[other] = 1
                    queue[tail] = other
                    tail += 1


def dearest(
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
) -> int:
    """Fill every `a` (with `fill[a]` of the other side) so that the sum of `worth` is greatest; returns the looks at arcs.

    `fill` and `room` are what is still to be filled and free; both are counted down, and `seat` holds who is where. `pay_a` and
    `pay_b` are prices before and after: pay_a + pay_b >= worth on every arc, equal where somebody sits, pay_b >= 0, and 0 where
    room is left; `bids` makes the first. Each path is the cheapest way from one `a` to free room. Returns -1 where somebody
    cannot be filled.
    """
    many_a = len(fill)
    many_b = len(room)
    looks = 0
    for b in range(many_b):
        dist[b] = -1
        spot[b] = -1
    for a in range(many_a):
        back[a] = -2
    for root in range(many_a):
        while fill[root] > 0:
            # The heap holds the front, the end of `seen` from the far side the nodes that are done, so both can be undone.
            size = 0
            done = 0
            touched = 0
            a = root
            base = 0
            back[root] = -1
            sink = -1
            reached = 0
            nearest = 1 << 62
            # -1 in `spot` = not met, >= 0 = place in the heap, -2 = done.
            while True:
                for arc in range(first[a], first[a + 1]):
                    b = to[arc]
                    if spot[b] == -2:
                        continue
                    far = base + pay_a[a] + pay_b[b] - worth[arc]
                    # What is no nearer than the nearest room known will not be looked at.
                    if far >= nearest:
                        continue
                    if room[b] > 0:
                        nearest = far
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
                # The next person to look from: a second one at the node just done, or whoever sits at the nearest node.
                a = -1
                while a < 0:
                    if touched < 2 and done > 0:
                        b = seen[done - 1]
                        other = seat[2 * b + touched]
                        touched += 1
                        if other >= 0 and back[other] == -2:
                            a = other
                            back[a] = b
                            base = dist[b]
                        continue
                    if size == 0:
                        break
                    b = heap[0]
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
                if a < 0:
                    break
            if sink < 0:
                return -1
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
            room[sink] -= 1
            fill[root] -= 1
            b = sink
            slot = 2 * b if seat[2 * b] < 0 else 2 * b + 1
            while True:
                a = came[b]
                if a == root:
                    seat[slot] = a
                    break
                # Leave the old seat before taking the new one, or the old could not be told from it.
                b = back[a]
                leaving = 2 * b if seat[2 * b] == a else 2 * b + 1
                seat[slot] = a
                slot = leaving
            for place in range(done):
                b = seen[place]
                for other in (seat[2 * b], seat[2 * b + 1]):
                    if other >= 0:
                        back[other] = -2
            for other in (seat[2 * sink], seat[2 * sink + 1]):
                if other >= 0:
                    back[other] = -2
            back[root] = -2
    return looks


def turned(first: Given, to: Given, worth: Given, from_b: Numbers, to_a: Numbers, worth_a: Numbers) -> None:
    """The same graph from the other side: `from_b` is one longer than there are nodes there and starts as zeros."""
    many = len(from_b) - 1
    for arc in range(len(to)):
        from_b[to[arc] + 1] += 1
    for b in range(many):
        from_b[b + 1] += from_b[b]
    for a in range(len(first) - 1):
        for arc in range(first[a], first[a + 1]):
            b = to[arc]
            place = from_b[b]
            to_a[place] = a
            worth_a[place] = worth[arc]
            from_b[b] += 1
    for b in range(many, 0, -1):
        from_b[b] = from_b[b - 1]
    from_b[0] = 0

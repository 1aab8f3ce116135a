# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Seating people on a network in whole numbers: as many as possible, and where seats are short.

One file, run in two ways: compiled by Cython, with the types of `core.pxd`, or as it stands; both do the same steps and so
give the same seats and prices. Everything is flat sequences of whole numbers: numpy arrays when compiled, lists when not.

A graph is given by rows: the neighbours of `a` are `to[first[a]:first[a + 1]]`. Nodes on the receiving side hold at most two,
in the slots `seat[2 * b]` and `seat[2 * b + 1]`; -1 = empty. Worth is never mixed with number: `most` knows no worth, `scarce`
parts the graph where seats are short from where they suffice; `paths` then fills one part from the side that is
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

"""Why one host and not another: weighed kind by kind, and told as if each host had been weighed by itself."""

import random
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from matching.puzzle.puzzles import edition

from ipraktik_matching.puzzle import Policy, Puzzle, fit, obstacles, to_json
from ipraktik_matching.web.board.laid_out import Alternative, LastLaidOut, laid_out


def a_puzzle(seed: int) -> Puzzle:
    """Many hosts of few kinds, with seats taken, pairs that must not meet, one that must, and a host that somebody has in mind."""
    draw = random.Random(seed)
    made = edition(40, seed=seed)
    ids = [*(one.id for one in made.interns), *(one.id for one in made.hosts)]
    named = {one: str(UUID(int=place)) for place, one in enumerate(ids, start=1)}
    first = made.hosts[0]
    alike = [
        replace(
            first,
            id=one.id,
            organisation_id=one.organisation_id,
            workplace_id=one.workplace_id,
            capacity=one.capacity,
        )
        if draw.random() < 0.6
        else one
        for one in made.hosts
    ]
    hosts = tuple(replace(one, id=named[one.id]) for one in alike)
    interns = tuple(
        replace(
            one,
            id=named[one.id],
            companion_id=None,
            host_in_mind_id=draw.choice(hosts).id if draw.random() < 0.3 else None,
            organisation_id=draw.choice(hosts).organisation_id
            if draw.random() < 0.3
            else one.organisation_id,
        )
        for one in made.interns
    )
    seated = draw.sample(interns, 5)
    places = draw.sample([one.id for one in hosts for _ in range(one.capacity)], 5)
    free = [one for one in interns if one not in seated]
    pairs = [(draw.choice(free).id, draw.choice(hosts).id) for _ in range(30)]
    return replace(
        made,
        interns=interns,
        hosts=hosts,
        fixed=tuple((one.id, place) for one, place in zip(seated, places, strict=True)),
        forbidden=frozenset(pairs[1:]) - {pairs[0]},
        pinned=(pairs[0],),
        open=((free[0].id, draw.choice(hosts).id),),
        drafts=tuple((one.id, draw.choice(hosts).id) for one in free[1:5]),
        policy=Policy(weights={"field": 100}, low_fit=500, low_fit_percent=20),
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_host_is_told_of_as_if_it_had_been_weighed_by_itself(seed: int) -> None:
    puzzle = a_puzzle(seed)
    laid = laid_out(puzzle)
    taken = Counter(host_id for _, host_id in puzzle.fixed)
    assert len(laid.kinds) < len(puzzle.hosts)
    for intern in puzzle.interns:
        given = random.Random(seed).choice((None, UUID(puzzle.hosts[0].id)))
        each = sorted(
            (
                Alternative(
                    UUID(host.id),
                    fit(intern, host, puzzle=puzzle),
                    obstacles(puzzle, intern, host),
                    taken[host.id],
                    host.capacity,
                )
                for host in puzzle.hosts
                if host.id != str(given)
            ),
            key=lambda one: (len(one.obstacles) > 0, -one.points.total, str(one.host_id)),
        )
        assert laid.alternatives(laid.interns[intern.id], given=given, most=len(each) + 1) == each
        assert laid.alternatives(laid.interns[intern.id], given=given, most=3) == each[:3]


async def test_only_the_run_looked_at_last_is_kept() -> None:
    last = LastLaidOut()
    assert last.kept(("run", None)) is None
    first = await last.read("one", _text(1))
    assert last.kept("one") is first
    await last.read("other", _text(2))
    assert (last.kept("one"), last.kept("other") is None) == (None, False)


def _text(seed: int) -> str:
    return to_json(a_puzzle(seed))

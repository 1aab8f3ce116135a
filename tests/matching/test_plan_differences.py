"""Comparing two plans: every intern who fares otherwise is named once, and nobody else."""

import itertools
import uuid
from collections.abc import Mapping
from uuid import UUID

from matching.cast import Cast
from matching.puzzle.puzzles import WEEK
from rig import Rig

from ipraktik_matching.puzzle import Placement, Plan, Stats, Unplaced
from ipraktik_matching.puzzle.plan_format import plan_to_json
from ipraktik_matching.store.board import compared
from ipraktik_matching.store.board.compared import KINDS

FIGURES = Stats(
    placed=0,
    standing=0,
    total_fit=0,
    seats=0,
    hosts_used=0,
    count_bound=0,
    fit_bound=0,
    count_proven=True,
    fit_proven=True,
    unique=True,
    solver="",
    input_digest="",
)
Fate = tuple[str, int] | str
"""A host and days; "left" without a place; "absent" from the puzzle."""
FATES: tuple[Fate, ...] = (("h", 2), ("h", 3), ("k", 2), "left", "absent")
HOSTS = {"h": UUID(int=1), "k": UUID(int=2)}


async def kept(cast: Cast, fates: Mapping[UUID, Fate]) -> UUID:
    """A run whose plan does that to each intern."""
    places = {intern: fate for intern, fate in fates.items() if isinstance(fate, tuple)}
    plan = Plan(
        placements=tuple(
            Placement(
                intern_id=str(intern),
                host_id=str(HOSTS[host]),
                companion_id=None,
                days=days,
                window=WEEK,
                fit=0,
                parts={},
                reasons=(),
            )
            for intern, (host, days) in places.items()
        ),
        unplaced=tuple(
            Unplaced(intern_id=str(intern), reason="no_free_place")
            for intern, fate in fates.items()
            if fate == "left"
        ),
        stats=FIGURES,
    )
    run_id = uuid.uuid4()
    async with cast.rig.database.transaction() as tx:
        await tx.conn.execute(
            "insert into runs (run_id, edition_id, state, requested_by, requested_at, plan) values ($1, $2, 'solved', '', $3, $4)",
            run_id,
            cast.edition_id,
            tx.now,
            plan_to_json(plan),
        )
    return run_id


def expected(before: Fate, after: Fate) -> str | None:
    """The kind of difference, said once more in other words; None where there is none."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        if before[0] != after[0]:
            return "changes"
        return "other_days" if before != after else None
    if isinstance(before, tuple):
        return "loses" if after == "left" else "leaves"
    if isinstance(after, tuple):
        return "gains" if before == "left" else "joins"
    return None


async def test_every_pair_of_fates_is_told_as_what_it_is_and_in_order(rig: Rig, cast: Cast) -> None:
    pairs = {UUID(int=100 + n): pair for n, pair in enumerate(itertools.product(FATES, FATES))}
    before = await kept(cast, {intern: pair[0] for intern, pair in pairs.items()})
    after = await kept(cast, {intern: pair[1] for intern, pair in pairs.items()})
    told = {intern: kind for intern, pair in pairs.items() if (kind := expected(*pair))}
    in_order = sorted(told.items(), key=lambda one: (KINDS.index(one[1]), one[0].int))

    async with rig.database.reading() as conn:
        counted, found = await compared.of(conn, before=before, after=after, beyond=0, limit=100)
        _, second = await compared.of(conn, before=before, after=after, beyond=5, limit=3)

    assert [(one.intern_id, one.kind) for one in found] == in_order
    assert set(told.values()) == set(KINDS)
    for one in found:
        for fate, stay in zip(pairs[one.intern_id], (one.before, one.after), strict=True):
            assert (None if stay is None else (stay.host_id, stay.days)) == (
                (HOSTS[fate[0]], fate[1]) if isinstance(fate, tuple) else None
            )
    assert (counted.found, counted.same) == (len(in_order), 3)
    assert counted.kinds == {kind: list(told.values()).count(kind) for kind in KINDS}
    assert second == found[5:8]


async def test_a_plan_does_nothing_otherwise_than_itself(rig: Rig, cast: Cast) -> None:
    run_id = await kept(cast, {UUID(int=100): ("h", 2), UUID(int=101): "left"})
    async with rig.database.reading() as conn:
        counted, found = await compared.of(conn, before=run_id, after=run_id, beyond=0, limit=9)
        assert (found, counted.same) == ([], 1)

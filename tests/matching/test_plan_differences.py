"""Comparing two plans: every intern who fares otherwise is named once, and nobody else."""

from hypothesis import given
from hypothesis import strategies as st
from matching.puzzle.puzzles import WEEK

from ipraktik_matching.plan_differences import KINDS, differences
from ipraktik_matching.puzzle import Placement, Plan, Stats, Unplaced

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


def plan(places: dict[str, str | None]) -> Plan:
    """Who goes where ("host/days"); None is left without a place."""
    placed = {intern: place.split("/") for intern, place in places.items() if place}
    return Plan(
        placements=tuple(
            Placement(
                intern_id=intern,
                host_id=host,
                companion_id=None,
                days=int(days),
                window=WEEK,
                fit=0,
                parts={},
                reasons=(),
            )
            for intern, (host, days) in placed.items()
        ),
        unplaced=tuple(
            Unplaced(intern_id=intern, reason="no_free_place") for intern in places if intern not in placed
        ),
        stats=FIGURES,
    )


def test_each_kind_of_difference_is_told() -> None:
    before = plan(
        {
            "same": "h/2",
            "loses": "h/2",
            "changes": "h/2",
            "gains": None,
            "days": "h/2",
            "leaves": "h/2",
            "out": None,
        }
    )
    after = plan(
        {
            "same": "h/2",
            "loses": None,
            "changes": "k/2",
            "gains": "h/2",
            "days": "h/3",
            "joins": "h/2",
            "new": None,
        }
    )
    found = differences(before, after)
    assert [(one.kind, one.intern_id) for one in found.found] == [
        ("loses", "loses"),
        ("changes", "changes"),
        ("gains", "gains"),
        ("other_days", "days"),
        ("leaves", "leaves"),
        ("joins", "joins"),
    ]
    assert found.same == 1
    assert {kind: found.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)


PLANS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([None, "h/2", "h/3", "k/2"]))


@given(PLANS, PLANS)
def test_comparing_the_other_way_round_tells_the_opposite(
    one: dict[str, str | None], two: dict[str, str | None]
) -> None:
    there, back = differences(plan(one), plan(two)), differences(plan(two), plan(one))
    opposite = {"loses": "gains", "gains": "loses", "leaves": "joins", "joins": "leaves"}
    assert {(opposite.get(each.kind, each.kind), each.intern_id) for each in there.found} == {
        (each.kind, each.intern_id) for each in back.found
    }
    assert there.same == back.same
    assert differences(plan(one), plan(one)).found == ()

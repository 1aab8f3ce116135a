"""Interns of one host come in the same week where they can; nobody gets more days or fewer for it."""

from datetime import date, timedelta

from matching.cast import Cast, Person
from matching.test_run_stability import MOVING, body_of, solved, standing
from rig import Rig

from ipraktik_contracts.fields import Period, Wishes

ALL_YEAR = {"first_day": "2018-01-02", "last_day": "2018-12-20"}


async def free(cast: Cast, first_day: str, last_day: str) -> Person:
    """An intern who can come on these days."""
    days = Period(first_day=date.fromisoformat(first_day), last_day=date.fromisoformat(last_day))
    return await cast.joins("intern", available=[days])


async def weeks(cast: Cast) -> dict[object, tuple[date, int]]:
    """The Monday and the number of days of whom a new run proposes."""
    return {
        one.intern_id: (
            one.first_day - timedelta(days=one.first_day.weekday()),
            (one.last_day - one.first_day).days + 1,
        )
        for one in await cast.proposed()
    }


async def test_who_could_come_earlier_comes_with_the_other_and_a_third_at_their_own_time(
    rig: Rig, cast: Cast
) -> None:
    await rig.tell(cast.edition(mode="rolling", dates=ALL_YEAR))
    await cast.joins("host", capacity=3)
    early = await free(cast, "2018-06-04", "2018-06-29")
    late = await free(cast, "2018-06-18", "2018-06-22")
    apart = await free(cast, "2018-07-02", "2018-07-06")
    found = await weeks(cast)
    assert found[early.participant_id] == found[late.participant_id]
    assert found[late.participant_id][0] == date(2018, 6, 18)
    assert found[apart.participant_id][0] == date(2018, 7, 2)
    assert len({days for _, days in found.values()}) == 1


async def test_who_is_placed_later_joins_the_week_that_stands(rig: Rig, cast: Cast) -> None:
    await rig.tell(cast.edition(mode="rolling", dates=ALL_YEAR))
    await cast.joins("host", capacity=2)
    first = await free(cast, "2018-08-06", "2018-08-10")
    assert (await weeks(cast))[first.participant_id][0] == date(2018, 8, 6)
    second = await free(cast, "2018-06-04", "2018-09-28")
    found = await weeks(cast)
    assert found[second.participant_id][0] == date(2018, 8, 6)
    assert first.participant_id not in found  # whose proposal stands as it was sent


async def test_nobody_waits_for_somebody_who_moves_to_another_host(rig: Rig, cast: Cast) -> None:
    await rig.tell(cast.edition(mode="rolling", dates=ALL_YEAR))
    august = Period(first_day=date(2018, 8, 6), last_day=date(2018, 8, 10))
    moves = await cast.joins("intern", wishes=Wishes(fields=("libraries",)), available=[august])
    better = await cast.joins("host", field="libraries")
    other = await cast.joins("host", field="primary_schools")
    await cast.releases(await solved(rig, cast))
    late = await cast.joins("intern", workplace=(await body_of(rig, other)).workplace)
    assert (await cast.releases(await solved(rig, cast, MOVING))).moved == 1
    now = await standing(cast)
    assert now[moves.participant_id].host_id == other.participant_id
    assert now[late.participant_id].host_id == better.participant_id
    assert now[late.participant_id].first_day < august.first_day

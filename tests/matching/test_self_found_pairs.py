"""Self-found pairs are proposed at once, when all that makes them complete has come, in whatever order."""

from itertools import permutations

import pytest
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import AgreementDrafted, Event, MatchProposed


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_pair_is_proposed_once_by_whatever_comes_last(rig: Rig, order: tuple[int, ...]) -> None:
    cast = Cast(rig)
    intern, host = Person(role="intern"), Person(role="host")
    told = [
        cast.edition(),
        cast.body(intern, self_found_with=host.participant_id),
        cast.body(host, self_found_with=intern.participant_id),
    ]
    for place in order[:2]:
        await rig.tell(told[place])
        assert await rig.said(Event) == []
    await rig.tell(told[order[2]])
    proposed, drafted = await rig.said(Event)
    assert isinstance(proposed, MatchProposed)
    assert isinstance(drafted, AgreementDrafted)
    assert (proposed.origin, proposed.run_id) == ("self_found", None)
    await rig.tell(told[0])
    assert await rig.said(Event) == []


async def test_a_one_sided_pair_counts_as_none(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    await cast.joins("intern", self_found_with=host.participant_id)
    assert await rig.said(Event) == []


async def test_both_halves_in_one_batch_are_proposed(rig: Rig, cast: Cast) -> None:
    intern, host = Person(role="intern"), Person(role="host")
    await rig.tell(
        cast.body(intern, self_found_with=host.participant_id),
        cast.body(host, self_found_with=intern.participant_id),
    )
    assert [type(one) for one in await rig.said(Event)] == [MatchProposed, AgreementDrafted]


async def test_a_pair_never_takes_a_seat_that_is_taken(rig: Rig, cast: Cast) -> None:
    host = Person(role="host")
    first, second = Person(role="intern"), Person(role="intern")
    body = cast.body(host, self_found_with=first.participant_id)
    await rig.tell(body, cast.body(first, self_found_with=host.participant_id))
    await rig.tell(
        cast.body(second, self_found_with=host.participant_id),
        cast.updated(body, self_found_with=second.participant_id),
    )
    assert [one.intern_id for one in await rig.said(MatchProposed)] == [first.participant_id]


async def test_the_pair_keeps_its_seat_in_the_next_run(rig: Rig, cast: Cast) -> None:
    intern, host = Person(role="intern"), Person(role="host")
    await rig.tell(
        cast.body(intern, self_found_with=host.participant_id),
        cast.body(host, self_found_with=intern.participant_id),
    )
    await cast.joins("intern")
    assert await cast.proposed() == []


async def test_a_pair_without_common_days_is_given_days_to_change(rig: Rig, cast: Cast) -> None:
    intern, host = Person(role="intern"), Person(role="host")
    await rig.tell(
        cast.body(intern, self_found_with=host.participant_id, days={"min": 2, "max": 2}),
        cast.body(host, self_found_with=intern.participant_id, days={"min": 4, "max": 5}),
    )
    (proposed,) = await rig.said(MatchProposed)
    assert (proposed.last_day - proposed.first_day).days == 3

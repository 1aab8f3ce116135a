"""What a new version may choose: a stay of 2 to 5 weekdays, and a reserve who is somebody else. What stands already is not questioned."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ipraktik_matching.domain.agreement import put_up
from ipraktik_matching.domain.first_draft import first_draft
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.domain.proposal import accept, propose
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.terms import Terms

NOW = datetime(2018, 4, 9, 8, tzinfo=UTC)
MONTH = (date(2018, 9, 1), date(2018, 9, 30))
ONE, OTHER = uuid.UUID(int=8), uuid.UUID(int=9)


def day(number: int) -> date:
    return date(2018, 9, number)


def accepted(first: int, last: int) -> Placement:
    placement, _ = propose(
        placement_id=uuid.UUID(int=1),
        edition_id=uuid.UUID(int=2),
        intern_id=uuid.UUID(int=3),
        host_id=uuid.UUID(int=4),
        group_id=None,
        run_id=None,
        origin="matched",
        reasons=(),
        first_day=day(first),
        last_day=day(last),
        answer_by=datetime(2018, 4, 23, tzinfo=UTC),
    )
    for party in ("intern", "host"):
        placement, _ = accept(placement, party=party, now=NOW)
    return placement


def drafted(first: int, last: int, *, reserve: uuid.UUID = OTHER) -> Placement:
    return put(accepted(first, last), draft(first, last, reserve=reserve))


def draft(first: int, last: int, *, reserve: uuid.UUID = OTHER) -> Terms:
    return first_draft(
        placement_id=uuid.UUID(int=1),
        first_day=day(first),
        last_day=day(last),
        host_contact_id=ONE,
        host_reserve_id=reserve,
        language="da",
    )


def put(placement: Placement, terms: Terms) -> Placement:
    based_on = placement.current.number if placement.current else 0
    return put_up(
        placement, terms=terms, based_on=based_on, today=NOW.date(), sign_days=30, within=MONTH, now=NOW
    )[0]


@pytest.mark.parametrize(("first", "last"), [(10, 10), (14, 15), (10, 17), (8, 9)])
def test_other_days_make_a_stay_of_two_to_five_weekdays(first: int, last: int) -> None:
    with pytest.raises(Refused) as refused:
        put(drafted(10, 12), draft(first, last))
    assert refused.value.code == "stay_length"


@pytest.mark.parametrize(("first", "last"), [(10, 11), (10, 14), (14, 20)])
def test_a_weekend_counts_no_days(first: int, last: int) -> None:
    assert put(drafted(10, 12), draft(first, last)).last_version == 2


@pytest.mark.parametrize(("first", "last"), [(10, 10), (3, 12)])
def test_days_that_were_proposed_are_kept_while_the_rest_is_changed(first: int, last: int) -> None:
    placement = drafted(first, last)
    assert put(placement, replace(draft(first, last), programme="Noget andet")).last_version == 2


def test_the_reserve_is_somebody_else_than_the_contact_person() -> None:
    with pytest.raises(Refused) as refused:
        put(drafted(10, 12), draft(10, 12, reserve=ONE))
    assert refused.value.code == "same_person"


def test_a_version_from_before_the_rule_can_still_be_changed() -> None:
    placement = drafted(10, 12)
    assert placement.draft is not None
    old = replace(placement.draft.terms, host_reserve_id=ONE, first_day=day(3), last_day=day(14))
    placement = replace(placement, draft=replace(placement.draft, terms=old))
    assert put(placement, replace(old, follow_up="Møde i uge 40")).last_version == 2

"""Who took part, by kind: nobody is counted twice, and no group of fewer than five can be found, even by subtraction."""

import uuid
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ipraktik_evaluation.domain.signed_up import SignUp, Stay
from ipraktik_evaluation.domain.suppression import FEWEST, public_counts
from ipraktik_evaluation.domain.taking_part import taking_part

WEEK_37 = date(2018, 9, 10)


def sign_up(participant_id: UUID, role: str, *, code: str | None, sector: str = "municipal") -> SignUp:
    return SignUp(
        participant_id,
        role,
        False,
        uuid.uuid4(),
        uuid.uuid4(),
        code,
        "health" if sector == "state" else None,
        sector,
        "public",
    )


def test_a_host_with_several_interns_and_several_stays_is_one_participant() -> None:
    host, interns = uuid.uuid4(), [uuid.uuid4() for _ in range(6)]
    people = [
        sign_up(host, "host", code="0101", sector="state"),
        *(sign_up(one, "intern", code="0751") for one in interns),
        sign_up(uuid.uuid4(), "intern", code="0751"),
    ]
    found = taking_part(sign_ups=people, stays=[Stay(one, host, WEEK_37) for one in interns])
    assert {one.code: one.count for one in found.municipalities} == {"0101": None, "0751": None}
    assert [(one.code, one.count) for one in found.host_sectors] == [("state", None)]


def test_enough_of_each_are_told() -> None:
    stays = [Stay(uuid.uuid4(), uuid.uuid4(), WEEK_37) for _ in range(7)]
    people = [sign_up(stay.intern_id, "intern", code="0751") for stay in stays]
    people += [sign_up(stay.host_id, "host", code="0101", sector="state") for stay in stays]
    found = taking_part(sign_ups=people, stays=stays)
    assert {one.code: one.count for one in found.municipalities} == {"0101": 7, "0751": 7}
    assert {one.code: one.count for one in found.regions} == {"hovedstaden": 7, "midtjylland": 7}
    assert [(one.code, one.count) for one in found.ministerial_areas] == [("health", 7)]
    assert [(one.code, one.count) for one in found.host_ownerships] == [("public", 7)]


def test_a_workplace_abroad_is_counted_as_in_no_municipality() -> None:
    stays = [Stay(uuid.uuid4(), uuid.uuid4(), WEEK_37) for _ in range(5)]
    people = [sign_up(stay.intern_id, "intern", code="0751") for stay in stays]
    people += [sign_up(stay.host_id, "host", code=None) for stay in stays]
    found = taking_part(sign_ups=people, stays=stays)
    assert {one.code: one.count for one in found.municipalities} == {"0751": 5, "unknown": 5}


def test_a_lone_silent_group_takes_the_smallest_other_with_it() -> None:
    assert public_counts({"a": 2, "b": 9, "c": 6}) == {"a": None, "b": 9, "c": None}
    assert public_counts({"a": 2, "b": 1, "c": 6, "d": 9}) == {"a": None, "b": None, "c": None, "d": 9}
    assert public_counts({"a": 5, "b": 0}) == {"a": 5, "b": 0}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12)))
def test_what_is_silent_cannot_be_filled_in_from_the_total(counts: dict[str, int]) -> None:
    told = public_counts(counts)
    silent = [code for code, count in told.items() if count is None]
    assert all(count is None or count == 0 or count >= FEWEST for count in told.values())
    assert all(told[code] in (None, counts[code]) for code in counts)
    if silent and any(told[code] for code in counts):
        assert len(silent) >= 2
        assert sum(counts[code] for code in silent) >= FEWEST

"""A coordinator's must is refused when it is entered if it could never be kept; a never only where it contradicts a must."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ipraktik_matching.domain.pair_rules import Meeting, allow
from ipraktik_matching.domain.refusals import SENTENCES, Refused

INTERN, COMPANION, OTHER, THIRD = (UUID(int=number) for number in range(1, 5))
HOST, ELSEWHERE = UUID(int=10), UUID(int=11)

FREE = Meeting(
    intern_id=INTERN,
    host_id=HOST,
    same_unit=False,
    own_organisation=False,
    common_days=True,
    tried=False,
    seats=1,
    companion_id=None,
    standing_of={},
    must_of={},
    never=(),
)


def refusal(meeting: Meeting, kind: Any = "must") -> str | None:
    """Why not, or None."""
    try:
        allow(meeting, kind)
    except Refused as refused:
        return refused.code
    return None


def test_a_free_intern_and_a_free_seat_may_be_pinned_or_forbidden() -> None:
    assert (refusal(FREE), refusal(FREE, "never")) == (None, None)


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"same_unit": True, "own_organisation": True}, "rule_same_unit"),
        ({"own_organisation": True}, "rule_own_organisation"),
        ({"common_days": False}, "rule_no_common_days"),
        ({"tried": True}, "rule_tried"),
        ({"standing_of": {INTERN: ELSEWHERE}}, "rule_intern_seated"),
        ({"standing_of": {INTERN: HOST}}, "rule_intern_seated"),
        ({"standing_of": {OTHER: HOST}}, "rule_host_full"),
        ({"must_of": {OTHER: HOST}}, "rule_host_full"),
        ({"must_of": {INTERN: ELSEWHERE}}, "rule_pinned_elsewhere"),
        ({"never": [(INTERN, HOST)]}, "rule_contradicts"),
        ({"companion_id": COMPANION}, "rule_host_full"),
        (
            {"companion_id": COMPANION, "seats": 2, "must_of": {COMPANION: ELSEWHERE}},
            "rule_companion_elsewhere",
        ),
        (
            {"companion_id": COMPANION, "seats": 2, "standing_of": {COMPANION: ELSEWHERE}},
            "rule_companion_elsewhere",
        ),
        ({"companion_id": COMPANION, "seats": 2, "never": [(COMPANION, HOST)]}, "rule_companion_elsewhere"),
        ({"companion_id": COMPANION, "seats": 2}, None),
        ({"companion_id": COMPANION, "seats": 2, "must_of": {COMPANION: HOST}}, None),
        ({"companion_id": COMPANION, "seats": 2, "standing_of": {COMPANION: HOST}}, None),
        ({"seats": 3, "standing_of": {OTHER: HOST}, "must_of": {THIRD: HOST}}, None),
        ({"seats": 2, "standing_of": {OTHER: HOST}, "must_of": {OTHER: HOST}}, None),
        ({"standing_of": {OTHER: ELSEWHERE}, "must_of": {THIRD: ELSEWHERE}}, None),
        ({"never": [(INTERN, ELSEWHERE), (OTHER, HOST)]}, None),
    ],
)
def test_a_must_is_allowed_only_where_it_could_be_kept(different: dict[str, Any], code: str | None) -> None:
    assert refusal(replace(FREE, **different)) == code


def test_a_never_is_refused_only_against_the_same_must() -> None:
    worst = replace(FREE, same_unit=True, common_days=False, tried=True, seats=0, standing_of={INTERN: HOST})
    assert refusal(worst, "never") is None
    assert refusal(replace(FREE, must_of={INTERN: ELSEWHERE}), "never") is None
    assert refusal(replace(FREE, must_of={INTERN: HOST}), "never") == "rule_contradicts"


def test_every_refusal_of_a_rule_has_its_sentences() -> None:
    for code in (one for one in SENTENCES if one.startswith("rule_")):
        assert {"da", "en"} == SENTENCES[code].keys()

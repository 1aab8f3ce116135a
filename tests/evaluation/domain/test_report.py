"""Counting without repetition, and saying nothing of a few."""

import json
import uuid
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.domain.indicators import Submitted
from ipraktik_evaluation.domain.report import (
    Asked,
    distributions_of,
    figures_of,
    report_body,
    responses_of,
)
from ipraktik_evaluation.domain.signed_up import SignUp, Stay

WEEK_37 = date(2018, 9, 10)


def sign_up(participant_id: UUID, **changes: Any) -> SignUp:
    values: dict[str, Any] = {
        "participant_id": participant_id,
        "role": "intern",
        "withdrawn": False,
        "organisation_id": uuid.uuid4(),
        "workplace_id": uuid.uuid4(),
        "municipality_code": "0751",
        "ministerial_area": None,
    }
    return SignUp(**values | changes)


def outcomes(*chosen: tuple[str, ...]) -> list[Submitted]:
    return [Submitted(uuid.uuid4(), "intern", "after", Answers({"outcomes": one})) for one in chosen]


def body(submitted: list[Submitted], previous: dict[str, Any] | None = None) -> dict[str, Any]:
    return report_body(sign_ups=[], stays=[], asked=[], submitted=submitted, previous=previous)


def told(report: dict[str, Any]) -> dict[str, Any]:
    found = next(
        one
        for one in report["distributions"]
        if (one["question"], one["party"], one["wave"]) == ("outcomes", "intern", "after")
    )
    return {"n": found["n"]} | {cell["option"]: cell["count"] for cell in found["options"]}


def test_a_host_with_two_interns_and_a_shared_workplace_count_once() -> None:
    one, other, host = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    unit, organisation = uuid.uuid4(), uuid.uuid4()
    figures = figures_of(
        sign_ups=[
            sign_up(one, organisation_id=organisation, workplace_id=unit, municipality_code="0101"),
            sign_up(other, organisation_id=organisation, workplace_id=unit, municipality_code="0101"),
            sign_up(host, role="host", municipality_code="0265", ministerial_area="health"),
            sign_up(uuid.uuid4()),
            sign_up(uuid.uuid4(), withdrawn=True),
        ],
        stays=[Stay(one, host, WEEK_37), Stay(other, host, WEEK_37)],
    )
    assert (figures.stays, figures.interns, figures.hosts, figures.participants) == (2, 2, 1, 3)
    assert (figures.workplaces, figures.organisations, figures.municipalities) == (2, 2, 2)
    assert (figures.ministerial_areas, figures.region_codes) == (1, ("hovedstaden", "sjaelland"))
    assert (figures.signed_up_interns, figures.signed_up_hosts) == (3, 1)


def test_a_region_is_the_one_of_the_day() -> None:
    intern, host = uuid.uuid4(), uuid.uuid4()
    people = [sign_up(intern, municipality_code="0101"), sign_up(host, municipality_code="0265")]
    before = figures_of(sign_ups=people, stays=[Stay(intern, host, date(2026, 12, 31))])
    since = figures_of(sign_ups=people, stays=[Stay(intern, host, date(2027, 1, 1))])
    assert (before.regions, since.regions, since.region_codes) == (2, 1, ("oestdanmark",))


def test_a_workplace_abroad_is_in_no_municipality_and_no_region() -> None:
    intern, host = uuid.uuid4(), uuid.uuid4()
    people = [sign_up(intern), sign_up(host, municipality_code=None)]
    figures = figures_of(sign_ups=people, stays=[Stay(intern, host, WEEK_37)])
    assert (figures.municipalities, figures.regions, figures.workplaces) == (1, 1, 2)


def test_a_stay_whose_sign_ups_have_not_been_heard_still_counts() -> None:
    figures = figures_of(sign_ups=[], stays=[Stay(uuid.uuid4(), uuid.uuid4(), WEEK_37)])
    assert (figures.stays, figures.participants, figures.workplaces) == (1, 2, 0)


def test_response_rates_need_five_asked() -> None:
    few, many = responses_of([Asked("host", "after", 6, 4, 1), Asked("intern", "after", 4, 4, 0)])
    assert (few.party, few.share) == ("intern", None)
    assert (many.submitted, many.expired, many.share) == (4, 1, 0.6667)


def test_an_option_that_one_to_four_chose_or_did_not_choose_is_silent() -> None:
    found = told(
        body(
            outcomes(
                *[("keep_doing", "do_better")] * 4,
                *[("do_better",)] * 3,
                *[("do_differently", "do_better")] * 5,
            )
        )
    )
    assert found == {
        "n": 12,
        "keep_doing": None,
        "do_better": 12,
        "do_differently": 5,
        "stop_doing": 0,
        "none": 0,
    }
    nearly_all = told(body(outcomes(*[("do_better",)] * 8, *[("none",)] * 2)))
    assert nearly_all["do_better"] is None
    assert nearly_all["none"] is None


@given(
    st.lists(
        st.sets(st.sampled_from(["keep_doing", "do_better", "do_differently", "stop_doing"]), min_size=1),
        max_size=14,
    )
)
def test_no_count_speaks_of_one_to_four_people_on_either_side(chosen: list[set[str]]) -> None:
    for one in distributions_of(outcomes(*[tuple(sorted(options)) for options in chosen])):
        for cell in one.options:
            assert cell.count is None or {cell.count, one.n - cell.count}.isdisjoint({1, 2, 3, 4})
            assert (cell.count is None) == (cell.share is None)
            if one.n < 5:
                assert cell.count is None


def test_a_figure_is_renewed_only_when_five_answers_have_come() -> None:
    five = outcomes(*[("do_better",)] * 5)
    first = body(five)
    assert told(first)["do_better"] == 5
    nine = [*five, *outcomes(*[("keep_doing",)] * 4)]
    assert told(body(nine, first)) == told(first)
    ten = [*nine, *outcomes(("keep_doing",))]
    assert told(body(ten, first))["n"] == 10


def test_a_silent_figure_is_told_as_soon_as_it_may_be() -> None:
    four = outcomes(*[("do_better",)] * 4)
    first = body(four)
    assert told(first)["do_better"] is None
    assert told(body([*four, *outcomes(("do_better",))], first))["do_better"] == 5


def test_a_report_survives_the_way_through_json() -> None:
    report = body(outcomes(*[("do_better",)] * 7))
    assert json.loads(json.dumps(report)) == report

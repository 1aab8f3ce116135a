"""What a service's OpenAPI document says, its JSON routes do: for requests that fit, and for whatever a fuzzer thinks of.

Every answer has a documented status, the documented content type and a body of the documented shape, and none is a 5xx.
Odd requests are made twice over: by somebody whose token opens the route, on things that are there, and by strangers.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from over_http.serving import Fitting, Served
from schemathesis import checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

checks.load_all_checks()
CHECKS: Final[list[schemathesis.CheckFunction]] = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
FEW, MANY = 6, 60
SECONDS = 20
Operation = APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Operation]
Sends = Callable[[Served, Case], None]


@pytest.fixture
def operations(service: Served) -> dict[str, Operation]:
    """What the document describes, by "GET /path"."""
    config = schemathesis.Config.from_dict(
        {
            "seed": 2018,
            "base-url": service.url,
            "generation": {"with-security-parameters": False},
            # 410: the link has run out or was replaced, which is looked at before the body
            "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
        }
    )
    schema = schemathesis.openapi.from_dict(service.document, config=config)
    found: dict[str, Operation] = {}
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok), operation.err()
        found[operation.ok().label] = operation.ok()
    return found


def test_a_request_that_fits_is_answered_as_described(
    service: Served, operations: dict[str, Operation], subtests: pytest.Subtests
) -> None:
    assert operations.keys() == service.scene.keys(), "a route without a request that fits, or the reverse"
    for label, fitting in service.scene.items():
        with subtests.test(label):
            one = fitting[0]
            sent = {} if one.body is None else {"body": one.body, "media_type": "application/json"}
            case = operations[label].Case(
                path_parameters=dict(one.path), headers=dict(one.headers), query=dict(one.query), **sent
            )
            answer = case.call(headers=bearer(one.token), timeout=SECONDS)
            assert 200 <= answer.status_code < 300, answer.text
            case.validate_response(answer, checks=CHECKS[:-1])


def bearer(token: str | None) -> dict[str, str]:
    """The header of a token; none without one."""
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def of_case(case: Case) -> int:
    """A number that is the same for the same request."""
    return zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode("utf-8", "replace"))


def negated(case: Case, part: ParameterLocation) -> bool:
    """Whether that part of the request is what does not fit."""
    meta = case.meta
    return (
        meta is not None and part in meta.components and meta.components[part].mode is GenerationMode.NEGATIVE
    )


def by_one_who_may(service: Served, case: Case) -> None:
    """Whatever was thought of, sent with a token that opens the route, to something that is there."""
    number = of_case(case)
    fittings = service.scene[case.operation.label]
    fitting: Fitting = fittings[number % len(fittings)]
    if not negated(case, ParameterLocation.PATH):
        case.path_parameters.update(fitting.path)
    if fits(case) and number % 3:
        case.body = with_one_field_of(case.body, fitting.body, which=number)
    answer = case.call(headers=bearer(fitting.token), timeout=SECONDS)
    case.validate_response(answer, checks=CHECKS)


def fits(case: Case) -> bool:
    """Whether the whole request was made to fit the description."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def with_one_field_of(thought_of: Any, fitting: Any, *, which: int) -> Any:
    """A body that fits, with one field as it was thought of: what fits in shape alone seldom makes sense as a whole."""
    if not isinstance(thought_of, dict) or not isinstance(fitting, dict) or not thought_of:
        return thought_of
    name = sorted(thought_of)[which % len(thought_of)]
    return {**fitting, name: thought_of[name]}


def by_a_stranger(service: Served, case: Case) -> None:
    """Whatever was thought of, sent without a token, or with one that opens other things, to something that is there."""
    number = of_case(case)
    fittings = service.scene[case.operation.label]
    own = fittings[number % len(fittings)]
    if not negated(case, ParameterLocation.PATH):
        case.path_parameters.update(own.path)
    others = [one.token for every in service.scene.values() for one in every if one.path != own.path]
    strangers = [
        one for one in dict.fromkeys([*service.strangers, *others]) if one not in (own.token, *own.also)
    ]
    answer = case.call(headers=bearer(strangers[number // 8 % len(strangers)]), timeout=SECONDS)
    case.validate_response(answer, checks=CHECKS[:-1])
    if own.token is not None:
        assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("sends", [by_one_who_may, by_a_stranger])
def test_odd_requests_are_answered_as_described(
    service: Served, operations: dict[str, Operation], subtests: pytest.Subtests, sends: Sends
) -> None:
    drive(service, operations, subtests, sends=sends, examples=FEW)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("sends", [by_one_who_may, by_a_stranger])
def test_ten_times_as_many_odd_requests_are_answered_as_described(
    service: Served, operations: dict[str, Operation], subtests: pytest.Subtests, sends: Sends
) -> None:
    drive(service, operations, subtests, sends=sends, examples=MANY, bounds=True)


def drive(
    service: Served,
    operations: Mapping[str, Operation],
    subtests: pytest.Subtests,
    *,
    sends: Sends,
    examples: int,
    bounds: bool = False,
) -> None:
    """So many requests that fit the description, and so many that do not, to each route: the same ones each time.

    With `bounds` also the least, the most and one beyond of every field.
    """
    for label, operation in operations.items():
        for mode in GenerationMode:
            if mode is GenerationMode.NEGATIVE and not (operation.body or any(operation.iter_parameters())):
                continue  # nothing is sent there, so nothing can be wrong with it

            @settings(
                max_examples=examples,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def one(case: Case) -> None:
                sends(service, case)

            with subtests.test(label, mode=mode.value):
                one()
        if bounds:
            with subtests.test(label, mode="bounds"):
                configured = operation.schema.config.generation_for(operation=operation, phase="coverage")
                for case in operation.schema.iter_coverage_cases(
                    operation, generation_modes=list(GenerationMode), generation_config=configured
                ):
                    if case.method == operation.method.upper():  # other methods are asked elsewhere
                        sends(service, case)

"""What is wrong with input is said field by field, in words that whoever sent it can act upon."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ipraktik_chassis.mends import Misfit, mends


class ById(BaseModel):
    model_config = ConfigDict(extra="forbid")
    host_id: UUID


class ByName(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=5)]
    email: Annotated[str, Field(pattern="^[a-z]+@[a-z]+$")]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    host: ById | ByName | None = None
    days: Annotated[int, Field(ge=2, le=5)] = 2
    kinds: Annotated[tuple[Literal["a", "b"], ...], Field(max_length=2)] = ()
    first_day: date | None = None
    at: AwareDatetime | None = None
    sure: bool = True
    max: int = 5

    @model_validator(mode="after")
    def _in_order(self) -> "Form":
        if self.max < self.days:
            raise Misfit("max", "give the same or more")
        return self


def said(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate_json(text, strict=True)
    found = mends(refused.value.errors(include_input=False, include_url=False))
    return [(one["field"], one["message"]) for one in found]


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ('{"more": 1}', "more", "there is no such field here; check the spelling or leave it out"),
        ('{"days": "3"}', "days", "a whole number is expected"),
        ('{"days": 2.5}', "days", "a whole number is expected"),
        ('{"days": 1}', "days", "2 or more is expected"),
        ('{"days": 6}', "days", "5 or less is expected"),
        ('{"kinds": ["c"]}', "kinds.0", "choose one of 'a' or 'b'"),
        ('{"kinds": ["a", "a", "a"]}', "kinds", "at most 2 entries are taken"),
        ('{"kinds": "a"}', "kinds", "a list is expected, in [ ]"),
        ('{"first_day": "tomorrow"}', "first_day", "a date is expected, such as 2026-09-07"),
        (
            '{"at": "2026-09-07T10:00:00"}',
            "at",
            "an instant with its time zone is expected, such as 2026-09-07T12:00:00Z",
        ),
        ('{"sure": "no"}', "sure", "true or false is expected"),
        ('{"days": 5, "max": 4}', "max", "give the same or more"),
        ("[]", "body", "an object is expected, in { }"),
    ],
)
def test_every_kind_of_misfit_says_how_to_mend_it(text: str, field: str, message: str) -> None:
    assert said(text) == [(field, message)]


def test_text_that_is_no_json_is_said_to_be_none_and_where() -> None:
    ((field, message),) = said('{"days": 2')
    assert field == "body"
    assert message.startswith("this is not JSON: ")
    assert "column" in message


def test_of_several_shapes_only_the_closest_is_spoken_of_and_no_class_is_named() -> None:
    assert said('{"host": {"name": "Ida", "email": "ida"}}') == [
        ("host.email", "an e-mail address is expected, such as navn@eksempel.dk")
    ]
    assert said('{"host": {"host_id": "x"}}') == [
        ("host.host_id", "an id is expected, such as 0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b")
    ]


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert [field for field, _ in said('{"days": 9, "more": 1, "host": {"name": "", "email": "a@b"}}')] == [
        "host.name",
        "days",
        "more",
    ]

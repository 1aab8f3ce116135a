"""Events of evaluation. Topic `innovationspraktik.evaluations.v1`. Never an answer, only that one was asked or given."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from ..fields import Code, Instant, Party, Value, Wave
from .event import Event


class _EvaluationEvent(Event):
    TOPIC: ClassVar[str] = "innovationspraktik.evaluations.v1"
    KEY: ClassVar[str] = "evaluation_id"
    OWNER: ClassVar[str] = "evaluation"

    evaluation_id: UUID = Field(description="One party's evaluation of one stay in one wave.")
    edition_id: UUID = Field(description="The edition.")
    placement_id: UUID = Field(description="The placement that is evaluated.")
    party: Party = Field(description="Who is asked.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    question_set_version: int = Field(ge=1, le=9999, description="Version of the question set.")
    answer_by: Instant = Field(description="Answers are taken until this instant.")


class EvaluationRequested(_EvaluationEvent):
    """A party is asked to evaluate."""


class EvaluationSubmitted(_EvaluationEvent):
    """A party has answered. Final."""


class EvaluationExpired(_EvaluationEvent):
    """The time to answer ran out. Final."""


class Indicator(Value):
    """One figure of the report."""

    code: Code = Field(description="Which figure; the report defines it.")
    n: int = Field(ge=0, le=10_000_000, description="How many answers it rests on.")
    share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Share from 0 to 1, four decimals; null where n is below 5."
    )


class ReportPublished(Event):
    """The report of an edition came out, or a newer revision of it."""

    TOPIC: ClassVar[str] = "innovationspraktik.evaluations.v1"
    KEY: ClassVar[str] = "edition_id"
    OWNER: ClassVar[str] = "evaluation"

    edition_id: UUID = Field(description="The edition reported on.")
    revision: int = Field(ge=1, le=9999, description="From 1; a higher one replaces the lower.")
    indicators: tuple[Indicator, ...] = Field(max_length=50, description="The indicators with their n.")

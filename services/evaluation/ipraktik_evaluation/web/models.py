"""What goes over the wire as JSON, and nothing else. Every input has a bound; what is refused is never repeated."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from ipraktik_contracts.fields import Party, Wave


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("NUL cannot be stored; leave it out")
    return text


QuestionCode = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
OptionCode = Annotated[str, Field(max_length=40)]
Written = Annotated[str, Field(max_length=2000), AfterValidator(_storable)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class AnswersIn(_Model):
    """All answers at once: the code of an option, a list of codes, or a text, by question."""

    answers: dict[QuestionCode, Written | Annotated[list[OptionCode], Field(max_length=20)]] = Field(
        max_length=40,
        examples=[{"concrete_use": "yes_some", "outcomes": ["do_better"], "advice": "Mere tid."}],
    )


class OptionOut(_Model):
    """One answer to choose."""

    code: str
    da: str
    en: str
    alone: bool = Field(description="True where it cannot be combined with others.")


class QuestionOut(_Model):
    """One question."""

    code: str
    kind: Literal["one", "many", "text"]
    da: str
    en: str
    required: bool
    options: list[OptionOut]


class FormOut(_Model):
    """What one party is asked in one wave."""

    party: Party
    wave: Wave
    questions: list[QuestionOut]


class QuestionSetOut(_Model):
    """A version of all forms. A version never changes."""

    version: int
    forms: list[FormOut]


class EvaluationOut(_Model):
    """An evaluation as the asked person sees it, with their own answers once given."""

    evaluation_id: UUID
    party: Party
    wave: Wave
    question_set_version: int
    state: Literal["open", "submitted", "expired"]
    answer_by: AwareDatetime
    closed_at: AwareDatetime | None
    questions: list[QuestionOut]
    answers: dict[str, str | list[str]] | None


class CommentOut(_Model):
    """What one party wrote, by question."""

    evaluation_id: UUID
    party: Party
    wave: Wave
    texts: dict[str, str]


class FiguresOut(_Model):
    """Who took part; nothing is counted twice."""

    signed_up_interns: int = Field(description="Valid sign-ups of interns that were not taken back.")
    signed_up_hosts: int = Field(description="Valid sign-ups of hosts that were not taken back.")
    participants: int = Field(description="Sign-ups that took part in a completed stay.")
    interns: int
    hosts: int
    stays: int = Field(description="Completed stays.")
    workplaces: int
    organisations: int
    municipalities: int
    regions: int
    region_codes: list[str] = Field(description="Regions as they were on the first day of each stay.")
    ministerial_areas: int


class ResponseOut(_Model):
    """How many were asked and how many answered."""

    party: Party
    wave: Wave
    requested: int
    submitted: int
    expired: int
    share: float | None = Field(description="submitted / requested; null where fewer than five were asked.")


class PublishedOut(_Model):
    """The programme's own figure of earlier years."""

    da: str
    en: str
    share: float
    source: str
    year: int


class IndicatorOut(_Model):
    """One indicator with its base."""

    code: str
    da: str
    en: str
    parties: list[Party]
    wave: Wave
    question: str
    yes_answers: list[str]
    n: int
    yes: int | None = Field(description="null where fewer than five people answered.")
    share: float | None = Field(description="yes / n, four decimals; null where fewer than five answered.")
    published: PublishedOut | None


class CellOut(_Model):
    """One option of a distribution."""

    option: str
    count: int | None = Field(description="null where that would speak of fewer than five people.")
    share: float | None


class DistributionOut(_Model):
    """One party's answers to one question in one wave."""

    question: str
    party: Party
    wave: Wave
    n: int
    options: list[CellOut]


class GroupOut(_Model):
    """One group of those who took part."""

    code: str
    count: int | None = Field(description="null where that would speak of fewer than five people.")


class TakingPartOut(_Model):
    """Participants of completed stays by kind. `unknown` stands for a fact that has not been heard or does not apply."""

    municipalities: list[GroupOut]
    regions: list[GroupOut] = Field(description="As they were on the first day of the first stay.")
    ministerial_areas: list[GroupOut]
    host_sectors: list[GroupOut]
    host_ownerships: list[GroupOut]


class ReportOut(_Model):
    """A published revision of an edition's report."""

    edition_id: UUID
    edition_name: str
    revision: int
    published_at: datetime
    figures: FiguresOut
    responses: list[ResponseOut]
    indicators: list[IndicatorOut]
    distributions: list[DistributionOut]
    taking_part: TakingPartOut | None = Field(
        default=None, description="null in revisions published before it was counted."
    )

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
        description="By the question's code: the code of an option, a list of codes, or a text.",
        examples=[{"concrete_use": "yes_some", "outcomes": ["do_better"], "advice": "Mere tid."}],
    )


class OptionOut(_Model):
    """One answer to choose."""

    code: str = Field(description="What is sent as the answer.", examples=["yes_some"])
    da: str = Field(description="The option in Danish.")
    en: str = Field(description="The option in English.")
    alone: bool = Field(description="True where it cannot be combined with others.")


class QuestionOut(_Model):
    """One question."""

    code: str = Field(description="What the answer is filed under.", examples=["concrete_use"])
    kind: Literal["one", "many", "text"] = Field(
        description="one: a code of one option; many: a list of codes; text: free text."
    )
    da: str = Field(description="The question in Danish.")
    en: str = Field(description="The question in English.")
    required: bool = Field(description="Whether an answer is needed.")
    options: list[OptionOut] = Field(description="What can be chosen; empty for text.")


class FormOut(_Model):
    """What one party is asked in one wave."""

    party: Party = Field(description="Who is asked: the intern, the intern's manager or the host.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    questions: list[QuestionOut] = Field(description="In the order in which they are asked.")


class QuestionSetOut(_Model):
    """A version of all forms. A version never changes."""

    version: int = Field(description="Versions count from 1.")
    forms: list[FormOut] = Field(description="One for each party and wave.")


class EvaluationOut(_Model):
    """An evaluation as the asked person sees it, with their own answers once given."""

    evaluation_id: UUID = Field(description="The evaluation's id.")
    party: Party = Field(description="Who is asked: the intern, the intern's manager or the host.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    question_set_version: int = Field(description="The version of the questions that is asked.")
    state: Literal["open", "submitted", "expired"] = Field(
        description="open: answers are taken; submitted: they were given; expired: the time has run out."
    )
    answer_by: AwareDatetime = Field(description="Until when answers are taken.")
    closed_at: AwareDatetime | None = Field(
        description="When it was answered or ran out; null while it is open."
    )
    questions: list[QuestionOut] = Field(description="In the order in which they are asked.")
    answers: dict[str, str | list[str]] | None = Field(
        description="The own answers by the question's code; null until they are given."
    )


class CommentOut(_Model):
    """What one party wrote, by question."""

    evaluation_id: UUID = Field(description="The evaluation in which it was written.")
    party: Party = Field(description="Who wrote it: the intern, the intern's manager or the host.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    texts: dict[str, str] = Field(description="What was written, by the question's code.")


class FiguresOut(_Model):
    """Who took part; nothing is counted twice."""

    signed_up_interns: int = Field(description="Valid sign-ups of interns that were not taken back.")
    signed_up_hosts: int = Field(description="Valid sign-ups of hosts that were not taken back.")
    participants: int = Field(description="Sign-ups that took part in a completed stay.")
    interns: int = Field(description="Interns who completed a stay.")
    hosts: int = Field(description="Hosts who had an intern to the end of a stay.")
    stays: int = Field(description="Completed stays.")
    workplaces: int = Field(description="Different units that took part.")
    organisations: int = Field(description="Different organisations that took part.")
    municipalities: int = Field(description="Different municipalities that they lie in.")
    regions: int = Field(description="Different regions that they lie in.")
    region_codes: list[str] = Field(description="Regions as they were on the first day of each stay.")
    ministerial_areas: int = Field(description="Different ministerial areas of the state workplaces.")


class ResponseOut(_Model):
    """How many were asked and how many answered."""

    party: Party = Field(description="Who is asked: the intern, the intern's manager or the host.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    requested: int = Field(description="How many were asked.")
    submitted: int = Field(description="How many answered.")
    expired: int = Field(description="How many let the time run out.")
    share: float | None = Field(description="submitted / requested; null where fewer than five were asked.")


class PublishedOut(_Model):
    """The programme's own figure of earlier years."""

    da: str = Field(description="What the figure says, in Danish.")
    en: str = Field(description="What the figure says, in English.")
    share: float = Field(description="The share, from 0 to 1.", examples=[0.75])
    source: str = Field(description="Where it was published.")
    year: int = Field(description="Of which year it speaks.")


class IndicatorOut(_Model):
    """One indicator with its base."""

    code: str = Field(description="The indicator's code.", examples=["concrete_use"])
    da: str = Field(description="Its name in Danish.")
    en: str = Field(description="Its name in English.")
    parties: list[Party] = Field(description="Whose answers count.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    question: str = Field(description="The code of the question that it is made of.")
    yes_answers: list[str] = Field(description="Codes of the options that count as yes.")
    n: int = Field(description="How many people answered the question.")
    yes: int | None = Field(description="null where fewer than five people answered.")
    share: float | None = Field(description="yes / n, four decimals; null where fewer than five answered.")
    published: PublishedOut | None = Field(
        description="The programme's own figure of an earlier year; null where there is none."
    )


class CellOut(_Model):
    """One option of a distribution."""

    option: str = Field(description="The option's code.")
    count: int | None = Field(description="null where that would speak of fewer than five people.")
    share: float | None = Field(description="count / n, four decimals; null where count is.")


class DistributionOut(_Model):
    """One party's answers to one question in one wave."""

    question: str = Field(description="The question's code.")
    party: Party = Field(description="Who answered: the intern, the intern's manager or the host.")
    wave: Wave = Field(description="after: right after the stay; follow_up: some months later.")
    n: int = Field(description="How many answered the question.")
    options: list[CellOut] = Field(description="Every option with how many chose it.")


class GroupOut(_Model):
    """One group of those who took part."""

    code: str = Field(
        description="Code of the municipality, region, area, sector or ownership; or `unknown`.",
        examples=["0751"],
    )
    count: int | None = Field(description="null where that would speak of fewer than five people.")


class TakingPartOut(_Model):
    """Participants of completed stays by kind. `unknown` stands for a fact that has not been heard or does not apply."""

    municipalities: list[GroupOut] = Field(description="By the municipality of the workplace.")
    regions: list[GroupOut] = Field(description="As they were on the first day of the first stay.")
    ministerial_areas: list[GroupOut] = Field(description="By ministerial area of the workplace.")
    host_sectors: list[GroupOut] = Field(description="Hosts by sector.")
    host_ownerships: list[GroupOut] = Field(description="Hosts by who owns the workplace.")


class ReportOut(_Model):
    """A published revision of an edition's report."""

    edition_id: UUID = Field(description="The edition that the report is of.")
    edition_name: str = Field(description="What people call the edition.", examples=["Uge 37, 2018"])
    revision: int = Field(description="Counts from 1; a revision never changes.")
    published_at: datetime = Field(description="When this revision came out.")
    figures: FiguresOut = Field(description="Who took part.")
    responses: list[ResponseOut] = Field(description="How many were asked and how many answered.")
    indicators: list[IndicatorOut] = Field(description="The programme's key figures.")
    distributions: list[DistributionOut] = Field(description="How the answers fall, question by question.")
    taking_part: TakingPartOut | None = Field(
        default=None, description="null in revisions published before it was counted."
    )

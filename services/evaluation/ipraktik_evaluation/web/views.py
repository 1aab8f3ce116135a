"""From what is stored to what is shown: JSON models of evaluations, question sets and reports."""

from ipraktik_evaluation.domain.indicators import INDICATORS
from ipraktik_evaluation.domain.question_sets import QUESTION_SETS
from ipraktik_evaluation.domain.questions import PARTIES, WAVES, Question, QuestionSet
from ipraktik_evaluation.store.evaluations import Evaluation
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.web import models


def question_view(question: Question) -> models.QuestionOut:
    """One question in both languages."""
    return models.QuestionOut(
        code=question.code,
        kind=question.kind,
        da=question.label.da,
        en=question.label.en,
        required=question.required,
        options=[
            models.OptionOut(code=one.code, da=one.label.da, en=one.label.en, alone=one.alone)
            for one in question.options
        ],
    )


def question_set_view(questions: QuestionSet) -> models.QuestionSetOut:
    """A whole version."""
    return models.QuestionSetOut(
        version=questions.version,
        forms=[
            models.FormOut(
                party=party, wave=wave, questions=[question_view(one) for one in questions.form(party, wave)]
            )
            for wave in WAVES
            for party in PARTIES
        ],
    )


def form_of_evaluation(evaluation: Evaluation) -> tuple[Question, ...]:
    """The questions of an evaluation, by the version it was asked with."""
    request = evaluation.request
    return QUESTION_SETS[request.question_set_version].form(request.party, request.wave)


def evaluation_view(evaluation: Evaluation) -> models.EvaluationOut:
    """An evaluation for the person who was asked."""
    request = evaluation.request
    answers: dict[str, str | list[str]] | None = None
    if evaluation.answers is not None:
        answers = {
            code: chosen if isinstance(chosen, str) else list(chosen)
            for code, chosen in evaluation.answers.choices.items()
        } | dict(evaluation.answers.texts)
    return models.EvaluationOut.model_validate(
        {
            "evaluation_id": request.evaluation_id,
            "party": request.party,
            "wave": request.wave,
            "question_set_version": request.question_set_version,
            "state": evaluation.state,
            "answer_by": request.answer_by,
            "closed_at": evaluation.closed_at,
            "questions": [question_view(one) for one in form_of_evaluation(evaluation)],
            "answers": answers,
        }
    )


def report_view(report: PublishedReport) -> models.ReportOut:
    """A report with each indicator's definition and the programme's own figure beside it."""
    definitions = {one.code: one for one in INDICATORS}
    indicators = []
    for figure in report.body["indicators"]:
        definition = definitions[figure["code"]]
        published = definition.published
        indicators.append(
            {
                **figure,
                "da": definition.label.da,
                "en": definition.label.en,
                "parties": sorted(definition.parties, key=PARTIES.index),
                "wave": definition.wave,
                "question": definition.question,
                "yes_answers": sorted(definition.yes),
                "published": None
                if published is None
                else {
                    "da": published.label.da,
                    "en": published.label.en,
                    "share": published.share,
                    "source": published.source.da,
                    "year": published.year,
                },
            }
        )
    return models.ReportOut.model_validate(
        {
            "edition_id": report.edition_id,
            "edition_name": report.edition_name,
            "revision": report.revision,
            "published_at": report.published_at,
            **report.body,
            "indicators": indicators,
        }
    )

"""JSON routes: question sets, evaluations, report. Acts go over the same use cases as the pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response, Security
from fastapi.security import HTTPBearer

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_evaluation.domain.answers import AnswersRefused
from ipraktik_evaluation.domain.question_sets import QUESTION_SETS
from ipraktik_evaluation.store import reports
from ipraktik_evaluation.store.evaluations import comments
from ipraktik_evaluation.usecases.publish_report import NoSuchEdition, StillOpen, publish_report
from ipraktik_evaluation.usecases.submit_evaluation import CannotAnswer, submit_evaluation
from ipraktik_evaluation.web import models
from ipraktik_evaluation.web.problems import (
    answers_refused,
    cannot_answer,
    no_report,
    no_such_edition,
    problems,
    still_open,
)
from ipraktik_evaluation.web.views import evaluation_view, question_set_view, report_view
from ipraktik_evaluation.web.who import asked_person

_LINK = Security(HTTPBearer(auto_error=False, scheme_name="link", description="The token of a mail's link."))
_COORDINATOR = Security(
    HTTPBearer(auto_error=False, scheme_name="coordinator", description="A coordinator's token.")
)

EvaluationId = Annotated[UUID, Path(description="The evaluation, as the mail's link names it.")]
EditionId = Annotated[UUID, Path(description="The edition, as registration lists it.")]

router = APIRouter(prefix="/evaluation/api/v1")


@router.get(
    "/question-sets/{version}",
    summary="A version of the questions",
    responses=problems(404, 422),
)
async def question_set(
    version: Annotated[int, Path(ge=1, le=9999, description="Versions count from 1.", examples=[1])],
) -> models.QuestionSetOut:
    """Every question of every party and wave, in Danish and English. A version never changes."""
    if version not in QUESTION_SETS:
        raise Problem(404, "There is no such version", f"Ask for 1 to {max(QUESTION_SETS)}.")
    return question_set_view(QUESTION_SETS[version])


@router.get(
    "/evaluations/{evaluation_id}",
    summary="My evaluation",
    dependencies=[_LINK],
    responses=problems(401, 403, 404, 410, 422),
)
async def my_evaluation(request: Request, evaluation_id: EvaluationId) -> models.EvaluationOut:
    """The questions, and the answers where they are given."""
    _, found = await asked_person(request, evaluation_id=evaluation_id)
    return evaluation_view(found)


@router.post(
    "/evaluations/{evaluation_id}/answers",
    summary="Send my answers",
    dependencies=[_LINK],
    responses=problems(401, 403, 404, 409, 410, 422),
)
async def send_answers(
    request: Request, evaluation_id: EvaluationId, body: models.AnswersIn
) -> models.EvaluationOut:
    """Final. The same answers again give the same answer; other answers are refused with 409."""
    link, _ = await asked_person(request, evaluation_id=evaluation_id)
    try:
        async with context_of(request).database.transaction() as tx:
            done = await submit_evaluation(
                tx, evaluation_id=evaluation_id, participant_id=link.participant_id, given=body.answers
            )
    except CannotAnswer as error:
        raise cannot_answer(error) from None
    except AnswersRefused as error:
        raise answers_refused(error) from None
    return evaluation_view(done)


@router.post(
    "/editions/{edition_id}/report",
    summary="Publish the report",
    dependencies=[_COORDINATOR],
    responses={
        201: {"description": "A new revision was published.", "model": models.ReportOut},
        **problems(401, 403, 404, 409, 410, 422),
    },
)
async def publish(request: Request, response: Response, edition_id: EditionId) -> models.ReportOut:
    """201 with a new revision; 200 with the standing one where nothing has changed since. 409 while a campaign takes sign-ups."""
    await access.coordinator(request)
    try:
        async with context_of(request).database.transaction() as tx:
            report, new = await publish_report(tx, edition_id=edition_id)
    except NoSuchEdition:
        raise no_such_edition() from None
    except StillOpen:
        raise still_open() from None
    response.status_code = 201 if new else 200
    return report_view(report)


@router.get(
    "/editions/{edition_id}/report",
    summary="The published report",
    responses=problems(404, 422),
)
async def published_report(
    request: Request,
    edition_id: EditionId,
    revision: Annotated[int | None, Query(ge=1, le=1_000_000, description="The newest if left out.")] = None,
) -> models.ReportOut:
    """A snapshot as it was published."""
    async with context_of(request).database.reading() as conn:
        report = await reports.find_report(conn, edition_id=edition_id, revision=revision)
    if report is None:
        raise no_report()
    return report_view(report)


@router.get(
    "/editions/{edition_id}/comments",
    summary="What the parties wrote",
    dependencies=[_COORDINATOR],
    responses=problems(401, 403, 410, 422),
)
async def written(
    request: Request,
    edition_id: EditionId,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
    after: Annotated[UUID | None, Query(description="The last evaluation_id of the page before.")] = None,
) -> list[models.CommentOut]:
    """For coordinators only: free texts, in confidence. They are in no report and no event."""
    await access.coordinator(request)
    async with context_of(request).database.reading() as conn:
        found = await comments(conn, edition_id=edition_id, after=after, limit=limit)
    return [
        models.CommentOut(evaluation_id=one.evaluation_id, party=one.party, wave=one.wave, texts=one.texts)
        for one in found
    ]

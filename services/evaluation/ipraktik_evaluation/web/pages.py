"""The page where a party answers: one plain form, a receipt, or a sentence that says why not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import LOCAL_ZONE
from ipraktik_chassis.pages import Pages, form_of
from ipraktik_chassis.web import Problem
from ipraktik_evaluation.domain.answers import AnswersRefused, Given
from ipraktik_evaluation.domain.questions import Question
from ipraktik_evaluation.store.contacts import find_contact
from ipraktik_evaluation.store.evaluations import Evaluation, find_evaluation
from ipraktik_evaluation.usecases.submit_evaluation import CannotAnswer, submit_evaluation
from ipraktik_evaluation.web.problems import cannot_answer
from ipraktik_evaluation.web.views import form_of_evaluation
from ipraktik_evaluation.web.who import asked_person

_MONTHS = (
    ("januar", "January"),
    ("februar", "February"),
    ("marts", "March"),
    ("april", "April"),
    ("maj", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("august", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
)


def day_text(instant: datetime, language: str) -> str:
    """The local day of an instant, written out: 5. oktober 2018, or 5 October 2018."""
    day = instant.astimezone(LOCAL_ZONE).date()
    danish, english = _MONTHS[day.month - 1]
    return f"{day.day} {english} {day.year}" if language == "en" else f"{day.day}. {danish} {day.year}"


def given_of(form: Mapping[str, str], questions: Sequence[Question]) -> dict[str, Given]:
    """A plain form's fields as answers. A choice of several has a field of its own for each option."""
    given: dict[str, Given] = {}
    for question in questions:
        if question.kind == "many":
            given[question.code] = [
                option.code for option in question.options if f"{question.code}.{option.code}" in form
            ]
        elif question.code in form:
            given[question.code] = form[question.code]
    return given


def router_of(pages: Pages) -> APIRouter:
    """GET and POST `/evaluation/evaluations/{evaluation_id}`."""
    router = APIRouter(include_in_schema=False)

    def show(
        request: Request,
        evaluation: Evaluation,
        *,
        language: str,
        status: int = 200,
        given: Mapping[str, Given] | None = None,
        mistakes: Mapping[str, str] | None = None,
    ) -> Response:
        values: dict[str, Any] = {
            "evaluation": evaluation,
            "questions": form_of_evaluation(evaluation),
            "answer_by": day_text(evaluation.request.answer_by, language),
            "texts_taken": not evaluation.texts_erased,
            "given": given or {},
            "mistakes": mistakes or {},
        }
        return pages.render(request, "evaluate.html", language=language, status=status, **values)

    async def opened(request: Request, evaluation_id: UUID) -> tuple[UUID, Evaluation | None, str]:
        link = await asked_person(request, evaluation_id=evaluation_id)
        async with context_of(request).database.reading() as conn:
            contact = await find_contact(conn, contact_id=link.contact_id)
            found = await find_evaluation(conn, evaluation_id=evaluation_id)
        return link.participant_id, found, contact.language if contact else "da"

    def refused(evaluation: Evaluation | None, participant_id: UUID, now: datetime) -> CannotAnswer | None:
        if evaluation is None:
            return CannotAnswer("unknown")
        if evaluation.asked_id != participant_id:
            return CannotAnswer("not_yours")
        if evaluation.asked_erased:
            return CannotAnswer("erased")
        if evaluation.state != "submitted" and now >= evaluation.request.answer_by:
            return CannotAnswer("late")
        return None

    @router.get("/evaluation/evaluations/{evaluation_id}")
    async def form(request: Request, evaluation_id: UUID) -> Response:
        try:
            participant_id, evaluation, language = await opened(request, evaluation_id)
        except Problem as problem:
            return pages.problem(request, problem)
        error = refused(evaluation, participant_id, context_of(request).clock.now())
        if error is not None or evaluation is None:
            sentence = cannot_answer(error or CannotAnswer("unknown"), language=language)
            return pages.problem(request, sentence, language=language)
        if evaluation.state == "submitted":
            return pages.render(request, "thanks.html", language=language)
        return show(request, evaluation, language=language)

    @router.post("/evaluation/evaluations/{evaluation_id}")
    async def send(request: Request, evaluation_id: UUID) -> Response:
        try:
            participant_id, evaluation, language = await opened(request, evaluation_id)
            fields = await form_of(request)
        except Problem as problem:
            return pages.problem(request, problem)
        if evaluation is None:
            return pages.problem(request, cannot_answer(CannotAnswer("unknown"), language=language))
        given = given_of(fields, form_of_evaluation(evaluation))
        try:
            async with context_of(request).database.transaction() as tx:
                await submit_evaluation(
                    tx, evaluation_id=evaluation_id, participant_id=participant_id, given=given
                )
        except CannotAnswer as error:
            return pages.problem(request, cannot_answer(error, language=language), language=language)
        except AnswersRefused as error:
            mistakes = {one.question: one.sentence.in_language(language) for one in error.mistakes}
            return show(request, evaluation, language=language, status=422, given=given, mistakes=mistakes)
        return RedirectResponse(f"/evaluation/evaluations/{evaluation_id}", 303)

    return router

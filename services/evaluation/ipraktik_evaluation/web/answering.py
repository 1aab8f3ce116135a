"""The pages where a party answers: short pages, then a check, then a receipt. Nothing counts until it is sent.

Invariants: a GET changes nothing; each page keeps its own answers only, so two windows on different pages lose nothing; the
address that the mail leads to always shows what is next.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import NOTHING_HERE
from ipraktik_chassis.texts import N_
from ipraktik_evaluation.domain.answers import AnswersRefused
from ipraktik_evaluation.domain.questions import NO_OPINION
from ipraktik_evaluation.domain.steps import (
    CHECK,
    Step,
    next_step,
    questions_in,
    step_of,
    steps_of,
)
from ipraktik_evaluation.store import reports, told
from ipraktik_evaluation.store.drafts import Draft, find_draft
from ipraktik_evaluation.store.evaluations import Evaluation
from ipraktik_evaluation.usecases.open_evaluation import CannotAnswer
from ipraktik_evaluation.usecases.save_draft import SavedElsewhere, save_draft
from ipraktik_evaluation.usecases.submit_evaluation import submit_evaluation
from ipraktik_evaluation.web.asked import (
    checked_rows,
    elsewhere,
    given_in,
    mends_of,
    others_say,
    report_says,
    revision_in,
    values_of,
)
from ipraktik_evaluation.web.problems import cannot_answer
from ipraktik_evaluation.web.views import form_of_evaluation
from ipraktik_evaluation.web.who import asked_person

_ADDRESS: Final = "/evaluation/evaluations"
_ELSEWHERE: Final = N_("Du svarede noget andet i et andet vindue. Vælg det, der gælder, og gå videre.")


def router_of(pages: Pages) -> APIRouter:
    """`/evaluation/evaluations/{id}` leads to what is next; below it a page for each step, `check` and `saved`."""
    router = APIRouter(include_in_schema=False)

    async def opened(request: Request, evaluation_id: UUID) -> tuple[UUID, Evaluation, Draft]:
        """Whose it is, the evaluation, and what is saved so far. Raises Problem where there is nothing to see."""
        link, evaluation = await asked_person(request, evaluation_id=evaluation_id)
        if evaluation.asked_erased:
            raise cannot_answer(CannotAnswer("erased"))
        now = context_of(request).clock.now()
        late = evaluation.state == "expired" or now >= evaluation.request.answer_by
        if evaluation.state != "submitted" and late:
            raise cannot_answer(CannotAnswer("late"))
        async with context_of(request).database.reading() as conn:
            draft = await find_draft(conn, evaluation_id=evaluation_id)
        return link.participant_id, evaluation, draft

    def ahead(evaluation: Evaluation, draft: Draft) -> str:
        """The address of what is next."""
        step = next_step(
            form_of_evaluation(evaluation), draft.answers, texts_taken=not evaluation.texts_erased
        )
        return f"{_ADDRESS}/{evaluation.request.evaluation_id}/{step or CHECK}"

    def shown(
        request: Request,
        evaluation: Evaluation,
        step: Step,
        *,
        form: Form,
        revision: int,
        back: str = "",
        status: int = 200,
        elsewhere: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> Response:
        steps = steps_of(form_of_evaluation(evaluation), texts_taken=not evaluation.texts_erased)
        place = steps.index(step)
        values: dict[str, Any] = {
            "evaluation": evaluation,
            "answer_by": local_day(evaluation.request.answer_by),
            "step": step,
            "apart": NO_OPINION,
            "questions": questions_in(form_of_evaluation(evaluation), step),
            "place": place + 1,
            "of": len(steps) + 1,
            "before": None if place == 0 else steps[place - 1],
            "revision": revision,
            "back": back,
            "elsewhere": elsewhere,
            "resumed": place == 0 and revision > 0 and not form.errors,
        }
        return pages.render(request, "answering/step.html", status=status, form=form, **values)

    def checked(request: Request, evaluation: Evaluation, draft: Draft, *, status: int = 200) -> Response:
        here = f"{_ADDRESS}/{evaluation.request.evaluation_id}"
        questions = form_of_evaluation(evaluation)
        steps = steps_of(questions, texts_taken=not evaluation.texts_erased)
        return pages.render(
            request,
            "answering/check.html",
            status=status,
            evaluation=evaluation,
            rows=checked_rows(questions, draft.answers, steps=steps, here=here, request=request),
            place=len(steps) + 1,
            before=steps[-1],
            revision=draft.revision,
            changed=status != 200,
        )

    @router.get(_ADDRESS + "/{evaluation_id}")
    async def entrance(request: Request, evaluation_id: UUID) -> Response:
        _, evaluation, draft = await opened(request, evaluation_id)
        if evaluation.state != "submitted":
            return pages.to(request, ahead(evaluation, draft))
        edition_id, wave = evaluation.request.edition_id, evaluation.request.wave
        async with context_of(request).database.reading() as conn:
            told_so_far = await told.told_indicators(conn, edition_id=edition_id)
            report = await reports.find_report(conn, edition_id=edition_id)
        say = speech_of(request)
        in_report = report_says(report.body if report else None, wave=wave, say=say)
        return pages.render(
            request,
            "answering/thanks.html",
            others=in_report or others_say(told_so_far, wave=wave, say=say),
            in_report=bool(in_report),
            report_path=f"/evaluation/reports/{edition_id}" if report else "",
        )

    @router.post(_ADDRESS + "/{evaluation_id}")
    async def send(request: Request, evaluation_id: UUID) -> Response:
        participant_id, evaluation, draft = await opened(request, evaluation_id)
        form = await form_of(request)
        questions = form_of_evaluation(evaluation)
        try:
            async with context_of(request).database.transaction() as tx:
                await submit_evaluation(
                    tx,
                    evaluation_id=evaluation_id,
                    participant_id=participant_id,
                    given=given_in(form, [one for one in questions if one.code in form]),
                    draft_checked=revision_in(form, "checked"),
                )
        except CannotAnswer as error:
            raise cannot_answer(error) from None
        except AnswersRefused as error:
            step = step_of(questions, error.mistakes[0].question)
            if step is None:
                raise NOTHING_HERE from None
            mistakes = mends_of(error, questions_in(questions, step), speech_of(request))
            filled = Form(values_of(draft.answers)).with_errors(mistakes)
            return shown(request, evaluation, step, form=filled, revision=draft.revision, status=422)
        except SavedElsewhere as error:
            return checked(request, evaluation, error.draft, status=409)
        return pages.to(request, f"{_ADDRESS}/{evaluation_id}")

    @router.get(_ADDRESS + "/{evaluation_id}/check")
    async def check(request: Request, evaluation_id: UUID) -> Response:
        _, evaluation, draft = await opened(request, evaluation_id)
        if evaluation.state == "submitted":
            return pages.to(request, f"{_ADDRESS}/{evaluation_id}")
        target = ahead(evaluation, draft)
        if not target.endswith((f"/{CHECK}", "/words")):
            return pages.to(request, target)
        return checked(request, evaluation, draft)

    @router.get(_ADDRESS + "/{evaluation_id}/saved")
    async def saved(request: Request, evaluation_id: UUID) -> Response:
        _, evaluation, draft = await opened(request, evaluation_id)
        if evaluation.state == "submitted" or draft.revision == 0:
            return pages.to(request, f"{_ADDRESS}/{evaluation_id}")
        return pages.render(
            request,
            "answering/saved.html",
            evaluation=evaluation,
            answer_by=local_day(evaluation.request.answer_by),
        )

    @router.get(_ADDRESS + "/{evaluation_id}/{step}")
    async def page(request: Request, evaluation_id: UUID, step: Step) -> Response:
        _, evaluation, draft = await opened(request, evaluation_id)
        if evaluation.state == "submitted":
            return pages.to(request, f"{_ADDRESS}/{evaluation_id}")
        if step not in steps_of(form_of_evaluation(evaluation), texts_taken=not evaluation.texts_erased):
            return pages.to(request, ahead(evaluation, draft))
        back = CHECK if request.query_params.get("back") == CHECK else ""
        return shown(
            request,
            evaluation,
            step,
            form=Form(values_of(draft.answers)),
            revision=draft.revision,
            back=back,
        )

    @router.post(_ADDRESS + "/{evaluation_id}/{step}")
    async def save(request: Request, evaluation_id: UUID, step: Step) -> Response:
        participant_id, evaluation, _ = await opened(request, evaluation_id)
        form = await form_of(request)
        here = f"{_ADDRESS}/{evaluation_id}"
        if evaluation.state == "submitted":
            raise cannot_answer(CannotAnswer("answered"))
        questions = form_of_evaluation(evaluation)
        steps = steps_of(questions, texts_taken=not evaluation.texts_erased)
        if step not in steps:
            return pages.to(request, here)
        back = CHECK if form.get("back", "") == CHECK else ""
        say = speech_of(request)
        try:
            async with context_of(request).database.transaction() as tx:
                await save_draft(
                    tx,
                    evaluation_id=evaluation_id,
                    participant_id=participant_id,
                    step=step,
                    given=given_in(form, questions_in(questions, step)),
                    based_on=revision_in(form),
                    whole="later" not in form,
                )
        except CannotAnswer as error:
            raise cannot_answer(error) from None
        except AnswersRefused as error:
            mistakes = mends_of(error, questions_in(questions, step), say)
            return shown(
                request,
                evaluation,
                step,
                form=form.with_errors(mistakes),
                revision=revision_in(form),
                back=back,
                status=422,
            )
        except SavedElsewhere as error:
            return shown(
                request,
                evaluation,
                step,
                form=form.with_errors(dict.fromkeys(error.questions, say(_ELSEWHERE))),
                revision=error.draft.revision,
                back=back,
                status=409,
                elsewhere=elsewhere(questions, error.draft.answers, codes=error.questions, say=say),
            )
        if "later" in form:
            return pages.to(request, f"{here}/saved")
        following = steps.index(step) + 1
        ahead_of = CHECK if back or following == len(steps) else steps[following]
        return pages.to(request, f"{here}/{ahead_of}")

    return router

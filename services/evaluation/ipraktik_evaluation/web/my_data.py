"""What this service holds about a person, for themselves: a file, nothing of anybody else."""

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_evaluation.store.contacts import find_contact
from ipraktik_evaluation.store.drafts import Draft, drafts_among
from ipraktik_evaluation.store.evaluations import Evaluation, evaluations_of
from ipraktik_evaluation.web.views import form_of_evaluation
from ipraktik_evaluation.web.who import PARTIES_OF, epoch_of


def router_of() -> APIRouter:
    """GET `/evaluation/my-data`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/evaluation/my-data")
    async def my_data(request: Request) -> Response:
        """The contact, and each evaluation that this person is asked for, with what they answered or began."""
        link = await access.person(request, epoch_of=epoch_of)
        async with context_of(request).database.reading() as conn:
            contact = await find_contact(conn, contact_id=link.contact_id)
            relation = contact.relation if contact else None
            parties = PARTIES_OF.get(relation or "", frozenset())
            asked = [
                one
                for one in await evaluations_of(conn, participant_id=link.participant_id)
                if one.request.party in parties or one.request.evaluation_id in link.aggregates
            ]
            begun = await drafts_among(conn, evaluation_ids=[one.request.evaluation_id for one in asked])
        body = {
            "service": "evaluation",
            "contact": None
            if contact is None
            else {
                "contact_id": str(link.contact_id),
                "name": contact.name,
                "language": contact.language,
                "relation": relation,
            },
            "evaluations": [_told(one, begun.get(one.request.evaluation_id)) for one in asked],
        }
        return Response(
            json.dumps(body, ensure_ascii=False, indent=2),
            200,
            {"content-disposition": 'attachment; filename="innovationspraktik-evaluation.json"'},
            "application/json",
        )

    return router


def _told(one: Evaluation, draft: Draft | None) -> dict[str, Any]:
    answers = None if one.answers is None else {**one.answers.choices, **one.answers.texts}
    return {
        "evaluation_id": str(one.request.evaluation_id),
        "placement_id": str(one.request.placement_id),
        "party": one.request.party,
        "wave": one.request.wave,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "state": one.state,
        "answer_by": one.request.answer_by.isoformat(),
        "closed_at": None if one.closed_at is None else one.closed_at.isoformat(),
        "questions": {question.code: question.label.da for question in form_of_evaluation(one)},
        "answers": answers,
        "draft": None if draft is None else {**draft.answers.choices, **draft.answers.texts},
    }

"""Coordinators' pages: how many have answered, the report as it would come out, and the act that publishes it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.texts import N_
from ipraktik_contracts.codes import PARTIES
from ipraktik_evaluation.domain.question_sets import QUESTION_SETS
from ipraktik_evaluation.domain.report import responses_of
from ipraktik_evaluation.domain.schedule import still_signing_up
from ipraktik_evaluation.store import reports
from ipraktik_evaluation.store.desk import DeskEdition, desk_edition, desk_editions
from ipraktik_evaluation.store.evaluations import Comment, comments
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.usecases.publish_report import NoSuchEdition, StillOpen, publish_report
from ipraktik_evaluation.usecases.work_out_report import work_out_report
from ipraktik_evaluation.web.asked import share_text
from ipraktik_evaluation.web.problems import no_such_edition, still_open
from ipraktik_evaluation.web.report.classic import WAVES
from ipraktik_evaluation.web.report.pages import report_page

_DESK: Final = "/evaluation/desk"
_AT_A_TIME: Final = 50
_TICK: Final = N_("Sæt kryds, hvis rapporten skal udgives, selv om der kan komme flere svar")


def router_of(pages: Pages) -> APIRouter:
    """`/evaluation/desk`, `/evaluation/desk/{edition_id}` and below it `preview` and `comments`."""
    router = APIRouter(include_in_schema=False)

    async def found(request: Request, edition_id: UUID) -> DeskEdition:
        async with context_of(request).database.reading() as conn:
            edition = await desk_edition(conn, edition_id=edition_id)
        if edition is None:
            raise no_such_edition()
        return edition

    @router.get(_DESK)
    async def every(request: Request) -> Response:
        await access.coordinator(request)
        async with context_of(request).database.reading() as conn:
            editions = await desk_editions(conn)
        return pages.render(request, "desk/list.html", editions=editions, here=_DESK)

    async def shown(
        request: Request, edition: DeskEdition, *, form: Form | None = None, status: int = 200
    ) -> Response:
        say = speech_of(request)
        async with context_of(request).database.reading() as conn:
            asked = await reports.asked(conn, edition_id=edition.edition_id)
            revisions = await reports.revisions(conn, edition_id=edition.edition_id)
        rates = [
            (
                say.label(PARTIES[one.party]),
                say(WAVES[one.wave]),
                one.requested,
                one.submitted,
                one.requested - one.submitted - one.expired,
                one.expired,
                share_text(part=one.submitted, whole=one.requested, say=say),
            )
            for one in responses_of(asked)
        ]
        return pages.render(
            request,
            "desk/edition.html",
            form=form,
            status=status,
            edition=edition,
            takes_sign_ups=still_signing_up(
                mode=edition.mode, closes_at=edition.closes_at, now=context_of(request).clock.now()
            ),
            rates=rates,
            revisions=revisions,
            here=_DESK,
        )

    @router.get(_DESK + "/{edition_id}")
    async def one(request: Request, edition_id: UUID) -> Response:
        await access.coordinator(request)
        return await shown(request, await found(request, edition_id))

    @router.post(_DESK + "/{edition_id}")
    async def publish(request: Request, edition_id: UUID) -> Response:
        """Publish; pressed twice it shows the same revision. Where answers are still to come, only with a tick."""
        await access.coordinator(request)
        form = await form_of(request)
        edition = await found(request, edition_id)
        if edition.unfinished and form.get("unfinished", "") != "yes":
            mend = form.with_errors({"unfinished": speech_of(request)(_TICK)})
            return await shown(request, edition, form=mend, status=422)
        try:
            async with context_of(request).database.transaction() as tx:
                report, new = await publish_report(tx, edition_id=edition_id)
        except NoSuchEdition:
            raise no_such_edition() from None
        except StillOpen:
            raise still_open() from None
        done = "published" if new else "unchanged"
        return pages.to(request, f"{_DESK}/{edition_id}/published", done=done, revision=report.revision)

    @router.get(_DESK + "/{edition_id}/published")
    async def published(
        request: Request, edition_id: UUID, done: str = "published", revision: int = 1
    ) -> Response:
        await access.coordinator(request)
        edition = await found(request, edition_id)
        if edition.revision is None:
            return pages.to(request, f"{_DESK}/{edition_id}")
        return pages.render(
            request,
            "desk/published.html",
            edition=edition,
            new=done == "published" and revision == edition.revision,
            here=_DESK,
        )

    @router.get(_DESK + "/{edition_id}/preview")
    async def preview(request: Request, edition_id: UUID) -> Response:
        await access.coordinator(request)
        edition = await found(request, edition_id)
        async with context_of(request).database.reading() as conn:
            standing = await reports.find_report(conn, edition_id=edition_id)
            body = await work_out_report(conn, edition_id=edition_id, standing=standing)
            others = [one for one in await reports.published_reports(conn) if one.edition_id != edition_id]
        next_revision = 1 if standing is None else standing.revision + 1
        now = context_of(request).clock.now()
        report = PublishedReport(edition_id, edition.name, next_revision, now, body)
        return report_page(pages, request, report, others=others, preview=True)

    @router.get(_DESK + "/{edition_id}/comments")
    async def written(request: Request, edition_id: UUID, after: UUID | None = None) -> Response:
        await access.coordinator(request)
        edition = await found(request, edition_id)
        async with context_of(request).database.reading() as conn:
            some = await comments(conn, edition_id=edition_id, after=after, limit=_AT_A_TIME + 1)
        say = speech_of(request)
        labels = {
            (party, wave, question.code): say.label(question.label)
            for version in QUESTION_SETS.values()
            for (party, wave), questions in version.forms.items()
            for question in questions
        }

        def told(comment: Comment) -> tuple[str, str, list[tuple[str, str]]]:
            return (
                say.label(PARTIES[comment.party]),
                say(WAVES[comment.wave]),
                [
                    (labels.get((comment.party, comment.wave, code), code), text)
                    for code, text in comment.texts.items()
                ],
            )

        return pages.render(
            request,
            "desk/comments.html",
            edition=edition,
            comments=[told(one) for one in some[:_AT_A_TIME]],
            following=some[_AT_A_TIME - 1].evaluation_id if len(some) > _AT_A_TIME else None,
            here=_DESK,
        )

    return router

"""The reports' pages: the list, a report at its permanent address, the same as PDF and as CSV."""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.drawing import Outlines
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import Speech
from ipraktik_chassis.typesetting import TypesettingFailed
from ipraktik_evaluation.store import reports
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.web.problems import no_report
from ipraktik_evaluation.web.report.classic import classic_section
from ipraktik_evaluation.web.report.csv_file import csv_of
from ipraktik_evaluation.web.report.effects import effect_sections, response_section
from ipraktik_evaluation.web.report.method import method_section, years_section
from ipraktik_evaluation.web.report.people import people_section
from ipraktik_evaluation.web.report.print import pdf_of
from ipraktik_evaluation.web.report.sections import Section

_log = logging.getLogger(__name__)

Revision = Annotated[int | None, Query(ge=1, le=1_000_000)]
_KEPT: Final = 8
"""How many finished PDF files a process keeps: a revision never changes."""


def sections_of(report: PublishedReport, say: Speech, *, outlines: Outlines | None) -> list[Section]:
    """Everything that the published body says."""
    return [
        classic_section(report.body, say),
        people_section(report.body, say, outlines=outlines),
        *effect_sections(report.body, say),
        response_section(report.body, say),
        method_section(say),
    ]


def router_of(pages: Pages, context: Context) -> APIRouter:
    """GET `/evaluation/reports`, `/evaluation/reports/{edition_id}` and `.pdf` and `.csv` of it."""
    router = APIRouter(include_in_schema=False)
    pace = Pace(per_minute=20, burst=20, monotonic=context.clock.monotonic)
    finished: OrderedDict[tuple[UUID, int, str], bytes] = OrderedDict()

    async def found(request: Request, edition_id: UUID, revision: int | None) -> PublishedReport:
        async with context_of(request).database.reading() as conn:
            report = await reports.find_report(conn, edition_id=edition_id, revision=revision)
        if report is None:
            raise no_report()
        return report

    @router.get("/evaluation/reports")
    async def every(request: Request) -> Response:
        async with context_of(request).database.reading() as conn:
            published = await reports.published_reports(conn)
        return pages.render(request, "report/list.html", reports=[*reversed(published)])

    @router.get("/evaluation/reports/{edition_id}.pdf")
    async def pdf(request: Request, edition_id: UUID, revision: Revision = None) -> Response:
        report = await found(request, edition_id, revision)
        say = speech_of(request)
        key = (edition_id, report.revision, say.language)
        if key not in finished:
            pace.pass_or_refuse(request)
            try:
                finished[key] = await pdf_of(
                    report,
                    sections_of(report, say, outlines=context.settings.outlines),
                    organiser=context.settings.organiser_name,
                    address=f"{context.settings.evaluation_public_url}/evaluation/reports/{edition_id}",
                    say=say,
                )
            except TypesettingFailed as error:
                _log.error("%s", error)  # the sentence is all that may be logged
                raise _no_pdf() from None
            while len(finished) > _KEPT:
                finished.popitem(last=False)
        return _file(finished[key], "application/pdf", f"{_name(report, say)}.pdf")

    @router.get("/evaluation/reports/{edition_id}.csv")
    async def csv(request: Request, edition_id: UUID, revision: Revision = None) -> Response:
        report = await found(request, edition_id, revision)
        say = speech_of(request)
        return _file(csv_of(report, say), "text/csv; charset=utf-8", f"{_name(report, say)}.csv")

    @router.get("/evaluation/reports/{edition_id}")
    async def report(request: Request, edition_id: UUID, revision: Revision = None) -> Response:
        shown = await found(request, edition_id, revision)
        async with context_of(request).database.reading() as conn:
            published = await reports.published_reports(conn)
        others = [one for one in published if one.edition_id != edition_id]
        return report_page(pages, request, shown, others=others, asked_revision=revision)

    return router


def report_page(
    pages: Pages,
    request: Request,
    report: PublishedReport,
    *,
    others: Sequence[PublishedReport] = (),
    asked_revision: int | None = None,
    preview: bool = False,
) -> Response:
    """A report, published or not yet."""
    say = speech_of(request)
    years = years_section(report, others, say)
    *first, method = sections_of(report, say, outlines=context_of(request).settings.outlines)
    values: dict[str, Any] = {
        "report": report,
        "published_on": local_day(report.published_at),
        "sections": [*first, *([] if years is None else [years]), method],
        "revision": asked_revision,
        "preview": preview,
        "address": f"/evaluation/reports/{report.edition_id}",
    }
    return pages.render(request, "report/report.html", **values)


def _no_pdf() -> Problem:
    return Problem(
        503,
        "The PDF is not ready",
        "Try again in a moment, or read the report as a page.",
        headers={"retry-after": "5"},
        danish=("PDF-filen er ikke klar", "Prøv igen om lidt, eller læs rapporten som side."),
    )


def _name(report: PublishedReport, say: Speech) -> str:
    """A file name without letters that some systems cannot keep."""
    return f"{'rapport' if say.language == 'da' else 'report'}-{report.edition_id}-{report.revision}"


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "public, max-age=300",
    }
    return Response(content, 200, headers, kind)

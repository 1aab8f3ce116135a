"""The published report as a page of plain tables, Danish unless `?lang=en`."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import Pages
from ipraktik_chassis.web import Problem
from ipraktik_contracts.codes import PARTIES, Label
from ipraktik_contracts.municipalities import REGIONS
from ipraktik_evaluation.domain.indicators import INDICATORS
from ipraktik_evaluation.domain.question_sets import NEWEST, QUESTION_SETS
from ipraktik_evaluation.domain.questions import Question
from ipraktik_evaluation.store import reports
from ipraktik_evaluation.web.pages import day_text
from ipraktik_evaluation.web.problems import NO_REPORT, NO_REPORT_HOW

_WAVES = {
    "after": Label("Lige efter opholdet", "Right after the stay"),
    "follow_up": Label("Nogle måneder efter", "Some months later"),
}
_FIGURES = (
    ("stays", Label("Gennemførte ophold", "Completed stays")),
    ("participants", Label("Deltagere i gennemførte ophold", "Participants in completed stays")),
    ("interns", Label("– heraf praktikanter", "– of these interns")),
    ("hosts", Label("– heraf værter", "– of these hosts")),
    ("workplaces", Label("Arbejdspladser", "Workplaces")),
    ("organisations", Label("Organisationer", "Organisations")),
    ("municipalities", Label("Kommuner", "Municipalities")),
    ("regions", Label("Regioner", "Regions")),
    ("ministerial_areas", Label("Ministerområder", "Ministerial areas")),
    ("signed_up_interns", Label("Tilmeldte praktikanter", "Interns signed up")),
    ("signed_up_hosts", Label("Tilmeldte værter", "Hosts signed up")),
)
_TOO_FEW = Label("for få svar", "too few answers")
_PERCENT_FROM = 20
"""Below this many answers a percentage says more than it knows; the page says "14 of 18"."""


def share_text(*, part: int | None, whole: int, share: float | None, language: str) -> str:
    """A share in words: whole percent, "14 of 18" where there are few answers, or that there are too few."""
    if part is None or share is None:
        return _TOO_FEW.in_language(language)
    if whole < _PERCENT_FROM:
        return f"{part} {'of' if language == 'en' else 'ud af'} {whole}"
    return f"{round(part * 100 / whole)} %"


def router_of(pages: Pages) -> APIRouter:
    """GET `/evaluation/reports/{edition_id}`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/evaluation/reports/{edition_id}")
    async def report(request: Request, edition_id: UUID, lang: Literal["da", "en"] = "da") -> Response:
        async with context_of(request).database.reading() as conn:
            found = await reports.find_report(conn, edition_id=edition_id)
        if found is None:
            problem = Problem(404, NO_REPORT.in_language(lang), NO_REPORT_HOW.in_language(lang))
            return pages.problem(request, problem, language=lang)
        body = found.body
        values: dict[str, Any] = {
            "report": found,
            "published_on": day_text(found.published_at, lang),
            "figures": [(label.in_language(lang), body["figures"][code]) for code, label in _FIGURES],
            "region_names": [REGIONS[code] for code in body["figures"]["region_codes"]],
            "responses": [_response(one, lang) for one in body["responses"]],
            "indicators": [_indicator(one, lang) for one in body["indicators"]],
            "distributions": [_distribution(one, lang) for one in body["distributions"] if one["n"]],
        }
        return pages.render(request, "report.html", language=lang, **values)

    return router


def _response(one: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "party": PARTIES[one["party"]].in_language(language),
        "wave": _WAVES[one["wave"]].in_language(language),
        "requested": one["requested"],
        "submitted": one["submitted"],
        "share": share_text(
            part=None if one["share"] is None else one["submitted"],
            whole=one["requested"],
            share=one["share"],
            language=language,
        ),
    }


def _indicator(one: dict[str, Any], language: str) -> dict[str, Any]:
    definition = next(known for known in INDICATORS if known.code == one["code"])
    published = definition.published
    return {
        "label": definition.label.in_language(language),
        "wave": _WAVES[definition.wave].in_language(language),
        "n": one["n"],
        "share": share_text(part=one["yes"], whole=one["n"], share=one["share"], language=language),
        "published": ""
        if published is None
        else f"{published.label.in_language(language)} ({published.source.in_language(language)})",
    }


def _distribution(one: dict[str, Any], language: str) -> dict[str, Any]:
    question: Question = next(
        known
        for known in QUESTION_SETS[NEWEST].form(one["party"], one["wave"])
        if known.code == one["question"]
    )
    labels = {option.code: option.label.in_language(language) for option in question.options}
    return {
        "question": question.label.in_language(language),
        "party": PARTIES[one["party"]].in_language(language),
        "wave": _WAVES[one["wave"]].in_language(language),
        "n": one["n"],
        "options": [
            (
                labels[cell["option"]],
                share_text(part=cell["count"], whole=one["n"], share=cell["share"], language=language),
            )
            for cell in one["options"]
        ],
    }

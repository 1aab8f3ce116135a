"""How the report counts, in plain words; and the years side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ipraktik_chassis.texts import N_, Speech
from ipraktik_evaluation.domain.indicators import INDICATORS
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.web.asked import percent
from ipraktik_evaluation.web.report.people import FIGURES
from ipraktik_evaluation.web.report.sections import Figure, Section, Table

_METHOD: Final = (
    N_(
        "Vi spørger praktikanten, den nærmeste leder og værten. Vi spørger lige efter praktikken og igen nogle måneder efter."
    ),
    N_("»Måske« og »for tidligt at sige« tæller ikke som ja."),
    N_(
        "Vi viser ikke tal for færre end fem personer. Vi viser heller ikke tal, som man kan regne sig frem til ved at "
        "trække fra. Et tal om svar skifter først, når der er kommet mindst fem svar til."
    ),
    N_(
        "Hvem der var med, er oplysninger om arbejdspladser. De er offentlige, men vi følger den samme regel for dem. "
        "Vi viser altid, hvor mange arbejdspladser der var med, og hvilke kommuner og områder de lå i."
    ),
    N_("Regionen er den, kommunen lå i på praktikkens første dag. Fra 2027 er to regioner lagt sammen."),
    N_("Programmets egne tal er COI's. De er kendt fra 2018, men grundlaget er ikke offentliggjort."),
)
_WITH_BASE: Final = N_("{share} af {n} svar")
_MOST: Final = 4


def method_section(say: Speech) -> Section:
    """How we count."""
    return Section("method", say(N_("Sådan tæller vi")), [say(one) for one in _METHOD])


def years_section(report: PublishedReport, others: Sequence[PublishedReport], say: Speech) -> Section | None:
    """This edition beside the ones published, oldest first; only what all of them have. None where it stands alone."""
    side_by_side = [*others][-_MOST:]
    if not side_by_side:
        return None
    shown = [*side_by_side, report]
    rows: list[Sequence[str]] = [
        (say(label), *(say.number(one.body["figures"][code]) for one in shown))
        for code, label in FIGURES
        if all(code in one.body["figures"] for one in shown)
    ]
    for definition in INDICATORS:
        found = [_indicator(one.body, definition.code) for one in shown]
        if all(one is not None and one["share"] is not None for one in found):
            cells = [
                say(_WITH_BASE).format(share=percent(one["share"], say), n=say.number(one["n"]))
                for one in found
                if one is not None
            ]
            rows.append((say.label(definition.label), *cells))
    head = (say(N_("Hvad")), *(one.edition_name for one in shown))
    table = Table("table-years", say(N_("Runderne side om side")), head, rows)
    return Section(
        "years",
        say(N_("År for år")),
        [say(N_("Vi viser kun de tal, som alle runderne har."))],
        figures=[Figure(table)],
    )


def _indicator(body: Mapping[str, Any], code: str) -> Mapping[str, Any] | None:
    return next((one for one in body["indicators"] if one["code"] == code), None)

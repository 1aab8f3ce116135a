"""The report as PDF: accessible, archivable, and the same bytes for the same revision and language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ipraktik_chassis.clock import local_day
from ipraktik_chassis.drawing import printed
from ipraktik_chassis.texts import N_, Speech
from ipraktik_chassis.typesetting import typeset
from ipraktik_evaluation.store.reports import PublishedReport
from ipraktik_evaluation.web.report.sections import Figure, Section

TEMPLATE: Final = Path(__file__).parents[1] / "print" / "report.typ"
_TITLE: Final = N_("Rapport: {edition}")
_PUBLISHED: Final = N_("Udgivet {day}. Udgave {revision}.")


async def pdf_of(
    report: PublishedReport, sections: Sequence[Section], *, organiser: str, address: str, say: Speech
) -> bytes:
    """The file. Raises TypesettingFailed."""
    day = local_day(report.published_at)
    return await typeset(
        TEMPLATE,
        {
            "title": say(_TITLE).format(edition=report.edition_name),
            "organiser": organiser,
            "language": say.language,
            "region": "DK" if say.language == "da" else "GB",
            "date": [day.year, day.month, day.day],
            "published": say(_PUBLISHED).format(day=say.day(day), revision=report.revision),
            "footer": f"Innovationspraktik · {organiser} · {address}",
            "sections": [_section(one) for one in sections],
        },
    )


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": list(section.paragraphs),
        "shares": [
            {
                "heading": one.heading,
                "sentence": one.sentence,
                "facts": [[label, " ".join(words)] for label, words in one.facts],
            }
            for one in section.shares
        ],
        "figures": [_figure(one) for one in section.figures],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    drawn = figure.drawing is not None and figure.print_drawing
    return {
        "heading": figure.heading,
        "drawing": printed(figure.drawing) if drawn and figure.drawing is not None else "",
        "words": figure.drawing_words,
        "caption": figure.table.caption,
        "head": list(figure.table.head),
        "rows": [list(row) for row in figure.table.rows],
    }

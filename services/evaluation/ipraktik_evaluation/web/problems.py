"""What can go wrong, as a sentence in both languages, and how OpenAPI tells of it."""

from typing import Any, Final

from ipraktik_chassis.web import Problem
from ipraktik_contracts.codes import Label
from ipraktik_evaluation.domain.answers import AnswersRefused
from ipraktik_evaluation.usecases.submit_evaluation import CannotAnswer

_CANNOT: Final = {
    "unknown": (
        404,
        Label("Evalueringen findes ikke", "There is no such evaluation"),
        Label("Åbn det nyeste link i din mail.", "Open the newest link in your mail."),
    ),
    "not_yours": (
        403,
        Label("Linket er ikke til den her evaluering", "This link does not open that"),
        Label("Åbn linket i den mail, der beder dig svare.", "Open the link in the mail that asks you."),
    ),
    "late": (
        410,
        Label("Fristen for at svare er gået", "The time to answer has run out"),
        Label(
            "Du kan ikke svare længere. Skriv til os, hvis du har noget på hjerte.",
            "You can no longer answer. Write to us if there is something you want to say.",
        ),
    ),
    "erased": (
        410,
        Label("Tilmeldingen er slettet", "The sign-up is erased"),
        Label("Der er ikke mere at svare på.", "There is nothing left to answer."),
    ),
    "answered": (
        409,
        Label("Du har allerede svaret", "You have answered already"),
        Label(
            "Dit første svar gælder, og det kan ikke ændres.",
            "Your first answer stands and cannot be changed.",
        ),
    ),
}


def cannot_answer(error: CannotAnswer, *, language: str = "en") -> Problem:
    """The problem for an answer that is not taken."""
    status, title, detail = _CANNOT[error.reason]
    return Problem(status, title.in_language(language), detail.in_language(language))


def answers_refused(error: AnswersRefused, *, language: str = "en") -> Problem:
    """The problem for answers that do not fit, each question named."""
    title = Label("Nogle svar mangler eller passer ikke", "Some answers are missing or do not fit")
    detail = Label("Ret dem, og send igen.", "Mend them and send again.")
    return Problem(
        422,
        title.in_language(language),
        detail.in_language(language),
        errors=[
            {"field": f"answers.{one.question}", "message": one.sentence.in_language(language)}
            for one in error.mistakes
        ],
    )


NO_REPORT: Final = Label("Der er ingen rapport endnu", "There is no report yet")
NO_REPORT_HOW: Final = Label(
    "Rapporten kommer, når svarene er gjort op.", "The report comes out when the answers have been counted."
)

_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_WHEN: Final = {
    400: "The request cannot be read.",
    401: "No link or token, or one that does not hold.",
    403: "The link or token does not open this.",
    404: "There is nothing here.",
    409: "Answered otherwise already.",
    410: "Too late, or the link is no longer good.",
    413: "The body is larger than 64 KiB.",
    422: "Some fields need to be mended.",
    503: "Not ready yet; try again in a moment.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's account of these problems, and of those that any route may give."""
    return {
        status: {
            "description": _WHEN[status],
            "content": {"application/problem+json": {"schema": _SCHEMA}},
        }
        for status in sorted({400, 413, 503, *statuses})
    }

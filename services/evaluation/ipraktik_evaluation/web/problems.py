"""What can go wrong, as a sentence in both languages, and how OpenAPI tells of it."""

from typing import Any, Final

from ipraktik_chassis.problem import Problem
from ipraktik_contracts.codes import Label
from ipraktik_evaluation.domain.answers import AnswersRefused
from ipraktik_evaluation.usecases.open_evaluation import CannotAnswer

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


def cannot_answer(error: CannotAnswer) -> Problem:
    """The problem for an answer that is not taken."""
    status, title, detail = _CANNOT[error.reason]
    return Problem(status, title.en, detail.en, danish=(title.da, detail.da))


def answers_refused(error: AnswersRefused) -> Problem:
    """The problem for answers that do not fit, each question named."""
    return Problem(
        422,
        "Some answers are missing or do not fit",
        "Mend them and send again.",
        errors=[{"field": f"answers.{one.question}", "message": one.sentence.en} for one in error.mistakes],
    )


def no_report() -> Problem:
    """Nothing is published of that edition, or not that revision."""
    return Problem(
        404,
        "There is no report yet",
        "The report comes out when the answers have been counted.",
        danish=("Der er ingen rapport endnu", "Rapporten kommer, når svarene er gjort op."),
    )


def no_such_edition() -> Problem:
    """Nobody has told of such an edition."""
    return Problem(
        404,
        "There is no such edition",
        "Check the edition's id.",
        danish=("Runden findes ikke", "Gå til listen, og vælg en runde der."),
    )


def still_open() -> Problem:
    """The campaign takes sign-ups."""
    return Problem(
        409,
        "The edition still takes sign-ups",
        "Publish the report when the sign-up has closed.",
        danish=("Runden tager stadig imod tilmeldinger", "Udgiv rapporten, når tilmeldingen er lukket."),
    )


_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: status and title say it."},
        "title": {"type": "string", "description": "What is wrong, in a few words."},
        "status": {"type": "integer", "description": "The HTTP status again."},
        "detail": {"type": "string", "description": "What to do about it."},
        "errors": {
            "type": "array",
            "description": "Each field that does not fit. Never what was sent.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Where it stands."},
                    "message": {"type": "string", "description": "How to mend it."},
                },
            },
        },
    },
}
_WHEN: Final = {
    400: "The request cannot be read.",
    401: "No link or token, or one that does not hold.",
    403: "The link or token does not open this.",
    404: "There is nothing here.",
    409: "It does not fit what stands: answered otherwise already, or still open for sign-ups.",
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

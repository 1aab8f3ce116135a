"""What every JSON route of notify may answer beside what was hoped for, as the OpenAPI document says it."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """What is given back."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="forbid")


class ProblemDetails(Answer):
    """RFC 9457: what went wrong and what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None


Responses = dict[int | str, dict[str, Any]]
_USUAL: Final = {
    400: "The address holds what is not allowed.",
    401: "No token, or one that does not hold.",
    403: "The token does not open this.",
    410: "The token has run out.",
    413: "The body is too large.",
    422: "Some fields need to be mended.",
    503: "Not available right now.",
}


def problems(more: Mapping[int, str] | None = None) -> Responses:
    """The usual problems, and some more by status."""
    content = {"application/problem+json": {"schema": ProblemDetails.model_json_schema()}}
    return {
        status: {"description": text, "content": content}
        for status, text in sorted({**_USUAL, **(more or {})}.items())
    }

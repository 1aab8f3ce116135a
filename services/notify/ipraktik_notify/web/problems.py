"""What every JSON route of notify may answer beside what was hoped for, as the OpenAPI document says it."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """What is given back."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="forbid")


class ProblemDetails(Answer):
    """RFC 9457: what went wrong and what to do about it."""

    type: str = Field(description="Always about:blank: status and title say it.")
    title: str = Field(description="What is wrong, in a few words.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="What to do about it.")
    errors: list[dict[str, str]] | None = Field(
        default=None,
        description="Each field that does not fit: `field` is where it stands, `message` how to mend it. Never what was sent.",
    )


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

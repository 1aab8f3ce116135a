"""Reading a JSON body by its model, and telling OpenAPI about it.

Bodies are validated straight from their bytes: cheaper than FastAPI's own way on the hot path, and odd JSON (huge numbers,
lone surrogates, broken UTF-8) is an ordinary validation error.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, ValidationError
from pydantic.json_schema import models_json_schema

from ipraktik_chassis.problem import Problem
from ipraktik_chassis.web import invalid

Model = TypeVar("Model", bound=BaseModel)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_REF: Final = "#/components/schemas/"
PROBLEM: Final = "application/problem+json"

_TITLES: Final = {
    400: "The body is not JSON, or the address holds a character that is not allowed",
    401: "No link or token came along",
    403: "The link or token does not open this, or a page of another site sent it",
    404: "There is no such thing",
    409: "It contradicts what stands",
    410: "The link does not hold any more, or what it opened is gone",
    413: "The body passes 64 KiB",
    415: "The body is not JSON",
    422: "Some of what was sent does not fit",
    429: "Too many from this network; Retry-After says when to try again",
    503: "Not available right now; try again",
}
_RETRY_AFTER: Final = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
}


class ProblemDetails(BaseModel):
    """RFC 9457: what is wrong and what to do."""

    type: str = Field(description="Always about:blank: status and title say it.")
    title: str = Field(description="What is wrong, in a few words.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="What to do about it.")
    errors: list[dict[str, str]] | None = Field(
        default=None,
        description="Each field that does not fit: `field` is where it stands, `message` how to mend it. Never what was sent.",
    )


async def sent(request: Request, model: type[Model]) -> Model:
    """The body as the model. Raises Problem 400, 415 or 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "JSON is expected", "Send the body as application/json.")
    try:
        # strict: JSON has numbers and booleans of its own, so "no" is no answer and 0 is no day
        return model.model_validate_json(await request.body(), strict=True)
    except ValidationError as error:
        raise invalid(error) from None


def idempotency_key(request: Request, *, required: bool = True) -> UUID | None:
    """The key by which a repeated request is known. Raises Problem 422 where it is missing or no UUID."""
    text = request.headers.get("idempotency-key")
    if text is None and not required:
        return None
    if text is None or not _UUID.fullmatch(text):
        raise Problem(
            422,
            "The Idempotency-Key is missing" if text is None else "The Idempotency-Key is not a UUID",
            "Send a fresh UUID as Idempotency-Key, and the same one when you repeat the request.",
            errors=[
                {
                    "field": "Idempotency-Key",
                    "message": "this is missing; add it" if text is None else "a UUID is expected",
                }
            ],
        )
    return UUID(text)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: which problems it may answer, and those that any route may."""
    return {
        status: {
            "description": _TITLES[status],
            "content": {PROBLEM: {"schema": {"$ref": _REF + ProblemDetails.__name__}}},
            **({"headers": _RETRY_AFTER} if status == 429 else {}),
        }
        for status in sorted({400, 413, 503, *statuses})
    }


def answers(model: type[BaseModel], description: str) -> dict[str, Any]:
    """One of the `responses` of a route that answers without FastAPI's own model."""
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": _REF + model.__name__}}},
    }


def takes(*models: type[BaseModel], key: bool | None = None) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body by `sent`; `key` says whether an Idempotency-Key is required."""
    refs = [{"$ref": _REF + model.__name__} for model in models]
    extra: dict[str, Any] = {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}},
        }
    }
    if key is not None:
        extra["parameters"] = [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": key,
                "description": "A fresh UUID; the same again for a repeated request.",
                "schema": {"type": "string", "format": "uuid"},
            }
        ]
    return extra


def describe(app: FastAPI, models: Sequence[type[BaseModel]]) -> None:
    """Give the application's OpenAPI document the models that routes only refer to."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            every: list[type[BaseModel]] = [*models, ProblemDetails]
            _, definitions = models_json_schema(
                [(model, "validation") for model in every], ref_template=_REF + "{model}"
            )
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            for name, schema in definitions["$defs"].items():
                schemas.setdefault(name, schema)
            for path in made["paths"].values():
                for operation in path.values():
                    invalid_input = operation["responses"].get("422", {}).get("content", {})
                    invalid_input.pop("application/json", None)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the way FastAPI documents for extending it

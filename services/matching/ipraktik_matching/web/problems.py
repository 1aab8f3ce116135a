"""Refusals of the domain as problem answers, and how the API's description lists them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import Request

from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.transaction import Transaction
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.usecases.locked_placement import NoSuchThing
from ipraktik_matching.web.parties import no_such_placement

_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_MEANINGS: Final = {
    400: "The request cannot be read.",
    401: "No token, or one that does not work.",
    403: "The token does not open this.",
    404: "There is no such thing.",
    409: "It does not fit the state of things; nothing was changed.",
    410: "The link has run out or was replaced.",
    413: "The body is too large.",
    422: "Some fields need to be mended.",
    503: "Not available right now; try again.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for these problems, and for those that any route may give."""
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {"application/problem+json": {"schema": _SCHEMA}},
        }
        for status in sorted({*statuses, 400, 401, 403, 410, 413, 422, 503})
    }


@asynccontextmanager
async def acting(request: Request) -> AsyncIterator[Transaction]:
    """A transaction for one act; what the domain refuses becomes a problem, in both languages."""
    try:
        async with context_of(request).database.transaction() as tx:
            yield tx
    except Refused as refused:
        en, da = refused.sentence("en"), refused.sentence("da")
        raise Problem(409, en.title, en.detail, danish=(da.title, da.detail)) from None
    except NoSuchThing:
        raise no_such_placement() from None

"""Who asks from outside: an agency by its own token, or a coordinator. An agency sees and does only what is its own.

A token is looked up at every request, so one that is revoked opens nothing from that moment on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.security import HTTPBearer

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.links import LinkRefused
from ipraktik_chassis.problem import Problem
from ipraktik_contracts.counted import times
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.store import agency_tokens
from ipraktik_notify.usecases.mint_agency_token import PREFIX, digest_of

agency_bearer: Final = HTTPBearer(
    auto_error=False, description="An agency's token, or a coordinator's where the route says so."
)
_CHALLENGE: Final = {"www-authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `agency` is None for a coordinator, who may act for any."""

    name: str
    agency: str | None
    scope: Scope
    token_id: UUID | None = None

    def may_see(self, agency: str) -> bool:
        """Whether that agency's things are theirs to see."""
        return self.agency in (None, agency)


async def agency(request: Request) -> Asker:
    """The agency that asks, by its own token. Raises Problem."""
    token = access.bearer(request)
    digest = digest_of(token) if token else None
    if digest is None:
        if token is not None and _is_coordinators(request, token):
            raise Problem(
                403,
                "This is a coordinator's token",
                "Read with an agency's token: POST /notify/api/v1/agency-tokens gives you one.",
            )
        raise _nobody()
    context = context_of(request)
    now = context.clock.now()
    async with context.database.reading() as conn:
        found = await agency_tokens.by_digest(conn, digest=digest, today=local_day(now))
    if found is None:
        raise Problem(
            401,
            "This token is not one of ours",
            "Check that it was copied whole, or ask the coordinators of the programme for a new one.",
            headers={"www-authenticate": 'Bearer error="invalid_token"'},
        )
    if found.revoked_at is not None:
        raise Problem(
            401,
            "This token has been revoked",
            "Ask the coordinators of the programme for a new one.",
            headers={"www-authenticate": 'Bearer error="invalid_token"'},
        )
    if now >= found.expires_at:
        raise Problem(410, "This token has run out", "Ask the coordinators of the programme for a new one.")
    return Asker(f"{found.agency} ({found.token_id})", found.agency, found.scope, found.token_id)


async def agency_or_coordinator(request: Request) -> Asker:
    """Whoever asks. Raises Problem."""
    token = access.bearer(request)
    if token is not None and token.startswith(PREFIX):
        return await agency(request)
    coordinator = await access.coordinator(request)
    return Asker(coordinator.name, None, Scope())


def _is_coordinators(request: Request, token: str) -> bool:
    context = context_of(request)
    if context.links is None:
        return False
    try:
        context.links.coordinator(token, now=context.clock.now())
    except LinkRefused:
        return False
    return True


def _nobody() -> Problem:
    return Problem(
        401,
        "Sign in first",
        "Send the agency's token, which begins with ipf_, as a bearer token.",
        headers=_CHALLENGE,
    )


class Pace:
    """So many requests a minute per token or webhook: a minute's worth may come at once, then as they grow back."""

    def __init__(self, *, per_minute: int, monotonic: Callable[[], float], advice: str) -> None:
        self._most = float(per_minute)
        self._monotonic = monotonic
        self._advice = advice
        self._left: dict[UUID, tuple[float, float]] = {}

    def take(self, id: UUID) -> None:
        """Count a request. Raises Problem where there have been too many."""
        now = self._monotonic()
        left, at = self._left.get(id, (self._most, now))
        left = min(self._most, left + (now - at) * self._most / 60)
        if left < 1:
            self._left[id] = (left, now)
            wait = int((1 - left) * 60 / self._most) + 1
            raise Problem(
                429,
                "Too many requests",
                f"Ask at most {times(round(self._most))} a minute. {self._advice}",
                headers={"retry-after": str(wait)},
            )
        self._left[id] = (left - 1, now)

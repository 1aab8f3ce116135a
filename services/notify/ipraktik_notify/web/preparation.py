"""The booklet as pages: choose a role, all its lists, one list, and everything to print. Public; nothing is stored."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ipraktik_chassis.problem import NOTHING_HERE
from ipraktik_chassis.texts import N_
from ipraktik_notify.domain.booklet import BOOKLET, PHASES, ROLES, Phase, Role
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False)

ROLE_NAMES: Final[Mapping[Role, tuple[str, str]]] = {
    "intern": (N_("Praktikant"), N_("Du skal besøge en anden arbejdsplads.")),
    "host": (N_("Vært"), N_("I tager imod en praktikant.")),
    "workplace": (N_("Leder, der sender en medarbejder"), N_("Din medarbejder skal i praktik.")),
}
PHASE_NAMES: Final[Mapping[Phase, tuple[str, str]]] = {
    "before": (N_("Før besøget"), N_("Når aftalen er klar, og indtil dagen før.")),
    "during": (N_("Under besøget"), N_("De to til fem dage, besøget varer.")),
    "after": (N_("Efter besøget"), N_("De første uger derefter.")),
}


def _chosen(role: str, phase: str | None = None) -> tuple[Role, Phase | None]:
    """The role and phase of an address. Raises Problem 404."""
    found = next((one for one in ROLES if one == role), None)
    part = next((one for one in PHASES if one == phase), None)
    if found is None or (phase is not None and part is None):
        raise NOTHING_HERE
    return found, part


def _page(request: Request, template: str, **values: Any) -> Response:
    return PAGES.render(
        request,
        f"preparation/{template}.html",
        booklet=BOOKLET,
        roles=ROLES,
        phases=PHASES,
        role_names=ROLE_NAMES,
        phase_names=PHASE_NAMES,
        **values,
    )


@router.get("/notify/preparation")
async def choose(request: Request) -> Response:
    """Which role?"""
    return _page(request, "choose")


@router.get("/notify/preparation/print")
async def everything(request: Request) -> Response:
    """All lists on paper, a role per sheet."""
    return _page(request, "print", printed=ROLES)


@router.get("/notify/preparation/{role}")
async def of_role(request: Request, role: str) -> Response:
    """The three lists of a role."""
    chosen, _ = _chosen(role)
    return _page(request, "role", role=chosen)


@router.get("/notify/preparation/{role}/print")
async def role_on_paper(request: Request, role: str) -> Response:
    """The lists of a role on paper."""
    chosen, _ = _chosen(role)
    return _page(request, "print", printed=(chosen,))


@router.get("/notify/preparation/{role}/{phase}")
async def of_phase(request: Request, role: str, phase: str) -> Response:
    """One list."""
    chosen, part = _chosen(role, phase)
    assert part is not None  # noqa: S101 - a phase was given
    at = PHASES.index(part)
    return _page(
        request,
        "phase",
        role=chosen,
        phase=part,
        previous=PHASES[at - 1] if at else None,
        next=PHASES[at + 1] if at + 1 < len(PHASES) else None,
    )

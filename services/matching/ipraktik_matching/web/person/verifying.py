"""The public page on which anybody checks an agreement's fingerprint. It shows days, version and standing, and nobody's name.

A fingerprint tells nothing about its text and cannot be guessed; how often a network may ask is bounded all the same.
"""

import re
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.service import Context
from ipraktik_matching.domain.placement import settle
from ipraktik_matching.domain.verifying import standing_of
from ipraktik_matching.store import placements, versions
from ipraktik_matching.web import words
from ipraktik_matching.web.page_routes import PAGES
from ipraktik_matching.web.person.agreement_text import SHORT

FULL: Final = 64
_SPACES: Final = re.compile(r"[\s:-]+")
_HEXADECIMAL: Final = re.compile(rf"[0-9a-f]{{{SHORT},{FULL}}}")
MOST_TYPED: Final = 200


def verify_router(context: Context) -> APIRouter:
    """GET `/matching/verify` and `/matching/verify/{fingerprint}`."""
    router = APIRouter(prefix="/matching/verify", include_in_schema=False)
    pace = Pace(per_minute=30, burst=60, monotonic=context.clock.monotonic)

    @router.get("")
    async def ask(request: Request, fingerprint: str = "") -> Response:
        if not fingerprint.strip():
            form = (
                Form({}, {"fingerprint": _sentence(request)})
                if "fingerprint" in request.query_params
                else None
            )
            return PAGES.render(
                request,
                "person/verify.html",
                form=form,
                status=200 if form is None else 422,
                found=None,
                asked="",
            )
        pace.pass_or_refuse(request)
        return await _checked(request, fingerprint)

    @router.get("/{fingerprint}")
    async def check(request: Request, fingerprint: str) -> Response:
        pace.pass_or_refuse(request)
        return await _checked(request, fingerprint)

    return router


def _sentence(request: Request) -> str:
    say = speech_of(request)
    return say("Skriv mindst {short} tegn af fingeraftrykket. Det har kun tal og bogstaverne a til f").format(
        short=say.number(SHORT)
    )


async def _checked(request: Request, typed: str) -> Response:
    beginning = _SPACES.sub("", typed[:MOST_TYPED].lower())
    if not _HEXADECIMAL.fullmatch(beginning):
        form = Form({"fingerprint": typed[:MOST_TYPED]}, {"fingerprint": _sentence(request)})
        return PAGES.render(request, "person/verify.html", form=form, status=422, found=None, asked="")
    context = context_of(request)
    async with context.database.reading() as conn:
        candidates = await versions.with_fingerprint(conn, beginning=beginning)
        one = candidates[0] if len(candidates) == 1 else None
        placement = None if one is None else await placements.find(conn, placement_id=one.placement_id)
        known = [] if one is None else await versions.of_placement(conn, placement_id=one.placement_id)
    version = next((each for each in known if one is not None and each.number == one.version), None)
    form = Form({"fingerprint": beginning})
    if placement is None or version is None:
        return PAGES.render(
            request, "person/verify.html", form=form, found=None, asked=beginning, several=len(candidates) > 1
        )
    settled, _ = settle(placement, context.clock.now())
    standing = standing_of(settled, number=version.number, signed=version.signed)
    return PAGES.render(
        request,
        "person/verify.html",
        form=form,
        asked=beginning,
        several=False,
        found=version,
        standing=standing,
        kind=words.STANDING_KINDS[standing],
        sentence=words.STANDINGS[standing],
        approvals=len(version.approved),
    )

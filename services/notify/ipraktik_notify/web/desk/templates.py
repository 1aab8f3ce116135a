"""Every template with a preview: both languages, as HTML and as text, about people who do not exist."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.forms import Form
from ipraktik_chassis.problem import NOTHING_HERE
from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.placeholders import placeholders_of
from ipraktik_notify.mailing.rendering import Rendered
from ipraktik_notify.mailing.samples import NOW, SAMPLES, sample
from ipraktik_notify.web import words
from ipraktik_notify.web.desk import showing
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False, dependencies=[Depends(access.coordinator)])
Party = Annotated[str, Query(max_length=20)]
Variant = Annotated[str, Query(max_length=3)]


@router.get("/notify/templates")
async def listed(request: Request) -> Response:
    """All kinds."""
    return PAGES.render(request, "desk/templates.html", kinds=list(SAMPLES), samples=SAMPLES, words=words)


@router.get("/notify/templates/{kind}")
async def one(request: Request, kind: str, party: Party = "", variant: Variant = "") -> Response:
    """One kind, as one party reads it in one case."""
    parties, variants = SAMPLES[_known(kind)]
    who, number = _chosen(kind, party, variant)
    page = PAGES.render(
        request,
        "desk/template.html",
        kind=kind,
        parties=parties,
        variants=range(1, len(variants) + 1),
        party=who,
        variant=number,
        mails={language: _words(request, kind, who, number, language) for language in ("da", "en")},
        placeholders=sorted(placeholders_of(kind)),
        words=words,
        held=KINDS[kind].held,
        calendar=KINDS[kind].calendar,
        form=Form({"party": who, "variant": str(number)}),
    )
    page.headers["content-security-policy"] = showing.FRAMING
    return page


@router.get("/notify/templates/{kind}/{language}/html")
async def as_html(
    request: Request, kind: str, language: Literal["da", "en"], party: Party = "", variant: Variant = ""
) -> Response:
    """The mail's own HTML, for the frame on the kind's page."""
    who, number = _chosen(_known(kind), party, variant)
    return showing.mail_page(_words(request, kind, who, number, language))


def _known(kind: str) -> str:
    if kind not in SAMPLES:
        raise NOTHING_HERE
    return kind


def _chosen(kind: str, party: str, variant: str) -> tuple[str, int]:
    """The party and the case, each the first where there is no such."""
    parties, variants = SAMPLES[kind]
    number = int(variant) if variant.isascii() and variant.isdigit() else 1
    return party if party in parties else parties[0], number if 1 <= number <= len(variants) else 1


def _words(request: Request, kind: str, party: str, number: int, language: str) -> Rendered:
    made = sample(kind, party, SAMPLES[kind][1][number - 1], language=language)
    return showing.writer_of(request).words(made.mail, made.materials, recipient=made.recipient, now=NOW)

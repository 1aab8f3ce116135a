"""The agreement as a PDF for its parties: the text of the page, the approvals, and a code that leads to where it is checked.

What stands on record decides the bytes: the same version with the same answers gives the same file.
"""

import io
import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.problem import Problem
from ipraktik_chassis.service import Context
from ipraktik_chassis.texts import Speech
from ipraktik_chassis.typesetting import TypesettingFailed, typeset
from ipraktik_matching.domain.verifying import standing_of
from ipraktik_matching.store.versions import PutUp
from ipraktik_matching.web import words
from ipraktik_matching.web.parties import asking
from ipraktik_matching.web.person.agreement_text import SHORT, AgreementText, answers_to, text_of
from ipraktik_matching.web.person.reading import Agreement, agreement_of

_log = logging.getLogger(__name__)
TEMPLATE: Final = Path(__file__).parents[1] / "print" / "agreement.typ"


def document_router(context: Context) -> APIRouter:
    """GET `…/agreement/pdf`. How often a network may have one made is bounded, for making it costs more than a page."""
    router = APIRouter(prefix="/matching/placements/{placement_id}/agreement", include_in_schema=False)
    pace = Pace(per_minute=20, burst=30, monotonic=context.clock.monotonic)

    @router.get("/pdf")
    async def document(request: Request, placement_id: UUID, version: int | None = None) -> Response:
        """The newest version, or the one asked for, as PDF."""
        who = await asking(request, placement_id=placement_id, acts=("agreement", "stay"))
        pace.pass_or_refuse(request)
        agreement = await agreement_of(request, who)
        asked = agreement.current if version is None else agreement.numbered(version)
        if asked is None:
            raise Problem(
                404,
                "No such version",
                "See the list of versions.",
                danish=("Versionen findes ikke", "Se listen over versioner."),
            )
        name = f"praktikaftale-version-{asked.number}.pdf"
        return Response(
            await _made(request, agreement, asked),
            media_type="application/pdf",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    return router


async def _made(request: Request, agreement: Agreement, version: PutUp) -> bytes:
    settings = context_of(request).settings
    address = f"{settings.matching_public_url.rstrip('/')}/matching/verify/{version.fingerprint}"
    data = printed(speech_of(request), agreement, version, organiser=settings.organiser_name, address=address)
    try:
        return await typeset(TEMPLATE, data)
    except TypesettingFailed as failed:
        _log.error("%s", failed)  # the sentence is all that may be logged
        raise Problem(
            503,
            "The PDF cannot be made right now",
            "Try again in a moment. The agreement is on its page meanwhile.",
            headers={"retry-after": "10"},
            danish=("PDF'en kan ikke laves lige nu", "Prøv igen om lidt. Aftalen står på siden imens."),
        ) from None


def printed(
    say: Speech, agreement: Agreement, version: PutUp, *, organiser: str, address: str
) -> Mapping[str, Any]:
    """What the template is given: nothing but texts in the reader's language, a date and a drawing."""
    text = text_of(say, version.terms, agreement.people.names, agreement.workplaces)
    answers = answers_to(say, version, agreement.approvals, agreement.people)
    standing = standing_of(agreement.placement, number=version.number, signed=version.signed)
    number = say("Version {number}").format(number=version.number)
    at = _date_of(agreement, version)
    return {
        "title": say("Aftale om innovationspraktik"),
        "organiser": organiser,
        "language": say.language,
        "region": "DK" if say.language == "da" else "GB",
        "date": [at.year, at.month, at.day],
        "state": f"{number}. {say.label(words.STANDINGS[standing])}",
        "introduction": say("Aftalen er mellem praktikanten, praktikantens nærmeste leder og værten."),
        "sections": _sections(say, text),
        "approvals": {
            "heading": say("Hvem har godkendt"),
            "head": [say("Part"), say("Navn"), say("Svar"), say("Fingeraftryk")],
            "rows": [
                [one.role, one.name, f"{one.answer}\n{one.at}".strip(), one.fingerprint or "–"]
                for one in answers
            ],
        },
        "check": {
            "heading": say("Er det den rigtige aftale?"),
            "text": say(
                "Scan koden, eller gå til adressen. Her kan alle se, om denne version gælder. Siden viser ingen navne."
            ),
            "alt": say("QR-kode til siden, hvor man tjekker aftalens fingeraftryk"),
            "qr": _drawn(address),
            "address": address,
            "address_text": address.rpartition("/")[0],
            "fingerprint_label": say("Fingeraftryk af teksten"),
            "fingerprint": version.fingerprint,
        },
        "footer": f"{say('Aftale om innovationspraktik')}, {number.lower()}, {version.fingerprint[:SHORT]}",
    }


def _sections(say: Speech, text: AgreementText) -> list[dict[str, Any]]:
    what, agreed = say("Hvad"), say("Aftalt")
    settled = [[row.label, row.text] for row in (text.hr, text.declaration)]
    return [
        {
            "heading": say("Tid, sted og kontakt"),
            "kind": "pairs",
            "head": [what, agreed],
            "rows": [[row.label, row.text] for row in text.facts],
        },
        {
            "heading": say("Mål"),
            "kind": "columns",
            "head": [row.label for row in text.goals],
            "rows": [row.text for row in text.goals],
        },
        {"heading": text.programme.label, "kind": "text", "rows": [text.programme.text]},
        {"heading": text.follow_up.label, "kind": "text", "rows": [text.follow_up.text]},
        {"heading": say("Løn, forsikring og tavshed"), "kind": "points", "rows": list(text.points)},
        {
            "heading": say("Aftalt om forsikring og tavshed"),
            "kind": "pairs",
            "head": [what, agreed],
            "rows": settled,
        },
        *([{"heading": say("Erklæring"), "kind": "text", "rows": [text.promise]}] if text.promise else []),
    ]


def _date_of(agreement: Agreement, version: PutUp) -> date:
    """The day of the last approval, else the day on which the version was put up."""
    moments = [one.at for one in agreement.approvals if one.version == version.number]
    if version.put_up_at is not None:
        moments.append(version.put_up_at)
    return local_day(max(moments)) if moments else version.terms.first_day


def _drawn(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=2, scale=4, xmldecl=False)
    return drawing.getvalue().decode()

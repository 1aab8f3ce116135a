"""The hot path: signing up. And the host registry, which is open to everybody."""

import hashlib
import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import instant_text, source_urn
from ipraktik_contracts.fields import Days, Period, Sector
from ipraktik_registration.domain.life import Role
from ipraktik_registration.store import registry
from ipraktik_registration.usecases.sign_up import sign_up
from ipraktik_registration.web.reading import answers, idempotency_key, problems, sent, takes
from ipraktik_registration.web.sign_up_forms import HostSent, InternSent


class ReceiptAnswer(BaseModel):
    """The sign-up has been taken in; the address is to be confirmed."""

    participant_id: UUID
    reference: str
    state: Literal["unconfirmed"]
    confirm_by: AwareDatetime


class HostAnswer(BaseModel):
    """A host on offer: facts of the organisation, nobody's name."""

    participant_id: UUID
    edition_id: UUID
    organisation_name: str
    sector: Sector
    municipality_code: str | None
    country: str
    ministerial_area: str | None
    field: str
    capacity: int
    days: Days
    available: tuple[Period, ...]


class HostsAnswer(BaseModel):
    """A page of the host registry."""

    hosts: list[HostAnswer]
    after: UUID | None


router = APIRouter(tags=["sign-up"])
_RESPONSES = {
    201: answers(ReceiptAnswer, "Taken in."),
    200: answers(ReceiptAnswer, "Taken in before, with the same key."),
    **problems(403, 409, 415, 422),
}


@router.post(
    "/api/v1/interns", status_code=201, responses=_RESPONSES, openapi_extra=takes(InternSent, key=True)
)
async def post_intern(request: Request) -> Response:
    """Sign up as an intern. The address gets a mail to confirm; then the own manager is asked."""
    return await _take_in(request, "intern")


@router.post("/api/v1/hosts", status_code=201, responses=_RESPONSES, openapi_extra=takes(HostSent, key=True))
async def post_host(request: Request) -> Response:
    """Sign up as a host. The address gets a mail to confirm."""
    return await _take_in(request, "host")


async def _take_in(request: Request, role: Role) -> Response:
    context = context_of(request)
    key = idempotency_key(request)
    form: InternSent | HostSent = await sent(request, InternSent if role == "intern" else HostSent)
    if key is None:
        raise AssertionError("unreachable: a key is required here")
    origin = Origin(
        source=source_urn(context.settings.organiser, context.service),
        topic_namespace=context.settings.topic_namespace,
    )
    async with context.database.reading() as conn:
        receipt = await sign_up(
            conn,
            now=context.clock.now(),
            origin=origin,
            role=role,
            edition_id=form.edition_id,
            details=form.details(),
            key=key,
            fingerprint=hashlib.sha256(form.model_dump_json().encode()).digest(),
        )
    answer = {
        "participant_id": str(receipt.participant_id),
        "reference": receipt.reference,
        "state": "unconfirmed",
        "confirm_by": instant_text(receipt.confirm_by),
    }
    return Response(json.dumps(answer), 201 if receipt.fresh else 200, media_type="application/json")


@router.get("/api/v1/hosts", responses=problems(422))
async def get_hosts(
    request: Request,
    edition_id: Annotated[UUID | None, Query()] = None,
    field: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = None,
    sector: Annotated[Sector | None, Query()] = None,
    municipality_code: Annotated[str | None, Query(pattern=r"^[0-9]{4}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[UUID | None, Query(description="The `after` of the page before.")] = None,
) -> HostsAnswer:
    """The host registry: valid hosts, by id."""
    async with context_of(request).database.reading() as conn:
        found = await registry.hosts(
            conn,
            edition_id=edition_id,
            field=field,
            sector=sector,
            municipality_code=municipality_code,
            after=after,
            limit=limit,
        )
    hosts = [
        HostAnswer(
            participant_id=one.participant_id,
            edition_id=one.edition_id,
            organisation_name=one.organisation_name,
            sector=one.body["workplace"]["sector"],
            municipality_code=one.body["workplace"]["municipality_code"],
            country=one.body["workplace"]["country"],
            ministerial_area=one.body["workplace"]["ministerial_area"],
            field=one.body["field"],
            capacity=one.body["capacity"],
            days=Days(**one.body["days"]),
            available=tuple(Period(**period) for period in one.body["available"]),
        )
        for one in found
    ]
    return HostsAnswer(hosts=hosts, after=found[-1].participant_id if len(found) == limit else None)

"""The hot path: signing up. And the host registry, which is open to everybody."""

import hashlib
import json
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.service import Context
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import instant_text, source_urn
from ipraktik_contracts.fields import Days, Period, Sector
from ipraktik_registration.domain.life import Role
from ipraktik_registration.store import registry
from ipraktik_registration.usecases.sign_up import sign_up
from ipraktik_registration.web.reading import answers, idempotency_key, problems, sent, takes
from ipraktik_registration.web.sign_up_forms import HostSent, InternSent

A_NETWORK_A_MINUTE: Final = 60
AT_ONCE: Final = 120


class ReceiptAnswer(BaseModel):
    """The sign-up has been taken in; the address is to be confirmed."""

    participant_id: UUID = Field(description="The sign-up's id: what every later request names.")
    reference: str = Field(description="The short reference that people quote.", examples=["IP-7KQ4M2"])
    state: Literal["unconfirmed"] = Field(
        description="Always unconfirmed: a mail asks whether the address is right."
    )
    confirm_by: AwareDatetime = Field(
        description="Until when the address must be confirmed; after that the sign-up ends by itself."
    )


class HostAnswer(BaseModel):
    """A host on offer: facts of the organisation, nobody's name."""

    participant_id: UUID = Field(
        description="The host's sign-up; send it as host_in_mind to ask for this host."
    )
    edition_id: UUID = Field(description="The edition that the host is signed up for.")
    organisation_name: str = Field(description="Name of the organisation.", examples=["Aarhus Kommune"])
    sector: Sector = Field(description="Sector of the organisation.")
    municipality_code: str | None = Field(
        description="Municipality in which the workplace lies; null outside Denmark.", examples=["0751"]
    )
    country: str = Field(description="Country in which the workplace lies, by ISO 3166-1.", examples=["DK"])
    ministerial_area: str | None = Field(description="Ministerial area of a state workplace; else null.")
    field: str = Field(description="Field of work, a code.", examples=["libraries"])
    capacity: int = Field(description="How many interns the host takes at a time, 1 to 3.")
    days: Days = Field(description="How many days a stay may last.")
    available: tuple[Period, ...] = Field(description="When the host can; empty: on any day of the edition.")


class HostsAnswer(BaseModel):
    """A page of the host registry."""

    hosts: list[HostAnswer] = Field(description="Hosts in the order of their ids.")
    after: UUID | None = Field(description="The `after` of the following page; null on the last one.")


router = APIRouter(tags=["sign-up"])
_RESPONSES = {
    201: answers(ReceiptAnswer, "Taken in."),
    200: answers(ReceiptAnswer, "Taken in before, with the same key."),
    **problems(403, 409, 415, 422, 429),
}


def pace(context: Context) -> Pace | None:
    """How often a network may sign somebody up, since each one mails an address that nobody has confirmed yet.

    None on the local stack: there a whole season comes from one machine.
    """
    if context.settings.local_stack:
        return None
    return Pace(per_minute=A_NETWORK_A_MINUTE, burst=AT_ONCE, monotonic=context.clock.monotonic)


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
    networks: Pace | None = request.app.state.sign_ups
    if networks is not None:
        networks.pass_or_refuse(request)
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
    edition_id: Annotated[UUID | None, Query(description="Only this edition's.")] = None,
    field: Annotated[
        str | None,
        Query(
            pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Only this field of work.", examples=["libraries"]
        ),
    ] = None,
    sector: Annotated[Sector | None, Query(description="Only this sector.")] = None,
    municipality_code: Annotated[
        str | None, Query(pattern=r"^[0-9]{4}$", description="Only this municipality.", examples=["0751"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
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

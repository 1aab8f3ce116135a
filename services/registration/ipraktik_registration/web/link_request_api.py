"""A new link to the own sign-up, asked for by a program: the same rules as the page, and the same bucket for the network."""

from typing import Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pace import Pace
from ipraktik_chassis.service import Context
from ipraktik_registration.usecases.ask_for_link import ask_for_link
from ipraktik_registration.web.fields import Email, Sent
from ipraktik_registration.web.reading import problems, sent, takes

A_NETWORK_A_MINUTE: Final = 30


class AddressSent(Sent):
    """An address that a link is wanted at."""

    email: Email = Field(description="The address of the sign-up.", examples=["alma.proeve@example.org"])


class AskedAnswer(BaseModel):
    """If the address is signed up, a mail is on its way."""

    state: Literal["asked"] = Field(
        default="asked", description="The same whoever asks, so it tells nothing."
    )


def pace(context: Context) -> Pace:
    """How often a network may ask."""
    return Pace(per_minute=A_NETWORK_A_MINUTE, burst=A_NETWORK_A_MINUTE, monotonic=context.clock.monotonic)


def router(networks: Pace) -> APIRouter:
    """The route. `networks` is shared with the page, so that nobody asks twice as often by going both ways."""
    routes = APIRouter(prefix="/registration/api/v1", tags=["own sign-up"])

    @routes.post(
        "/link-requests",
        status_code=202,
        responses=problems(403, 415, 422, 429),
        openapi_extra=takes(AddressSent),
    )
    async def post_link_request(request: Request) -> AskedAnswer:
        """Ask for a new link. The answer is the same whether or not the address is signed up."""
        networks.pass_or_refuse(request)
        form = await sent(request, AddressSent)
        async with context_of(request).database.transaction() as tx:
            await ask_for_link(tx, email=form.email)
        return AskedAnswer()

    return routes

"""What a coordinator does to one mail: send it again, or drop it while it is held."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import form_of
from ipraktik_chassis.problem import Problem
from ipraktik_notify.domain.again import Hindrance, NotAgain
from ipraktik_notify.usecases.drop_held_mail import drop_held_mail
from ipraktik_notify.usecases.send_again import send_again
from ipraktik_notify.web.pages import PAGES

router: Final = APIRouter(include_in_schema=False)

_HINDRANCES: Final[Mapping[Hindrance, tuple[str, str, str, str]]] = {
    "gone": (
        "Noget har ændret sig imens",
        "Gå tilbage til mailen, og se, hvordan den står nu.",
        "Something has changed meanwhile",
        "Go back to the mail and see how it stands now.",
    ),
    "not_done": (
        "Mailen er ikke sendt endnu",
        "Vent, til den er sendt. Den går af sig selv, når den er klar.",
        "The mail has not been sent yet",
        "Wait until it is sent. It goes by itself when it is ready.",
    ),
    "erased": (
        "Modtageren er slettet",
        "Vi må ikke skrive til modtageren mere.",
        "The recipient is erased",
        "We may not write to the recipient any more.",
    ),
    "too_late": (
        "Fristen er gået",
        "Skriv selv til modtageren, hvis det stadig er vigtigt.",
        "The deadline has passed",
        "Write to the recipient yourself if it still matters.",
    ),
    "answered": (
        "Modtageren har svaret",
        "Der er ikke mere at spørge om.",
        "The recipient has answered",
        "There is nothing more to ask.",
    ),
    "on_its_way": (
        "Den er allerede på vej igen",
        "Vent, til den er sendt.",
        "It is on its way again already",
        "Wait until it is sent.",
    ),
    "too_often": (
        "Mailen er sendt mange gange",
        "Ring til modtageren i stedet.",
        "The mail has been sent many times",
        "Call the recipient instead.",
    ),
    "own_way": (
        "Den mail kan ikke sendes igen",
        "Modtageren skal selv bede om en ny.",
        "That mail cannot be sent again",
        "Its reader must ask for a new one.",
    ),
    "today": (
        "Modtageren har fået en mail om det i dag",
        "Vent til i morgen. En påmindelse om dagen er nok.",
        "The recipient has got a mail about it today",
        "Wait until tomorrow. One reminder a day is enough.",
    ),
}


def refused(error: NotAgain) -> Problem:
    """Why it is not done, for people."""
    danish_title, danish, title, detail = _HINDRANCES[error.hindrance]
    return Problem(409, title, detail, danish=(danish_title, danish))


@router.post("/notify/mails/{mail_id}/again")
async def repeat(request: Request, mail_id: UUID) -> Response:
    """Send it once more. `number` is what the page was based on: pressing twice, or in two tabs, sends one."""
    who = await access.coordinator(request)
    form = await form_of(request)
    number = form.filled("number")
    try:
        async with context_of(request).database.transaction() as tx:
            again = await send_again(
                tx,
                mail_id=mail_id,
                number=int(number) if number.isdigit() and len(number) < 4 else 0,
                acted_by=who.name,
            )
    except NotAgain as error:
        raise refused(error) from None
    return PAGES.to(request, f"/notify/mails/{again}", said="again")


@router.post("/notify/mails/{mail_id}/drop")
async def drop(request: Request, mail_id: UUID) -> Response:
    """Drop a held mail, with the reason."""
    who = await access.coordinator(request)
    form = await form_of(request)
    try:
        async with context_of(request).database.transaction() as tx:
            dropped = await drop_held_mail(
                tx, mail_id=mail_id, reason=form.filled("reason"), acted_by=who.name
            )
    except ValueError:
        return PAGES.to(request, f"/notify/mails/{mail_id}", said="reason")
    return PAGES.to(request, f"/notify/mails/{mail_id}", said="dropped" if dropped else "not_held")

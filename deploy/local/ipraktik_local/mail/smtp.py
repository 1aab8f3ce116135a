"""The door where mail comes in: SMTP on loopback, no authentication, no relaying, nothing ever leaves."""

import asyncio
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from ipraktik_local.mail.box import Box
from ipraktik_local.mail.faults import Faults

SIZE_LIMIT: Final = 10 * 1024 * 1024


class Door:
    """aiosmtpd calls these methods by name."""

    def __init__(self, *, box: Box, faults: Faults) -> None:
        self._box = box
        self._faults = faults

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._faults.take(("tempfail", "reject"), [address])
        if fault is not None and fault.action == "tempfail":
            return "451 4.3.0 Try again later (asked for by a test)"
        if fault is not None:
            return "550 5.1.1 No such mailbox (asked for by a test)"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if (late := self._faults.take(["delay"], envelope.rcpt_tos)) is not None:
            await asyncio.sleep(late.seconds)
        content = envelope.original_content or b""
        letter = self._box.keep(
            sender=envelope.mail_from or "", recipients=envelope.rcpt_tos, content=content
        )
        in_doubt = self._faults.take(["accept_then_drop"], envelope.rcpt_tos) is not None
        if in_doubt and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()  # the mail is here and its sender will never hear so
        return f"250 2.0.0 OK {letter.n}"


async def open_door(*, host: str, port: int, box: Box, faults: Faults) -> asyncio.Server:
    """Listen for mail until the returned server is closed."""
    door = Door(box=box, faults=faults)
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            door,
            hostname="localhost",
            ident="innovationspraktik mail sink",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            loop=asyncio.get_running_loop(),
        ),
        host,
        port,
    )

"""The conversation with the mail server: a few connections, each carrying one mail after the other.

What matters is told apart: a mail that was taken, one that was refused for now (4xx) or for good (5xx), one that was in doubt
(the line broke after the text was sent and before the answer came), and a server that does not talk to us at all, which is
nothing that any single mail has done.
"""

import contextlib
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from ipraktik_notify.mailing.writing import Letter
from ipraktik_notify.store.queue import Outcome

_BROKEN: Final = (SMTPException, OSError, TimeoutError, ssl.SSLError)


class ServerAway(Exception):
    """The mail server cannot be reached or does not want to talk now. No mail is to blame."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in."""

    url: str
    encrypted: bool = True
    timeout: float = 30.0

    async def connect(self) -> aiosmtplib.SMTP:
        """An open connection. Raises ServerAway."""
        parts = urlsplit(self.url)
        direct = parts.scheme == "smtps"
        client = aiosmtplib.SMTP(
            hostname=parts.hostname or "127.0.0.1",
            port=parts.port or (465 if direct else 25),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=direct,
            start_tls=False if direct else self.encrypted,
            timeout=self.timeout,
            local_hostname="localhost",
        )
        try:
            await client.connect()
        except _BROKEN as error:
            client.close()
            raise ServerAway(type(error).__name__) from None
        return client


class Lane:
    """One connection, opened when first needed and again after a break."""

    def __init__(self, server: MailServer, *, mail_from: str) -> None:
        self._server = server
        self._from = mail_from
        self._client: aiosmtplib.SMTP | None = None

    async def deliver(self, letter: Letter) -> Outcome:
        """Hand in one letter. Raises ServerAway where no connection can be had."""
        if self._client is None or not self._client.is_connected:
            self._client = await self._server.connect()
        client = self._client
        sent_text = False
        try:
            await client.mail(self._from)
            await client.rcpt(letter.address)
            sent_text = True
            await client.data(letter.content)
        except SMTPResponseException as refusal:
            return await self._refused(client, letter, refusal)
        except _BROKEN:
            self.drop()
            reason = "in_doubt" if sent_text else "cut_off"
            return Outcome(letter.mail.id, "pending", letter.message_id, reason=reason, doubt=sent_text)
        return Outcome(letter.mail.id, "sent", letter.message_id)

    async def _refused(
        self, client: aiosmtplib.SMTP, letter: Letter, refusal: SMTPResponseException
    ) -> Outcome:
        code = refusal.code
        if code == 421:  # the server is closing this connection
            self.drop()
        else:
            try:
                await client.rset()
            except _BROKEN:
                self.drop()
        if code >= 500:
            return Outcome(letter.mail.id, "failed", letter.message_id, code=code, reason="refused")
        return Outcome(letter.mail.id, "pending", letter.message_id, code=code, reason="deferred")

    def drop(self) -> None:
        """Forget the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def close(self) -> None:
        """Say goodbye."""
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(*_BROKEN):
                await self._client.quit()
        self.drop()

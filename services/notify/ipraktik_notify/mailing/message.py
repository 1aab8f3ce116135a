"""A mail as bytes: headers, plain text, HTML, and the calendar entry where there is one.

Put together by hand: the standard library takes ten times as long, and where it folds a header it may leave a name's special
signs without their quotes. What a person wrote goes into headers as encoded words or as a quoted string, on one line, so it can
neither end its header nor begin another. The Message-ID is a hash of fact, kind and recipient: the same mail sent again after a
crash is the same message to every reader.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from typing import Final, Literal
from uuid import UUID

from ipraktik_notify.domain.words import one_line, shortened
from ipraktik_notify.mailing.rendering import Rendered

_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_WORD_BYTES: Final = 45  # 60 characters of base64: an encoded word may have 75 in all


class UnusableAddress(ValueError):
    """The address cannot stand in a mail. The message holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails come from, and the domain that ids are made under."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar file and its method."""

    content: bytes
    method: Literal["REQUEST", "CANCEL"]


def sender_of(mail_from: str) -> Sender:
    """Read MAIL_FROM. Raises ValueError where it holds no address."""
    name, address = parseaddr(mail_from)
    try:
        return Sender(name or "Innovationspraktik", mail_address(address))
    except UnusableAddress:
        raise ValueError("MAIL_FROM: it holds no address; write it as Name <name@host>") from None


def message_id(*, fact_id: UUID, kind: str, contact_id: UUID, domain: str) -> str:
    """The same for the same fact, kind and recipient."""
    digest = hashlib.sha256(f"{fact_id}\n{kind}\n{contact_id}".encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def mail_address(email: str) -> str:
    """The address in ASCII, its domain in IDNA. Raises UnusableAddress."""
    local, _, domain = email.strip().rpartition("@")
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if len(local) + len(plain) > 253 or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(plain):
        raise UnusableAddress("the address is not one that mail can be sent to")
    return f"{local}@{plain}"


def compose(
    *,
    kind: str,
    words: Rendered,
    sender: Sender,
    reply_to: str,
    name: str,
    address: str,
    language: str,
    id: str,
    thread: UUID | None,
    now: datetime,
    invitation: Invitation | None = None,
) -> bytes:
    """The message. `name` may hold anything that a person wrote. `thread` groups a case's mails in the reader's program."""
    headers = [
        f"From: {_mailbox(sender.name, sender.address)}",
        f"To: {_mailbox(name, address)}",
        f"Reply-To: {one_line(reply_to)}",
        f"Subject: {_words(words.subject)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {id}",
        *([f"References: <{thread}@{sender.domain}>"] if thread else []),
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        f"X-Innovationspraktik-Kind: {kind}",
        f"Content-Language: {language}",
        "MIME-Version: 1.0",
    ]
    mark = id[1:17]
    parts = [_text("plain", words.text), _text("html", words.html)]
    if invitation is None:
        body = _multipart("alternative", f"=_a{mark}", parts)
    else:
        # Inside the alternative the programs find it that offer a calendar; as a file everybody else does.
        entry = base64.encodebytes(invitation.content).replace(b"\n", b"\r\n")
        head = f'Content-Type: text/calendar; charset="utf-8"; method={invitation.method}\r\n'
        file = 'Content-Type: application/ics; name="innovationspraktik.ics"\r\n'
        file += 'Content-Disposition: attachment; filename="innovationspraktik.ics"\r\n'
        coded = "Content-Transfer-Encoding: base64\r\n\r\n"
        parts.append((head + coded).encode() + entry)
        inner = _multipart("alternative", f"=_a{mark}", parts)
        body = _multipart("mixed", f"=_m{mark}", [inner, (file + coded).encode() + entry])
    return "\r\n".join(headers).encode() + b"\r\n" + body


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    """The parts between boundaries; `=_` cannot come up in quoted-printable or base64, so no part can hold the boundary."""
    line = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _text(subtype: str, text: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    # The coder breaks lines as the first break it finds does: there must be one, or long lines are broken by bare LF.
    lines = (text.rstrip("\n") + "\n").replace("\r\n", "\n").replace("\n", "\r\n").encode(errors="replace")
    return head.encode() + binascii.b2a_qp(lines, istext=True)


def _mailbox(name: str, address: str) -> str:
    name = shortened(one_line(name), 100)
    if not name:
        return address
    if name.isascii() and len(name) < 60:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded(name)}\r\n <{address}>"


def _words(text: str) -> str:
    return text if text.isascii() and "=?" not in text else _encoded(text)


def _encoded(text: str) -> str:
    """RFC 2047: encoded words on lines of their own, each of whole characters."""
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in _chunks(text))


def _chunks(text: str) -> Iterator[bytes]:
    chunk = b""
    for character in text:
        more = character.encode(errors="replace")
        if len(chunk) + len(more) > _WORD_BYTES:
            yield chunk
            chunk = b""
        chunk += more
    yield chunk

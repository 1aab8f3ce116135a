"""A mail as it lies on disk, and what can be read from it.

The file is the mail as received, with three lines in front (Return-Path, Delivered-To, X-Received-At), so everything shown
can be told from the files alone. A mail that is malformed is still kept and shown as far as it can be read.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final

KIND_HEADER: Final = "X-Innovationspraktik-Kind"
TEXT_LIMIT: Final = 64 * 1024
_LINK: Final = re.compile(r"https?://[^\s<>\"']+")
_HREF: Final = re.compile(r"""href\s*=\s*["'](https?://[^"']+)["']""", re.IGNORECASE)
_AFTER_LINK: Final = ".,;:!?)]}"
_POLICY: Final = policy.default.clone(raise_on_defect=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What the lists and the pages show of one mail."""

    n: int
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    kind: str | None
    text: str
    links: tuple[str, ...]
    received: str

    def as_json(self) -> dict[str, object]:
        return {
            "n": self.n,
            "message_id": self.message_id,
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "kind": self.kind,
            "text": self.text,
            "links": list(self.links),
            "received": self.received,
        }


def as_stored(*, sender: str, recipients: Sequence[str], received: datetime, content: bytes) -> bytes:
    """The file for a mail that just came in."""
    front = [f"Return-Path: <{sender}>", *(f"Delivered-To: {address}" for address in recipients)]
    front.append(f"X-Received-At: {received.isoformat(timespec='milliseconds')}")
    return "".join(f"{line}\r\n" for line in front).encode("utf-8", "surrogateescape") + content


def read_letter(n: int, stored: bytes) -> Letter:
    """What a stored file says."""
    mail = parse(stored)
    text = text_of(mail)
    return Letter(
        n=n,
        message_id=_header(mail, "Message-ID"),
        sender=_header(mail, "From") or _header(mail, "Return-Path"),
        recipients=tuple(str(address).strip() for address in mail.get_all("Delivered-To", [])),
        subject=_header(mail, "Subject"),
        kind=_header(mail, KIND_HEADER) or None,
        text=text[:TEXT_LIMIT],
        links=tuple(dict.fromkeys(_links(text, html_of(mail)))),
        received=_header(mail, "X-Received-At"),
    )


def parse(stored: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=_POLICY).parsebytes(stored)


def text_of(mail: EmailMessage) -> str:
    return _body(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    return _body(mail, "html")


def attachments_of(mail: EmailMessage) -> list[Attachment]:
    """Every part that is not the body: calendar entries, agreements as PDF."""
    found = []
    for part in mail.walk():
        if part.is_multipart() or (
            part.get_content_type() in {"text/plain", "text/html"} and not part.get_filename()
        ):
            continue
        content = part.get_payload(decode=True)
        name = part.get_filename() or f"{part.get_content_maintype()}.{part.get_content_subtype()}"
        found.append(
            Attachment(name, part.get_content_type(), content if isinstance(content, bytes) else b"")
        )
    return found


def find_links(text: str) -> Iterator[tuple[int, int]]:
    """Where links stand in a text, without the full stop or bracket that follows one."""
    for match in _LINK.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip(_AFTER_LINK))


def _links(text: str, markup: str) -> Iterator[str]:
    if text:
        yield from (text[start:end] for start, end in find_links(text))
    else:
        yield from (html.unescape(address) for address in _HREF.findall(markup))


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(mail.get(name, "")).split())
    except (ValueError, TypeError, IndexError, AttributeError):  # the parser's known ways to fail on nonsense
        return ""


def _body(mail: EmailMessage, kind: str) -> str:
    try:
        part = mail.get_body((kind,))
        content = part.get_content() if part is not None else ""
    except (LookupError, ValueError, TypeError, AttributeError):  # unknown character set, broken parts
        return ""
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""

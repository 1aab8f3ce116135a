"""The sink's HTTP side: pages for people, JSON for programs, faults for tests. A plain ASGI application."""

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote

from ipraktik_local.asgi import Receive, Scope, Send
from ipraktik_local.mail import pages
from ipraktik_local.mail.box import Box
from ipraktik_local.mail.faults import Faults, NotAFault, read_faults
from ipraktik_local.mail.letters import Letter, attachments_of, html_of, parse

_PAGE_SIZE: Final = 200
_MOST_MAILS: Final = 5000
_LONGEST_WAIT: Final = 30.0
_BODY_LIMIT: Final = 256 * 1024
# a mail's markup is somebody else's: nothing runs, nothing is fetched, and it has no origin
_FOREIGN: Final = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_MAIL: Final = re.compile(r"/mails/(\d{1,12})(?:/(html)|/attachments/(\d{1,3}))?")
_RAW: Final = re.compile(r"/api/mails/(\d{1,12})/raw")


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class MailPages:
    """The ASGI application over one box."""

    def __init__(self, *, box: Box, faults: Faults, simulated: bool = False) -> None:
        self._box = box
        self._simulated = simulated
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"This application speaks HTTP only, not {scope['type']}.")
        try:
            answer = await self._answer(scope, receive)
        except Refused as refusal:
            if scope["path"].startswith("/api/"):
                answer = _json({"error": str(refusal)}, refusal.status)
            else:
                answer = _html(pages.message_page(str(refusal)), refusal.status)
        headers = [("content-type", answer.content_type), ("content-length", str(len(answer.body)))]
        headers += [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ]
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(name.encode(), value.encode()) for name, value in (*headers, *answer.headers)],
            }
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        query = {key: values[-1] for key, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        if path == "/api/faults":
            return await self._change_faults(method, scope, receive)
        if method not in {"GET", "HEAD"}:
            raise Refused(405, "Only GET is understood here.")
        if path == "/":
            return self._list(query)
        if path == "/api/mails":
            return await self._mails(query)
        if path == "/api/duplicates":
            return _json({"duplicates": self._box.duplicates()})
        if (match := _RAW.fullmatch(path)) is not None:
            return Answer(self._stored(int(match[1])), "text/plain; charset=utf-8", headers=_csp(_FOREIGN))
        if (match := _MAIL.fullmatch(path)) is not None:
            return self._mail(int(match[1]), html=match[2] is not None, attachment=match[3])
        raise Refused(404, "Siden findes ikke")

    def _list(self, query: dict[str, str]) -> Answer:
        to, before = query.get("to", ""), _whole(query, "before", 0) or None
        letters = self._box.newest(to=to, before=before, limit=_PAGE_SIZE)
        return _html(
            pages.list_page(
                letters,
                to=to,
                total=len(self._box.letters),
                page_size=_PAGE_SIZE,
                simulated=self._simulated,
            )
        )

    def _mail(self, n: int, *, html: bool, attachment: str | None) -> Answer:
        mail = parse(self._stored(n))
        if html:
            return Answer(html_of(mail).encode(), "text/html; charset=utf-8", headers=_csp(_FOREIGN))
        attachments = attachments_of(mail)
        if attachment is None:
            return _html(
                pages.mail_page(self._letter(n), has_html=bool(html_of(mail)), attachments=attachments)
            )
        if int(attachment) >= len(attachments):
            raise Refused(404, "Mailen har ikke så mange vedhæftninger")
        part = attachments[int(attachment)]
        disposition = f"attachment; filename*=UTF-8''{quote(part.name, safe='')}"
        return Answer(
            part.content,
            "application/octet-stream",
            headers=(("content-disposition", disposition), *_csp(_FOREIGN)),
        )

    async def _mails(self, query: dict[str, str]) -> Answer:
        after, limit = _whole(query, "after", 0), min(_whole(query, "limit", 500) or 1, _MOST_MAILS)
        letters, last = self._box.after(after, to=query.get("to"), limit=limit)
        if not letters and (wait := min(float(_whole(query, "wait", 0)), _LONGEST_WAIT)):
            await self._box.wait_for_arrival(wait)
            letters, last = self._box.after(after, to=query.get("to"), limit=limit)
        return _json({"mails": [letter.as_json() for letter in letters], "last": last})

    async def _change_faults(self, method: str, scope: Scope, receive: Receive) -> Answer:
        if method == "DELETE":
            self._faults.waiting.clear()
        elif method == "POST":
            # a page elsewhere can make a browser post a form, but not JSON without asking first
            if not dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/json"):
                raise Refused(415, "Send JSON (content-type: application/json).")
            try:
                self._faults.waiting += read_faults(json.loads(await _read_body(receive)))
            except NotAFault as error:
                raise Refused(422, str(error)) from error
            except ValueError as error:
                raise Refused(400, "The body is not JSON.") from error
        elif method != "GET":
            raise Refused(405, "GET, POST or DELETE.")
        return _json({"faults": [fault.as_json() for fault in self._faults.waiting]})

    def _stored(self, n: int) -> bytes:
        stored = self._box.stored(n)
        if stored is None:
            raise Refused(404, "Mailen findes ikke")
        return stored

    def _letter(self, n: int) -> Letter:
        letters, _ = self._box.after(n - 1, limit=1)
        if not letters or letters[0].n != n:
            raise Refused(404, "Mailen findes ikke")
        return letters[0]


async def _read_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _BODY_LIMIT:
            raise Refused(413, f"At most {_BODY_LIMIT} bytes.")
    return body


def _whole(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Refused(400, f"{name} is a whole number.")
    return int(text)


def _csp(value: str) -> tuple[tuple[str, str], ...]:
    return (("content-security-policy", value),)


def _html(page: str, status: int = 200) -> Answer:
    return Answer(page.encode("utf-8", "replace"), "text/html; charset=utf-8", status, _csp(pages.POLICY))


def _json(body: object, status: int = 200) -> Answer:
    return Answer(json.dumps(body, ensure_ascii=True).encode(), "application/json", status)

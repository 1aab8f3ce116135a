"""Asking a service as nobody's client would, and what every answer must be: documented, a problem or none, and silent about what came."""

import http.client
import json
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from over_http.serving import Fitting, Served

MARKER: Final = "MARKER-7f31"
"""Part of whatever is sent amiss: no answer may hold it."""


class Answer:
    """Status, headers and body of an answer."""

    def __init__(self, raw: http.client.HTTPResponse) -> None:
        self.status = raw.status
        self.kind = raw.getheader("content-type", "")
        self.allow = raw.getheader("allow", "")
        self.text = raw.read().decode()


def ask(
    service: Served,
    method: str,
    address: str,
    *,
    token: str | None = None,
    body: bytes | Iterator[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request, sent as it is: nothing on the way mends it."""
    where = urlsplit(service.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
    try:
        own = {} if token is None else {"Authorization": f"Bearer {token}"}
        connection.request(
            method,
            address,
            body,
            {**own, **(headers or {})},
            encode_chunked=body is not None and not isinstance(body, bytes),
        )
        return Answer(connection.getresponse())
    finally:
        connection.close()


def routes(service: Served) -> Iterator[tuple[str, str, str, Fitting]]:
    """Every documented route: its label, method and address, and a request that fits."""
    for label, fitting in service.scene.items():
        method, _, template = label.partition(" ")
        one = fitting[-1]
        query = f"?{urlencode(one.query)}" if one.query else ""
        yield label, method, template.format(**one.path) + query, one


def with_body(service: Served) -> Iterator[tuple[str, str, str, Fitting]]:
    """The routes that take a body."""
    return (route for route in routes(service) if route[3].body is not None)


def sane(service: Served, label: str, answer: Answer, *, refused: bool = False) -> None:
    """A problem that the document of the route knows, silent about what was sent; or no problem at all."""
    assert answer.status < 500, (label, answer.text, service.failures[-1:])
    assert answer.status >= 400 or not refused, (label, answer.status, answer.text)
    method, _, template = label.partition(" ")
    known = service.document["paths"].get(template, {}).get(method.lower(), {}).get("responses")
    if known is not None:
        assert str(answer.status) in known, (label, answer.status, answer.text)
    if answer.status >= 400 and method != "HEAD":
        assert answer.kind == "application/problem+json", (label, answer.kind)
        problem = json.loads(answer.text)
        assert problem["status"] == answer.status
        assert problem["title"]
        assert problem["detail"]
    if answer.status >= 400:
        assert MARKER not in answer.text, (label, answer.text)

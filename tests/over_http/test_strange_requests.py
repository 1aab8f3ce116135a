"""What a fuzzer seldom thinks of: texts that are no text, numbers without end, bodies that are none, addresses and methods nobody asks for.

Each is answered with a problem that the document knows, or taken for what it is; never with a 5xx, and no problem repeats
what was sent.
"""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from over_http.asking import MARKER, ask, routes, sane, with_body
from over_http.serving import Served

from ipraktik_chassis.web_frame import MAX_BODY_BYTES

JSON: Final = {"Content-Type": "application/json"}
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
DEEP: Final = 20_000
NOBODY: Final = "00000000-0000-0000-0000-000000000000"
STRANGE: Final = {
    "NUL": '"\\u0000' + MARKER + '"',
    "lone surrogate": '"\\ud800' + MARKER + '"',
    "reversed surrogates": '"\\udc00\\ud800' + MARKER + '"',
    "long": f'"{MARKER * 2000}"',
    "nothing but spaces": '"   "',
    "huge integer": "1" + "0" * 5000,
    "huge negative integer": "-9223372036854775809",
    "huge exponent": "1e400",
    "not a number": "NaN",
    "list": f'["{MARKER}"]',
    "deep list": "[" * DEEP + "]" * DEEP,
    "deep object": '{"a":' * 5000 + "1" + "}" * 5000,
    "boolean": "true",
    "date out of time": '"9999-12-31"',
    "empty": '""',
}
BODIES: Final = {
    "nothing": b"",
    "half a body": b'{"' + MARKER.encode(),
    "no object": b'"' + MARKER.encode() + b'"',
    "null": b"null",
    "broken UTF-8": b'{"' + MARKER.encode() + b'": "\xff\xfe\xc3("}',
    "UTF-16": f'{{"a": "{MARKER}"}}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": "' + MARKER.encode() + b'"}',
    "lone surrogate as a key": b'{"\\ud800": "' + MARKER.encode() + b'"}',
    "NUL as a key": b'{"\\u0000": "' + MARKER.encode() + b'"}',
    "deep list": b"[" * DEEP + b"]" * DEEP,
    "deep list without end": b"[" * DEEP,
    "thousands of keys": b"{" + b",".join(b'"k%d":0' % number for number in range(5000)) + b"}",
}
KINDS: Final = (
    None,
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/xml",
    "application/json; charset=utf-16",
    "application/json; charset=" + MARKER,
    "/",
    "a" * 2000,
)
METHODS: Final = ("HEAD", "OPTIONS", "TRACE", "PATCH", "PUT", "DELETE", "POST", "GET", "SEARCH", "PROPFIND")


def leaves(body: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a body that is no object; a list counts whole and by its first value."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield from leaves(value, (*way, name))
        return
    yield way
    if isinstance(body, list) and body:
        yield from leaves(body[0], (*way, 0))


def instead(body: Any, way: tuple[Any, ...], text: str) -> bytes:
    """The body with this JSON text in that place."""
    changed = copy.deepcopy(body)
    holder = changed
    for name in way[:-1]:
        holder = holder[name]
    holder[way[-1]] = "@@here@@"
    return json.dumps(changed).replace('"@@here@@"', text).encode()


@pytest.mark.parametrize("what", STRANGE)
def test_a_strange_value_in_any_field_is_refused_or_taken(service: Served, what: str) -> None:
    for label, method, address, one in with_body(service):
        for way in leaves(one.body):
            body = instead(one.body, way, STRANGE[what])
            answer = ask(
                service, method, address, token=one.token, body=body, headers={**JSON, **one.headers}
            )
            sane(service, f"{label}", answer, refused=what in ("NUL", "lone surrogate", "not a number"))


def test_nothing_is_taken_for_a_value_of_another_type(service: Served) -> None:
    for label, method, address, one in with_body(service):
        for way in leaves(one.body):
            for text in taken_for(value_at(one.body, way)):
                body = instead(one.body, way, text)
                answer = ask(
                    service, method, address, token=one.token, body=body, headers={**JSON, **one.headers}
                )
                sane(service, f"{label} {way} {text}", answer, refused=True)


def taken_for(value: Any) -> tuple[str, ...]:
    """JSON of another type that a lenient reader takes for such a value."""
    if isinstance(value, bool):
        return ("0", "1", '"true"', '"no"', '"off"')
    if isinstance(value, int):
        return (f'"{value}"', "true")
    if isinstance(value, str) and DAY.fullmatch(value):
        return ("1536537600", "0")
    return ()


def value_at(body: Any, way: tuple[Any, ...]) -> Any:
    """What stands in that place of a body."""
    for name in way:
        body = body[name]
    return body


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_none_is_refused(service: Served, what: str) -> None:
    for label, method, address, one in routes(service):
        takes_one = one.body is not None
        for token in {one.token, None}:
            answer = ask(
                service, method, address, token=token, body=BODIES[what], headers={**JSON, **one.headers}
            )
            if takes_one or token is None:
                sane(service, label, answer, refused=takes_one)


def test_a_body_of_another_kind_is_refused(service: Served) -> None:
    for label, method, address, one in with_body(service):
        for kind in KINDS:
            body = json.dumps({**one.body, MARKER: 1}).encode()
            headers = {**one.headers, **({} if kind is None else {"Content-Type": kind})}
            answer = ask(service, method, address, token=one.token, body=body, headers=headers)
            assert 400 <= answer.status < 500, (label, kind, answer.text)
            if kind is None or not kind.startswith("application/json"):
                sane(service, label, answer, refused=True)


def test_keys_given_twice_are_no_way_around_anything(service: Served) -> None:
    for label, method, address, one in with_body(service):
        whole = json.dumps(one.body)
        for name in one.body:
            twice = whole[:-1] + f', "{name}": "\\u0000{MARKER}"}}'
            answer = ask(
                service,
                method,
                address,
                token=one.token,
                body=twice.encode(),
                headers={**JSON, **one.headers},
            )
            sane(service, label, answer, refused=True)


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_above_64_kib_is_refused_by_every_route(service: Served, announced: bool) -> None:
    body = b'{"a": "' + MARKER.encode() + b"x" * MAX_BODY_BYTES
    for label, method, address, one in routes(service):
        if not announced and one.body is None:
            continue  # a body that nobody reads is not counted
        for token in {one.token, None}:
            pieces = body[: MAX_BODY_BYTES + 1] if announced else in_pieces(body[: MAX_BODY_BYTES + 1])
            answer = ask(service, method, address, token=token, body=pieces, headers={**JSON, **one.headers})
            sane(service, label, answer, refused=True)
            paced = answer.status == 429 and address.endswith(
                "/link-requests"
            )  # counted before the body is read
            assert answer.status == 413 or paced or (token is None and answer.status in (401, 403)), label


def in_pieces(body: bytes) -> Iterator[bytes]:
    """The body without a word about its length."""
    for start in range(0, len(body), 8192):
        yield body[start : start + 8192]


@pytest.mark.parametrize("length", ["-1", "abc", "999999999999999999999999"])
def test_a_length_that_is_none_is_refused(service: Served, length: str) -> None:
    label, method, address, one = next(routes(service))
    answer = ask(service, method, address, token=one.token, body=None, headers={"Content-Length": length})
    assert 400 <= answer.status < 500, (label, answer.text)


@pytest.mark.parametrize(
    "query",
    [
        f"x=%00{MARKER}",
        f"%00=1&{MARKER}=2",
        "limit=%00",
        f"limit={'9' * 5000}",
        f"limit=-1&limit={MARKER}",
        "limit=1e3",
        f"edition_id={MARKER}&participant_id={MARKER}&after={MARKER}&state={MARKER}&field={MARKER}%0a&revision={MARKER}",
        "edition_id=%ff%fe&after=%c3%28&state=%ed%a0%80",
        "after=%7B00000000-0000-0000-0000-000000000000%7D",
        "&&&===;;;%%%",
        "%zz=%u0000",
        "municipality_code=%D9%A0%D9%A1%D9%A2%D9%A3",
        f"revision={'9' * 30}",
        "a=" + "b" * 60_000,
    ],
)
def test_a_strange_query_is_refused_or_ignored(service: Served, query: str) -> None:
    for label, method, address, one in routes(service):
        if method != "GET":
            continue
        asked = ask(service, method, f"{address.partition('?')[0]}?{query}", token=one.token)
        sane(service, label, asked)


@pytest.mark.parametrize(
    "part",
    [
        MARKER,
        f"%00{MARKER}",
        f"%2e%2e%2f{MARKER}",
        "%ff",
        "%ed%a0%80",
        "9" * 5000,
        "-1",
        NOBODY,
        "{}",
        "%0d%0aSet-Cookie:a=b",
        "x" * 60_000,
    ],
)
def test_a_strange_address_is_a_problem(service: Served, part: str) -> None:
    for label, fitting in service.scene.items():
        method, _, template = label.partition(" ")
        if not fitting[0].path:
            continue
        one = fitting[-1]
        address = template.format(**dict.fromkeys(one.path, part))
        body = None if one.body is None else json.dumps(one.body).encode()
        answer = ask(service, method, address, token=one.token, body=body, headers={**JSON, **one.headers})
        of_route = "%2f" not in part  # a slash, so written or not, leads elsewhere
        sane(
            service, label if of_route else "GET /", answer, refused=part != NOBODY
        )  # nobody may have an empty list


def test_an_address_longer_than_the_server_reads_is_refused_by_the_server(service: Served) -> None:
    answer = ask(service, "GET", f"/{service.name}/" + MARKER * 20_000)
    assert 400 <= answer.status < 500
    assert MARKER not in answer.text


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_a_route_does_not_take_is_a_problem(service: Served, method: str) -> None:
    paths = {label.partition(" ")[2] for label in service.scene}
    for label, _, address, one in routes(service):
        template = label.partition(" ")[2]
        if f"{'GET' if method == 'HEAD' else method} {template}" in service.scene:
            continue
        assert template in paths
        answer = ask(service, method, address.partition("?")[0], token=one.token)
        assert answer.status == 405, (method, label, answer.text)
        assert method not in answer.allow.split(", ")
        sane(service, f"{method} {template}", answer)


@pytest.mark.parametrize(
    "path", ["", "/", "//", "/*", "/..%2f", f"/{MARKER}", "/openapi.json/x", "/%00", "/link?t=%00"]
)
def test_an_address_that_nobody_has_is_a_problem(service: Served, path: str) -> None:
    for method in METHODS:
        address = f"/{service.name}{path}"
        answer = ask(service, method, address)
        assert answer.status < 500, (method, address, answer.text)
        assert MARKER not in answer.text


@pytest.mark.parametrize(
    "token",
    ["", " ", MARKER, "a.b.c", f"{MARKER}." * 3, "\xe6\xf8\xe5", "x" * 20_000, "eyJhbGciOiJub25lIn0.e30."],
)
def test_a_strange_token_opens_nothing(service: Served, token: str) -> None:
    for label, method, address, one in routes(service):
        if one.token is None:
            continue
        body = None if one.body is None else json.dumps(one.body).encode()
        answer = ask(
            service, method, address, body=body, headers={**JSON, "Authorization": f"Bearer {token}"}
        )
        sane(service, label, answer, refused=True)
        assert answer.status == 401, (label, answer.text)


@pytest.mark.parametrize(
    "headers", [{"Origin": f"https://{MARKER}.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_what_another_site_sends_is_refused_as_described(service: Served, headers: dict[str, str]) -> None:
    for label, method, address, _ in routes(service):
        if method == "GET":
            continue
        answer = ask(service, method, address, body=b"{}", headers={**JSON, **headers})
        sane(service, label, answer, refused=True)
        assert answer.status == 403, (label, answer.text)


@pytest.mark.parametrize("key", ["", MARKER, "1" * 36, "\xe6" * 36, "0" * 20_000, "{" + "0" * 8 + "}"])
def test_a_strange_key_is_refused(service: Served, key: str) -> None:
    for label, method, address, one in routes(service):
        if "Idempotency-Key" not in one.headers:
            continue
        headers = {**JSON, "Idempotency-Key": key}
        answer = ask(
            service, method, address, token=one.token, body=json.dumps(one.body).encode(), headers=headers
        )
        sane(service, label, answer, refused=True)

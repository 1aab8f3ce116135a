"""The frame around every route: sizes, origins, problems, headers, the trace, and silence about what was sent."""

import asyncio
import dataclasses
import json
import logging
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from chassis.asking import asking, contact_of
from rig import Rig

from ipraktik_chassis.database import Database
from ipraktik_chassis.outbox import unpack_headers
from ipraktik_chassis.transaction import Origin
from ipraktik_chassis.web_frame import MAX_BODY_BYTES

MARKER = "MARKER-2109511"


def problem(answer: Any, status: int) -> dict[str, Any]:
    """An answer that is a problem of that status, in our form and with our headers."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["type"]
    assert found["title"]
    assert found["detail"]
    return found


def note(**changes: Any) -> dict[str, Any]:
    """A body that fits."""
    return {"placement_id": str(uuid.uuid4()), "words": "hej", **changes}


async def in_pieces(size: int, piece: int = 4096) -> AsyncIterator[bytes]:
    """A body that does not say how long it will be."""
    for _ in range(size // piece):
        yield b"x" * piece


async def test_every_answer_carries_the_security_headers(tally: Rig) -> None:
    async with asking(tally) as client:
        answer = await client.post("/tally/notes", json=note())
    assert answer.status_code == 201
    for name in (
        "content-security-policy",
        "referrer-policy",
        "x-content-type-options",
        "cross-origin-opener-policy",
    ):
        assert answer.headers[name]
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_nothing_there_is_a_problem(tally: Rig) -> None:
    async with asking(tally) as client:
        problem(await client.get(f"/tally/{MARKER}"), 404)
        problem(await client.get("/"), 404)


async def test_a_method_that_is_not_taken_is_a_problem(tally: Rig) -> None:
    async with asking(tally) as client:
        answer = await client.delete("/tally/notes")
    problem(answer, 405)
    assert answer.headers["allow"] == "POST"


async def test_who_only_asks_for_the_head_is_answered_as_by_get_without_the_body(tally: Rig) -> None:
    """As mail scanners ask, and watchers: an address that refuses them is taken for a broken one."""
    async with asking(tally) as client:
        for path, status in (("/tally/openapi.json", 200), ("/tally/nothing", 404)):
            whole, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (status, b"")
            assert head.headers == whole.headers
        assert (await client.head("/tally/notes")).status_code == 405
    asked = [
        sample.labels["route"]
        for metric in tally.context.registry.collect()
        for sample in metric.samples
        if sample.name == "http_server_request_duration_seconds_count" and sample.labels["method"] == "HEAD"
    ]
    assert sorted(asked) == ["/tally/notes", "unmatched", "unmatched"]


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("path", ["/tally/notes", "/tally/form", "/tally/link"])
async def test_a_body_that_is_too_large_is_refused_announced_or_not(
    tally: Rig, path: str, announced: bool
) -> None:
    size = MAX_BODY_BYTES + 8192
    body: Any = b"x" * size if announced else in_pieces(size)
    kind = "application/json" if path == "/tally/notes" else "application/x-www-form-urlencoded"
    async with asking(tally) as client:
        answer = await client.post(path, content=body, headers={"content-type": kind})
    assert str(MAX_BODY_BYTES) in problem(answer, 413)["detail"]


async def test_a_body_of_the_largest_size_is_read(tally: Rig) -> None:
    async with asking(tally) as client:
        body = b"words=" + b"x" * (MAX_BODY_BYTES - 6)
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert (await client.post("/tally/form", content=body, headers=form)).status_code == 200


@pytest.mark.parametrize("length", ["-1", "1e3", "abc", "99999999999999999999999"])
async def test_a_length_that_is_no_number_is_refused(tally: Rig, length: str) -> None:
    async with asking(tally) as client:
        problem(await client.post("/tally/notes", content=b"{}", headers={"content-length": length}), 413)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"sec-fetch-site": "none"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://tally.test"}, 201),
        ({"origin": "http://tally.test.evil.example"}, 403),
        ({}, 201),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer x"}, 201),
    ],
)
async def test_a_post_from_another_site_is_refused(tally: Rig, headers: dict[str, str], status: int) -> None:
    async with asking(tally) as client:
        answer = await client.post("/tally/notes", json=note(), headers=headers)
        assert answer.status_code == status
        if status == 403:
            problem(answer, 403)
        # reading is nobody's harm
        assert (await client.get(f"/tally/count/{uuid.uuid4()}", headers=headers)).status_code == 200


async def test_fields_that_do_not_fit_are_named_and_their_content_is_not(tally: Rig) -> None:
    async with asking(tally) as client:
        body = {"placement_id": MARKER, "words": MARKER * 3, "more": MARKER}
        found = problem(await client.post("/tally/notes", json=body), 422)
    assert {error["field"] for error in found["errors"]} == {"placement_id", "words", "more"}
    assert all(error["message"] for error in found["errors"])
    assert MARKER not in json.dumps(found)


@pytest.mark.parametrize(
    "body",
    [
        b'{"placement_id": "' + MARKER.encode(),
        MARKER.encode(),
        b'"' + MARKER.encode() + b'"',
        b"[]",
        b"null",
        b"",
        b"\xff" + MARKER.encode(),
        b"[" * 50_000,
        b"9" * 60_000,
    ],
)
async def test_a_body_that_is_no_json_of_ours_is_a_problem_without_an_echo(tally: Rig, body: bytes) -> None:
    async with asking(tally) as client:
        answer = await client.post("/tally/notes", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code)
    assert MARKER not in answer.text


async def test_what_was_sent_appears_in_no_log(
    tally: Rig, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await contact_of(tally, uuid.UUID(int=1), name=MARKER)
    with caplog.at_level(logging.DEBUG):
        async with asking(tally) as client:
            await client.post("/tally/notes", json={"placement_id": MARKER, "words": MARKER * 9})
            await client.post("/tally/notes", content=b'{"' + MARKER.encode())
            await client.post("/tally/form", data={MARKER: MARKER})
            await client.get("/tally/link", params={"t": MARKER})
            await client.get("/tally/broken", params={"words": MARKER})
            await client.get(f"/tally/{MARKER}")
            await client.get("/tally/mine", headers={"authorization": f"Bearer {MARKER}"})
    out, err = capfd.readouterr()
    # httpx is the test's own voice: it logs the addresses it asks
    lines = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert any(record.exc_info for record in lines), (
        "the failure of /tally/broken is logged, by type and place"
    )
    assert MARKER not in "".join(record.getMessage() for record in lines) + out + err


async def test_an_error_that_nobody_foresaw_is_a_problem_too(tally: Rig) -> None:
    async with asking(tally) as client:
        found = problem(await client.get("/tally/broken", params={"words": MARKER}), 500)
    assert MARKER not in json.dumps(found)


async def test_a_database_that_is_away_is_a_problem_that_passes(tally: Rig) -> None:
    nowhere = Database(
        url="postgresql://nobody@127.0.0.1:1/nothing",
        clock=tally.clock,
        origin=Origin("urn:innovationspraktik:coi:tally"),
    )
    nowhere._pool = _Gone()
    context = dataclasses.replace(tally.context, database=nowhere)
    async with asking(dataclasses.replace(tally, context=context)) as client:
        for answer in (
            await client.post("/tally/notes", json=note()),
            await client.get(f"/tally/count/{uuid.uuid4()}"),
        ):
            problem(answer, 503)
            assert answer.headers["retry-after"]


class _Gone:
    """A pool whose server is away."""

    def acquire(self) -> Any:
        raise ConnectionRefusedError


async def test_a_character_that_ends_strings_elsewhere_is_refused_in_an_address(tally: Rig) -> None:
    async with asking(tally) as client:
        problem(await client.get("/tally/count/%00"), 400)


@pytest.mark.parametrize("path", ["/tally/link?t=%00", "/tally/broken?words=a%00b"])
async def test_and_in_a_query(tally: Rig, path: str) -> None:
    async with asking(tally) as client:
        problem(await client.get(path), 400)


async def test_and_in_a_body(tally: Rig) -> None:
    async with asking(tally) as client:
        problem(await client.post("/tally/notes", json=note(words="a\0b")), 422)
    assert await tally.said() == []


async def test_a_trace_goes_on_into_the_events_of_the_request(tally: Rig) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = f"00-{trace}-00f067aa0ba902b7-01"
    async with asking(tally) as client:
        await client.post("/tally/notes", json=note(), headers={"traceparent": sent})
        await client.post("/tally/notes", json=note(), headers={"traceparent": "not one"})
        await client.post("/tally/notes", json=note())
    async with tally.database.reading() as conn:
        rows = await conn.fetch("select headers from outbox order by id")
    traces = [dict(unpack_headers(row["headers"]))["traceparent"].decode() for row in rows]
    assert traces[0].startswith(f"00-{trace}-")
    assert traces[0] != sent
    assert trace not in traces[1] + traces[2]
    assert all(len(one) == len(sent) for one in traces)


async def test_requests_at_once_keep_their_traces_apart(tally: Rig) -> None:
    async with asking(tally) as client:
        traces = [f"{number:032x}" for number in range(1, 21)]

        async def say(trace: str) -> str:
            body = note()
            sent = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
            assert (await client.post("/tally/notes", json=body, headers=sent)).status_code == 201
            return str(body["placement_id"])

        keys = await asyncio.gather(*(say(trace) for trace in traces))
    async with tally.database.reading() as conn:
        rows = await conn.fetch("select key, headers from outbox")
    found = {
        row["key"].decode(): dict(unpack_headers(row["headers"]))["traceparent"].decode()[3:35]
        for row in rows
    }
    assert found == dict(zip(keys, traces, strict=True))


async def test_requests_are_counted_by_the_template_of_their_route(tally: Rig) -> None:
    async with asking(tally) as client:
        for _ in range(3):
            await client.get(f"/tally/count/{uuid.uuid4()}")
        await client.get(f"/tally/{MARKER}")
        await client.post("/tally/notes", json={})
    samples = {
        (sample.labels["method"], sample.labels["route"], sample.labels["status_code"]): sample.value
        for metric in tally.context.registry.collect()
        for sample in metric.samples
        if sample.name == "http_server_request_duration_seconds_count"
    }
    assert samples == {
        ("GET", "/tally/count/{key}", "200"): 3,
        ("GET", "unmatched", "404"): 1,
        ("POST", "/tally/notes", "422"): 1,
    }


async def test_the_description_is_served_and_no_page_that_needs_a_foreign_script(tally: Rig) -> None:
    async with asking(tally) as client:
        described = await client.get("/tally/openapi.json")
        assert described.json()["info"] == {"title": "Tally", "version": "1.2.3"}
        for path in ("/docs", "/redoc", "/openapi.json"):
            assert (await client.get(path)).status_code == 404


async def test_a_form_with_too_many_fields_is_refused(tally: Rig) -> None:
    async with asking(tally) as client:
        answer = await client.post("/tally/form", data={f"f{number}": "x" for number in range(301)})
    problem(answer, 400)


async def test_of_fields_with_one_name_the_last_counts(tally: Rig) -> None:
    async with asking(tally) as client:
        form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        answer = await client.post("/tally/form", content=b"a=1&b=%C3%A6&a=2", headers=form)
    assert answer.json() == {"a": "2", "b": "æ"}

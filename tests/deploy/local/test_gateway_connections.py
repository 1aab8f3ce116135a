"""Between the gateway and a service: what a connection may be used for, and what is taken for an answer."""

import asyncio
from collections.abc import AsyncIterator

from deploy.local.town import Town

from ipraktik_local.ports import HOST


async def test_an_answer_without_a_length_ends_when_the_service_closes(town: Town) -> None:
    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nall of it")
        writer.close()

    async with await asyncio.start_server(until_closed, HOST, town.notify_port):
        answer = await town.client.get("/notify/x")

    assert (answer.text, answer.headers["x-a"]) == ("all of it", "1")


async def test_a_connection_that_was_closed_while_idle_costs_nobody_an_answer(town: Town) -> None:
    seen: list[bytes] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request per connection, takes a second one and closes without a word."""
        for number in range(2):
            seen.append((await reader.readuntil(b"\r\n\r\n")).partition(b" ")[0])
            if number == 0:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        writer.close()

    async with await asyncio.start_server(once, HOST, town.notify_port):
        answers = [
            await town.client.get("/notify/a"),
            await town.client.get("/notify/b"),  # read again over a new connection
            await town.client.delete("/notify/c"),  # it may have been done: not done again
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 502]
    assert seen == [b"GET", b"GET", b"GET", b"DELETE"]
    assert answers[2].headers["retry-after"] == "2"


async def test_what_is_left_of_a_refused_body_is_never_read_as_the_next_request(town: Town) -> None:
    seen: list[bytes] = []

    async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers by the head alone and keeps the connection; then notes all that still comes."""
        seen.append((await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")[0])
        writer.write(b"HTTP/1.1 413 Too large\r\ncontent-length: 2\r\n\r\nno")
        await writer.drain()
        held.set()  # the answer is on its way before the rest of the body is
        await reader.read()
        writer.close()

    held = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x" * 10
        await held.wait()
        yield b"GET /notify/smuggled HTTP/1.1\r\n\r\n"

    async with await asyncio.start_server(refusing, HOST, town.notify_port):
        refused = await town.client.post("/notify/a", content=slowly())
        again = await town.client.get("/notify/b")

    assert (refused.status_code, again.status_code) == (413, 413)
    assert seen == [b"POST /notify/a HTTP/1.1", b"GET /notify/b HTTP/1.1"], "each on a connection of its own"


async def test_a_request_cannot_have_its_length_or_host_taken_away(town: Town) -> None:
    await town.client.post(
        "/matching/x",
        content=b"name=Ida",
        headers={"connection": "content-length, host, cookie", "cookie": "a=1"},
    )

    (asked,) = town.matching.asked
    assert asked.header("content-length") == ["8"]
    assert asked.header("host") == [town.base]
    assert asked.header("cookie") == ["a=1"]


async def test_an_answer_that_is_no_http_is_a_page(town: Town) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 smtp.example.org ESMTP\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(babble, HOST, town.notify_port):
        answer = await town.client.get("/notify/x")

    assert answer.status_code == 502
    assert "Noget gik i stykker" in answer.text

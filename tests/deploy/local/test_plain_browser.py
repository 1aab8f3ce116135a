"""The season's people: what their plain browser takes from a page and sends back, and that it does nothing a page does not offer."""

from urllib.parse import parse_qsl

import httpx
import pytest

from ipraktik_local.season import acting
from ipraktik_local.season.browsing import Browser, Refused

STEP = """<form method="post" action="/e/1/outcome"><input type="hidden" name="revision" value="2">
<input type="radio" name="use" value="yes"><input type="radio" name="use" value="no" checked>
<input type="checkbox" name="effects" value="quality" checked><input type="checkbox" name="effects" value="none">
<textarea name="words">
Som det stod</textarea><button type="submit" class="x">Gå videre</button><button name="later" value="yes">Senere</button></form>
<a href="/e/1/agreement/edit?lang=en">Ret</a>"""
LAST = '<form method="post" action="/e/1"><button>Send</button></form>'


class Town:
    """A site of three pages that notes what is posted."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, list[tuple[str, str]]]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, text=LAST if request.url.path == "/check" else STEP)
        self.posted.append((request.url.path, parse_qsl(request.content.decode(), keep_blank_values=True)))
        return httpx.Response(303, headers={"location": "/check"})

    def browser(self) -> Browser:
        return Browser(httpx.AsyncClient(transport=httpx.MockTransport(self.answer)))


async def test_a_form_is_sent_as_it_stands_but_for_what_was_filled_in() -> None:
    town = Town()
    browser = town.browser()
    page = await browser.get("http://a/e/1")

    await browser.submit(page, page.forms[0], effects=["quality", "none"], use="yes")

    assert town.posted == [
        (
            "/e/1/outcome",
            [
                ("revision", "2"),
                ("use", "yes"),
                ("effects", "quality"),
                ("effects", "none"),
                ("words", "Som det stod"),
            ],
        )
    ]


async def test_what_a_page_does_not_offer_cannot_be_done() -> None:
    browser = Town().browser()
    page = await browser.get("http://a/e/1")

    with pytest.raises(Refused, match="no field answer"):
        await browser.submit(page, page.forms[0], answer="yes")
    with pytest.raises(Refused, match="no link to …/withdraw"):
        await browser.follow(page, "/withdraw")
    assert (await browser.follow(page, "/agreement/edit")).path == "/e/1/agreement/edit"


async def test_an_evaluation_is_answered_page_by_page_and_then_sent() -> None:
    town = Town()
    browser = town.browser()
    page = await browser.get("http://a/e/1")

    await acting.evaluating(lambda question: question != "effects")(browser, page)

    (_, answers), (sent_to, nothing) = town.posted
    assert dict(answers) == {"revision": "2", "use": "yes", "effects": "none", "words": "Som det stod"}
    assert (sent_to, nothing) == ("/e/1", [])

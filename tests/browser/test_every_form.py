"""Every form of every page, sent as nobody means it: it leads on, or says what is wrong, and what was typed is still there.

No browser is needed to send a form, so each is sent in several ways; the pages that answer are looked at by the other tests.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from browser.stops import AREAS, Stop
from browser.visiting import Standing, stood
from rig import Databases

from ipraktik_chassis.forms import TRAP
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.season.browsing import Form, forms_of

NONSENSE: Final = "ikke-et-svar"
LONG: Final = "æ" * 9_000
WAYS: Final = ("empty", "nonsense", "too long", "tampered with")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@dataclass(frozen=True)
class Sent:
    """A form, how it was sent, and the page that answered."""

    stop: str
    form: Form
    way: str
    answer: httpx.Response

    def __str__(self) -> str:
        return f"{self.stop}: {self.form.action or 'its own address'} sent {self.way} answered {self.answer.status_code}"


def filled(form: Form, way: str) -> dict[str, Any]:
    """The form's fields: what is hidden as it stands, what people give as `way` has it."""
    typed = {"empty": "", "too long": LONG}.get(way, NONSENSE)
    values: dict[str, Any] = {name: form.fields[name] for name in form.hidden}
    values |= {name: typed for name in form.written if name != TRAP}
    if way == "tampered with":
        values |= dict.fromkeys(form.choices, NONSENSE)
    elif way != "empty":
        values |= {name: form.fields[name] for name in form.choices if form.fields.get(name)}
    return values


def send(client: httpx.Client, page: httpx.Response, form: Form, values: dict[str, Any]) -> httpx.Response:
    """Send it with its first button, as a browser at this page does."""
    button = dict(form.buttons[:1]) if form.buttons and form.buttons[0][0] else {}
    address, given = urljoin(str(page.url), form.action), values | button
    if form.kind == "multipart/form-data":
        return client.post(address, files={name: (None, str(value)) for name, value in given.items()})
    return client.post(address, data=given)


def all_sent(standing: Standing) -> Iterator[Sent]:
    """Each form of the area once in each way, by whom its page is for."""
    seen: set[object] = set()
    for stop in standing.stops:
        with visitor(standing, stop) as client:
            page = client.get(stop.path, follow_redirects=True)
            for form in forms_of(page.text):
                kind = (stop.coordinator, _ID.sub("…", urlsplit(form.action).path), frozenset(form.names))
                if form.method != "post" or kind in seen:
                    continue
                seen.add(kind)
                for way in WAYS:
                    yield Sent(stop.name, form, way, send(client, page, form, filled(form, way)))


def visitor(standing: Standing, stop: Stop) -> httpx.Client:
    """Whoever looks at the stop."""
    cookies = {"ipraktik": stop.token} if stop.token else {}
    if stop.coordinator:
        cookies["ipraktik-board"] = standing.coordinator()
    return httpx.Client(
        base_url=standing.url,
        cookies=cookies,
        headers={"origin": standing.url, "sec-fetch-site": "same-origin", "accept": "text/html"},
        timeout=60,
    )


def faults(sent: Sent) -> Sequence[str]:
    """What is wrong with the answer."""
    answer, text = sent.answer, sent.answer.text
    if answer.status_code >= 500:
        return ["it broke"]
    if answer.is_redirect:
        return []
    if "text/html" not in answer.headers["content-type"]:
        return [] if answer.is_success else [f"no page but {answer.headers['content-type']}"]
    found = []
    summary = re.search(r'id="error-summary".*?</ul>', text, re.DOTALL)
    if summary is None:
        if answer.status_code == 422:
            found.append("nothing says what is wrong")
        elif answer.is_error and not re.search(r"<main.*<h1>.*<a ", text, re.DOTALL):
            found.append("no heading and no way on")
        return found
    if not re.search(r"<li>.*\S.*</li>", summary[0]):
        found.append("the summary is empty")
    if "<title>Fejl:" not in text:
        found.append("the title does not say so")
    if sent.way == "tampered with":
        return found
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    leads = re.findall(r'href="#([^"]+)"', summary[0])
    found += [f"{lead} is led to and not there" for lead in leads if lead not in ids]
    if sent.way == "nonsense":
        again = next((one for one in forms_of(text) if sent.form.written <= set(one.names)), None)
        if again is None:
            found.append("the form is gone")
        else:
            kept = {name: again.fields.get(name) for name in sent.form.written if name != TRAP}
            lost = [name for name, value in kept.items() if value != NONSENSE]
            found += [f"{name} is no longer as it was typed" for name in lost]
    return found


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", AREAS)
def test_every_form_says_what_is_wrong_and_keeps_what_was_typed(name: str, postgres: PostgresServer) -> None:
    with stood(name, Databases(postgres)) as standing:
        sent = list(all_sent(standing))
        wrong = [f"{one}: {fault}" for one in sent for fault in faults(one)]
    assert sent
    assert not wrong, "\n".join(wrong)
    assert not standing.served.failures, standing.served.failures


def test_an_answer_without_words_is_noticed() -> None:
    def answered(status: int, text: str) -> Sent:
        page = httpx.Response(status, text=html.unescape(text), headers={"content-type": "text/html"})
        return Sent("here", Form("", "post", written={"name"}), "nonsense", page)

    summary = '<title>Fejl: x</title><div id="error-summary"><ul><li><a href="#name">Skriv dit navn</a></li></ul></div>'
    kept = f'<form method="post"><input id="name" name="name" value="{NONSENSE}"></form>'
    assert faults(answered(422, summary + kept)) == []
    assert faults(answered(500, summary + kept)) == ["it broke"]
    assert faults(answered(422, "<main><h1>Nej</h1></main>")) == ["nothing says what is wrong"]
    assert faults(answered(409, "<main><h1>Nej</h1></main>")) == ["no heading and no way on"]
    assert faults(answered(422, summary)) == ["name is led to and not there", "the form is gone"]
    empty = kept.replace(NONSENSE, "")
    assert faults(answered(422, summary + empty)) == ["name is no longer as it was typed"]

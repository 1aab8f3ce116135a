"""A person with a plain browser: opens links from mails, presses the button, follows links, fills in the form that comes.

No script, no knowledge of routes: what can be done is what the page's links and forms offer.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx


class Refused(RuntimeError):
    """A page did not take what a person did; says which page and what it answered."""


Value = str | list[str]
"""Of a field; a list where several boxes of one name may be ticked."""


@dataclass
class Form:
    """A form as it stands on a page: where it goes, what it holds, which buttons it has.

    `several` names its check boxes, `hidden` what nobody sees, `written` what is typed into; `kind` is how it is encoded, "" = as usual.
    """

    action: str
    method: str = "get"
    kind: str = ""
    fields: dict[str, Value] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    several: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)


def forms_of(html: str) -> list[Form]:
    """The forms of a page, as they stand."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select = ""
        self._area = ""
        self._written = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "form":
            how = values.get("method", "get").lower(), values.get("enctype", "")
            self.forms.append(Form(values.get("action", ""), *how))
        if not self.forms:
            return
        form, name = self.forms[-1], values.get("name", "")
        if tag in ("input", "textarea", "select") and name:
            form.names.append(name)
        if tag == "button" and values.get("type", "submit") == "submit":
            form.buttons.append((name, values.get("value", "")))
        elif tag == "input":
            self._input(form, name, values)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(values.get("value", ""))
            if "selected" in values or self._select not in form.fields:
                form.fields[self._select] = values.get("value", "")
        elif tag == "textarea":
            self._area, self._written = name, ""
            form.written.add(name)

    def _input(self, form: Form, name: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        value = values.get("value", "on")
        if kind == "checkbox":
            form.several.add(name)
            form.choices.setdefault(name, []).append(value)
            ticked = form.fields.setdefault(name, [])
            if "checked" in values and isinstance(ticked, list):
                ticked.append(value)
        elif kind == "radio":
            form.choices.setdefault(name, []).append(value)
            if "checked" in values:
                form.fields[name] = value
        elif name:
            form.fields[name] = values.get("value", "")
            if kind != "file":
                (form.hidden if kind == "hidden" else form.written).add(name)

    def handle_data(self, data: str) -> None:
        if self._area:
            self._written += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            # as browsers do: a first line break belongs to the markup
            self.forms[-1].fields[self._area] = self._written.removeprefix("\n")
            self._area = ""


@dataclass
class Page:
    """A page that was opened: its address, its words, its forms, where it leads."""

    url: str
    text: str
    forms: list[Form]
    links: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The address without host and query."""
        return urlsplit(self.url).path


class Browser:
    """One person's browser with its own cookies, over a connection pool that all share."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._cookies = httpx.Cookies()

    async def open_link(self, link: str) -> Page:
        """Open a link from a mail and press its button; the page it leads to."""
        landing = await self.get(link)
        form = next((form for form in landing.forms if "t" in form.fields), None)
        if form is None:
            raise Refused(f"{landing.path} shows no button to go on with")
        return await self.submit(landing, form)

    async def get(self, url: str) -> Page:
        """Open an address."""
        return await self._follow("GET", url, None)

    async def follow(self, page: Page, ending: str) -> Page:
        """Open the page's link to an address that ends so. Raises Refused where it has none."""
        found = next((href for href in page.links if urlsplit(href).path.endswith(ending)), None)
        if found is None:
            raise Refused(f"{page.path} has no link to …{ending}")
        return await self.get(urljoin(page.url, found))

    async def submit(self, page: Page, form: Form, **values: Value) -> Page:
        """Send a form of a page, these values over what it holds; the page that answers."""
        unknown = set(values) - set(form.names) - {name for name, _ in form.buttons}
        if unknown:
            raise Refused(f"{page.path}: the form has no field {', '.join(sorted(unknown))}")
        return await self._follow(
            "POST", urljoin(page.url, form.action or page.url), {**form.fields, **values}
        )

    async def _follow(self, method: str, url: str, data: dict[str, Any] | None) -> Page:
        for _ in range(5):
            cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies.jar)
            headers = {"cookie": cookies} if cookies else {}
            content = None
            if data is not None:
                headers["content-type"] = "application/x-www-form-urlencoded"
                content = urlencode(data, doseq=True)
            response = await self._client.request(
                method, url, content=content, headers=headers, follow_redirects=False
            )
            self._cookies.extract_cookies(response)
            if response.is_redirect:
                method, url, data = "GET", urljoin(str(response.url), response.headers["location"]), None
                continue
            if response.is_error:
                raise Refused(
                    f"{method} {urlsplit(url).path} answered {response.status_code}: {_words(response.text)}"
                )
            parser = _Forms()
            parser.feed(response.text)
            return Page(str(response.url), response.text, parser.forms, parser.links)
        raise Refused(f"{urlsplit(url).path} leads in a circle")


def _words(html: str) -> str:
    """The heading and text of a page, short, for an error's sentence."""
    inside = html.partition("<main")[2].partition(">")[2].partition("</main>")[0] or html
    words: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.extend(data.split())

    Words().feed(inside)
    return " ".join(words)[:300]

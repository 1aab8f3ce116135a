"""What people do on the pages that links lead to, each a few forms filled in. Only what a page offers can be done."""

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urljoin, urlsplit

from .browsing import Browser, Form, Page, Refused, Value

Act = Callable[[Browser, Page], Awaitable[None]]

_YES: Final = {"concrete_use": "yes_some", "satisfaction": "good"}
_NONE: Final = "none"
_MOST_PAGES: Final = 6
_MEETING_PLACES: Final = ("Hovedindgangen, kl. 9", "Receptionen, kl. 9")


def _offered(page: Page, *, action: str = "", has: str = "") -> Form | None:
    """The page's form that leads to an address ending so, or that has that field or button."""
    return next(
        (
            form
            for form in page.forms
            if urlsplit(form.action).path.endswith(action)
            and (not has or has in form.names or has in dict(form.buttons))
        ),
        None,
    )


def _form(page: Page, *, action: str = "", has: str = "") -> Form:
    """The same. Raises Refused where there is none."""
    form = _offered(page, action=action, has=has)
    if form is None:
        raise Refused(f"{page.path} offers no form {action or has or 'at all'}")
    return form


async def confirm(browser: Browser, page: Page) -> None:
    """Confirm one's address."""
    await browser.submit(page, _form(page))


async def consent(browser: Browser, page: Page) -> None:
    """Agree, as manager."""
    await browser.submit(page, _form(page, has="agree"), agree="yes")


async def refuse_consent(browser: Browser, page: Page) -> None:
    """Say no, as manager: the page asks once more before it ends the sign-up; that of the version before took a no at once."""
    sure = next((href for href in page.links if "no=" in urlsplit(href).query), None)
    asked = page if sure is None else await browser.get(urljoin(page.url, sure))
    await browser.submit(asked, _form(asked, has="agree"), agree="no")


async def confirm_pair(browser: Browser, page: Page) -> None:
    """Say that the two have agreed. Nothing to say where the page no longer asks."""
    if form := _offered(page, has="agree"):
        await browser.submit(page, form, agree="yes")


async def accept(browser: Browser, page: Page) -> None:
    """Say yes to a proposal, where it still stands."""
    if form := _offered(page, has="accept"):
        await browser.submit(page, form, accept="yes")


async def decline(browser: Browser, page: Page) -> None:
    """Say no to a proposal, where it still stands."""
    if form := _offered(page, has="accept"):
        await browser.submit(page, form, accept="no", reason="dates")


def version_of(page: Page) -> str:
    """The version that an agreement page shows."""
    found = re.search(r'<h2 id="answered">\D*(\d+)', page.text)
    if found is None:
        raise Refused(f"{page.path} shows no version")
    return found[1]


def approving(version: str) -> Act:
    """Read and approve that version, unless a newer one has come or the matter has ended."""

    async def approve(browser: Browser, page: Page) -> None:
        form = _offered(page, action="/approval")
        if form is not None and form.fields.get("version") == version:
            await browser.submit(page, form, read="yes")

    return approve


async def refuse(browser: Browser, page: Page) -> None:
    """Say no to the version shown, where it is still open."""
    if _leads(page, "/agreement/refusal"):
        asked = await browser.follow(page, "/agreement/refusal")
        await browser.submit(
            asked,
            _form(asked, has="reason"),
            reason="cover",
            comment="Vi mangler afløsning. Aftal en anden mødetid.",
        )


async def change(browser: Browser, page: Page) -> None:
    """Put up a new version with another meeting place, where the matter is still open."""
    if _leads(page, "/agreement/edit"):
        asked = await browser.follow(page, "/agreement/edit")
        form = _form(asked, has="meeting_place")
        # in a small season two who want a change may be parties to one agreement, and a version that changes nothing is refused
        place = next(one for one in _MEETING_PLACES if form.fields.get("meeting_place") != one)
        await browser.submit(asked, form, meeting_place=place, hr_asked="yes")


async def cancel(browser: Browser, page: Page) -> None:
    """Call the agreement off."""
    asked = await browser.follow(page, "/agreement/cancellation")
    await browser.submit(asked, _form(asked, has="reason"), reason="workplace")


async def say_held(browser: Browser, page: Page) -> None:
    """Say that the stay took place, where it is still asked."""
    if form := _offered(page, has="held"):
        await browser.submit(page, form, held="yes")


async def say_not_held(browser: Browser, page: Page) -> None:
    """Say that the stay did not take place."""
    await browser.submit(page, _form(page, has="held"), held="no", reason="intern_prevented")


async def withdraw(browser: Browser, page: Page) -> None:
    """Take the sign-up back, from the personal page on."""
    asked = await browser.follow(page, "/withdraw")
    await browser.submit(asked, _form(asked, has="reason"), reason="workplace")


async def erase(browser: Browser, page: Page) -> None:
    """Have everything deleted, from the personal page on."""
    asked = await browser.follow(page, "/erase")
    await browser.submit(asked, _form(asked, has="sure"), sure="yes")


def wave_of(page: Page) -> str:
    """Which wave an evaluation page belongs to: only the second asks about contact afterwards."""
    return "follow_up" if _offered(page, has="in_contact_afterwards") else "after"


def evaluating(content: Callable[[str], bool]) -> Act:
    """Answer an evaluation page by page, check it and send it: each question by whether the person is content there."""

    async def evaluate(browser: Browser, page: Page) -> None:
        for _ in range(_MOST_PAGES):
            form = _offered(page, has="revision")
            if form is None:
                break
            answers = {name: _answer(form, name, options, content) for name, options in form.choices.items()}
            page = await browser.submit(page, form, **answers)
        await browser.submit(page, _form(page))

    return evaluate


def _leads(page: Page, ending: str) -> bool:
    return any(urlsplit(link).path.endswith(ending) for link in page.links)


def _answer(form: Form, question: str, options: list[str], content: Callable[[str], bool]) -> Value:
    if question not in form.several:
        return _chosen(question, options, yes=content(question))
    if not content(question):
        return [_NONE]
    named = [option for option in options if option != _NONE]
    return [option for option in named if content(f"{question} {option}")] or named[:1]


def _chosen(question: str, options: list[str], *, yes: bool) -> str:
    if yes:
        return next(
            (option for option in (_YES.get(question, "yes"), "yes", "good") if option in options), options[0]
        )
    return "no" if "no" in options else options[-1]

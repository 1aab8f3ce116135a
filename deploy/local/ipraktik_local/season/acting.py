"""What people do on the pages that links lead to, each a few forms filled in. Only what a page offers can be done."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from .browsing import Browser, Form, Page, Refused

Act = Callable[[Browser, Page], Awaitable[None]]

_YES: Final = {"concrete_use": "yes_some", "satisfaction": "good"}
_MANY_NONE: Final = "none"


def _form(page: Page, *, action: str = "", has: str = "") -> Form:
    """The page's form that leads to an address ending so, or that has that field. Raises Refused where there is none."""
    for form in page.forms:
        if (not action or form.action.endswith(action)) and (
            not has or has in form.names or has in dict(form.buttons)
        ):
            return form
    raise Refused(f"{page.path} offers no form {action or has or 'at all'}")


def _with(page: Page, name: str, value: str) -> Form:
    """The page's form that already holds that value, such as the one behind the button Yes."""
    for form in page.forms:
        if form.fields.get(name) == value:
            return form
    raise Refused(f"{page.path} offers no form with {name}={value}")


async def confirm(browser: Browser, page: Page) -> None:
    """Confirm one's address."""
    await browser.submit(page, _form(page))


async def consent(browser: Browser, page: Page) -> None:
    """Agree, as manager."""
    await browser.submit(page, _form(page, has="agree"), agree="yes")


async def refuse_consent(browser: Browser, page: Page) -> None:
    """Say no, as manager."""
    await browser.submit(page, _form(page, has="agree"), agree="no")


async def confirm_pair(browser: Browser, page: Page) -> None:
    """Say that the two have agreed. Nothing to say where the page no longer asks."""
    if page.forms:
        await browser.submit(page, _form(page, has="agree"), agree="yes")


async def accept(browser: Browser, page: Page) -> None:
    """Say yes to a proposal, where it still stands."""
    if page.forms:
        await browser.submit(page, _with(page, "accept", "yes"))


async def decline(browser: Browser, page: Page) -> None:
    """Say no to a proposal, where it still stands."""
    if page.forms:
        await browser.submit(page, _with(page, "accept", "no"), reason="dates")


def version_of(page: Page) -> str:
    """The version that an agreement page shows."""
    found = re.search(r"<h2>Version (\d+)</h2>", page.text)
    if found is None:
        raise Refused(f"{page.path} shows no version")
    return found[1]


def approving(version: str) -> Act:
    """Approve that version, unless a newer one has come or the matter has ended."""

    async def approve(browser: Browser, page: Page) -> None:
        offered = [form for form in page.forms if form.action.endswith("/approval")]
        if offered and offered[0].fields.get("version") == version:
            await browser.submit(page, offered[0])

    return approve


async def refuse(browser: Browser, page: Page) -> None:
    """Say no to the version shown, where it is still open."""
    offered = [form for form in page.forms if form.action.endswith("/refusal")]
    if offered:
        await browser.submit(
            page, offered[0], reason="cover", comment="Vi mangler afløsning. Aftal en anden mødetid."
        )


async def change(browser: Browser, page: Page) -> None:
    """Put up a new version with another meeting place, where the matter is still open."""
    offered = [form for form in page.forms if form.action.endswith("/versions")]
    if offered:
        await browser.submit(page, offered[0], meeting_place="Hovedindgangen, kl. 9", hr_asked="true")


async def cancel(browser: Browser, page: Page) -> None:
    """Call the agreement off."""
    await browser.submit(page, _form(page, action="/cancellation"), reason="workplace")


async def say_held(browser: Browser, page: Page) -> None:
    """Say that the stay took place, where it is still asked."""
    if page.forms:
        await browser.submit(page, _with(page, "held", "yes"))


async def say_not_held(browser: Browser, page: Page) -> None:
    """Say that the stay did not take place."""
    await browser.submit(page, _with(page, "held", "no"), reason="intern_prevented")


async def withdraw(browser: Browser, page: Page) -> None:
    """Take the sign-up back, from the personal page on."""
    asked = await browser.get(page.url.rstrip("/") + "/withdraw")
    await browser.submit(asked, _form(asked, has="reason"), reason="workplace")


async def erase(browser: Browser, page: Page) -> None:
    """Have everything deleted, from the personal page on."""
    asked = await browser.get(page.url.rstrip("/") + "/erase")
    await browser.submit(asked, _form(asked, has="sure"), sure="yes")


def wave_of(page: Page) -> str:
    """Which wave an evaluation page belongs to: only the second asks about contact afterwards."""
    return "follow_up" if any("in_contact_afterwards" in form.names for form in page.forms) else "after"


def evaluating(content: Callable[[str], bool]) -> Act:
    """Answer an evaluation: each question by whether the person is content there."""

    async def evaluate(browser: Browser, page: Page) -> None:
        form = _form(page)
        answers: dict[str, str] = {}
        for name, options in form.choices.items():
            question, _, option = name.partition(".")
            if not option:
                answers[name] = _chosen(question, options, yes=content(question))
            elif (option == _MANY_NONE) != content(question) and (
                option == _MANY_NONE or content(f"{question} {option}")
            ):
                answers[name] = options[0]
        await browser.submit(page, form, **_complete(answers, form))

    return evaluate


def _chosen(question: str, options: list[str], *, yes: bool) -> str:
    if yes:
        return next(
            (option for option in (_YES.get(question, "yes"), "yes", "good") if option in options), options[0]
        )
    return "no" if "no" in options else options[-1]


def _complete(answers: dict[str, str], form: Form) -> dict[str, str]:
    """A choice of several needs at least one: the first where none was taken."""
    for name, options in form.choices.items():
        question, _, option = name.partition(".")
        if option and not any(answer.startswith(f"{question}.") for answer in answers):
            answers[name] = options[0]
    return answers

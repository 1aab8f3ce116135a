"""What hands do on the board's pages to bring them into a state that no address has."""

from browser.stops import Act
from playwright.async_api import Page


async def weightless(page: Page) -> None:
    """Start a run with a weight that is no number."""
    await page.locator("details summary").first.click()
    await page.fill("#weight_field", "meget")
    await page.locator("main form[method=post] button").last.click()


async def suppose_nothing(page: Page) -> None:
    """Ask for both plans with nothing changed."""
    await page.locator("main form[method=get] button").last.click()


def typed(words: str) -> Act:
    """Search for words in the page's own box."""

    async def act(page: Page) -> None:
        await page.fill("#q", words)
        await page.press("#q", "Enter")

    return act


async def moved_on(page: Page) -> None:
    """Call off what was a proposal when the page was opened."""
    await page.locator("main input[name=state]").evaluate("(field) => { field.value = 'proposed'; }")
    await page.check("#sure")
    await send(page)


async def send(page: Page) -> None:
    """Send the page's form with nothing filled in."""
    await page.locator("main form[method=post] button").last.click()

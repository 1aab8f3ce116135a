"""A real browser, started once, and the services on ports of their own, each started when first asked for.

Everything here runs in one loop: the browser's.
"""

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from browser.looking import axe_source
from browser.visiting import Standing, Visitors, stood
from foreign import tool
from playwright.async_api import Browser, async_playwright
from rig import Databases

from ipraktik_local.postgres import PostgresServer

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all tests of this folder, for the browser belongs to it; and last, for they are slow and their services, which
    live on in threads, set up the logs of uvicorn for this whole process."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        if inspect.iscoroutinefunction(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    items[:] = [item for item in items if HERE not in item.path.parents] + ours


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    program = tool(
        "chromium", "chromium-browser", install="Chromium (Debian, Ubuntu: sudo apt install chromium)"
    )
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=program, args=["--disable-dev-shm-usage"])
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser) -> AsyncIterator[Visitors]:
    """Visitors of one test. They must have asked nobody else and complained of nothing."""
    visitors = Visitors(browser)
    yield visitors
    await visitors.leave()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return axe_source()


@pytest.fixture(scope="session")
def standing(postgres: PostgresServer) -> Iterator[Callable[[str], Standing]]:
    """The service of an area with its scene set, shared by all tests that ask for it by the area's name."""
    known: dict[str, Standing] = {}
    databases = Databases(postgres)
    with ExitStack() as stack:

        def stand(name: str) -> Standing:
            if name not in known:
                known[name] = stack.enter_context(stood(name, databases))
            return known[name]

        yield stand

"""Privacy, cookies and accessibility: what they say, and where the short address of the accessibility statement leads."""

import pytest
from registration.desk import Desk
from registration.signing_up import Walk, text_of
from rig import Databases, rig_of

from ipraktik_registration.main import SERVICE

STATEMENT = "https://www.was.digst.dk/example"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("privacy", "14 dage efter, at du sidst skrev"),
        ("cookies", "helt uden cookies"),
        ("accessibility", "Vores erklæring er på vej"),
    ],
)
async def test_the_plain_pages_are_there_in_both_languages(desk: Desk, path: str, words: str) -> None:
    walk = Walk(desk)
    assert words in text_of(await walk.look(f"/registration/{path}"))
    english = await walk.look(f"/registration/{path}?lang=en")
    assert (english.status_code, words in text_of(english)) == (200, False)


async def test_without_a_statement_the_short_address_leads_to_whom_to_write_to(desk: Desk) -> None:
    answer = await Walk(desk).look("/registration/was")
    assert answer.headers["location"] == "/registration/accessibility"


async def test_the_short_address_leads_to_the_organisers_statement(databases: Databases) -> None:
    async with (
        rig_of(SERVICE, databases, accessibility_statement_url=STATEMENT) as rig,
        Desk.open(rig) as desk,
    ):
        walk = Walk(desk)
        for address in ("/was", "/registration/was"):
            assert (await walk.look(address)).headers["location"] == STATEMENT
        assert f'href="{STATEMENT}"' in (await walk.look("/registration/accessibility")).text


async def test_what_browsers_and_search_engines_ask_for_by_themselves_is_there(desk: Desk) -> None:
    walk = Walk(desk)
    icon = (await walk.look("/favicon.ico")).headers["location"]
    assert (await walk.look(icon)).headers["content-type"] == "image/svg+xml"
    robots = (await walk.look("/robots.txt")).text
    assert robots.endswith("Disallow: /\n")
    assert "noindex" not in (await walk.look("/")).text
    assert "noindex" in (await walk.look("/registration/privacy")).text

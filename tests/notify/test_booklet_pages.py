"""The booklet on pages and on paper, for everybody; and what notify holds of a person, for that person alone."""

from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from notify.conftest import Notify
from notify.facts import Story

from ipraktik_contracts import events
from ipraktik_notify.domain.booklet import BOOKLET, PHASES, ROLES
from ipraktik_notify.web.app import create


@pytest.fixture
async def client(notify: Notify) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody has signed in with."""
    transport = httpx.ASGITransport(create(notify.rig.context))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://notify", headers={"accept": "text/html"}
    ) as made:
        yield made


async def test_every_list_has_its_page_with_each_of_its_items_in_both_languages(
    client: httpx.AsyncClient,
) -> None:
    shown: set[str] = set()
    for role in ROLES:
        assert (await client.get(f"/notify/preparation/{role}")).status_code == 200
        for phase in PHASES:
            for language in ("da", "en"):
                answer = await client.get(f"/notify/preparation/{role}/{phase}", params={"lang": language})
                page = unescape(answer.text)
                assert "set-cookie" not in answer.headers
                assert f"/notify/preparation/{role}/print" in page
                items = BOOKLET[role, phase]
                for item in (*items.advice, *items.questions):
                    assert item.words(language).text in page
                    assert item.words(language).why in page
                    assert f'id="{item.id}"' in page
                    shown.add(item.id)
                assert page.count('class="check-box"') == len(items.advice)
    assert len(shown) == 58


async def test_everything_is_on_one_page_for_the_printer_and_a_role_alone_too(
    client: httpx.AsyncClient,
) -> None:
    whole = (await client.get("/notify/preparation/print")).text
    assert whole.count('class="check-box"') == 32
    assert whole.count('class="check-dash"') == 26
    alone = (await client.get("/notify/preparation/host/print")).text
    assert alone.count('class="check-box"') == 11


@pytest.mark.parametrize("path", ["manager", "intern/never", "host/before/more", "print/before"])
async def test_a_list_that_there_is_not_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/notify/preparation/{path}")).status_code == 404


async def test_a_person_gets_what_is_held_of_them_and_of_nobody_else(
    notify: Notify, story: Story, client: httpx.AsyncClient
) -> None:
    await notify.tell(*story.people(), story.proposed())
    assert (await client.get("/notify/my-data")).status_code == 401
    token = notify.rig.link(
        contact_id=story.intern_contact,
        participant_id=story.intern_id,
        acts=["overview"],
        aggregates=[story.intern_id],
    )
    client.cookies.set("ipraktik", token)
    answer = await client.get("/notify/my-data")
    assert "attachment" in answer.headers["content-disposition"]
    held = answer.json()
    assert held["contact"]["email"] == story.address("intern")
    assert {mail["kind"] for mail in held["mails"]} == {"registered", "proposal"}
    for other in ("Hanne", "Åse", str(story.host_id), str(story.host_contact)):
        assert other not in answer.text

    await notify.rig.erase(events.ContactChanged, story.intern_contact)
    gone = await client.get("/notify/my-data")
    assert gone.status_code == 410


async def test_a_link_to_notify_signs_in_and_leads_to_the_booklet(
    notify: Notify, story: Story, client: httpx.AsyncClient
) -> None:
    await notify.tell(story.contact("intern"))
    token = notify.rig.link(
        contact_id=story.intern_contact,
        participant_id=story.intern_id,
        acts=["stay"],
        aggregates=[story.intern_id],
    )
    page = await client.get("/notify/link", params={"t": token})
    assert "Søren Ærø" in page.text
    answer = await client.post("/notify/link", data={"t": token})
    assert answer.headers["location"] == "/notify/preparation"
    assert "ipraktik=" in answer.headers["set-cookie"]

"""Following a link: a GET shows and changes nothing, the button's POST makes the person known by a cookie."""

import dataclasses
import html
import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from chassis.asking import asking, contact_of
from rig import START, Rig

from ipraktik_chassis.links import MAX_TOKEN_CHARS, Coordinator, LinkMinter
from ipraktik_local.postgres import PostgresServer

CONTACT = uuid.UUID(int=11)
ANSWERED = uuid.UUID(int=12)


def token_of(tally: Rig, **changes: Any) -> str:
    """A link to answer."""
    values: dict[str, Any] = {
        "contact_id": CONTACT,
        "participant_id": uuid.UUID(int=13),
        "acts": ("answer",),
        "aggregates": (ANSWERED,),
    }
    return tally.link(**{**values, **changes})


async def test_opening_a_link_shows_whose_it_is_and_a_button(tally: Rig) -> None:
    await contact_of(tally, CONTACT, name="A <b>Name</b>")
    async with asking(tally) as client:
        page = await client.get("/tally/link", params={"t": token_of(tally)})
    assert page.status_code == 200
    assert '<html lang="da">' in page.text
    assert "Linket er til A &lt;b&gt;Name&lt;/b&gt;" in page.text
    assert 'method="post"' in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"


async def test_a_person_who_reads_english_is_spoken_to_in_english(tally: Rig) -> None:
    await contact_of(tally, CONTACT, language="en")
    async with asking(tally) as client:
        page = await client.get("/tally/link", params={"t": token_of(tally)})
    assert '<html lang="en">' in page.text
    assert "This link is for Somebody" in page.text


@pytest.mark.parametrize(("language", "other", "name"), [("da", "en", "English"), ("en", "da", "Dansk")])
async def test_the_other_language_stands_at_the_top_and_keeps_the_rest_of_the_address(
    tally: Rig, language: str, other: str, name: str
) -> None:
    await contact_of(tally, CONTACT, language=language)
    token = token_of(tally)
    async with asking(tally) as client:
        page = await client.get("/tally/link", params={"t": token})
        header = page.text.partition("<header")[2].partition("</header>")[0]
        found = re.findall(r'href="([^"]+)" lang="(..)" hreflang="(..)">(\w+)</a>', header)
        assert found == [(f"/tally/link?t={token}&amp;lang={other}", other, other, name)]
        turned = await client.get(html.unescape(found[0][0]))
    assert f'<html lang="{other}">' in turned.text


async def test_an_answer_to_something_sent_offers_no_address_that_would_lose_it(tally: Rig) -> None:
    async with asking(tally) as client:
        refused = await client.post("/tally/link", data={"t": "nonsense"})
    assert refused.status_code >= 400
    assert "hreflang" not in refused.text


async def test_opening_a_link_changes_nothing_and_sets_no_cookie(
    tally: Rig, postgres: PostgresServer
) -> None:
    await contact_of(tally, CONTACT)
    parts = urlsplit(tally.database_url)
    admin = await asyncpg.connect(postgres.admin_url)
    try:
        # from here on the running role can write nothing at all in this database
        await admin.execute(
            f'alter role "{parts.username}" in database "{parts.path[1:]}" set default_transaction_read_only = on'
        )
    finally:
        await admin.close()
    await tally.database.close()
    await tally.database.open()
    async with tally.database.reading() as conn:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await conn.execute("delete from contacts")
    async with asking(tally) as client:
        for _ in range(2):
            page = await client.get("/tally/link", params={"t": token_of(tally)})
            assert page.status_code == 200
            assert "set-cookie" not in page.headers
            asked = await client.head("/tally/link", params={"t": token_of(tally)})
            assert (asked.status_code, asked.content, "set-cookie" in asked.headers) == (200, b"", False)


async def test_the_button_moves_the_token_into_a_cookie_and_out_of_the_address(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    token = token_of(tally)
    async with asking(tally) as client:
        answer = await client.post("/tally/link", data={"t": token})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/tally/answers/{ANSWERED}"
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"ipraktik={token};")
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert attributes == {"httponly", "path=/", "samesite=lax"}
        # and the cookie is enough from here on
        assert (await client.get("/tally/mine")).json() == {"contact_id": str(CONTACT)}


async def test_outside_the_local_stack_the_cookie_goes_over_https_only(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    context = dataclasses.replace(
        tally.context, settings=tally.context.settings.model_copy(update={"local_stack": False})
    )
    async with asking(dataclasses.replace(tally, context=context)) as client:
        answer = await client.post("/tally/link", data={"t": token_of(tally)})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-ipraktik=")
    assert "secure" in {part.strip().lower() for part in cookie.split(";")}


async def test_a_bearer_token_does_what_the_cookie_does(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    async with asking(tally) as client:
        mine = await client.get("/tally/mine", headers={"authorization": f"Bearer {token_of(tally)}"})
        assert mine.status_code == 200
        assert (await client.get("/tally/mine")).status_code == 401
        assert (await client.get("/tally/mine", headers={"authorization": "Basic eDp5"})).status_code == 401


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "run out": ({"expires_at": START}, 410),
    "of an older epoch": ({"epoch": 1}, 410),
    "for an act that leads nowhere here": ({"acts": ("sign",)}, 403),
    "for no act": ({"acts": ()}, 403),
    "of a contact that is not known here yet": ({"contact_id": uuid.UUID(int=99)}, 503),
}


@pytest.mark.parametrize("what", list(REFUSED))
async def test_a_link_that_does_not_hold_opens_nothing(tally: Rig, what: str) -> None:
    changes, status = REFUSED[what]
    await contact_of(tally, CONTACT, epoch=2)
    token = token_of(tally, **{"epoch": 2, **changes})
    async with asking(tally) as client:
        shown = await client.get("/tally/link", params={"t": token})
        followed = await client.post("/tally/link", data={"t": token})
    assert followed.status_code == status
    assert "set-cookie" not in followed.headers
    assert token not in followed.text
    if status != 403:  # what it opens is asked only when it is followed
        assert shown.status_code == status
    assert ("retry-after" in followed.headers) == (status == 503)


async def test_a_link_of_an_erased_contact_opens_nothing(tally: Rig) -> None:
    await contact_of(tally, CONTACT, name="")
    token = token_of(tally, epoch=7)
    async with asking(tally) as client:
        shown = await client.get("/tally/link", params={"t": token}, headers={"accept": "text/html"})
        assert shown.status_code == 410
        assert "Er din tilmelding slettet, findes der ikke et nyt." in shown.text
        assert (await client.post("/tally/link", data={"t": token})).status_code == 410
        assert (
            await client.get("/tally/mine", headers={"authorization": f"Bearer {token}"})
        ).status_code == 410


async def test_a_higher_epoch_revokes_a_cookie_that_is_already_set(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    async with asking(tally) as client:
        await client.post("/tally/link", data={"t": token_of(tally)})
        assert (await client.get("/tally/mine")).status_code == 200
        await contact_of(tally, CONTACT, epoch=2)
        assert (await client.get("/tally/mine")).status_code == 410


async def test_a_cookie_runs_out_with_its_token(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    async with asking(tally) as client:
        await client.post("/tally/link", data={"t": token_of(tally, expires_at=START + timedelta(hours=1))})
        assert (await client.get("/tally/mine")).status_code == 200
        tally.clock.advance(timedelta(hours=1))
        assert (await client.get("/tally/mine")).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * (MAX_TOKEN_CHARS + 1), "æ", "\x7f"])
async def test_what_is_no_token_opens_nothing(tally: Rig, token: str) -> None:
    async with asking(tally) as client:
        assert (await client.get("/tally/link", params={"t": token})).status_code == 401
        assert (await client.post("/tally/link", data={"t": token})).status_code == 401
        assert (await client.get("/tally/link")).status_code == 401
        assert (await client.post("/tally/link", data={"other": "x"})).status_code == 401


async def test_a_coordinators_token_opens_coordinators_routes_and_nothing_else(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    token = tally.coordinator("a coordinator")
    bearer = {"authorization": f"Bearer {token}"}
    async with asking(tally) as client:
        assert (await client.get("/tally/board", headers=bearer)).json() == {"name": "a coordinator"}
        assert (await client.get("/tally/mine", headers=bearer)).status_code == 401
        nobody = await client.get("/tally/board")
        assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
        persons = {"authorization": f"Bearer {token_of(tally)}"}
        assert (await client.get("/tally/board", headers=persons)).status_code == 403
        client.cookies.set("ipraktik", token, domain="tally.test", path="/")
        assert (await client.get("/tally/board")).status_code == 401


async def test_a_coordinators_link_signs_in_by_a_button_and_leads_to_the_board(tally: Rig) -> None:
    token = tally.coordinator("a coordinator")
    async with asking(tally) as client:
        page = await client.get("/tally/link", params={"t": token})
        assert "Linket er til a coordinator" in page.text
        assert "set-cookie" not in page.headers
        answer = await client.post("/tally/link", data={"t": token})
        assert answer.status_code == 303
        assert urlsplit(answer.headers["location"]).path == "/matching/board"
        assert answer.headers["set-cookie"].startswith(f"ipraktik-board={token};")
        assert (await client.get("/tally/board")).json() == {"name": "a coordinator"}
        # what is for people stays closed
        assert (await client.get("/tally/mine")).status_code == 401


async def test_who_is_not_signed_in_is_led_to_where_that_is_done(tally: Rig) -> None:
    expired = tally.minter.coordinator(Coordinator("a coordinator", START))
    async with asking(tally) as client:
        for cookie in (None, expired, "nonsense"):
            client.cookies.clear()
            if cookie:
                client.cookies.set("ipraktik-board", cookie, domain="tally.test", path="/")
            answer = await client.get("/tally/board", headers={"accept": "text/html"})
            assert answer.status_code == 303
            assert urlsplit(answer.headers["location"]).path == "/registration/sign-in"
        page = await client.get("/tally/link", params={"t": expired})
        assert (page.status_code, "Linket er udløbet" in page.text) == (410, True)


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
async def test_only_a_plain_form_follows_a_link(tally: Rig, kind: str) -> None:
    async with asking(tally) as client:
        answer = await client.post("/tally/link", content=b"t=x", headers={"content-type": kind})
    assert answer.status_code == 415
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_problem_is_told_in_the_language_that_the_address_asks_for(tally: Rig) -> None:
    await contact_of(tally, CONTACT)
    expired = token_of(tally, expires_at=START)
    async with asking(tally) as client:
        danish = await client.get("/tally/link", params={"t": expired})
        english = await client.get("/tally/link", params={"t": expired, "lang": "en"})
    assert '<html lang="da">' in danish.text
    assert "<h1>Linket er udløbet</h1>" in danish.text
    assert '<html lang="en">' in english.text
    assert "<h1>This link has run out</h1>" in english.text


async def test_links_are_refused_with_a_reason_where_no_key_is_set(tally: Rig) -> None:
    context = dataclasses.replace(tally.context, links=None)
    async with asking(dataclasses.replace(tally, context=context)) as client:
        assert (await client.get("/tally/link", params={"t": token_of(tally)})).status_code == 503
        assert (await client.get("/tally/board", headers={"authorization": "Bearer x"})).status_code == 401


async def test_style_sheets_are_kept_under_the_address_of_their_content_and_only_there(tally: Rig) -> None:
    async with asking(tally) as client:
        page = await client.get("/tally/nowhere", headers={"accept": "text/html"})
        place = re.search(r'href="(/tally/static/[^"]+site\.css)"', page.text)
        assert place is not None
        style = await client.get(place[1])
        other = await client.get("/tally/static/0123456789ab/site.css")
        missing = await client.get(place[1].replace("site.css", "..%2Fpages.py"))
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["content-encoding"] == "gzip"
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (other.status_code, other.headers["cache-control"]) == (200, "no-store")
    assert missing.status_code == 404
    assert page.headers["cache-control"] == "no-store"


async def test_a_link_signed_by_another_organisers_key_opens_nothing(tally: Rig) -> None:
    from rig import link_keys

    await contact_of(tally, CONTACT)
    private, _ = link_keys()
    foreign = dataclasses.replace(tally, minter=LinkMinter(private))
    async with asking(tally) as client:
        assert (await client.post("/tally/link", data={"t": token_of(foreign)})).status_code == 401


async def test_a_link_that_does_not_hold_leads_to_where_one_gets_a_new_one(tally: Rig) -> None:
    async with asking(tally) as client:
        page = await client.get("/tally/link", params={"t": "nonsense"})
    assert page.status_code == 401
    assert f'href="{tally.context.settings.registration_public_url}/registration/new-link"' in page.text

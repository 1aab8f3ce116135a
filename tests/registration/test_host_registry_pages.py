"""The host registry by page: search, list, map and a host's own page. Facts of organisations and their offer, nobody's name."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from registration.desk import Desk, host, intern, workplace

from ipraktik_contracts.events import AgreementDrafted, MatchDeclined, MatchProposed
from ipraktik_registration.web.people.host_pages import A_PAGE

HOSTS = "/registration/hosts"
PAGE = {"accept": "text/html"}


def names_on(page: httpx.Response) -> list[str]:
    """Organisations on the list, in its order."""
    listed = page.text.partition("host-list")[2].partition("</ul>")[0]
    return re.findall(r'<h3><a href="[^"]+">([^<]+)<', listed)


async def search(desk: Desk, **choices: Any) -> httpx.Response:
    page = await desk.client.get(HOSTS, params=choices, headers=PAGE)
    assert page.status_code == 200
    return page


async def offer(desk: Desk, name: str, **changes: Any) -> uuid.UUID:
    work = changes.pop("workplace", {})
    desk.rig.clock.advance(timedelta(seconds=1))
    return await desk.register(host(workplace=workplace(organisation_name=name, **work), **changes))


async def propose(desk: Desk, edition_id: uuid.UUID, host_id: uuid.UUID) -> dict[str, Any]:
    """A proposal to the host; what its events repeat."""
    ids: dict[str, Any] = {
        "placement_id": uuid.uuid4(),
        "edition_id": edition_id,
        "intern_id": uuid.uuid4(),
        "host_id": host_id,
        "group_id": None,
    }
    day, now = desk.rig.clock.now().date(), desk.rig.clock.now()
    await desk.rig.tell(
        MatchProposed(
            **ids, run_id=None, origin="matched", first_day=day, last_day=day, answer_by=now, reasons=()
        )
    )
    return ids


async def test_hosts_are_found_by_field_sector_place_language_and_name(desk: Desk) -> None:
    await desk.open_edition()
    await offer(desk, "Aarhus Bibliotek", field="libraries")
    await offer(
        desk, "Nordisk Film", field="culture", workplace={"sector": "private", "ownership": "private"}
    )
    await offer(desk, "Malmö stad", workplace={"municipality_code": None, "country": "SE"}, language="en")
    await offer(desk, "Vejle Kommune", field="law", workplace={"municipality_code": "0630"})
    every = ["Vejle Kommune", "Malmö stad", "Nordisk Film", "Aarhus Bibliotek"]
    assert names_on(await search(desk)) == every, "newest first"
    wanted: list[tuple[dict[str, str], list[str]]] = [
        ({"field": "libraries"}, ["Malmö stad", "Aarhus Bibliotek"]),
        ({"sector": "private"}, ["Nordisk Film"]),
        ({"place": "municipality:0630"}, ["Vejle Kommune"]),
        ({"place": "region:midtjylland"}, ["Nordisk Film", "Aarhus Bibliotek"]),
        ({"place": "abroad"}, ["Malmö stad"]),
        ({"speaks": "en"}, ["Malmö stad"]),
        ({"q": "biblio aar"}, ["Aarhus Bibliotek"]),
        ({"q": "film", "sector": "private", "place": "municipality:0751"}, ["Nordisk Film"]),
        ({"q": "film", "sector": "state"}, []),
        ({"field": "unknown", "place": "municipality:9999", "seats": "x", "speaks": "fr"}, every),
    ]
    for choices, names in wanted:
        page = await search(desk, **choices)
        assert names_on(page) == names, choices


@pytest.mark.parametrize(
    "odd", ["'; drop table participant; --", "a:* | !b & (", "\\", "%", "_", "æøå", "  "]
)
async def test_any_text_may_be_searched_for(desk: Desk, odd: str) -> None:
    await desk.open_edition()
    await offer(desk, "Aarhus Bibliotek")
    assert (await desk.client.get(HOSTS, params={"q": odd * 40}, headers=PAGE)).status_code == 200


async def test_seats_left_follow_what_is_proposed_and_what_ends(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    host_id = await offer(desk, "Aarhus Bibliotek", capacity=2)
    first, _ = await propose(desk, edition_id, host_id), await propose(desk, edition_id, host_id)
    assert "Ingen ledige pladser lige nu" in (await search(desk)).text
    assert names_on(await search(desk, seats="1")) == []
    page = await desk.client.get(f"{HOSTS}/{host_id}", headers=PAGE)
    assert "Alle pladser er taget" in page.text
    assert "Spørg denne vært" not in page.text
    await desk.rig.tell(MatchDeclined(**first, party="intern", reason="dates"))
    assert "1 ledig plads" in (await search(desk, seats="1")).text
    assert names_on(await search(desk, seats="2")) == []


async def test_nothing_found_says_which_choice_to_give_up(desk: Desk) -> None:
    await desk.open_edition()
    await offer(desk, "Aarhus Bibliotek", field="libraries")
    page = await search(desk, field="libraries", place="municipality:0630", lang="da")
    assert "0 værter passer" in page.text
    assert f'href="{HOSTS}?field=libraries&amp;lang=da">Fjern Vejle' in page.text
    assert "Fjern Biblioteker" in page.text


async def test_who_finds_no_host_is_led_to_sign_up_as_an_intern_while_that_is_open(desk: Desk) -> None:
    await desk.open_edition()
    await offer(desk, "Aarhus Bibliotek")
    offered = 'Så finder vi en til dig. <a href="/registration/sign-up/intern">Bliv praktikant</a>'
    assert offered in (await search(desk, q="findes ikke")).text
    assert offered not in (await search(desk)).text
    desk.rig.clock.instant = datetime(2018, 7, 1, tzinfo=UTC)  # the window has closed, the week is to come
    assert "Bliv praktikant" not in (await search(desk, q="findes ikke")).text.partition("<main")[2]


async def test_regions_are_those_of_the_rounds_days_and_not_of_the_day_of_the_search(desk: Desk) -> None:
    desk.rig.clock.instant = datetime(2026, 12, 1, 9, tzinfo=UTC)
    window = {"opens_at": "2026-11-01T08:00:00Z", "closes_at": "2027-01-31T22:00:00Z"}
    await desk.open_edition(name="Marts 2027", window=window, week={"year": 2027, "week": 10})
    await offer(desk, "Roskilde Bibliotek", workplace={"municipality_code": "0265"})
    page = await search(desk, place="region:oestdanmark")
    assert names_on(page) == ["Roskilde Bibliotek"]
    assert "Region Østdanmark" in page.text
    board = await desk.client.get("/registration/desk/sign-ups", headers=desk.coordinator() | PAGE)
    for gone in ("Region Hovedstaden", "Region Sjælland"):
        assert gone not in page.text
        assert gone not in board.text
    assert "Region Østdanmark" in board.text


async def test_the_language_is_told_as_the_one_a_host_writes_in(desk: Desk) -> None:
    await desk.open_edition()
    host_id = await offer(desk, "Nordic House", language="en")
    page = await search(desk, speaks="en")
    assert "Skriver på engelsk" in page.text
    own = await desk.client.get(f"{HOSTS}/{host_id}", headers=PAGE)
    assert "Skriver på" in own.text
    assert "Taler" not in page.text + own.text


async def test_pages_lead_on_and_back_and_meet_every_host_once(desk: Desk) -> None:
    await desk.open_edition()
    for number in range(A_PAGE + 3):
        await offer(desk, f"Vært {number:02}")
    forward: list[str] = []
    href, back = HOSTS + "?sector=municipal", ""
    while href:
        page = await desk.client.get(href, headers=PAGE)
        forward += names_on(page)
        back, href = href, _href(page, "next")
    assert forward == [f"Vært {number:02}" for number in reversed(range(A_PAGE + 3))]
    last = await desk.client.get(back, headers=PAGE)
    first = await desk.client.get(_href(last, "prev"), headers=PAGE)
    assert names_on(first) == forward[:A_PAGE]
    assert _href(first, "prev") == ""
    assert "sector=municipal" in _href(first, "next")


async def test_the_table_beside_the_map_says_what_the_map_shows(desk: Desk) -> None:
    await desk.open_edition()
    for name, code in (("A", "0751"), ("B", "0751"), ("C", "0400"), ("D", None)):
        await offer(desk, name, workplace={"municipality_code": code, "country": "DK" if code else "SE"})
    page = await search(desk, q="")
    table = re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)</a></th><td[^>]*>(\d+)<', page.text)
    assert [(name, count) for _, name, count in table] == [
        ("Bornholm", "1"),
        ("Uden for Danmark", "1"),
        ("Aarhus", "2"),
    ]
    assert 'aria-label="Aarhus: 2 i kartoteket"' in page.text
    led = await desk.client.get(table[2][0].replace("&amp;", "&"), headers=PAGE)
    assert names_on(led) == ["B", "A"]


async def test_a_hosts_page_can_be_shared_and_names_nobody(desk: Desk) -> None:
    await desk.open_edition()
    body = host(
        offer="Et skrivebord.\nOg kaffe <gratis>.",
        available=[{"first_day": "2018-09-10", "last_day": "2018-09-12"}],
        wishes={"fields": ["law"], "sectors": ["state"], "areas": []},
    )
    host_id = await desk.register(body)
    await offer(desk, "Nabo", workplace={"municipality_code": "0607"})
    await offer(desk, "Langt væk", workplace={"municipality_code": "0400"})
    page = await desk.client.get(f"{HOSTS}/{host_id}", headers=PAGE)
    assert page.status_code == 200
    for text in (
        *(
            "Vejle Kommune",
            "Biblioteker",
            "2 ledige pladser ud af 2",
            "2 til 5 dage",
            "10.–12. september 2018",
        ),
        *("Et skrivebord.", "kaffe &lt;gratis&gt;", "Jura og tilsyn", f"{HOSTS}/{host_id}", "Nabo"),
        *("Uge 37, 2018", f"/registration/sign-up/intern?host={host_id}"),
    ):
        assert text in page.text, text
    for secret in (body["name"], body["email"], body["reserve"]["name"], body["job_title"], "Langt væk"):
        assert secret not in page.text, secret


async def test_a_host_that_has_left_is_said_to_be_gone_and_an_id_of_nobody_leads_nowhere(desk: Desk) -> None:
    await desk.open_edition()
    host_id = await offer(desk, "Aarhus Bibliotek")
    guest_id = await desk.register(intern())
    await desk.act(host_id, "withdrawal", {})
    gone = await desk.client.get(f"{HOSTS}/{host_id}", headers=PAGE)
    assert gone.status_code == 410
    assert "her ikke mere" in gone.text
    assert "Aarhus Bibliotek" not in gone.text
    for nobody in (guest_id, uuid.uuid4(), "nonsense"):
        assert (await desk.client.get(f"{HOSTS}/{nobody}", headers=PAGE)).status_code == 404


async def test_hosts_of_an_edition_that_is_over_are_not_listed_and_their_pages_say_so(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    host_id = await offer(desk, "Aarhus Bibliotek")
    ids = await propose(desk, edition_id, host_id)
    now = desk.rig.clock.now()
    await desk.rig.tell(
        AgreementDrafted(
            **ids, version=1, fingerprint="0" * 64, first_day=now.date(), last_day=now.date(), sign_by=now
        )
    )
    await desk.pass_time(days=200)
    assert names_on(await search(desk)) == []
    page = await desk.client.get(f"{HOSTS}/{host_id}", headers=PAGE)
    assert "Runden er slut" in page.text
    assert "Spørg denne vært" not in page.text


def _href(page: httpx.Response, rel: str) -> str:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', page.text)
    return found.group(1).replace("&amp;", "&") if found else ""

"""The coordinators' list: who is in it, how it is filtered, searched, sorted, paged and taken out, and what it costs."""

import asyncio
import json
import logging
import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import asyncpg
import httpx
import pytest
from registration.counter import HERE, links, see, send, words
from registration.desk import Desk, host, intern, named, workplace

from ipraktik_registration.domain import csv_text
from ipraktik_registration.store import lines
from ipraktik_registration.store.lines import Wanted

MANY = """
with made as (
    insert into participant (participant_id, edition_id, role, state, reference, lot, idempotency_key, created_at, respond_by, body,
        unit_name)
    select gen_random_uuid(), $1, (array['intern', 'host'])[1 + i % 2], (array['unconfirmed', 'registered', 'awaiting_consent'])[1 + i % 3],
        'IP-' || i, 'lot', gen_random_uuid(), $3, case when i % 3 <> 1 then $3::timestamptz + make_interval(mins => i) end,
        jsonb_build_object('field', 'law', 'workplace', jsonb_build_object('organisation_name', 'Sted ' || i % 50,
            'sector', 'municipal', 'municipality_code', (array['0751', '0630'])[1 + i % 2])), 'Enhed'
    from generate_series(1, $2::int) i
    returning participant_id, reference)
insert into contact (contact_id, participant_id, relation, name, email, email_key, language)
select gen_random_uuid(), participant_id, 'self', 'Navn ' || reference, lower(reference) || '@example.org',
    lower(reference) || '@example.org', 'da' from made
"""


async def fill(desk: Desk, edition_id: uuid.UUID, number: int) -> None:
    """So many sign-ups at once, as the database would have them."""
    async with desk.rig.database.reading() as conn:
        await conn.execute(MANY, edition_id, number, desk.rig.clock.now())
    owner = await asyncpg.connect(str(desk.rig.context.settings.migration_database_url))
    try:
        await owner.execute("analyze sign_up_line")  # as the server does by itself after a while
    finally:
        await owner.close()


def names(page: str) -> list[str]:
    """The names in the list, in order."""
    table = page.partition('aria-labelledby="found">')[2].partition("</table>")[0]
    return [part.partition("</a>")[0].rpartition(">")[2] for part in table.split('<th scope="row">')[1:]]


async def test_nobody_but_a_coordinator_sees_it(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    token = await desk.link(participant_id)
    for path in ("sign-ups", f"sign-ups/{participant_id}", "sign-ups.csv", "register", "import", "editions"):
        page = await desk.page(f"{HERE}/{path}", token)
        assert (page.status_code, page.headers["location"]) == (303, "/registration/sign-in")
        assert (await desk.client.get(f"{HERE}/{path}")).status_code == 401
    for path in (f"sign-ups/{participant_id}/erase", "register", "import", "editions/new"):
        assert (await desk.page(f"{HERE}/{path}", token, {"sure": "yes"})).status_code == 401
    assert await desk.state(participant_id) == "registered"


async def test_without_an_edition_the_list_leads_to_the_first(desk: Desk) -> None:
    page = await see(desk, "sign-ups")
    assert "Opret en runde" in words(page)
    assert (await see(desk, "sign-ups.csv")).status_code == 303


async def test_everybody_is_counted_by_role_and_state(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host())
    await desk.register(intern())
    await desk.sign_up(intern())
    page = await see(desk, "sign-ups")
    assert "Praktikant 1 Praktikant, Mangler at bekræfte 0 1 Praktikant, Tilmeldt" in words(page)
    assert "3 tilmeldinger passer" in words(page)
    assert (
        len(names((await see(desk, f"{links(page, 'state=unconfirmed')[0].removeprefix(HERE + '/')}")).text))
        == 1
    )


ALL = {"Vært", "Ledig", "Par", "Venter"}
FILTERS: dict[str, set[str]] = {
    "role=host": {"Vært"},
    "role=intern": ALL - {"Vært"},
    "state=registered": ALL - {"Venter"},
    "state=waiting": {"Venter"},
    "field=law": {"Ledig"},
    "sector=state": {"Ledig"},
    "place=municipality:0101": {"Ledig"},
    "place=region:hovedstaden": {"Ledig"},
    "place=region:syddanmark": {"Vært"},
    "tie=companion": {"Par"},
    "tie=self_found": set(),
    "waits=3": {"Venter"},
    "waits=7": set(),
    "role=host&field=law": set(),
    "place=region:oestdanmark": ALL,  # no region yet on that day: a filter that means nothing is left out
    "role=nonsense&state=%27&field=&place=region:nowhere&waits=-1&after=x&edition=y": ALL,
}


async def test_a_filter_finds_who_fits(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host(name="Vært"))
    state = workplace(sector="state", municipality_code="0101", ministerial_area="finance")
    await desk.register(intern(name="Ledig", field="law", workplace=state))
    await desk.register(intern(name="Par", companion=named(intern())))
    await desk.sign_up(intern(name="Venter"))
    desk.rig.clock.advance(timedelta(days=4))
    found = {query: set(names((await see(desk, f"sign-ups?{query}")).text)) for query in FILTERS}
    assert found == FILTERS


@pytest.mark.parametrize(
    ("language", "names_in_order"),
    [
        ("da", ("Borgerservice", "Dagtilbud og børn", "Økonomi og indkøb")),
        ("en", ("Citizen service", "Day care", "Finance and procurement")),
    ],
)
async def test_fields_stand_in_the_order_of_the_readers_alphabet(
    desk: Desk, language: str, names_in_order: tuple[str, ...]
) -> None:
    await desk.open_edition()
    for page in (f"sign-ups?lang={language}", f"register?role=host&lang={language}"):
        text = (await see(desk, page)).text
        places = [text.index(f">{name}") for name in names_in_order]
        assert places == sorted(places)


SEARCHES: dict[str, set[str]] = {
    "åse": {"Åse Østergaard"},
    "ØSTER": {"Åse Østergaard"},
    "aarhus": {"Åse Østergaard", "Bent"},
    "ribe bent": set(),
    "bibliotek": {"Bent"},
    "bent@firma.dk": {"Bent"},
    "'); drop table participant; --": set(),
}


async def test_a_search_finds_by_how_words_begin(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host(name="Åse Østergaard", workplace=workplace()))
    await desk.register(
        host(name="Bent", email="bent@firma.dk", workplace=workplace(unit_name="Biblioteket"))
    )
    found = {text: set(names((await search(desk, text)).text)) for text in SEARCHES}
    assert found == SEARCHES


async def search(desk: Desk, text: str) -> httpx.Response:
    """Search; the page is the answer."""
    found = await send(desk, "sign-ups", {"q": text})
    assert found.status_code == 200
    assert "set-cookie" not in found.headers
    return found


async def test_a_reference_is_found_and_a_search_never_stands_in_an_address(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host(name="Denne"))
    reference = (await desk.own(participant_id))["reference"]
    page = await search(desk, reference.lower())
    assert names(page.text) == ["Denne"]
    assert reference.lower() not in "".join(links(page, "/"))
    odd = {"q": reference, "path": "x", "request": "y", "self": "z", "role": "intern"}
    assert names((await send(desk, "sign-ups", odd)).text) == []
    taken_out = await send(desk, "sign-ups.csv", {"q": reference})
    assert [line.split(";")[3].strip('"') for line in taken_out.text.splitlines()[1:]] == ["Denne"]


async def test_what_was_found_is_paged_without_an_address_that_says_it(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await fill(desk, edition_id, 120)
    pages = [await search(desk, "navn")]
    for _ in range(9):
        buttons = re.findall(r'<form method="post"[^>]*>(.*?)</form>', pages[-1].text, re.DOTALL)
        onward = next((one for one in buttons if 'name="after"' in one), None)
        if onward is None:
            break
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', onward))
        pages.append(await send(desk, "sign-ups", hidden))
    shown = [names(page.text) for page in pages]
    assert len(shown) > 1
    assert sum(map(len, shown)) == int(re.findall(r"(\d+) tilmeldinger passer", pages[0].text)[0])
    assert len({name for page in shown for name in page}) == sum(map(len, shown))


async def test_names_are_in_danish_order_both_ways_and_the_heading_says_which(desk: Desk) -> None:
    await desk.open_edition()
    for name in ("Åse", "Anders", "Ærø", "aa-ma", "Zoe", "Østen"):
        await desk.register(host(name=name))
    page = await see(desk, "sign-ups?order=name")
    assert names(page.text) == ["Anders", "Zoe", "Ærø", "Østen", "aa-ma", "Åse"]
    assert page.text.count('aria-sort="ascending"') == 1
    turned = await see(desk, links(page, "falling=yes")[0].removeprefix(HERE + "/"))
    assert names(turned.text) == ["Åse", "aa-ma", "Østen", "Ærø", "Zoe", "Anders"]
    assert turned.text.count('aria-sort="descending"') == 1


async def test_every_sign_up_is_on_one_page_forth_and_back(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await fill(desk, edition_id, 142)
    for order in lines.ORDERS:
        for falling in ("", "&falling=yes"):
            await _there_and_back(
                desk, f"sign-ups?order={order}{falling}", 94 if order == "deadline" else 142
            )


async def _there_and_back(desk: Desk, path: str, number: int) -> None:
    page = await see(desk, path)
    forth = [names(page.text)]
    while following := beside(page, "next"):
        page = await see(desk, following)
        forth.append(names(page.text))
        assert len(forth) <= number
    every = [name for part in forth for name in part]
    assert len(every) == len(set(every)) == number
    back = [forth[-1]]
    while previous := beside(page, "prev"):
        page = await see(desk, previous)
        back.append(names(page.text))
        assert len(back) <= number
    assert back == forth[::-1]


def beside(page: httpx.Response, way: str) -> str | None:
    """Where the next or the previous page is."""
    found = re.search(rf'href="{HERE}/([^"]+)" rel="{way}"', page.text)
    return None if found is None else unescape(found[1])


async def test_a_page_of_twenty_thousand_touches_as_many_rows_as_it_shows(desk: Desk) -> None:
    """Counted in rows, which no other work on the machine can blur."""
    edition_id = await desk.open_edition()
    await fill(desk, edition_id, 20_000)
    async with desk.rig.database.reading() as conn:
        for order in lines.ORDERS:
            found = await lines.page(conn, wanted=Wanted(edition_id), order=order, limit=51)
            asked: list[Any] = []
            with conn.query_logger(asked.append):
                last = found[-1].participant_id
                await lines.page(conn, wanted=Wanted(edition_id), order=order, beyond=last, limit=51)
            await asyncio.sleep(0)  # the driver tells its loggers a turn later
            assert 1 <= len(asked) <= 2
            page = asked[-1]
            plan = await conn.fetchval(f"explain (analyze, format json) {page.query}", *page.args)
            assert touched(json.loads(plan)[0]["Plan"]) <= 2 * 51, order


def touched(node: dict[str, Any]) -> float:
    """How many rows a plan reads, those that it throws away too."""
    below: float = sum(touched(one) for one in node.get("Plans", ()))
    if "Scan" not in node["Node Type"]:
        return below
    read: float = node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
    return below + read


async def test_a_list_is_taken_out_with_the_same_filter_and_nobody_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    edition_id = await desk.open_edition()
    await fill(desk, edition_id, 1_200)
    with caplog.at_level(logging.INFO):
        answer = await see(desk, "sign-ups.csv?role=host&order=name")
    table = csv_text.read(answer.text)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    assert table.header[:5] == ("Reference", "Rolle", "Tilstand", "Navn", "E-mail")
    assert len(table.rows) == 600
    assert {row.cells[1] for row in table.rows} == {"Vært"}
    said = [record.getMessage() for record in caplog.records if "taken out" in record.getMessage()]
    assert said == [f"a list of 600 sign-ups of edition {edition_id} was taken out by coordinator"]


async def test_a_name_that_would_be_a_formula_is_harmless_in_the_list(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host(name='=HYPERLINK("x")', job_title="@SUM(1)"))
    text = (await see(desk, "sign-ups.csv")).text
    assert "\"'=HYPERLINK(" in text
    assert ";'@SUM(1);" in text
    assert csv_text.read(text).rows[0].cells[3] == '=HYPERLINK("x")'


async def test_who_is_erased_is_in_the_list_without_a_trace_of_the_person(desk: Desk) -> None:
    await desk.open_edition()
    body = host(name="Glem Mig")
    participant_id = await desk.register(body)
    assert (await desk.erase(participant_id)).status_code == 204
    page = await see(desk, "sign-ups?state=erased")
    assert names(page.text) == ["Uden navn"]
    assert names((await search(desk, "glem")).text) == []
    async with desk.rig.database.reading() as conn:
        row = await conn.fetchrow("select * from sign_up_line where participant_id = $1", participant_id)
    assert [row[name] for name in ("name", "email", "organisation", "words", "reference")] == [
        "",
        "",
        "",
        "",
        None,
    ]


async def test_the_list_follows_every_change_of_a_sign_up(desk: Desk) -> None:
    await desk.open_edition()
    body = host(name="Før")
    participant_id = await desk.register(body)
    changed = {
        **body,
        "name": "Efter",
        "field": "law",
        "workplace": workplace(organisation_name="Lejre Kommune"),
    }
    assert (await desk.put(participant_id, changed)).status_code == 200
    assert names((await see(desk, "sign-ups?field=law")).text) == ["Efter"]
    assert names((await search(desk, "lejre")).text) == ["Efter"]
    await desk.act(participant_id, "withdrawal", {"reason": "other"})
    assert names((await see(desk, "sign-ups?state=withdrawn")).text) == ["Efter"]

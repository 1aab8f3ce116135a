"""A list is brought, looked at, and taken in just as it was shown, once; what could not be taken is offered for mending."""

import asyncio
import uuid
from datetime import timedelta

import httpx
from registration.counter import (
    HEADINGS,
    HERE,
    bring,
    count,
    hidden,
    history,
    host_row,
    intern_row,
    links,
    rows_of,
    see,
    send,
    words,
)
from registration.desk import Desk, everything, intern

from ipraktik_contracts.events import ConfirmationRequested, ContactChanged, Event, ParticipantRegistered
from ipraktik_registration.domain import csv_text
from ipraktik_registration.web.desk.columns import COLUMNS


async def look(desk: Desk, edition_id: uuid.UUID, text: str) -> tuple[str, httpx.Response]:
    """Bring a list; where it is looked at, and what is shown there."""
    sent = await bring(desk, edition_id, text.encode())
    assert sent.status_code == 303, words(sent)
    path = sent.headers["location"].removeprefix(HERE + "/")
    return path, await see(desk, path)


async def take_in(desk: Desk, path: str, page: httpx.Response) -> httpx.Response:
    """Press the button of what is shown."""
    return await send(desk, path, {"shown": hidden(page, "shown")})


def verdicts(page: httpx.Response) -> list[str]:
    """What would happen to each row."""
    table = page.text.partition('aria-labelledby="rows">')[2].partition("</table>")[0]
    return [
        part.partition("badge")[2].partition(">")[2].partition("<")[0] for part in table.split("<tr>")[2:]
    ]


async def test_what_is_shown_is_done(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await desk.rig.said()
    text = rows_of(intern_row(1), intern_row(2, **{"E-mail": "forkert"}), host_row(3))
    path, page = await look(desk, edition_id, text)
    assert verdicts(page) == ["Ny", "Fejl", "Ny"]
    assert "E-mail: Skriv en e-mail som navn@eksempel.dk." in words(page)
    assert await desk.rig.said(Event) == []
    assert await count(desk, "participant") == 0
    assert "Importér 2 rækker" in words(page)
    sent = await take_in(desk, path, page)
    assert sent.headers["location"] == f"{HERE}/{path}"
    done = words(await see(desk, path))
    assert "Nye tilmeldinger 2 Kendes i forvejen 0 Udeladt 1" in done
    said = await desk.rig.said(Event)
    assert len([one for one in said if isinstance(one, ConfirmationRequested)]) == 2
    contacts = {one.email: one for one in said if isinstance(one, ContactChanged)}
    assert set(contacts) == {"p1@example.org", "l1@example.org", "v3@example.org"}
    own = contacts["p1@example.org"].participant_id
    assert await history(desk, own) == [("imported", "coordinator", "coordinator", None)]
    await desk.act(own, "confirmation")
    await desk.act(own, "consent", {"agree": True})
    [registered] = await desk.rig.said(ParticipantRegistered)
    assert (registered.field, registered.journey_type, registered.workplace.municipality_code) == (
        "libraries",
        "tourist",
        "0751",
    )
    assert "Tilmeldt med en liste" in words(await see(desk, f"sign-ups/{own}"))


async def test_a_list_is_taken_in_once_however_often_it_is_pressed(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    text = rows_of(*(intern_row(number) for number in range(20)))
    path, page = await look(desk, edition_id, text)
    again, same = await look(desk, edition_id, text)
    assert again == path
    answers = await asyncio.gather(*(take_in(desk, path, one) for one in (page, same, page)))
    assert {answer.status_code for answer in answers} == {303}
    assert await count(desk, "participant") == 20
    assert "Nye tilmeldinger 20" in words(await see(desk, path))


async def test_two_lists_with_the_same_people_take_each_in_once(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    one, first = await look(desk, edition_id, rows_of(intern_row(1), intern_row(2)))
    two, second = await look(desk, edition_id, rows_of(intern_row(2), intern_row(3)))
    answers = await asyncio.gather(take_in(desk, one, first), take_in(desk, two, second))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late, path = (answers[0], one) if answers[0].status_code == 409 else (answers[1], two)
    assert "Der er sket noget" in words(late)
    assert sorted(verdicts(late)) == ["Ny", "Som før"]
    assert (await take_in(desk, path, late)).status_code == 303
    assert await count(desk, "participant") == 3


async def test_who_is_signed_up_already_is_known_or_left_out(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    path, page = await look(desk, edition_id, rows_of(intern_row(1)))
    await take_in(desk, path, page)
    await desk.sign_up(intern(email="P2@example.org"))
    rows = [intern_row(1), intern_row(2), intern_row(3), intern_row(3, **{"E-mail": "P3@EXAMPLE.org"})]
    path, page = await look(desk, edition_id, rows_of(*rows, intern_row(3, Navn="En anden")))
    assert verdicts(page) == ["Som før", "Fejl", "Ny", "Fejl", "Fejl"]
    said = words(page)
    assert "Er tilmeldt i forvejen med andre svar (IP-" in said
    assert "Står også i linje 4 med andre svar." in said
    await take_in(desk, path, page)
    assert "Nye tilmeldinger 1 Kendes i forvejen 1 Udeladt 3" in words(await see(desk, path))


async def test_rows_that_could_not_be_taken_are_mended_and_brought_back(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    text = rows_of(intern_row(1), intern_row(2, Sektor="Privat"), ["vært", "=Kun navn"])
    path, page = await look(desk, edition_id, text)
    before = (await see(desk, f"{path}/left.csv")).text
    await take_in(desk, path, page)
    left = (await see(desk, f"{path}/left.csv")).text
    assert left == before
    table = csv_text.read(left)
    assert table.header == (*HEADINGS, "Fejl")
    assert [row.cells[1] for row in table.rows] == ["Praktikant 2", "=Kun navn"]
    assert "Praktikanter kommer fra kommuner" in table.rows[0].cells[-1]
    mended = left.replace(";Privat;", ";Kommune;")
    path, page = await look(desk, edition_id, mended)
    assert verdicts(page) == ["Ny", "Fejl"]
    await take_in(desk, path, page)
    assert await count(desk, "participant") == 2


async def test_the_template_is_a_list_that_can_be_brought(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    template = await see(desk, "import/template.csv")
    assert csv_text.read(template.text).header == tuple(column.heading for column in COLUMNS)
    sent = await bring(desk, edition_id, template.content)
    page = await see(desk, sent.headers["location"].removeprefix(HERE + "/"))
    assert verdicts(page) == ["Ny", "Ny"]


async def test_spreadsheets_of_every_kind_are_understood(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    row = intern_row(1, Navn="Åse Ærø", Organisation='"Aarhus, ""Kommune"""')
    for separator, encoding in ((",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")):
        content = rows_of(row, separator=separator).encode(encoding)
        sent = await bring(desk, edition_id, content)
        page = await see(desk, sent.headers["location"].removeprefix(HERE + "/"))
        assert verdicts(page) == ["Ny"]
        assert 'Åse Ærø praktikant Aarhus, "Kommune"' in words(page)


async def test_a_pasted_list_is_taken_too(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    form = {"edition": str(edition_id), "pasted": rows_of(intern_row(1))}
    sent = await send(desk, "import", form)
    assert verdicts(await see(desk, sent.headers["location"].removeprefix(HERE + "/"))) == ["Ny"]
    both = await desk.client.post(
        f"{HERE}/import",
        data=form,
        files={"file": ("a.csv", b"x", "text/csv")},
        headers=desk.coordinator() | {"accept": "text/html"},
    )
    assert (both.status_code, "ikke begge dele" in words(both)) == (422, True)


async def test_a_list_that_is_none_is_refused_with_the_mend(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    for content, sentence in (
        (b"", "Listen er tom"),
        (b"Navn;By\nx;y", "Kolonnen “By” kender vi ikke"),
        (b"Navn;Navn\nx;y", "Kolonnen “Navn” er der to gange"),
        (b"Navn\nx", "Listen mangler kolonner: Rolle, E-mail, Organisation, Sektor, Fagområde."),
        (rows_of().encode(), "Listen har kun overskrifter"),
        (rows_of(['"x']).encode(), "citationstegn omkring linje 2"),
        (rows_of(*[intern_row(1)] * 2001).encode(), "over 2.000 rækker"),
        (b"PK\x03\x04\0\0", "Gem den som CSV i UTF-8"),
        (b"x" * 1_000_001, "Filen fylder over 1 MB"),
    ):
        page = await bring(desk, edition_id, content)
        assert page.status_code == 422, sentence
        assert sentence in words(page), words(page)
        assert "<title>Fejl:" in page.text
    assert (await bring(desk, edition_id, b"x" * 1_200_000)).status_code == 413
    pasted = await desk.client.post(
        f"{HERE}/import",
        data={"edition": str(edition_id), "pasted": "x" * 1_000_001},
        files={"file": ("", b"", "application/octet-stream")},
        headers=desk.coordinator() | {"accept": "text/html"},
    )
    assert (pasted.status_code, "fylder over 1 MB" in words(pasted)) == (422, True)
    assert (await send(desk, "import", {"pasted": "x" * 1_000_001})).status_code in (413, 422)
    assert await count(desk, "import_text") == 0
    nowhere = await send(desk, "import", {"pasted": rows_of(intern_row(1))})
    assert (nowhere.status_code, 'href="#edition"' in nowhere.text) == (422, True)


async def test_a_row_is_told_of_what_is_wrong_with_it(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    rows = (
        ["pilot"],
        [*intern_row(1), "for meget"],
        intern_row(2, Navn="x" * 4_001),
        intern_row(3, Navn="x" * 201),
        intern_row(4, **{"Leders e-mail": "p4@example.org"}),
    )
    _, page = await look(desk, edition_id, rows_of(*rows))
    said = words(page)
    for sentence in (
        "Rolle: Skriv praktikant eller vært.",
        "Rækken har flere felter end overskriften.",
        "Et felt har over 4.000 tegn.",
        "Navn: Skriv højst 200 tegn.",
        "Leders e-mail: Skriv lederens e-mail, en anden end praktikantens egen.",
    ):
        assert sentence in said
    assert "Der er ingen nye rækker" in said
    assert "Importér" not in said.partition("Alle rækker")[0].replace("Importér en liste", "")


async def test_nothing_is_done_when_something_has_happened_since(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    path, page = await look(desk, edition_id, rows_of(intern_row(1), intern_row(2)))
    await desk.sign_up(intern(email="p1@example.org"))
    late = await take_in(desk, path, page)
    assert late.status_code == 409
    assert verdicts(late) == ["Fejl", "Ny"]
    assert await count(desk, "participant") == 1
    desk.rig.clock.advance(timedelta(hours=1))
    await send(desk, path, {"shown": "x"})
    assert await count(desk, "participant") == 1


async def test_a_list_is_not_taken_into_an_edition_that_has_closed(desk: Desk) -> None:
    window = {"opens_at": "2018-03-01T00:00:00Z", "closes_at": "2018-04-09T12:00:00Z"}
    edition_id = await desk.open_edition(window=window)
    path, page = await look(desk, edition_id, rows_of(intern_row(1)))
    desk.rig.clock.advance(timedelta(hours=5))
    late = await take_in(desk, path, page)
    assert (late.status_code, "tager ikke imod tilmeldinger" in words(late)) == (409, True)
    assert "Ingen runde tager imod" in words(await see(desk, "import"))


async def test_a_list_is_gone_after_a_day_and_its_people_at_once_when_erased(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    path, _ = await look(desk, edition_id, rows_of(intern_row(1)))
    await desk.pass_time(hours=23)
    assert (await see(desk, path)).status_code == 200
    await desk.pass_time(hours=1)
    assert await count(desk, "import_text") == 0
    gone = await see(desk, path)
    assert (gone.status_code, "Hent den ind igen" in words(gone)) == (404, True)
    assert (await send(desk, path, {"shown": "x"})).status_code == 404

    participant_id = await desk.sign_up(intern(email="p7@example.org"))
    path, _ = await look(
        desk, edition_id, rows_of(intern_row(1), intern_row(7, **{"E-mail": "P7@Example.org"}))
    )
    await desk.erase(participant_id)
    assert "p7@example.org" not in "".join((await everything(desk.rig)).values()).lower()


async def test_a_longer_list_is_shown_a_page_at_a_time_and_its_errors_alone(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    rows = [intern_row(number, **({"Navn": ""} if number % 100 == 0 else {})) for number in range(1, 302)]
    path, page = await look(desk, edition_id, rows_of(*rows))
    assert len(verdicts(page)) == 200
    assert len(verdicts(await see(desk, f"{path}?page=2"))) == 101
    assert len(verdicts(await see(desk, f"{path}?page=99"))) == 101
    assert verdicts(await see(desk, links(page, "only=errors")[0].removeprefix(HERE + "/"))) == ["Fejl"] * 3


async def test_two_thousand_rows_take_a_few_statements(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    path, page = await look(desk, edition_id, rows_of(*(intern_row(number) for number in range(2_000))))
    asked: list[str] = []
    pool = desk.rig.database.pool
    conn = await pool.acquire()
    held = [await pool.acquire() for _ in range(pool.get_max_size() - 1)]
    conn.add_query_logger(logger := lambda record: asked.append(record.query))
    await pool.release(conn)
    assert (await take_in(desk, path, page)).status_code == 303
    conn = await pool.acquire()
    conn.remove_query_logger(logger)
    for one in (conn, *held):
        await pool.release(one)
    assert await count(desk, "participant") == 2_000
    assert await count(desk, "sign_up_line") == 2_000
    assert await count(desk, "outbox") == 2_000 * 3 + 1
    assert len(asked) <= 20 + 3 * 10, len(asked)

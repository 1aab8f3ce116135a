"""The agreement on paper and in the calendar: the page's words, tagged, the same bytes for the same version; checked by anybody."""

import io
import re
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from icalendar import Calendar
from matching.cast import Cast
from matching.visiting import PARTIES, Case, a_case, words_of
from rig import Rig
from validators.judging import calendar_faults, pdf_faults

from ipraktik_matching.domain.terms import TEXTS
from ipraktik_matching.web.person import document

HARD = {
    "programme": "Dag 1: #panic() <b>bus</b> *fed* $x$ \\ // slut\nDag 2: Ærø & Åbenrå – «citat» 100 %",
    "goals_host": "Mål " + "meget " * 60,
    "meeting_place": "Rutebilstationen, dør 4, kl. 8",
}


@pytest.fixture
async def case(cast: Cast) -> Case:
    found = await a_case(cast)
    await found.accepted()
    return found


async def the_pdf(case: Case, party: str = "intern", **query: str) -> bytes:
    answer = await case.get(party, "agreement/pdf", **query)
    assert answer.status_code == 200, words_of(answer)
    assert answer.headers["content-type"] == "application/pdf"
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def text_in(pdf: bytes) -> str:
    """The document's words in reading order, by the fonts' own tables, without any space."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            fonts = {str(name): _characters(font) for name, font in page.Resources.Font.items()}
            characters: dict[int, str] = {}
            for instruction in pikepdf.parse_content_stream(page):
                if str(instruction.operator) == "Tf":
                    characters = fonts[str(instruction.operands[0])]
                elif str(instruction.operator) in ("Tj", "TJ"):
                    found.append(_words(instruction.operands[0], characters))
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", "".join(found)))


def _words(shown: Any, characters: dict[int, str]) -> str:
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return "".join(
        characters.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes), 2)
    )


def _characters(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>\n", table)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words))


async def test_the_document_is_tagged_and_fit_for_keeping_in_both_languages_and_every_state(
    case: Case, tmp_path: Path
) -> None:
    documents = [await the_pdf(case)]
    await case.changes("host", **HARD, host_contact_id="", confidentiality_declaration="yes")
    for party in PARTIES:
        await case.approves(party)
    documents += [await the_pdf(case, lang=language) for language in ("da", "en")]
    assert pdf_faults(standard="ua1", documents=documents, home=tmp_path) == ""
    assert pdf_faults(standard="2a", documents=documents, home=tmp_path) == ""
    with pikepdf.open(io.BytesIO(documents[1])) as pdf:
        assert str(pdf.Root.Lang) == "da-DK"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Aftale om innovationspraktik"


async def test_the_document_says_what_the_page_says(case: Case) -> None:
    await case.changes("host", **HARD, confidentiality_declaration="yes", hr_asked="yes")
    for party in PARTIES:
        await case.approves(party)
    version = await case.current()
    said = text_in(await the_pdf(case))
    page = squeezed(await case.reads("intern", "agreement"))
    for name in TEXTS:
        assert squeezed(getattr(version.terms, name)) in said, name
    for words in (
        "10.–12. september 2018",
        "Navn self intern",
        "Navn manager intern",
        "Navn self host",
        "Har godkendt 9. april 2018 kl. 10.00",
        "Værten betaler ikke løn.",
        "Praktikanten lover at holde fortrolige ting for sig selv",
        version.fingerprint[:8],
    ):
        assert squeezed(words) in said, words
        assert squeezed(words) in page, words
    assert version.fingerprint in said
    assert squeezed("Version 2. Gælder. Alle tre har godkendt.") in said


async def test_the_same_version_gives_the_same_bytes_for_whoever_asks_and_whenever(
    rig: Rig, case: Case
) -> None:
    for party in PARTIES:
        await case.approves(party)
    first = await the_pdf(case)
    rig.clock.instant = datetime(2018, 6, 1, tzinfo=UTC)
    await rig.tell(case.cast.contact(case.intern, "manager", name="Ny Leder", epoch=1))
    assert await the_pdf(case, "host") == first
    await case.changes("host", programme="Ny plan")
    assert await the_pdf(case) != first
    assert squeezed("Erstattet af en nyere version") not in text_in(await the_pdf(case, version="1"))
    missing = await case.get("intern", "agreement/pdf", version="9")
    assert (missing.status_code, "Versionen findes ikke" in missing.text) == (404, True)


async def test_a_document_that_cannot_be_made_is_told_and_logged_without_its_words(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "agreement.typ"
    broken.write_text("#let data = json(bytes(sys.inputs.data))\n#panic(data.title)")
    monkeypatch.setattr(document, "TEMPLATE", broken)
    answer = await case.get("intern", "agreement/pdf")
    assert (answer.status_code, "PDF'en kan ikke laves lige nu" in words_of(answer)) == (503, True)
    assert "agreement.typ was not typeset" in caplog.text
    assert "Aftale om" not in caplog.text


async def test_documents_are_made_at_a_bounded_pace(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    async def made(*_: Any) -> bytes:
        return b"%PDF-"

    monkeypatch.setattr(document, "typeset", made)
    statuses = [(await case.get("intern", "agreement/pdf")).status_code for _ in range(40)]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses


async def test_the_note_about_needs_is_not_in_the_document(case: Case) -> None:
    await case.does("intern", "needs", note="Jeg kan ikke tåle nødder", act="save")
    for party in PARTIES:
        await case.approves(party)
    assert "nødder" not in text_in(await the_pdf(case))


async def test_the_calendar_file_is_valid_and_one_entry_through_changes_and_the_end(
    rig: Rig, case: Case, tmp_path: Path
) -> None:
    for party in PARTIES:
        await case.approves(party)
    files = [(await case.get("intern", "calendar.ics")).content]
    await case.changes("host", programme="Mød kollegerne", **{"first_day-day": "11"})
    files.append((await case.get("intern", "calendar.ics")).content)
    for party in PARTIES:
        await case.approves(party)
    files.append((await case.get("manager", "calendar.ics", lang="en")).content)
    await case.does("host", "agreement/cancellation", reason="dates")
    files.append((await case.get("intern", "calendar.ics")).content)
    assert calendar_faults(calendars=files, home=tmp_path) == ""
    entries: list[Any] = [Calendar.from_ical(one).walk("VEVENT")[0] for one in files]
    assert {str(one["uid"]) for one in entries} == {f"{case.id}@example.org"}
    assert [int(one["sequence"]) for one in entries] == [2, 2, 4, 5]
    assert [str(one["status"]) for one in entries] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [one["dtstart"].dt for one in entries] == [date(2018, 9, 10)] * 2 + [date(2018, 9, 11)] * 2
    assert entries[2]["dtend"].dt == date(2018, 9, 13)
    assert str(entries[2]["summary"]).startswith("Innovation internship at Organisation")


async def test_anybody_checks_a_fingerprint_and_sees_no_name(rig: Rig, case: Case) -> None:
    web = case.cast.web
    first = await case.current()
    waiting = await web.get(f"/matching/verify/{first.fingerprint}")
    assert "Ikke godkendt af alle tre endnu." in words_of(waiting)
    assert "0 af 3 parter" in words_of(waiting)
    for party in PARTIES:
        await case.approves(party)
    for typed in (first.fingerprint, first.fingerprint[:8], f" {first.fingerprint[:8].upper()} "):
        found = await web.get("/matching/verify", params={"fingerprint": typed})
        said = words_of(found)
        assert "Gælder. Alle tre har godkendt." in said
        assert "10.–12. september 2018" in said
        assert "3 af 3 parter" in said
        assert not re.search("Navn self|Navn manager|Organisation|Velkomst|bus", said)
    await case.changes("host", programme="Ny plan")
    assert "Gælder." in words_of(await web.get(f"/matching/verify/{first.fingerprint}"))
    for party in PARTIES:
        await case.approves(party)
    assert "Erstattet af en nyere version." in words_of(
        await web.get(f"/matching/verify/{first.fingerprint}")
    )
    second = await case.current()
    await case.does("host", "agreement/cancellation", reason="dates")
    assert "Aftalen er aflyst." in words_of(await web.get(f"/matching/verify/{second.fingerprint}"))


@pytest.mark.parametrize("typed", ["", "abc", "x" * 64, "a" * 65, "%25%25%25%25%25%25%25%25", "12345678'--"])
async def test_what_is_no_fingerprint_is_mended_and_never_looked_up(case: Case, typed: str) -> None:
    answer = await case.cast.web.get("/matching/verify", params={"fingerprint": typed})
    assert answer.status_code == 422
    assert "Skriv mindst 8 tegn" in words_of(answer)


async def test_an_unknown_fingerprint_and_too_much_asking_are_told(rig: Rig, case: Case) -> None:
    web = case.cast.web
    assert "Har du en aftale" in words_of(await web.get("/matching/verify"))
    statuses = []
    for number in range(70):
        answer = await web.get(f"/matching/verify/{number:064x}")
        statuses.append(answer.status_code)
        if answer.status_code == 200:
            assert "Vi kender ikke det fingeraftryk" in words_of(answer)
    assert statuses[:60] == [200] * 60
    assert 429 in statuses

"""The report to keep and to reckon with: a PDF that can be read aloud and archived, and a CSV that opens right."""

import csv
import io
import re
from pathlib import Path

import pikepdf
import pytest
from evaluation.facts import World, browser
from evaluation.rounds import answered_round, publish
from hypothesis import given
from hypothesis import strategies as st
from rig import Rig
from validators.judging import pdf_faults

from ipraktik_evaluation.web.report.csv_file import safe


async def file(rig: Rig, world: World, ending: str, lang: str = "da") -> bytes:
    async with browser(rig) as client:
        got = await client.get(f"/evaluation/reports/{world.edition_id}{ending}?lang={lang}")
    assert got.status_code == 200
    assert re.search(
        r'attachment; filename="[a-z]+-[-0-9a-f]+\.(pdf|csv)"', got.headers["content-disposition"]
    )
    return got.content


@pytest.fixture
async def published(rig: Rig, world: World) -> World:
    """A round with a report; its name begins like a formula."""
    await answered_round(rig, world, stays=12, name='=HYPERLINK("http://example.org")')
    await publish(rig, world)
    return world


@pytest.mark.timeout(180)
async def test_the_pdf_keeps_the_standards_and_has_structure(
    rig: Rig, published: World, tmp_path: Path
) -> None:
    documents = [await file(rig, published, ".pdf", lang) for lang in ("da", "en")]
    assert pdf_faults(standard="ua1", documents=documents, home=tmp_path) == ""
    assert pdf_faults(standard="2a", documents=documents, home=tmp_path) == ""
    assert await file(rig, published, ".pdf") == documents[0]
    for document, language in zip(documents, ("da-DK", "en-GB"), strict=True):
        with pikepdf.open(io.BytesIO(document)) as pdf:
            assert str(pdf.Root.Lang) == language
            text = document.decode("latin-1")
            assert len(pdf.pages) > 1
            assert text.startswith("%PDF-")


async def test_the_csv_says_every_number_of_the_report_and_what_is_suppressed(
    rig: Rig, published: World
) -> None:
    raw = await file(rig, published, ".csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["afsnit", "navn", "del", "antal svar", "antal", "andel", "skjult"]
    assert all(len(row) == 7 for row in rows)
    assert ["Deltagelse", "Gennemførte praktikker", "", "", "12", "", "nej"] in rows
    assert ["Andele", "Har haft konkret nytte af praktikken", "", "18", "18", "1,0000", "nej"] in rows
    assert [
        "Tidligere år",
        "Har haft konkret nytte af praktikken",
        "COI's tal, gengivet i 2018",
        "",
        "",
        "0,7500",
        "nej",
    ] in rows
    assert ["Andele", "Har haft kontakt efter praktikken", "", "0", "", "", "ja"] in rows
    assert ["Deltagelse", "Deltagere efter kommune", "Bornholm", "", "", "", "ja"] in rows
    assert rows[1][2].startswith("'=HYPERLINK")
    english = (await file(rig, published, ".csv", "en")).decode("utf-8-sig")
    assert "Shares,Have had concrete use of the stay,,18,18,1.0000,no\r\n" in english


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(0, 1), st.none()))
def test_no_cell_begins_as_a_formula(cell: str | int | float | None) -> None:
    said = safe(cell, decimal=",")
    assert isinstance(cell, int) or not said.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))

"""Lists as spreadsheets write them come back as they were, and nothing that is written is a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_registration.domain import csv_text
from ipraktik_registration.domain.csv_text import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Unreadable,
    decoded,
    read,
    written,
)

CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(
    ["=1+1", "'=x", "''-", "+45 12 34", "a;b", '"q"', "x\r\ny", "\r", "\ufeffx", "a,b,c", "\t", "æøå", "@"]
)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(CELLS, min_size=width, max_size=width).filter(lambda row: any(cell.strip() for cell in row)),
        min_size=2,
        max_size=6,
    )
)


@given(TABLES)
def test_whatever_is_written_comes_back(rows: list[list[str]]) -> None:
    table = read(decoded(written(rows[0], rows[1:]).encode()))
    assert [table.header, *(row.cells for row in table.rows)] == [tuple(row) for row in rows]


@given(TABLES)
def test_no_cell_that_is_written_begins_a_formula(rows: list[list[str]]) -> None:
    for row in rows:
        for cell in row:
            first = csv_text.lines([[cell]]).removeprefix('"')[:1]
            assert first not in tuple("=+-@\t")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_spreadsheet_is_understood(separator: str, encoding: str, end: str) -> None:
    text = end.join(separator.join(row) for row in (("Navn", "By"), ("Åse", '"Ærø; , sogn"'), ("", ""))) + end
    table = read(decoded(text.encode(encoding)))
    assert table.header == ("Navn", "By")
    assert [row.cells for row in table.rows] == [("Åse", "Ærø; , sogn")]


def test_a_heading_in_quotes_does_not_hide_the_separator() -> None:
    assert read('"Aftalt med, navn";Navn\nx;y').header == ("Aftalt med, navn", "Navn")


def test_a_row_is_called_by_the_line_it_begins_on() -> None:
    table = read('Navn;By\n\n"to\nlinjer";x\nen;y\n')
    assert [row.line for row in table.rows] == [3, 5]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n;;\n", "empty"),
        ("Navn;By\n", "no_rows"),
        ("Navn;By\n\0;x", "encoding"),
        ('Navn;By\n"x;y', "quotes"),
        ('Navn;By\n"x"y;z', "quotes"),
        ("a;" * MAX_COLUMNS + "b\n1", "too_many_columns"),
        ("Navn\n" + "x\n" * (MAX_ROWS + 1), "too_many_rows"),
    ],
)
def test_what_is_no_list_is_told_by_its_reason(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert refused.value.why == why


def test_the_longest_list_is_taken() -> None:
    assert len(read("Navn\n" + "x\n" * MAX_ROWS).rows) == MAX_ROWS


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (b"\xff\xfeA", "encoding"),
        (b"A\0B\0", "encoding"),
        (b"\x81\x8d", "encoding"),
    ],
)
def test_what_is_no_text_is_told_by_its_reason(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decoded(content)
    assert refused.value.why == why

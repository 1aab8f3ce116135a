"""Documents: tagged and lasting, the same bytes for the same data, bounded, and with no way to files or settings of the service."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pikepdf
import psutil
import pytest
from validators.judging import pdf_faults

from ipraktik_chassis import typesetting
from ipraktik_chassis.typesetting import TypesettingFailed, typeset

NOTE = Path(__file__).parent / "print" / "note.typ"


def a_note(**different: Any) -> dict[str, Any]:
    return {
        "title": "Notat om Ærø og Åbenrå",
        "date": [2018, 9, 10],
        "heading": "Hvem",
        "rows": [["Praktikant", "Søren"], ["Vært", "Åse"]],
    } | different


def a_template(folder: Path, text: str) -> Path:
    path = folder / "template.typ"
    path.write_text(text)
    return path


async def test_a_document_is_tagged_and_keeps_the_standards_for_reading_aloud_and_for_archives(
    tmp_path: Path,
) -> None:
    pdf = await typeset(NOTE, a_note())
    assert pdf_faults(standard="ua1", documents=[pdf], home=tmp_path) == ""
    assert pdf_faults(standard="2a", documents=[pdf], home=tmp_path) == ""


async def test_the_validator_finds_the_fault_of_a_document_without_tags(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(await typeset(NOTE, a_note()))) as document:
        del document.Root.StructTreeRoot
        untagged = io.BytesIO()
        document.save(untagged)
    assert "NOT ok" in pdf_faults(standard="ua1", documents=[untagged.getvalue()], home=tmp_path)


async def test_the_same_data_give_the_same_bytes_and_other_data_other_bytes() -> None:
    first, again, other = await asyncio.gather(
        typeset(NOTE, a_note()), typeset(NOTE, a_note()), typeset(NOTE, a_note(heading="Hvor"))
    )
    assert first == again != other


async def test_data_are_text_and_never_markup() -> None:
    pdf = await typeset(NOTE, a_note(rows=[["#panic()", '*fed* #read("note.typ")']]))
    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "asked",
    [
        '#read("/../secret.txt")',
        '#read("../secret.txt")',
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0": *',
    ],
)
async def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path, asked: str) -> None:
    (tmp_path / "secret.txt").write_text("hemmeligt")
    inner = tmp_path / "print"
    inner.mkdir()
    with pytest.raises(TypesettingFailed, match=r"template\.typ was not typeset") as refused:
        await typeset(a_template(inner, f'#set document(title: "x")\n{asked}'), {})
    assert "hemmeligt" not in refused.value.diagnostic


async def test_a_fault_of_the_template_is_said_without_the_data(tmp_path: Path) -> None:
    template = a_template(
        tmp_path, '#let data = json(bytes(sys.inputs.data))\n#set document(title: "x")\n#panic(data.name)'
    )
    with pytest.raises(TypesettingFailed) as refused:
        await typeset(template, {"name": "Søren Ærø"})
    assert "Søren" not in str(refused.value)
    assert "panicked" in refused.value.diagnostic


async def test_too_many_data_are_refused_before_a_child_is_started() -> None:
    with pytest.raises(TypesettingFailed, match="shorten"):
        await typeset(NOTE, a_note(heading="x" * typesetting.MAX_DATA_BYTES))


async def test_a_document_without_end_is_given_up_and_its_child_with_it(tmp_path: Path) -> None:
    numbers = "range(30000)"
    template = a_template(
        tmp_path,
        f'#set document(title: "x")\n#for a in {numbers} {{ for b in {numbers} {{ let c = a * b }} }}',
    )
    with pytest.raises(TypesettingFailed, match="more than 1 second;"):
        await typeset(template, {}, within_seconds=1)
    assert not children()


async def test_no_more_than_two_children_run_at_a_time() -> None:
    at_once = 0
    asked = [asyncio.ensure_future(typeset(NOTE, a_note(heading=str(number)))) for number in range(6)]
    while not all(one.done() for one in asked):
        at_once = max(at_once, len(children()))
        await asyncio.sleep(0.005)
    assert len({await one for one in asked}) == 6
    assert at_once == 2


async def test_the_child_inherits_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://hemmeligt")
    asked = asyncio.ensure_future(typeset(NOTE, a_note()))
    seen: set[str] = set()
    looked = 0
    while not asked.done():
        for child in children():
            seen |= settings_of(child)
            looked += 1
        await asyncio.sleep(0.002)
    await asked
    assert looked
    assert not any("hemmeligt" in setting for setting in seen)


def children() -> list[int]:
    """Children of this process that typeset."""
    return [
        child.pid
        for child in psutil.Process().children()
        if "ipraktik_chassis.typesetting" in " ".join(what_it_runs(child))
    ]


def what_it_runs(child: psutil.Process) -> list[str]:
    try:
        return list(child.cmdline())
    except psutil.Error:
        return []  # it ended meanwhile


def settings_of(child: int) -> set[str]:
    try:
        return set(psutil.Process(child).environ().values())
    except psutil.Error:
        return set()

"""What people read: Danish in the source, English in the catalogues, nothing written past them."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAME_IN_BOTH = {
    "Innovationspraktik",
    "Dansk",
    "English",
    "PDF",
    "CSV",
    "JSON",
    "kB",
    "px",
    "ID",
    "QR",
    "HTML",
}
_CODE = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MARKUP = re.compile(r"\b[\w-]+=\"[^\"]*\"|<!--.*?-->|<style>.*?</style>|<[^>]*>|&\w+;", re.DOTALL)


def tool() -> ModuleType:
    """deploy/texts.py, which is a script."""
    spec = importlib.util.spec_from_file_location("texts_tool", ROOT / "deploy" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TOOL = tool()


def templates() -> Iterator[Path]:
    for service in TOOL.NAMES:
        yield from TOOL.package(service).rglob("templates/**/*.html")


@pytest.mark.parametrize("service", TOOL.NAMES)
def test_every_text_has_its_english_with_the_same_placeholders(service: str) -> None:
    assert TOOL.missing(service) == []


def unspoken(source: str) -> set[str]:
    """Words that a template writes past the catalogues."""
    return set(re.findall(r"[^\W\d_]{2,}", _MARKUP.sub(" ", _CODE.sub(" ", source)))) - SAME_IN_BOTH


@pytest.mark.parametrize(
    "template", [*templates()], ids=lambda template: f"{template.parents[1].name}/{template.name}"
)
def test_a_template_writes_nothing_past_the_catalogues(template: Path) -> None:
    assert unspoken(template.read_text("utf-8")) == set()


def test_a_word_past_the_catalogues_is_found() -> None:
    assert unspoken("<p class='x'>Hej</p>{{ _('Godt') }}{% trans %}Fint{% endtrans %}") == {"Hej"}


def test_what_has_no_english_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "tally" / "ipraktik_tally"
    (package / "templates").mkdir(parents=True)
    (package / "locale" / "en").mkdir(parents=True)
    (package / "words.py").write_text('A = N_("Hej {name}")\nB = say.many("{n} vært", "{n} værter", 2)\n')
    (package / "templates" / "a.html").write_text(
        "{{ _('Farvel') }}{% trans n=1 %}Trin {{ n }}{% endtrans %}{{ say('Mere') }}"
    )
    (package / "locale" / "en" / "a.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Hej {name}"\nmsgstr "Hello {nobody}"\n\nmsgid "Glemt"\nmsgstr "Forgotten"\n'
    )
    monkeypatch.setattr(TOOL, "SERVICES", tmp_path)
    monkeypatch.setattr(TOOL, "NAMES", ("tally",))
    monkeypatch.setattr(TOOL, "english_of_the_frame", dict)
    found = "\n".join(TOOL.missing("tally"))
    for text in ("Farvel", "Trin %(n)s", "Mere", "{n} værter", "Hej {name}", "Glemt"):
        assert text in found
    assert "other placeholders in English: 'Hej {name}'" in found
    assert "nothing says: 'Glemt'" in found

"""Both languages: words, plurals, days, moments, numbers."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ipraktik_chassis.texts import N_, Texts, language_named

ENGLISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Vælg et fag"
msgstr "Choose a field"

msgid "{n} vært"
msgid_plural "{n} værter"
msgstr[0] "{n} host"
msgstr[1] "{n} hosts"

msgid "Halvfærdig"
msgstr ""
"""


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    """A package's catalogue beside the frame's."""
    (tmp_path / "area.po").write_text(ENGLISH, "utf-8")
    return Texts(tmp_path)


def test_danish_is_the_source_and_english_is_looked_up(texts: Texts) -> None:
    danish, english = texts.of("da"), texts.of("en")
    assert danish(N_("Vælg et fag")) == "Vælg et fag"
    assert english("Vælg et fag") == "Choose a field"
    assert english("Tilbage") == "Back", "the frame's own words are there too"


def test_what_has_no_english_yet_is_said_in_danish(texts: Texts) -> None:
    assert texts.of("en")("Halvfærdig") == "Halvfærdig"
    assert texts.of("en")("") == ""


def test_numbers_choose_the_form_and_are_written_the_languages_way(texts: Texts) -> None:
    danish, english = texts.of("da"), texts.of("en")
    assert [danish.many("{n} vært", "{n} værter", n) for n in (1, 2)] == ["1 vært", "2 værter"]
    assert english.many("{n} vært", "{n} værter", 1234) == "1,234 hosts"
    assert danish.number(1234.5) == "1.234,5"


@pytest.mark.parametrize(
    ("first", "last", "danish", "english"),
    [
        (date(2018, 9, 10), date(2018, 9, 10), "10. september 2018", "10 September 2018"),
        (date(2018, 9, 10), date(2018, 9, 14), "10.–14. september 2018", "10–14 September 2018"),
        (
            date(2018, 9, 28),
            date(2018, 10, 2),
            "28. september – 2. oktober 2018",
            "28 September – 2 October 2018",
        ),
        (
            date(2018, 12, 31),
            date(2019, 1, 2),
            "31. december 2018 – 2. januar 2019",
            "31 December 2018 – 2 January 2019",
        ),
    ],
)
def test_a_stretch_of_days_says_nothing_twice(
    texts: Texts, first: date, last: date, danish: str, english: str
) -> None:
    assert texts.of("da").days(first, last) == danish
    assert texts.of("en").days(first, last) == english


def test_moments_are_told_in_danish_time(texts: Texts) -> None:
    summer = datetime(2018, 6, 8, 21, 30, tzinfo=UTC)
    assert texts.of("da").instant(summer) == "8. juni 2018 kl. 23.30"
    assert texts.of("en").instant(summer) == "8 June 2018 at 23:30"
    assert texts.of("da").weekday(date(2018, 9, 10)) == "mandag den 10. september 2018"


def test_only_the_two_languages_are_languages() -> None:
    assert [language_named(name) for name in ("da", "en", "de", "", None)] == ["da", "en", None, None, None]

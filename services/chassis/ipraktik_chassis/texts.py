"""What people read, in their language: Danish is written in the source, English comes from gettext catalogues.

A package keeps its English in `locale/en/*.po`, a file per area; they are read as they are when the process starts. A text without
English shows as Danish and never fails, so a test looks for what is missing (`deploy/texts.py`).
"""

import gettext
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from .clock import LOCAL_ZONE

Language = Literal["da", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")
_OWN: Final = Path(__file__).parent / "locale" / "en"
_BABEL: Final[Mapping[Language, str]] = {"da": "da", "en": "en_GB"}


class Labelled(Protocol):
    """Something with a name in both languages, such as a code of the contract."""

    def in_language(self, language: str) -> str: ...


def N_(text: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a text that is translated where it is shown."""
    return text


def language_named(name: str | None) -> Language | None:
    """The language of that name, if there is one."""
    return next((language for language in LANGUAGES if language == name), None)


def day_that_ends(instant: datetime) -> date | None:
    """The Danish day that ends at a midnight; None for a moment in the midst of a day."""
    local = instant.astimezone(LOCAL_ZONE)
    return local.date() - timedelta(days=1) if (local.hour, local.minute) == (0, 0) else None


class Speech:
    """One language: texts, days, moments and numbers as its people write them. Times are Danish local time."""

    def __init__(self, language: Language, translations: gettext.NullTranslations) -> None:
        self.language: Final = language
        self.translations: Final = translations

    def __call__(self, text: str) -> str:
        """The text in this language."""
        return self.translations.gettext(text) if text else ""

    def many(self, one: str, more: str, n: int) -> str:
        """The text for that number, `{n}` filled in."""
        return self.translations.ngettext(one, more, n).format(n=self.number(n))

    def label(self, labelled: Labelled) -> str:
        """A label's words."""
        return labelled.in_language(self.language)

    def day(self, day: date) -> str:
        """A day: 10. september 2018, or 10 September 2018."""
        return format_date(day, "d. MMMM y" if self.language == "da" else "d MMMM y", self._locale)

    def weekday(self, day: date) -> str:
        """A day with its name: mandag den 10. september 2018."""
        pattern = "EEEE 'den' d. MMMM y" if self.language == "da" else "EEEE d MMMM y"
        return format_date(day, pattern, self._locale)

    def days(self, first: date, last: date) -> str:
        """A stretch of days: 10.-14. september 2018."""
        if first == last:
            return self.day(first)
        dot = "." if self.language == "da" else ""
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}{dot}–{self.day(last)}"
        if first.year == last.year:
            start = format_date(first, f"d{dot} MMMM", self._locale)
            return f"{start} – {self.day(last)}"
        return f"{self.day(first)} – {self.day(last)}"

    def instant(self, instant: datetime) -> str:
        """A moment in Danish time: 10. september 2018 kl. 12.00."""
        local = instant.astimezone(LOCAL_ZONE)
        if self.language == "da":
            return f"{self.day(local.date())} kl. {local.hour}.{local:%M}"
        return f"{self.day(local.date())} at {local.hour}:{local:%M}"

    def deadline(self, instant: datetime) -> str:
        """A deadline: the moment, or, where it is midnight, the whole day that ends then."""
        day = day_that_ends(instant)
        return self.instant(instant) if day is None else self.day(day)

    def number(self, number: int | float) -> str:
        """A number with the language's separators."""
        return format_decimal(number, locale=self._locale)

    @property
    def _locale(self) -> str:
        return _BABEL[self.language]


class Texts:
    """The texts of a package, beside those of the frame. `folders` hold the package's `*.po`."""

    def __init__(self, *folders: Path) -> None:
        english = Catalog(locale="en")
        for folder in (_OWN, *folders):
            for file in sorted(folder.glob("*.po")):
                with file.open("rb") as opened:
                    for message in read_po(opened, locale="en"):
                        if message.id and _has_words(message.string):
                            english.add(message.id, message.string, context=message.context)
        compiled = io.BytesIO()
        write_mo(compiled, english)
        compiled.seek(0)
        self._speeches: Final[Mapping[Language, Speech]] = {
            "da": Speech("da", gettext.NullTranslations()),
            "en": Speech("en", gettext.GNUTranslations(compiled)),
        }

    def of(self, language: Language) -> Speech:
        """How that language says it."""
        return self._speeches[language]


def _has_words(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)

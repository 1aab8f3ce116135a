"""Days and deadlines as people say them, in Danish and English. Days are local, instants are shown in Danish time."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_DAYS: Final = {
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = {
    "da": (
        "januar februar marts april maj juni juli august september oktober november december".split()  # noqa: SIM905
    ),
    "en": (
        "January February March April May June July August September October November December".split()  # noqa: SIM905
    ),
}
_BREAKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """The text without line breaks or control characters: fit for a header, and for a sentence."""
    return _BREAKS.sub(" ", text).strip()


def sentence(text: str) -> str:
    """One line that begins with a capital, whatever word or name came first."""
    line = one_line(text)
    return line[:1].upper() + line[1:]


def genitive(name: str) -> str:
    """The Danish genitive: Hannes, Jens'."""
    return f"{name}'" if name[-1:].lower() in ("s", "x", "z") else f"{name}s"


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where there is one."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    whole = cut.rsplit(" ", 1)[0]
    return (whole if len(whole) > limit // 2 else cut).rstrip(" ,.–-") + "…"


def day(value: date, language: str, *, year: bool = True) -> str:
    """mandag den 10. september 2018 / Monday 10 September 2018."""
    weekday, month = _DAYS[language][value.weekday()], _MONTHS[language][value.month - 1]
    text = f"{weekday} {value.day} {month}" if language == "en" else f"{weekday} den {value.day}. {month}"
    return f"{text} {value.year}" if year else text


def days(first: date, last: date, language: str) -> str:
    """10.-14. september 2018 / 10-14 September 2018, and what differs is said."""
    if first == last:
        return day(first, language)
    dot = "" if language == "en" else "."
    months = _MONTHS[language]
    end = f"{last.day}{dot} {months[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{dot}-{end}"
    start = f"{first.day}{dot} {months[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} {'to' if language == 'en' else 'til'} {end}"


def deadline(instant: datetime, language: str) -> str:
    """The day, with the time of day unless it is midnight: then it is the end of the day before."""
    local = instant.astimezone(_ZONE)
    if (local.hour, local.minute) == (0, 0):
        return day((local - timedelta(minutes=1)).date(), language)
    clock = f"{local.hour}.{local.minute:02}" if language == "da" else f"{local.hour}:{local.minute:02}"
    return f"{day(local.date(), language)} {'kl.' if language == 'da' else 'at'} {clock}"


def short_day(instant: datetime, language: str) -> str:
    """The deadline's day for a subject line: 8. juni / 8 June."""
    local = (instant.astimezone(_ZONE) - timedelta(minutes=1)).date()
    month = _MONTHS[language][local.month - 1]
    return f"{local.day} {month}" if language == "en" else f"{local.day}. {month}"

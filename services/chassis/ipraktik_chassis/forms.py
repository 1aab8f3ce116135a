"""What somebody has filled in, and what is wrong with it. A form is read whole, kept for showing again, and never trusted."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from fastapi import Request

from .problem import Problem

MAX_FIELDS: Final = 300
TRAP: Final = "website"
"""A field that people do not see; who fills it in is a program that fills in everything."""


class Form(Mapping[str, str]):
    """Values by field name, and a sentence for each field that has to be mended.

    As a mapping it gives the last value of a name; `all` gives every one.
    """

    def __init__(
        self, values: Mapping[str, str | Sequence[str]] | None = None, errors: Mapping[str, str] | None = None
    ) -> None:
        self._values: dict[str, tuple[str, ...]] = {
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in (values or {}).items()
        }
        self.errors: Final[dict[str, str]] = dict(errors or {})

    def __getitem__(self, name: str) -> str:
        values = self._values[name]
        return values[-1] if values else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name, in order."""
        return self._values.get(name, ())

    def filled(self, name: str) -> str:
        """The value without white space around it; empty where there is none."""
        return self.get(name, "").strip()

    def with_errors(self, errors: Mapping[str, str]) -> "Form":
        """The same form with what is wrong with it. The order of `errors` is that of the summary."""
        return Form(self._values, errors)

    @property
    def trapped(self) -> bool:
        """Whether a program has filled in what people do not see."""
        return bool(self.filled(TRAP))


async def form_of(request: Request) -> Form:
    """The posted form. Raises Problem for anything but a plain form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(
            415,
            "A form is expected",
            "Send the page's form as application/x-www-form-urlencoded.",
            danish=("Det var ikke en formular", "Gå tilbage til siden, og send formularen derfra."),
        )
    async with request.form(max_files=0, max_fields=MAX_FIELDS) as sent:
        values: dict[str, list[str]] = {}
        for name, value in sent.multi_items():
            if isinstance(value, str):
                # browsers send line breaks as CR LF; what is kept and counted has one character for each
                values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form(values)


def day_in(form: Form, name: str) -> date | None:
    """The day of the three fields of `parts.date`; None where all are empty. Raises ValueError for what is no day."""
    parts = [form.filled(f"{name}-{part}") for part in ("year", "month", "day")]
    if not any(parts):
        return None
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise ValueError("not a day")
    year, month, day = map(int, parts)
    return date(year, month, day)


def day_fields(name: str, day: date | None) -> dict[str, str]:
    """The values of the three fields of `parts.date` for a day."""
    if day is None:
        return {}
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}

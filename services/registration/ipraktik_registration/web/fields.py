"""The kinds of text, code and date that people may send. Whatever passes here can be stored, mailed and said in an event."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from ipraktik_contracts.codes import FIELDS, MINISTERIAL_AREAS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS

_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2100, 12, 31)
# No control characters (PostgreSQL refuses NUL; a line break in a name is an attempt at a mail header) and no lone surrogates.
_ONE_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
_LINES: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
_EMAIL: Final = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\s@\x00-\x1f\x7f-\x9f<>(),;:\\\"\[\]]{1,189}$"


class Sent(BaseModel):
    """What somebody sends: nothing unknown in it, and silent about it when it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _known(codes: dict[str, Any], what: str) -> Any:
    def check(code: str) -> str:
        if code not in codes:
            raise ValueError(f"not a known {what}")
        return code

    return Annotated[
        str, Field(max_length=60, json_schema_extra={"enum": [*sorted(codes)]}), AfterValidator(check)
    ]


def _sendable(email: str) -> str:
    """The domain in the form that every mail server takes."""
    local, _, domain = email.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("not an e-mail address that mail can be sent to") from None
    if "." not in ascii_domain or ascii_domain.startswith((".", "-")) or ascii_domain.endswith((".", "-")):
        raise ValueError("not an e-mail address that mail can be sent to")
    if len(local) + len(ascii_domain) >= 254 or ".." in email or local.startswith("."):
        raise ValueError("not an e-mail address that mail can be sent to")
    return f"{local}@{ascii_domain}"


def _in_our_time(day: date) -> date:
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError(f"a day from {_EARLIEST} to {_LATEST} is expected")
    return day


def _instant_in_our_time(instant: datetime) -> datetime:
    # compared before it is turned into UTC, which the very first and last instants of the calendar do not survive
    if not _EARLIEST <= instant.date() <= _LATEST:
        raise ValueError(f"an instant from {_EARLIEST} to {_LATEST} is expected")
    return instant.astimezone(UTC)


def _known_area(area: str) -> str:
    kind, _, code = area.partition(":")
    if (kind == "municipality" and code not in MUNICIPALITIES) or (kind == "region" and code not in REGIONS):
        raise ValueError("not a known municipality or region")
    return area


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ONE_LINE)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_ONE_LINE)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_ONE_LINE)
]
Presentation = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=_LINES)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=6, max_length=254, pattern=_EMAIL),
    AfterValidator(_sendable),
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
FieldOfWork = _known(FIELDS, "field of work")
MinisterialArea = _known(MINISTERIAL_AREAS, "ministerial area")
Municipality = _known(MUNICIPALITIES, "municipality code")
WishedArea = Annotated[
    str,
    StringConstraints(max_length=60, pattern=r"^(municipality:\d{4}|region:[a-z_]{1,40}|country:[A-Z]{2})$"),
    AfterValidator(_known_area),
]
Day = Annotated[date, AfterValidator(_in_our_time)]
Instant = Annotated[AwareDatetime, AfterValidator(_instant_in_our_time)]

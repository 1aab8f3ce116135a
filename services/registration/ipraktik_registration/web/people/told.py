"""What a person has told at sign-up, as rows of label and value in the reader's language. For that person alone."""

from datetime import date
from typing import Any, Final

from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import FIELDS, JOURNEY_TYPES, SECTORS, Label
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.editions import Frame
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.participants import SignUp
from ipraktik_registration.usecases.tell_own_sign_up import OwnSignUp

_NAMES: Final[dict[Kind, str]] = {
    "companion": N_("Rejsefælle"),
    "self_found": N_("Har aftalt med"),
    "host_in_mind": N_("Vært i tankerne"),
}
_LANGUAGES: Final[dict[str, Label]] = {"da": Label("Dansk", "Danish"), "en": Label("Engelsk", "English")}
_ABROAD: Final = N_("Uden for Danmark")

Row = tuple[str, str | list[str]]


def told_rows(say: Speech, own: OwnSignUp) -> list[Row]:
    """The rows; none once it is forgotten."""
    sign_up, facts = own.sign_up, own.sign_up.body
    if not facts or "self" not in own.people:
        return []
    self_, intern = own.people["self"], sign_up.role == "intern"
    work = facts["workplace"]
    rows: list[Row | None] = [
        (say(N_("Navn")), self_.name),
        (say(N_("E-mail")), self_.email),
        (say(N_("Sprog i mails")), say.label(_LANGUAGES[self_.language])),
        (say(N_("Stilling")), sign_up.job_title) if sign_up.job_title else None,
        (say(N_("Arbejdsplads")), _together(work["organisation_name"], sign_up.unit_name)),
        (say(N_("Sektor")), say.label(SECTORS[work["sector"]])),
        (say(N_("Sted")), place_name(say, work["municipality_code"])),
        (say(N_("Fagområde")), field_name(say, facts["field"])),
        (say(N_("Rejsetype")), say.label(JOURNEY_TYPES[facts["journey_type"]])) if intern else None,
        (say(N_("Dage")), days_words(say, facts["days"])),
        (say(N_("Kan")), periods(say, facts["available"])) if facts["available"] else None,
        None if intern else (say(N_("Praktikanter ad gangen")), say.number(facts["capacity"])),
        (say(N_("Ønsker")), wish_words(say, facts["wishes"])) if _wishes(facts["wishes"]) else None,
        _person(say(N_("Nærmeste leder")), own.people.get("manager")),
        _person(say(N_("Reserve")), own.people.get("reserve")),
        *(_named(say, own, kind) for kind in _NAMES),
        (say(N_("Derfor vil du af sted") if intern else N_("Det tilbyder I")), sign_up.presentation)
        if sign_up.presentation
        else None,
    ]
    return [row for row in rows if row is not None]


def asked_rows(say: Speech, sign_up: SignUp, frame: Frame) -> list[Row]:
    """What a manager is asked to agree to: the round, its days, and what the intern has told of the journey. None once forgotten."""
    facts = sign_up.body
    if not facts:
        return []
    rows: list[Row | None] = [
        (say(N_("Runde")), frame.name),
        (say(N_("Praktikken ligger")), say.days(frame.first_day, frame.last_day)),
        (say(N_("Kan")), periods(say, facts["available"])) if facts["available"] else None,
        (say(N_("Antal dage")), days_words(say, facts["days"])),
        (say(N_("Rejsetype")), say.label(JOURNEY_TYPES[facts["journey_type"]])),
        (say(N_("Ønsker")), wish_words(say, facts["wishes"])) if _wishes(facts["wishes"]) else None,
        (say(N_("Derfor")), sign_up.presentation) if sign_up.presentation else None,
    ]
    return [row for row in rows if row is not None]


def place_name(say: Speech, code: str | None) -> str:
    """The municipality, or outside Denmark."""
    return say(_ABROAD) if code is None else MUNICIPALITIES.get(code, code)


def field_name(say: Speech, code: str) -> str:
    """The field of work; the code itself where it is newer than this build."""
    return say.label(FIELDS[code]) if code in FIELDS else code


def days_words(say: Speech, days: dict[str, int]) -> str:
    """How many days: 2, or 2 to 5."""
    if days["min"] == days["max"]:
        return say.many("{n} dag", "{n} dage", days["min"])
    return say(N_("{min} til {max} dage")).format(**days)


def periods(say: Speech, available: list[dict[str, str]]) -> list[str]:
    """Days on which somebody can."""
    return [
        say.days(date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"]))
        for one in available
    ]


def wish_words(say: Speech, wishes: dict[str, Any]) -> list[str]:
    """What somebody would like best, one a line."""
    found = [field_name(say, code) for code in wishes["fields"]]
    found += [say.label(SECTORS[code]) for code in wishes["sectors"]]
    for area in wishes["areas"]:
        kind, _, code = area.partition(":")
        known = MUNICIPALITIES if kind == "municipality" else REGIONS
        found.append(known.get(code, code))
    if wishes.get("own_organisation"):
        found.append(say(N_("Gerne på din egen arbejdsplads")))
    return found


def _wishes(wishes: dict[str, Any]) -> bool:
    return any(wishes.values())


def _together(organisation: str, unit: str) -> str:
    return f"{organisation}, {unit}" if unit else organisation


def _person(label: str, contact: Contact | None) -> Row | None:
    return None if contact is None else (label, [contact.name, contact.email])


def _named(say: Speech, own: OwnSignUp, kind: Kind) -> Row | None:
    one = own.names.get(kind)
    if one is None:
        return None
    lines = [one.name or say(N_("Valgt i værtskartoteket"))]
    if kind != "host_in_mind":
        if kind in own.mutual:
            lines.append(say(N_("I siger det begge")))
        else:
            no = one.answer is False
            lines.append(say(N_("Har sagt nej") if no else N_("Venter på den anden")))
    return (say(_NAMES[kind]), lines)

"""The code lists and the regions as tables. The contract's own tables are the source; only open lists without one are told here."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ...codes import FIELDS, JOURNEY_DAYS, JOURNEY_TYPES, MINISTERIAL_AREAS, PARTIES, REASONS, SECTORS
from ...municipalities import MUNICIPALITIES, REGIONS, region_of

_BEFORE, _AFTER = date(2026, 12, 31), date(2027, 1, 1)


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code and what it is called."""

    code: str
    english: str
    danish: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list. An open one may grow any day; a closed one only with a new major version."""

    title: str
    used_in: str
    open: bool
    rows: tuple[CodeRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality and its region before and after the regions' change."""

    code: str
    name: str
    before: str
    after: str


MATCH_REASONS: Final = {
    "host_in_mind": ("The host that the intern had in mind", "Den vært, praktikanten havde i tankerne"),
    "field": ("The field of work wished for", "Det ønskede fagområde"),
    "sector": ("The sector wished for", "Den ønskede sektor"),
    "area": ("The place wished for", "Det ønskede sted"),
    "journey": ("The journey type fits", "Rejsetypen passer"),
    "days": ("The number of days fits", "Antallet af dage passer"),
    "host_wish": ("What the host wished for", "Det, værten ønskede"),
}
"""What speaks for a pair, as matching gives it today."""

CHANGED_TERMS: Final = {
    "first_day": ("First day", "Første dag"),
    "last_day": ("Last day", "Sidste dag"),
    "meeting_place": ("Where to meet", "Mødested"),
    "host_contact_id": ("The host's contact", "Værtens kontaktperson"),
    "host_reserve_id": ("The host's reserve", "Værtens stedfortræder"),
    "goals_intern": ("The intern's goals", "Praktikantens mål"),
    "goals_manager": ("The manager's goals", "Lederens mål"),
    "goals_host": ("The host's goals", "Værtens mål"),
    "programme": ("The programme", "Programmet"),
    "follow_up": ("What happens with it afterwards", "Opfølgningen"),
    "hr_asked": ("Whether HR was asked", "Om HR er spurgt"),
    "confidentiality_declaration": ("Declaration of confidentiality", "Tavshedserklæring"),
}
"""Which parts of an agreement can differ between versions. Only the name of the part is told, never its content."""

INDICATORS: Final = {
    "concrete_use": ("Have had concrete use of the stay", "Har haft konkret nytte af opholdet"),
    "would_recommend": ("Would recommend the programme", "Vil anbefale Innovationspraktik til andre"),
    "in_contact_afterwards": ("Have been in contact since the stay", "Har haft kontakt efter opholdet"),
    "concrete_use_later": (
        "Have had concrete use, asked again some months later",
        "Har haft konkret nytte, spurgt igen nogle måneder efter",
    ),
}


def code_lists() -> tuple[CodeList, ...]:
    """All lists, the open ones first."""
    fewest_most = ", ".join(
        f"`{code}` {least if least == most else f'{least} to {most}'}"
        for code, (least, most) in JOURNEY_DAYS.items()
    )
    return (
        CodeList(
            "Fields of work",
            "`field`, `wishes.fields[]`",
            True,
            tuple(CodeRow(code, one.en, one.da) for code, one in FIELDS.items()),
        ),
        CodeList(
            "Ministerial areas",
            "`workplace.ministerial_area`",
            True,
            tuple(CodeRow(code, one.en, one.da) for code, one in MINISTERIAL_AREAS.items()),
        ),
        CodeList("Reasons for a pair", "`reasons[]` in MatchProposed", True, _rows(MATCH_REASONS)),
        CodeList("Parts of an agreement", "`changed[]` in AgreementAmended", True, _rows(CHANGED_TERMS)),
        CodeList("Indicators", "`indicators[].code` in ReportPublished", True, _rows(INDICATORS)),
        *(
            CodeList(
                f"Reasons of {event}",
                f"`reason` in {event}",
                True,
                tuple(CodeRow(code, one.en, one.da) for code, one in reasons.items()),
            )
            for event, reasons in REASONS.items()
        ),
        CodeList(
            "Sectors",
            "`workplace.sector`, `wishes.sectors[]`",
            False,
            tuple(CodeRow(code, one.en, one.da) for code, one in SECTORS.items()),
        ),
        CodeList(
            "Journey types",
            "`journey_type`",
            False,
            tuple(CodeRow(code, one.en, one.da) for code, one in JOURNEY_TYPES.items()),
            f"Usual number of days, as guidance and not as a rule: {fewest_most}.",
        ),
        CodeList(
            "Parties",
            "`party`",
            False,
            tuple(CodeRow(code, one.en, one.da) for code, one in PARTIES.items()),
        ),
    )


def region_rows() -> tuple[CodeRow, ...]:
    """The regions: code, days on which it holds, name."""
    members_after = {region_of(code, _AFTER) for code in MUNICIPALITIES}
    members_before = {region_of(code, _BEFORE) for code in MUNICIPALITIES}
    return tuple(
        CodeRow(code, _validity(before=code in members_before, after=code in members_after), name)
        for code, name in REGIONS.items()
    )


def municipality_rows() -> tuple[MunicipalityRow, ...]:
    """Every municipality by code, with its regions."""
    return tuple(
        MunicipalityRow(code, name, region_of(code, _BEFORE) or "", region_of(code, _AFTER) or "")
        for code, name in sorted(MUNICIPALITIES.items())
    )


def _validity(*, before: bool, after: bool) -> str:
    if before and after:
        return "throughout"
    return "until 31 December 2026" if before else "from 1 January 2027"


def _rows(labels: dict[str, tuple[str, str]]) -> tuple[CodeRow, ...]:
    return tuple(CodeRow(code, english, danish) for code, (english, danish) in labels.items())

"""What an agreement says, in the reader's language: one text for the page, the PDF and the comparison of versions.

The terms are the parties' own words and are shown as they were written. The standing points are the programme's, the same for all
agreements; the number of their wording is a term and so part of the fingerprint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import PARTIES
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import PARTIES as ALL_PARTIES
from ipraktik_matching.domain.terms import Terms, changed
from ipraktik_matching.store.approvals import Approval
from ipraktik_matching.store.versions import PutUp
from ipraktik_matching.web import words
from ipraktik_matching.web.people import People

STANDING_POINTS: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        N_("Værten betaler ikke løn."),
        N_("Praktikanten får løn fra sin egen arbejdsplads. Den betaler også rejse og overnatning."),
        N_(
            "Det er som regel arbejdspladsens forsikring, der gælder. Det gælder både skader på praktikanten og skader, som praktikanten laver. Spørg jeres HR."
        ),
        N_("Praktikanten har tavshedspligt om det, der er fortroligt. Det gælder også uden en erklæring."),
    ),
    2: (
        N_("Værten betaler ikke løn."),
        N_("Praktikanten får løn fra sin egen arbejdsplads. Den betaler også rejse og overnatning."),
        N_(
            "Det er som regel arbejdspladsens forsikring, der gælder. Det gælder både skader på praktikanten og skader, som praktikanten forvolder. Spørg jeres HR."
        ),
        N_(
            "Praktikanten har tavshedspligt om det, der er fortroligt. Det gælder også uden en tavshedserklæring."
        ),
    ),
}
"""The points by the number of their wording, which is a term. What somebody has approved is never worded anew.

A wording is known one release before agreements are given it (STANDING_POINTS_NOW), so that the version before that release, which
runs beside it and may come back, can show them.
"""
DECLARATION: Final = N_(
    "Praktikanten lover at holde fortrolige ting for sig selv, både under praktikken og bagefter. Det gælder alt, praktikanten ser, hører og læser hos værten."
)
GOALS: Final[Mapping[Party, str]] = {
    "intern": "goals_intern",
    "manager": "goals_manager",
    "host": "goals_host",
}
SHORT: Final = 8
"""So many characters of a fingerprint are shown where people compare by eye."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what stands there."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One term that two versions say differently."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one party has said to a version."""

    party: Party
    role: str
    name: str
    kind: str
    answer: str
    at: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AgreementText:
    """A version as it is read."""

    facts: tuple[Row, ...]
    goals: tuple[Row, ...]
    programme: Row
    follow_up: Row
    points: tuple[str, ...]
    hr: Row
    declaration: Row
    promise: str


def text_of(
    say: Speech, terms: Terms, names: Mapping[UUID, str], workplaces: Mapping[str, str]
) -> AgreementText:
    """The version's terms, and the points that hold for every agreement."""

    def row(name: str) -> Row:
        return Row(say.label(words.TERMS[name]), shown(say, terms, name, names))

    return AgreementText(
        facts=(
            Row(say("Praktikantens arbejdsplads"), workplaces.get("intern") or say("Ikke længere kendt her")),
            Row(say("Vært"), workplaces.get("host") or say("Ikke længere kendt her")),
            Row(say("Dage"), say.days(terms.first_day, terms.last_day)),
            row("meeting_place"),
            row("host_contact_id"),
            row("host_reserve_id"),
        ),
        goals=tuple(
            Row(say.label(PARTIES[party]), shown(say, terms, GOALS[party], names)) for party in ALL_PARTIES
        ),
        programme=row("programme"),
        follow_up=row("follow_up"),
        points=tuple(say(point) for point in STANDING_POINTS[terms.standing_points]),
        hr=row("hr_asked"),
        declaration=row("confidentiality_declaration"),
        promise=say(DECLARATION) if terms.confidentiality_declaration else "",
    )


def shown(say: Speech, terms: Terms, name: str, names: Mapping[UUID, str]) -> str:
    """One term as people read it."""
    value = getattr(terms, name)
    if isinstance(value, bool):
        return say("Ja") if value else say("Nej")
    if isinstance(value, date):
        return say.weekday(value)
    if name == "standing_points":
        return "\n".join(say(point) for point in STANDING_POINTS[value])
    if isinstance(value, UUID):
        return names.get(value) or say("Ikke længere kendt her")
    if value is None:
        return say("Ikke valgt")
    return str(value) or say("Ikke udfyldt")


def differences(
    say: Speech, before: Terms, after: Terms, names: Mapping[UUID, str]
) -> tuple[Difference, ...]:
    """What the later version says differently, term by term."""
    return tuple(
        Difference(
            say.label(words.TERMS[name]),
            shown(say, before, name, names),
            shown(say, after, name, names),
        )
        for name in changed(before, after)
    )


def answers_to(
    say: Speech, version: PutUp, approvals: Sequence[Approval], people: People
) -> tuple[Answer, ...]:
    """What each party has said to the version: who approved, under which name, when, and which text."""
    given = {one.party: one for one in approvals if one.version == version.number}
    return tuple(_answer(say, party, version, given.get(party), people) for party in ALL_PARTIES)


def _answer(say: Speech, party: Party, version: PutUp, approval: Approval | None, people: People) -> Answer:
    speaks = people.speaks(party)
    name = speaks.name if speaks else ""
    role = say.label(PARTIES[party])
    if party in version.approved:
        at = say.instant(approval.at) if approval else ""
        approved_as = approval.name if approval else name
        return Answer(
            party,
            role,
            approved_as or say("Navnet er slettet"),
            "approved",
            say("Har godkendt"),
            at,
            version.fingerprint[:SHORT],
        )
    if party in version.refused:
        return Answer(party, role, name, "refused", say("Har sagt nej"), "", "")
    return Answer(party, role, name, "waiting", say("Har ikke svaret"), "", "")

"""The first version of an agreement: a sensible beginning that the three parties make their own."""

from datetime import date
from typing import Final
from uuid import UUID

from ipraktik_matching.domain.days import weekdays_between
from ipraktik_matching.domain.terms import Terms

_FIRST: Final = "Velkomst og rundvisning. Mød kollegerne. Gennemgå målene og planen."
_MIDDLE: Final = (
    "Følg en kollega i det daglige arbejde.",
    "Deltag i et møde eller en opgave hos borgere eller brugere.",
    "Prøv en opgave selv, og tal den igennem bagefter.",
)
_LAST: Final = "Saml op på det, du har set. Giv værten tre gode råd. Aftal, hvordan I holder kontakten."


def first_draft(
    *,
    placement_id: UUID,
    first_day: date,
    last_day: date,
    host_contact_id: UUID | None,
    host_reserve_id: UUID | None,
) -> Terms:
    """Version 1, from what the proposal says."""
    return Terms(
        placement_id=placement_id,
        version=1,
        first_day=first_day,
        last_day=last_day,
        meeting_place="Værtens adresse. Værten skriver tid og sted senest en uge før.",
        host_contact_id=host_contact_id,
        host_reserve_id=host_reserve_id,
        goals_intern="Jeg vil se, hvordan andre løser deres opgaver, og tage mindst én idé med hjem.",
        goals_manager="Vi giver tid til forberedelse og taler om udbyttet, når praktikken er slut.",
        goals_host="Vi vil have friske øjne på vores arbejde og tre gode råd på den sidste dag.",
        programme=programme_sketch(weekdays_between(first_day, last_day)),
        follow_up="Praktikanten og lederen holder et møde om udbyttet senest 14 dage efter.",
        hr_asked=False,
        confidentiality_declaration=False,
    )


def programme_sketch(days: int) -> str:
    """A line for each day."""
    if days <= 1:
        return f"Dag 1: {_FIRST} {_LAST}"
    middle = [_MIDDLE[number % len(_MIDDLE)] for number in range(days - 2)]
    lines = [_FIRST, *middle, _LAST]
    lines[1:-1] = [f"{line} Slut dagen med en kort snak." for line in lines[1:-1]]
    return "\n".join(f"Dag {number}: {line}" for number, line in enumerate(lines, start=1))

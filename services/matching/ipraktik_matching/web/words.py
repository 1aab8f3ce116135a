"""Words for people: codes and states, in Danish and in English."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from ipraktik_chassis.clock import LOCAL_ZONE
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import Label
from ipraktik_contracts.municipalities import MUNICIPALITIES

REASONS: Final[Mapping[str, Label]] = {
    "host_in_mind": Label("Praktikanten har selv peget på værten.", "The intern has this host in mind."),
    "field": Label(
        "Værten arbejder med et fag, praktikanten ønsker.", "The host works in a field the intern wishes for."
    ),
    "sector": Label(
        "Værten er i en sektor, praktikanten ønsker.", "The host is in a sector the intern wishes for."
    ),
    "area": Label(
        "Værten ligger et sted, praktikanten ønsker.", "The host lies where the intern wishes to go."
    ),
    "journey": Label("Opgaverne passer til rejsetypen.", "The tasks suit the journey type."),
    "days": Label("Antallet af dage passer jer begge.", "The number of days suits you both."),
    "host_wish": Label(
        "Praktikanten er en, værten ønsker at få på besøg.",
        "The intern is someone the host wishes to receive.",
    ),
}
_REASONS_TO_INTERN: Final[Mapping[str, Label]] = {
    "host_in_mind": Label("Du har selv peget på værten.", "You have this host in mind."),
    "field": Label("Værten arbejder med et fag, du ønsker.", "The host works in a field you wish for."),
    "sector": Label("Værten er i en sektor, du ønsker.", "The host is in a sector you wish for."),
    "area": Label("Værten ligger et sted, du ønsker.", "The host lies where you wish to go."),
    "host_wish": Label(
        "Du er en, værten ønsker at få på besøg.", "You are someone the host wishes to receive."
    ),
}
_REASONS_TO_HOST: Final[Mapping[str, Label]] = {
    "host_in_mind": Label("Praktikanten har selv peget på jer.", "The intern has you in mind as a host."),
    "field": Label(
        "I arbejder med et fag, praktikanten ønsker.", "You work in a field the intern wishes for."
    ),
    "sector": Label("I er i en sektor, praktikanten ønsker.", "You are in a sector the intern wishes for."),
    "area": Label("I ligger et sted, praktikanten ønsker.", "You lie where the intern wishes to go."),
    "host_wish": Label(
        "Praktikanten er en, I ønsker at få på besøg.", "The intern is someone you wish to receive."
    ),
}
DECLINE_REASONS: Final[Mapping[str, Label]] = {
    "dates": Label("Dagene passer ikke", "The days do not fit"),
    "distance": Label("Der er for langt", "It is too far"),
    "field": Label("Faget passer ikke", "The field does not fit"),
    "capacity": Label("Vi har ikke plads", "We have no room"),
    "workplace": Label("Min arbejdsplads kan ikke", "My workplace cannot"),
    "other": Label("Andet", "Something else"),
}
REFUSAL_REASONS: Final[Mapping[str, Label]] = {
    "dates": Label("Dagene passer ikke", "The days do not fit"),
    "terms": Label("Vilkårene passer ikke", "The terms do not fit"),
    "cover": Label("Ingen kan passe arbejdet imens", "Nobody can cover meanwhile"),
    "other": Label("Andet", "Something else"),
}
CANCEL_REASONS: Final[Mapping[str, Label]] = {
    "dates": Label("Dagene passer ikke længere", "The days no longer fit"),
    "workplace": Label("Arbejdspladsen kan ikke alligevel", "The workplace cannot after all"),
    "other": Label("Andet", "Something else"),
}
NOT_HELD_REASONS: Final[Mapping[str, Label]] = {
    "intern_prevented": Label("Praktikanten blev forhindret", "The intern was prevented"),
    "host_prevented": Label("Værten blev forhindret", "The host was prevented"),
    "postponed": Label("Den er udsat", "It was put off"),
    "other": Label("Andet", "Something else"),
}
STATES: Final[Mapping[str, Label]] = {
    "proposed": Label("Forslaget venter på svar.", "The proposal waits for answers."),
    "drafted": Label("Aftalen venter på godkendelse.", "The agreement waits for approval."),
    "signed": Label("Aftalen er godkendt af alle tre.", "The agreement is approved by all three."),
    "completed": Label("Praktikken er gennemført.", "The stay was held."),
    "not_held": Label("Praktikken blev ikke gennemført.", "The stay was not held."),
    "declined": Label("Forslaget blev afslået.", "The proposal was declined."),
    "expired": Label("Fristen for at svare er udløbet.", "The time to answer has run out."),
    "withdrawn": Label("Forslaget er trukket tilbage.", "The proposal was withdrawn."),
    "lapsed": Label("Aftalen blev ikke godkendt i tide.", "The agreement was not approved in time."),
    "cancelled": Label("Aftalen er aflyst.", "The agreement was called off."),
}
STANDINGS: Final[Mapping[str, Label]] = {
    "valid": Label("Gælder. Alle tre har godkendt.", "In force. All three have approved."),
    "waiting": Label("Ikke godkendt af alle tre endnu.", "Not approved by all three yet."),
    "replaced": Label("Erstattet af en nyere version.", "Replaced by a newer version."),
    "not_approved": Label("Blev ikke godkendt af alle tre.", "Was not approved by all three."),
    "called_off": Label("Aftalen er aflyst.", "The agreement was called off."),
    "not_held": Label("Praktikken blev ikke gennemført.", "The stay was not held."),
}
"""What a version of an agreement is worth."""
STANDING_KINDS: Final[Mapping[str, str]] = {
    "valid": "success",
    "waiting": "info",
    "replaced": "warning",
    "not_approved": "warning",
    "called_off": "warning",
    "not_held": "warning",
}
TERMS: Final[Mapping[str, Label]] = {
    "first_day": Label("Første dag", "First day"),
    "last_day": Label("Sidste dag", "Last day"),
    "meeting_place": Label("Mødested", "Where to meet"),
    "host_contact_id": Label("Kontaktperson hos værten", "Contact person at the host"),
    "host_reserve_id": Label("Reserve hos værten", "Reserve at the host"),
    "goals_intern": Label("Praktikantens mål", "The intern's goals"),
    "goals_manager": Label("Lederens mål", "The manager's goals"),
    "goals_host": Label("Værtens mål", "The host's goals"),
    "programme": Label("Program", "Programme"),
    "follow_up": Label("Opfølgning", "Follow-up"),
    "hr_asked": Label("HR er spurgt om forsikring", "HR was asked about insurance"),
    "confidentiality_declaration": Label("Med tavshedserklæring", "With a declaration of confidentiality"),
    "standing_points": Label("Faste vilkår", "Standing terms"),
}


def until(instant: datetime, say: Speech) -> str:
    """The last moment before a deadline; midnight is the end of the day before."""
    local = instant.astimezone(LOCAL_ZONE)
    if (local.hour, local.minute) == (0, 0):
        return say.day(local.date() - timedelta(days=1))
    return say.instant(instant)


def word(labels: Mapping[str, Label], code: str, language: str) -> str:
    """The word for a code; an unknown code is its own word."""
    label = labels.get(code)
    return code if label is None else label.in_language(language)


def reasons(party: str) -> Mapping[str, Label]:
    """Why a proposal suits the two, said to the party who reads it; a manager reads about both."""
    own = {"intern": _REASONS_TO_INTERN, "host": _REASONS_TO_HOST}.get(party, {})
    return {**REASONS, **own}


def decline_reasons(party: str) -> Mapping[str, Label]:
    """Why a party may say no: it is the host who has places or none."""
    return {code: label for code, label in DECLINE_REASONS.items() if code != "capacity" or party == "host"}


def choices(labels: Mapping[str, Label], language: str) -> list[tuple[str, str]]:
    """Code and word of each, to choose from."""
    return [(code, label.in_language(language)) for code, label in labels.items()]


def municipality(code: str | None) -> str:
    """The name of a municipality."""
    return "" if code is None else MUNICIPALITIES.get(code, "")

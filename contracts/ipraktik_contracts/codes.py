"""The code lists that events draw on, each with the word people read in Danish and in English.

Lists that may grow (fields of work, ministerial areas, reasons) are published as documented strings, so that a new code never
breaks a subscriber; lists that the rules depend on (roles, parties, journey types) are closed.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Label:
    """What a code is called on a page or in a mail."""

    da: str
    en: str

    def in_language(self, language: str) -> str:
        """The Danish word unless English is asked for."""
        return self.en if language == "en" else self.da


FIELDS: Final[dict[str, Label]] = {
    "administration": Label("Administration og stab", "Administration and staff functions"),
    "analysis": Label("Analyse og data", "Analysis and data"),
    "children": Label("Dagtilbud og børn", "Day care and children"),
    "citizen_service": Label("Borgerservice", "Citizen service"),
    "climate": Label("Klima og miljø", "Climate and environment"),
    "communication": Label("Kommunikation", "Communication"),
    "culture": Label("Kultur og fritid", "Culture and leisure"),
    "defence": Label("Forsvar og beredskab", "Defence and emergency services"),
    "digital": Label("Digitalisering og it", "Digitalisation and IT"),
    "education": Label("Undervisning", "Teaching"),
    "elderly": Label("Ældre og omsorg", "Elderly care"),
    "employment": Label("Beskæftigelse", "Employment"),
    "finance": Label("Økonomi og indkøb", "Finance and procurement"),
    "health": Label("Sundhed", "Health"),
    "hr": Label("Personale og udvikling", "Staff and development"),
    "innovation": Label("Innovation og projekter", "Innovation and projects"),
    "law": Label("Jura og tilsyn", "Law and supervision"),
    "leadership": Label("Ledelse", "Leadership"),
    "libraries": Label("Biblioteker", "Libraries"),
    "planning": Label("Plan og byudvikling", "Planning and urban development"),
    "research": Label("Forskning", "Research"),
    "social": Label("Socialt arbejde", "Social work"),
    "technical": Label("Teknik og drift", "Technical services and operations"),
    "transport": Label("Trafik og veje", "Traffic and roads"),
}

FIELD_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "people": ("children", "elderly", "health", "social", "employment", "citizen_service"),
    "learning": ("education", "libraries", "culture", "research"),
    "place": ("planning", "technical", "transport", "climate", "defence"),
    "office": ("administration", "finance", "hr", "law", "communication", "leadership"),
    "change": ("digital", "analysis", "innovation"),
}
"""Fields whose tasks overlap: a field is near the others of its group."""

SECTORS: Final[dict[str, Label]] = {
    "municipal": Label("Kommune", "Municipality"),
    "regional": Label("Region", "Region"),
    "state": Label("Stat", "State"),
    "private": Label("Privat virksomhed", "Private company"),
    "association": Label("Forening", "Association"),
}

PUBLIC_SECTORS: Final = frozenset({"municipal", "regional", "state"})
"""Interns come from these; hosts may come from any sector."""

JOURNEY_TYPES: Final[dict[str, Label]] = {
    "tourist": Label("Turist", "Tourist"),
    "business_traveller": Label("Forretningsrejsende", "Business traveller"),
    "adventurer": Label("Eventyrer", "Adventurer"),
    "own_idea": Label("Min egen idé", "My own idea"),
}

JOURNEY_DAYS: Final[dict[str, tuple[int, int]]] = {
    "tourist": (2, 2),
    "business_traveller": (3, 4),
    "adventurer": (4, 5),
    "own_idea": (2, 5),
}
"""How many days each journey type usually takes, fewest and most. Guidance, not a rule."""

MINISTERIAL_AREAS: Final[dict[str, Label]] = {
    "children_education": Label("Børne- og undervisningsområdet", "Children and education"),
    "climate_energy": Label("Klima- og energiområdet", "Climate and energy"),
    "culture": Label("Kulturområdet", "Culture"),
    "defence": Label("Forsvarsområdet", "Defence"),
    "employment": Label("Beskæftigelsesområdet", "Employment"),
    "environment_food": Label("Miljø- og fødevareområdet", "Environment and food"),
    "finance": Label("Finansområdet", "Finance"),
    "foreign_affairs": Label("Udenrigsområdet", "Foreign affairs"),
    "health": Label("Sundhedsområdet", "Health"),
    "higher_education": Label("Uddannelses- og forskningsområdet", "Higher education and research"),
    "industry": Label("Erhvervsområdet", "Industry and business"),
    "interior": Label("Indenrigsområdet", "The interior"),
    "justice": Label("Justitsområdet", "Justice"),
    "social": Label("Social- og ældreområdet", "Social affairs and the elderly"),
    "taxation": Label("Skatteområdet", "Taxation"),
    "transport": Label("Transportområdet", "Transport"),
}

PARTIES: Final[dict[str, Label]] = {
    "intern": Label("Praktikant", "Intern"),
    "manager": Label("Nærmeste leder", "Own manager"),
    "host": Label("Praktikvært", "Host"),
}

_OTHER: Final = Label("Andet", "Something else")
_COORDINATOR: Final = Label("En koordinator besluttede det", "A coordinator decided so")
_LEFT: Final[dict[str, Label]] = {
    "intern_withdrew": Label("Praktikanten trak sin tilmelding", "The intern took the sign-up back"),
    "host_withdrew": Label("Værten trak sin tilmelding", "The host took the sign-up back"),
    "erased": Label("En tilmelding blev slettet", "A sign-up was erased"),
    "companion_out": Label("Rejsekammeraten faldt fra", "The travel companion dropped out"),
}

REASONS: Final[dict[str, dict[str, Label]]] = {
    "ParticipantWithdrawn": {
        "own_wish": Label("Eget ønske", "Own wish"),
        "workplace": Label("Forhold på arbejdspladsen", "Circumstances at the workplace"),
        "new_job": Label("Nyt job", "A new job"),
        "coordinator": _COORDINATOR,
        "other": _OTHER,
    },
    "MatchDeclined": {
        "dates": Label("Dagene passer ikke", "The days do not fit"),
        "distance": Label("Der er for langt", "It is too far"),
        "field": Label("Fagområdet passer ikke", "The field of work does not fit"),
        "capacity": Label("Der er ikke plads alligevel", "There is no room after all"),
        "workplace": Label("Forhold på arbejdspladsen", "Circumstances at the workplace"),
        "other": _OTHER,
    },
    "MatchWithdrawn": {**_LEFT, "coordinator": _COORDINATOR},
    "MatchNotFound": {
        "no_host_fits": Label("Ingen vært kan tage imod", "No host can receive this intern"),
        "no_free_place": Label("De værter, der kunne, er optaget", "The hosts that could are full"),
        "companion_has_no_place": Label(
            "Der er ikke plads til begge", "There is no place for both companions"
        ),
    },
    "AgreementRefused": {
        "dates": Label("Dagene passer ikke", "The days do not fit"),
        "terms": Label("Vilkårene passer ikke", "The terms do not fit"),
        "cover": Label("Opgaverne kan ikke dækkes imens", "The work cannot be covered meanwhile"),
        "other": _OTHER,
    },
    "AgreementCancelled": {
        **_LEFT,
        "dates": Label("Dagene passer ikke længere", "The days no longer fit"),
        "workplace": Label("Forhold på arbejdspladsen", "Circumstances at the workplace"),
        "coordinator": _COORDINATOR,
        "other": _OTHER,
    },
    "InternshipNotHeld": {
        "intern_prevented": Label("Praktikanten var forhindret", "The intern was prevented"),
        "host_prevented": Label("Værten var forhindret", "The host was prevented"),
        "postponed": Label("Udskudt", "Put off"),
        "other": _OTHER,
    },
}
"""By event, the reasons that are given today. They may grow: a reader takes one it does not know for `other`."""

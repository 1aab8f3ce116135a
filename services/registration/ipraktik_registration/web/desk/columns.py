"""The fields of a sign-up in one flat row: what a list that is brought calls them, and what is said when one does not fit.

The dense form and the lists have the same fields; both become the models of the public form (`web/sign_up_forms.py`), which alone
decide. Texts are Danish; they are translated where they are shown.
"""

from dataclasses import dataclass
from typing import Final

from ipraktik_chassis.texts import N_
from ipraktik_registration.domain.life import Role


@dataclass(frozen=True, slots=True)
class Column:
    """A field: its name in forms, its heading in lists, what to do when it does not fit, an example of each role."""

    name: str
    heading: str
    mend: str
    roles: tuple[Role, ...] = ("intern", "host")
    intern: str = ""
    host: str = ""


ROLE: Final = "role"
ERROR_HEADING: Final = "Fejl"
"""The heading under which a list that is offered for mending says what is wrong; a list may be brought back with it."""

_INTERN: Final[tuple[Role, ...]] = ("intern",)
_HOST: Final[tuple[Role, ...]] = ("host",)
COLUMNS: Final[tuple[Column, ...]] = (
    Column(ROLE, N_("Rolle"), N_("Skriv praktikant eller vært."), intern="praktikant", host="vært"),
    Column(
        "name",
        N_("Navn"),
        N_("Skriv personens navn, på én linje."),
        intern="Fornavn Efternavn",
        host="Fornavn Efternavn",
    ),
    Column(
        "email",
        N_("E-mail"),
        N_("Skriv en e-mail som navn@eksempel.dk."),
        intern="praktikant@eksempel.dk",
        host="vaert@eksempel.dk",
    ),
    Column("language", N_("Sprog"), N_("Skriv dansk eller engelsk."), intern="dansk", host="dansk"),
    Column("job_title", N_("Stilling"), N_("Skriv stillingen på én linje."), intern="Planlægger"),
    Column(
        "organisation",
        N_("Organisation"),
        N_("Skriv arbejdspladsens navn, på én linje."),
        intern="Aarhus Kommune",
        host="Vejle Kommune",
    ),
    Column("unit", N_("Enhed"), N_("Skriv enheden på én linje."), intern="Teknik og Miljø"),
    Column(
        "sector",
        N_("Sektor"),
        N_("Vælg kommune, region, stat, privat virksomhed eller forening."),
        intern="Kommune",
        host="Kommune",
    ),
    Column(
        "municipality",
        N_("Kommune"),
        N_("Skriv den kommune, arbejdspladsen ligger i. Uden for Danmark skal feltet være tomt."),
        intern="Aarhus",
        host="Vejle",
    ),
    Column("country", N_("Land"), N_("Skriv landets kode med to bogstaver, for eksempel DK eller SE.")),
    Column(
        "ministerial_area",
        N_("Ministerområde"),
        N_("Vælg et af områderne, og kun for arbejdspladser i staten."),
    ),
    Column(
        "field",
        N_("Fagområde"),
        N_("Vælg et af fagområderne."),
        intern="Plan og byudvikling",
        host="Biblioteker",
    ),
    Column("days_min", N_("Færrest dage"), N_("Skriv et tal fra 2 til 5."), intern="2", host="2"),
    Column(
        "days_max",
        N_("Flest dage"),
        N_("Skriv et tal fra 2 til 5, mindst lige så mange som færrest dage."),
        intern="5",
        host="5",
    ),
    Column(
        "available",
        N_("Perioder"),
        N_("Skriv første og sidste dag som dag.måned.år-dag.måned.år. Skil perioder med en lodret streg."),
    ),
    Column(
        "wish_fields",
        N_("Ønskede fagområder"),
        N_("Vælg højst 10 af fagområderne. Skil dem med en lodret streg."),
        intern="Biblioteker|Sundhed",
    ),
    Column(
        "wish_sectors",
        N_("Ønskede sektorer"),
        N_("Vælg blandt sektorerne. Skil dem med en lodret streg."),
        intern="Stat|Region",
    ),
    Column(
        "wish_areas",
        N_("Ønskede steder"),
        N_("Skriv kommuner eller regioner, højst 20. Skil dem med en lodret streg."),
        host="Region Syddanmark|Odense",
    ),
    Column(
        "found_name",
        N_("Aftalt med, navn"),
        N_("Skriv navnet på den anden, eller lad begge felter være tomme."),
    ),
    Column(
        "found_email",
        N_("Aftalt med, e-mail"),
        N_("Skriv den andens e-mail, en anden end personens egen."),
    ),
    Column(
        "manager_name",
        N_("Leders navn"),
        N_("Skriv navnet på praktikantens nærmeste leder."),
        roles=_INTERN,
        intern="Leder Efternavn",
    ),
    Column(
        "manager_email",
        N_("Leders e-mail"),
        N_("Skriv lederens e-mail, en anden end praktikantens egen."),
        roles=_INTERN,
        intern="leder@eksempel.dk",
    ),
    Column("motivation", N_("Hvorfor praktik"), N_("Skriv højst 2.000 tegn."), roles=_INTERN),
    Column(
        "journey",
        N_("Rejsetype"),
        N_("Vælg turist, forretningsrejsende, eventyrer eller min egen idé."),
        roles=_INTERN,
        intern="Eventyrer",
    ),
    Column(
        "own_organisation",
        N_("Egen organisation"),
        N_("Skriv ja, hvis praktikken gerne må være i egen organisation. Ellers nej."),
        roles=_INTERN,
        intern="nej",
    ),
    Column(
        "companion_name",
        N_("Rejsefælles navn"),
        N_("Skriv rejsefællens navn, eller lad begge felter være tomme."),
        roles=_INTERN,
    ),
    Column(
        "companion_email",
        N_("Rejsefælles e-mail"),
        N_("Skriv rejsefællens e-mail, en anden end praktikantens egen."),
        roles=_INTERN,
    ),
    Column(
        "in_mind_name",
        N_("Ønsket vært, navn"),
        N_("Skriv navnet på værten, eller lad begge felter være tomme."),
        roles=_INTERN,
    ),
    Column(
        "in_mind_email",
        N_("Ønsket vært, e-mail"),
        N_("Skriv værtens e-mail, en anden end praktikantens egen."),
        roles=_INTERN,
    ),
    Column(
        "unplaced_before",
        N_("Uden plads før"),
        N_("Skriv ja, hvis praktikanten ikke fik en plads sidst. Ellers nej."),
        roles=_INTERN,
        intern="nej",
    ),
    Column(
        "offer",
        N_("Hvad tilbyder I"),
        N_("Skriv højst 2.000 tegn."),
        roles=_HOST,
        host="Et skrivebord og en cykel",
    ),
    Column("capacity", N_("Pladser"), N_("Skriv 1, 2 eller 3."), roles=_HOST, host="2"),
    Column(
        "reserve_name",
        N_("Reserves navn"),
        N_("Skriv reservens navn, eller lad begge felter være tomme."),
        roles=_HOST,
    ),
    Column(
        "reserve_email",
        N_("Reserves e-mail"),
        N_("Skriv reservens e-mail, en anden end værtens egen."),
        roles=_HOST,
    ),
)
BY_NAME: Final = {column.name: column for column in COLUMNS}
REQUIRED: Final = ("role", "name", "email", "organisation", "sector", "field")
"""The headings that a list cannot be without."""

_COMMON: Final = {
    "name": "name",
    "email": "email",
    "language": "language",
    "job_title": "job_title",
    "workplace.organisation_name": "organisation",
    "workplace.unit_name": "unit",
    "workplace.sector": "sector",
    "workplace.ownership": "sector",
    "workplace.municipality_code": "municipality",
    "workplace.country": "country",
    "workplace.ministerial_area": "ministerial_area",
    "field": "field",
    "days.min": "days_min",
    "days.max": "days_max",
    "available": "available",
    "wishes.fields": "wish_fields",
    "wishes.sectors": "wish_sectors",
    "wishes.areas": "wish_areas",
}
PLACES: Final[dict[Role, dict[str, str]]] = {
    "intern": _COMMON
    | {
        "manager.name": "manager_name",
        "manager.email": "manager_email",
        "motivation": "motivation",
        "journey_type": "journey",
        "wishes.own_organisation": "own_organisation",
        "companion.name": "companion_name",
        "companion.email": "companion_email",
        "self_found_host.name": "found_name",
        "self_found_host.email": "found_email",
        "host_in_mind.name": "in_mind_name",
        "host_in_mind.email": "in_mind_email",
        "unplaced_before": "unplaced_before",
    },
    "host": _COMMON
    | {
        "reserve.name": "reserve_name",
        "reserve.email": "reserve_email",
        "offer": "offer",
        "capacity": "capacity",
        "self_found_intern.name": "found_name",
        "self_found_intern.email": "found_email",
    },
}
"""By the place in the model, the field that stands for it."""


def of_role(role: Role) -> tuple[Column, ...]:
    """The fields of a role, without the role itself."""
    return tuple(column for column in COLUMNS if column.name != ROLE and role in column.roles)

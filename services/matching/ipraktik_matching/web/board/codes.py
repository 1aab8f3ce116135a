"""The board's words for codes, and how people, days and deadlines are named there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from ipraktik_chassis.clock import LOCAL_ZONE, local_day
from ipraktik_chassis.texts import N_, Speech, day_that_ends
from ipraktik_contracts.codes import FIELDS, PARTIES, REASONS
from ipraktik_contracts.municipalities import MUNICIPALITIES
from ipraktik_matching.store.board.people import Who
from ipraktik_matching.store.runs import Run, RunLine

CHECK_COMMAND: Final = "python -m ipraktik_matching.puzzle check puzzle.json plan.json"
FAIR_COMMAND: Final = "python -m ipraktik_matching.puzzle fair puzzle.json plan.json"
SOLVE_COMMAND: Final = "python -m ipraktik_matching.puzzle solve puzzle.json --out plan.json"
WAITING: Final[Mapping[str, str]] = {
    "disputed": N_("Uenige om praktikken"),
    "run": N_("Beregning klar til at sende ud"),
    "refused": N_("Afvist aftale mangler ny version"),
    "proposal": N_("Forslag mangler svar"),
    "agreement": N_("Aftale mangler godkendelse"),
    "amendment": N_("Ændring mangler godkendelse"),
    "one_sided": N_("Selvfundet par, kun den ene har sagt det"),
    "unplaced": N_("Praktikant uden plads"),
}
STATES: Final[Mapping[str, str]] = {
    "proposed": N_("Foreslået"),
    "drafted": N_("Aftale i gang"),
    "signed": N_("Godkendt"),
    "completed": N_("Gennemført"),
    "not_held": N_("Ikke gennemført"),
    "declined": N_("Afslået"),
    "expired": N_("Udløbet"),
    "withdrawn": N_("Trukket tilbage"),
    "lapsed": N_("Ikke godkendt i tide"),
    "cancelled": N_("Aflyst"),
}
STATE_KINDS: Final[Mapping[str, str]] = {
    "proposed": "info",
    "drafted": "info",
    "signed": "success",
    "completed": "success",
    "not_held": "warning",
    "declined": "warning",
    "expired": "warning",
    "withdrawn": "warning",
    "lapsed": "warning",
    "cancelled": "warning",
}
OPEN_STATES: Final = ("proposed", "drafted", "signed")
RUN_STATES: Final[Mapping[str, str]] = {
    "queued": N_("Venter"),
    "running": N_("Er i gang"),
    "solved": N_("Løst"),
    "failed": N_("Gik i stå"),
    "stopped": N_("Stoppet"),
    "released": N_("Sendt ud"),
}
RUN_KINDS: Final[Mapping[str, str]] = {
    "queued": "info",
    "running": "info",
    "solved": "success",
    "failed": "error",
    "stopped": "warning",
    "released": "success",
}
ORIGINS: Final[Mapping[str, str]] = {
    "matched": N_("Puslespillet"),
    "host_in_mind": N_("Vært i tankerne"),
    "self_found": N_("Selvfundet par"),
}
PARTS: Final[Mapping[str, str]] = {
    "field": N_("Fag"),
    "sector": N_("Sektor"),
    "area": N_("Sted"),
    "journey": N_("Rejsetype"),
    "days": N_("Antal dage"),
    "host_wish": N_("Værtens ønsker"),
    "host_in_mind": N_("Vært i tankerne"),
    "unplaced_before": N_("Uden plads sidst"),
    "kept": N_("Bliver, hvor et forslag har dem"),
    "low_fit": N_("Fradrag for få point"),
}
LEFT: Final[Mapping[str, str]] = {
    "no_host_fits": N_("Ingen vært kan tage imod."),
    "no_free_place": N_("De værter, der passer, har ikke flere pladser."),
    "companion_has_no_place": N_("Der er ingen vært med plads til begge rejsefæller."),
    "pinned_host_cannot": N_("Praktikanten er fastlåst til en vært, der ikke kan tage imod."),
}
HELPS: Final[Mapping[str, str]] = {
    "days": N_("Flere eller færre dage"),
    "dates": N_("Alle rundens dage"),
    "own_organisation": N_("Praktik i egen organisation"),
    "companion": N_("At rejse uden rejsefælle"),
}
REMARKS: Final[Mapping[str, str]] = {
    "must_and_never": N_("{intern} er både fastlåst til {host} og må ikke være der. Forbuddet gælder."),
    "must_of_seated": N_("{intern} er fastlåst til {host}, men har en plads i forvejen."),
    "must_of_tried": N_("{intern} er fastlåst til {host}, men de to er prøvet før. Reglen virker ikke mere."),
    "must_of_left": N_("{intern} er fastlåst til {host}, men en af de to er ikke med mere."),
}
STAGES: Final[Mapping[str, str]] = {
    "read": N_("Læser tilmeldingerne"),
    "lay": N_("Lægger puslespillet"),
    "check": N_("Tjekker planen"),
    "prove": N_("Regner beviset efter"),
}
OBSTACLES: Final[Mapping[str, str]] = {
    "pinned_elsewhere": N_("Fastlåst til en anden vært"),
    "forbidden": N_("Parret er prøvet før eller forbudt"),
    "same_unit": N_("Samme enhed"),
    "own_organisation": N_("Samme organisation, og det er ikke ønsket"),
    "no_common_dates": N_("Ingen dage til fælles"),
    "no_common_days": N_("Antallet af dage passer ikke sammen"),
    "full": N_("Pladserne var givet væk før beregningen"),
}
LEFT_OUT: Final[Mapping[str, str]] = {
    "host_left": N_("Værten har trukket sig"),
    "intern_left": N_("Praktikanten har trukket sig"),
    "intern_placed": N_("Praktikanten har fået en plads imens"),
    "tried_before": N_("De to er prøvet imens"),
    "forbidden": N_("En koordinator har forbudt parret imens"),
    "pinned_elsewhere": N_("En koordinator har fastlåst praktikanten til en anden vært imens"),
    "no_free_place": N_("Pladsen er taget imens"),
    "dates": N_("Dagene kan ikke nås eller passer ikke mere"),
}
DIFFERENCES: Final[Mapping[str, str]] = {
    "loses": N_("Mister sin plads"),
    "changes": N_("Skifter vært"),
    "gains": N_("Får en plads"),
    "other_days": N_("Samme vært, andre dage"),
    "leaves": N_("Er kun med i den ene"),
    "joins": N_("Er kun med i den anden"),
}
DIFFERENCE_KINDS: Final[Mapping[str, str]] = {
    "loses": "error",
    "leaves": "warning",
    "changes": "warning",
    "gains": "success",
    "joins": "success",
}
RULES: Final[Mapping[str, str]] = {"must": N_("Skal til værten"), "never": N_("Må ikke til værten")}
RULE_REASONS: Final[Mapping[str, str]] = {
    "agreed": N_("De har aftalt det med os"),
    "special_needs": N_("Et særligt hensyn"),
    "balance": N_("Fordelingen af værter"),
    "other_must": N_("Andet"),
    "know_each_other": N_("De kender hinanden for godt"),
    "asked_not_to": N_("En af dem har bedt om det"),
    "conflict": N_("En konflikt eller en sag"),
    "other_never": N_("Andet"),
}
ACTS: Final[Mapping[str, str]] = {
    "MatchProposed": N_("Forslag sendt"),
    "MatchAccepted": N_("Sagde ja"),
    "MatchDeclined": N_("Sagde nej"),
    "MatchExpired": N_("Svarfristen udløb"),
    "MatchWithdrawn": N_("Forslag trukket tilbage"),
    "AgreementDrafted": N_("Ny version af aftalen"),
    "AgreementApproved": N_("Godkendte aftalen"),
    "AgreementRefused": N_("Afviste versionen"),
    "AgreementSigned": N_("Godkendte som den tredje. Nu gælder aftalen"),
    "AgreementAmended": N_("Ændring lagt frem"),
    "AgreementLapsed": N_("Fristen for at godkende udløb"),
    "AgreementCancelled": N_("Aftale aflyst"),
    "InternshipCompleted": N_("Praktik gennemført"),
    "InternshipNotHeld": N_("Praktik ikke gennemført"),
    "SaidHeld": N_("Sagde, at praktikken blev gennemført"),
    "SaidNotHeld": N_("Sagde, at praktikken ikke blev gennemført"),
}
_RELATIONS: Final[Mapping[str, str]] = {
    "self": N_("selv"),
    "reserve": N_("reserve"),
    "manager": N_("nærmeste leder"),
    "invited": N_("inviteret"),
}
_ACTORS: Final[Mapping[str, str]] = {
    "clock": N_("Fristen"),
    "registration": N_("Tilmeldingen"),
}


def word(say: Speech, words: Mapping[str, str], code: str | None) -> str:
    """The word for a code; an unknown one is its own word."""
    return say(words.get(code, code)) if code else ""


def state_of(run: Run | RunLine) -> str:
    """The state as people see it: who was stopped did not fail."""
    return "stopped" if run.cancelled_by else run.state


def shown_of(run: Run) -> str:
    """What a page shows of a run under way, that may change. Work is no part of it: a page is not replaced for a number."""
    return f"{run.state}-{run.stage}" if run.stage else run.state


def field(say: Speech, code: str | None) -> str:
    """The word for a field of work."""
    return say.label(FIELDS[code]) if code in FIELDS else code or ""


def parties(say: Speech, codes: Iterable[str]) -> str:
    """Parties one after the other."""
    return ", ".join(say.label(PARTIES[code]).lower() for code in codes if code in PARTIES)


def listed(say: Speech, reasons: Iterable[str]) -> str:
    """What suits the two, one after the other."""
    return ", ".join(word(say, PARTS, code) for code in reasons)


def parts_of(say: Speech, parts: Mapping[str, int]) -> list[str]:
    """The parts that give or take points, those that give most first."""
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    return [f"{word(say, PARTS, code)} {say.number(points)}" for code, points in ordered if points]


def helped_by(say: Speech, helps: Sequence[str]) -> str:
    """The smallest thing that would place somebody."""
    return word(say, HELPS, helps[0]) if helps else say("Kun en vært mere hjælper")


def signed(say: Speech, number: int) -> str:
    """A difference with its sign."""
    sign = "+" if number > 0 else "\N{MINUS SIGN}" if number < 0 else ""
    return f"{sign}{say.number(abs(number))}"


def relation(say: Speech, code: str) -> str:
    """What a contact is to the sign-up."""
    return word(say, _RELATIONS, code)


def place_of(relation: str) -> int:
    """Where a contact stands among those of a sign-up: whoever signed up comes first."""
    order = (*_RELATIONS, relation)
    return order.index(relation)


def role(say: Speech, code: str | None) -> str:
    """What somebody takes part as."""
    return say.label(PARTIES[code]) if code in PARTIES else ""


def reason(say: Speech, act: str, code: str | None) -> str:
    """Why, for an act that has a reason."""
    labels = REASONS.get(act, {})
    return say.label(labels[code]) if code in labels else code or ""


def ended(say: Speech, state: str, code: str | None) -> str:
    """Why a case ended, in words."""
    if code == "moved":
        return say("Flyttet til en anden vært")
    act = {
        "declined": "MatchDeclined",
        "withdrawn": "MatchWithdrawn",
        "cancelled": "AgreementCancelled",
        "not_held": "InternshipNotHeld",
    }.get(state, "")
    return reason(say, act, code)


def municipality(code: str | None) -> str:
    """The name of a municipality."""
    return MUNICIPALITIES.get(code, "") if code else ""


def named(say: Speech, who: Who | None) -> str:
    """A sign-up in a list: the person, else the organisation, else that it is gone or not heard of yet."""
    if who is None:
        return say("Ukendt tilmelding")
    if who.state == "erased":
        return say("Slettet tilmelding")
    return who.name or who.organisation_name or say("Navn mangler endnu")


def actor(say: Speech, kind: str, name: str | None, people: Mapping[str, str]) -> str:
    """Who did it: a coordinator by name, a contact by name as far as it is kept, the clock or registration."""
    if kind == "coordinator":
        return name or say("En koordinator")
    if kind == "contact":
        return people.get(name or "") or say("En person, der er slettet")
    return say(_ACTORS.get(kind, kind))


def day_of(say: Speech, instant: datetime) -> str:
    """The Danish day of a moment."""
    return say.day(local_day(instant))


def deadline(say: Speech, instant: datetime | None) -> str:
    """A deadline as the language says it; nothing where there is none."""
    return "" if instant is None else say.deadline(instant)


def deadline_in_file(instant: datetime | None) -> str:
    """A deadline as a file has it beside its other days: 2018-09-10, with the hour where it is no midnight."""
    if instant is None:
        return ""
    day = day_that_ends(instant)
    return f"{instant.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}" if day is None else day.isoformat()

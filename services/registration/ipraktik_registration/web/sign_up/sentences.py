"""What is said about a field that has to be mended: a sentence that says the mend, by field and by what is wrong with it.

Danish first; English stands in the catalogue. `empty` is what was left out, `long` what passes its limit, `odd` everything else.
The table holds the fields in the order in which pages ask for them: the summary of errors follows it.
"""

from collections.abc import Mapping
from typing import Final

from ipraktik_chassis.texts import N_, Speech
from ipraktik_registration.web.sign_up.bodies import Fault

_EMPTY: Final = frozenset({"missing", "string_too_short", "literal_error", "none_required"})
_LONG: Final = frozenset({"string_too_long", "too_long"})

_AN_ADDRESS: Final = N_("Skriv en e-mail som navn@eksempel.dk")
_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "edition": {"empty": N_("Vælg, hvornår du vil med")},
    "name": {"empty": N_("Skriv dit navn")},
    "email": {"empty": N_("Skriv din e-mail på arbejdet"), "odd": _AN_ADDRESS},
    "field": {"empty": N_("Vælg dit fagområde")},
    "job-title": {},
    "organisation": {"empty": N_("Skriv, hvor du arbejder")},
    "unit": {},
    "manager-name": {"empty": N_("Skriv navnet på din nærmeste leder")},
    "manager-email": {
        "empty": N_("Skriv din leders e-mail"),
        "odd": _AN_ADDRESS,
        "misfit": N_("Skriv din leders e-mail. Det her er din egen"),
    },
    "reserve-name": {"empty": N_("Skriv navnet på den anden kontakt, eller slet e-mailen")},
    "reserve-email": {
        "empty": N_("Skriv e-mailen på den anden kontakt, eller slet navnet"),
        "odd": _AN_ADDRESS,
        "misfit": N_("Skriv den anden kontakts e-mail. Det her er din egen"),
    },
    "choice": {"empty": N_("Vælg din arbejdsplads, eller vælg “Nej, ingen af dem”")},
    "sector": {"empty": N_("Vælg, hvilken slags arbejdsplads det er")},
    "municipality": {
        "empty": N_("Skriv den kommune, som din arbejdsplads ligger i"),
        "unknown": N_("Skriv en del af kommunens navn, for eksempel “vej” for Vejle"),
    },
    "municipality-code": {"several": N_("Vælg den rigtige kommune")},
    "country": {},
    "ministerial-area": {},
    "journey": {"empty": N_("Vælg den rejse, der ligner din mest")},
    "motivation": {},
    "host-name": {"empty": N_("Skriv navnet på din kontakt hos værten")},
    "host-email": {
        "empty": N_("Skriv værtens e-mail"),
        "odd": _AN_ADDRESS,
        "misfit": N_("Skriv værtens e-mail. Det her er din egen"),
    },
    "companion-name": {"empty": N_("Skriv navnet på din rejsefælle")},
    "companion-email": {
        "empty": N_("Skriv din rejsefælles e-mail"),
        "odd": _AN_ADDRESS,
        "misfit": N_("Skriv din rejsefælles e-mail. Det her er din egen"),
    },
    "intern-name": {"empty": N_("Skriv navnet på praktikanten")},
    "intern-email": {
        "empty": N_("Skriv praktikantens e-mail"),
        "odd": _AN_ADDRESS,
        "misfit": N_("Skriv praktikantens e-mail. Det her er din egen"),
    },
    "fields": {
        "long": N_("Vælg højst 10 fagområder"),
        "none": N_("Vælg mindst ét ønske, eller gå tilbage, og vælg det åbne svar"),
    },
    "sectors": {},
    "areas": {},
    "offer": {},
    "capacity": {},
    "days-max": {"misfit": N_("Vælg et tal, der er mindst lige så stort som det første")},
    "length": {},
    "dates": {
        "empty": N_("Vælg de dage, der passer"),
        "few": N_("Vælg flere dage i træk. Praktikken varer mindst {n} dage"),
    },
    "first": {
        "odd": N_("Skriv en dato, for eksempel 12 3 2027"),
        "outside": N_("Skriv en dag i perioden {days}"),
    },
    "last": {
        "odd": N_("Skriv en dato, for eksempel 12 3 2027"),
        "outside": N_("Skriv en dag i perioden {days}"),
        "before": N_("Skriv en dag, der ligger efter den første"),
        "few": N_("Skriv en senere dag. Praktikken varer mindst {n} dage"),
    },
    "route": {
        "empty": N_("Vælg, hvordan vi skal finde et match"),
        "gone": N_("Værten tager ikke imod længere. Vælg en anden vej"),
    },
}
_IN_GENERAL: Final[Mapping[str, str]] = {
    "empty": N_("Udfyld feltet"),
    "long": N_("Skriv det kortere: højst {limit} tegn"),
    "odd": N_("Skriv det på én linje og uden særlige tegn"),
}


def sentence(say: Speech, field: str, kind: str, **facts: object) -> str:
    """The sentence for a field and what is wrong with it, by this module's own words for that."""
    words = _SENTENCES.get(field, {}).get(kind) or _IN_GENERAL.get(kind) or _IN_GENERAL["odd"]
    return say(words).format(**facts) if facts else say(words)


def said_of(say: Speech, fault: Fault, given: object) -> str:
    """The sentence for what the rules found about what was given."""
    if fault.kind in _LONG:
        return sentence(say, fault.field, "long", limit=fault.facts.get("max_length", ""))
    if fault.kind == "misfit":
        return sentence(say, fault.field, "misfit")
    return sentence(say, fault.field, "odd" if given and fault.kind in _EMPTY else _kind(fault))


def in_order(errors: Mapping[str, str]) -> dict[str, str]:
    """The errors in the order of the page's fields."""
    places = {field: number for number, field in enumerate(_SENTENCES)}
    return {
        field: errors[field] for field in sorted(errors, key=lambda field: places.get(field, len(places)))
    }


def _kind(fault: Fault) -> str:
    return "empty" if fault.kind in _EMPTY else "odd"

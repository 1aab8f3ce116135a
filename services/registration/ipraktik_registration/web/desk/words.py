"""What coordinators read: states, acts, actors and reasons by their codes, and what is said when an act cannot be done."""

from typing import Final

from ipraktik_chassis.texts import N_
from ipraktik_contracts.codes import REASONS, Label
from ipraktik_registration.domain.history import Act, ActorKind
from ipraktik_registration.domain.life import Role, State
from ipraktik_registration.domain.refusals import Reason

ROLES: Final[dict[Role, Label]] = {"intern": Label("Praktikant", "Intern"), "host": Label("Vært", "Host")}
STATES: Final[dict[State, Label]] = {
    "unconfirmed": Label("Mangler at bekræfte", "Address not confirmed"),
    "awaiting_consent": Label("Venter på leder", "Waiting for the manager"),
    "registered": Label("Tilmeldt", "Signed up"),
    "withdrawn": Label("Meldt fra", "Withdrawn"),
    "refused": Label("Leder sagde nej", "Manager said no"),
    "expired": Label("Udløbet", "Ran out"),
    "erased": Label("Slettet", "Deleted"),
}
STATE_BADGES: Final[dict[State, str]] = {
    "unconfirmed": "warning",
    "awaiting_consent": "warning",
    "registered": "success",
    "withdrawn": "",
    "refused": "error",
    "expired": "",
    "erased": "",
}
PLACEMENTS: Final[dict[str, Label]] = {
    "proposed": Label("Foreslået", "Proposed"),
    "accepted": Label("Sagt ja", "Accepted"),
    "declined": Label("Sagt nej", "Declined"),
    "expired": Label("Udløbet", "Ran out"),
    "withdrawn": Label("Trukket tilbage", "Taken back"),
    "drafted": Label("Aftale på vej", "Agreement under way"),
    "refused": Label("Aftale afvist", "Agreement refused"),
    "signed": Label("Aftale på plads", "Agreement stands"),
    "amended": Label("Aftale ændres", "Agreement is changed"),
    "lapsed": Label("Aftale udløb", "Agreement lapsed"),
    "cancelled": Label("Aflyst", "Called off"),
    "completed": Label("Gennemført", "Completed"),
    "not_held": Label("Ikke gennemført", "Did not take place"),
}
EVALUATIONS: Final[dict[str, Label]] = {
    "requested": Label("Venter på svar", "Waiting for an answer"),
    "submitted": Label("Besvaret", "Answered"),
    "expired": Label("Udløbet", "Ran out"),
}
WAVES: Final[dict[str, Label]] = {
    "after": Label("Efter praktikken", "After the stay"),
    "follow_up": Label("Måneder efter", "Months later"),
}
RELATIONS: Final[dict[str, Label]] = {
    "self": Label("Personen selv", "The person"),
    "manager": Label("Lederen", "The manager"),
    "reserve": Label("Reserven", "The reserve"),
}
KINDS: Final[dict[str, Label]] = {
    "companion": Label("Rejsefælle", "Travel companion"),
    "self_found": Label("Har aftalt praktik med", "Has agreed a stay with"),
    "host_in_mind": Label("Ønsker værten", "Has a host in mind"),
}
ACTS: Final[dict[Act, Label]] = {
    "registered_on_behalf": Label("Tilmeldt på personens vegne", "Signed up on behalf of the person"),
    "imported": Label("Tilmeldt med en liste", "Signed up by a list"),
    "confirmed": Label("Bekræftede sin e-mail", "Confirmed the address"),
    "consented": Label("Sagde ja til praktikken", "Agreed to the internship"),
    "refused": Label("Sagde nej til praktikken", "Said no to the internship"),
    "changed": Label("Rettede tilmeldingen", "Changed the sign-up"),
    "address_changed": Label("Rettede en e-mail", "Changed an e-mail address"),
    "deputy_named": Label("Satte en anden ind for lederen", "Put somebody else in for the manager"),
    "asked_again": Label("Sendte spørgsmålet igen", "Sent the question again"),
    "naming_agreed": Label("Sagde ja til en, der har peget på dem", "Said yes to somebody who named them"),
    "naming_declined": Label("Sagde nej til en, der har peget på dem", "Said no to somebody who named them"),
    "withdrawn": Label("Meldte fra", "Withdrew"),
    "expired": Label("Fristen udløb", "The time ran out"),
    "forgotten": Label("Personerne blev glemt", "The people were forgotten"),
    "erased": Label("Slettede tilmeldingen", "Deleted the sign-up"),
}
ACTORS: Final[dict[ActorKind, Label]] = {
    "person": Label("Personen selv", "The person"),
    "manager": Label("Lederen", "The manager"),
    "coordinator": Label("Koordinator", "Coordinator"),
    "clock": Label("Systemet", "The system"),
}
WITHDRAWAL: Final = REASONS["ParticipantWithdrawn"]
_OTHER_REASONS: Final[dict[str, Label]] = {
    **RELATIONS,
    **KINDS,
    "signed_up_already": Label("Var tilmeldt i forvejen", "Was signed up already"),
}


def reason_label(code: str | None) -> Label | None:
    """What a reason in the history is called; one that this build does not know is not shown."""
    return None if code is None else WITHDRAWAL.get(code) or _OTHER_REASONS.get(code)


REFUSED: Final[dict[Reason, str]] = {
    "asked_just_now": N_("Spørgsmålet er lige sendt. Vent ti minutter, før du sender det igen."),
    "changed_since": N_("Der er sket noget, siden du åbnede siden. Se den igen, før du går videre."),
    "ended": N_("Tilmeldingen er afsluttet, så den kan ikke ændres."),
    "erased": N_("Tilmeldingen er slettet, så den kan ikke ændres."),
    "expired": N_("Fristen er udløbet. Tilmeld personen igen, hvis personen stadig vil være med."),
    "nobody_asked": N_("Der er ikke noget spørgsmål, der venter på svar."),
    "nobody_there": N_("Tilmeldingen har ikke længere den kontakt. Se siden igen."),
    "no_edition_open": N_("Ingen runde tager imod tilmeldinger nu. Ret først rundens vindue."),
    "unknown_edition_id": N_("Runden findes ikke. Vælg en anden."),
    "window_closed": N_("Runden tager ikke imod tilmeldinger nu. Ret først rundens vindue."),
}
"""What a coordinator is told who cannot do something; the words for people themselves stand in `web/words.py`."""

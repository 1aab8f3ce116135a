"""What states and reasons are called on pages."""

from typing import Final

from ipraktik_contracts.codes import Label
from ipraktik_registration.domain.life import State
from ipraktik_registration.domain.withdrawal import WithdrawalReason

STATE: Final[dict[State, Label]] = {
    "unconfirmed": Label(
        "Venter på, at du bekræfter din tilmelding", "Waiting for you to confirm your sign-up"
    ),
    "awaiting_consent": Label("Venter på din leders svar", "Waiting for your manager's answer"),
    "registered": Label("Du er tilmeldt", "You are signed up"),
    "withdrawn": Label("Du har meldt fra", "You have withdrawn"),
    "erased": Label("Slettet", "Deleted"),
    "expired": Label("Fristen er overskredet", "The time ran out"),
    "refused": Label("Din leder sagde nej", "Your manager said no"),
}
STATE_OF_INTERN: Final[dict[State, Label]] = {
    "unconfirmed": Label("E-mailen er ikke bekræftet endnu", "The address is not confirmed yet"),
    "awaiting_consent": Label("Vi venter på dit svar", "We are waiting for your answer"),
    "registered": Label("Praktikanten er tilmeldt", "The intern is signed up"),
    "withdrawn": Label("Praktikanten har meldt fra", "The intern has withdrawn"),
    "erased": Label("Slettet", "Deleted"),
    "expired": Label("Fristen er overskredet", "The time ran out"),
    "refused": Label("Du har sagt nej", "You said no"),
}
"""The same, as the own manager reads it."""
PLACEMENT: Final[dict[str, Label]] = {
    "proposed": Label("Forslag, venter på svar", "Proposed, waiting for answers"),
    "accepted": Label("Der er sagt ja", "Accepted"),
    "declined": Label("Der er sagt nej", "Declined"),
    "expired": Label("Fristen for svar er overskredet", "The time to answer ran out"),
    "withdrawn": Label("Forslaget er trukket tilbage", "The proposal was taken back"),
    "drafted": Label("Aftalen venter på godkendelse", "The agreement waits for approval"),
    "refused": Label("Aftalen er afvist og skal ændres", "The agreement was refused and must change"),
    "signed": Label("Aftalen er på plads", "The agreement stands"),
    "amended": Label(
        "Ændring af aftalen venter på godkendelse", "A change of the agreement waits for approval"
    ),
    "lapsed": Label("Aftalen blev ikke godkendt i tide", "The agreement was not approved in time"),
    "cancelled": Label("Aftalen er aflyst", "The agreement was called off"),
    "completed": Label("Gennemført", "Completed"),
    "not_held": Label("Ikke gennemført", "Did not take place"),
}
EVALUATION: Final[dict[str, Label]] = {
    "requested": Label("Venter på dit svar", "Waiting for your answer"),
    "submitted": Label("Tak for dit svar", "Thank you for your answer"),
    "expired": Label("Fristen er overskredet", "The time ran out"),
}
WAVE: Final[dict[str, Label]] = {
    "after": Label("Evaluering efter praktikken", "Evaluation after the stay"),
    "follow_up": Label("Evaluering nogle måneder efter", "Evaluation some months later"),
}
REASON: Final[dict[WithdrawalReason, Label]] = {
    "own_wish": Label("Jeg vil ikke være med alligevel", "I do not want to take part after all"),
    "workplace": Label("Det passer ikke på min arbejdsplads", "It does not suit my workplace"),
    "new_job": Label("Jeg har fået nyt job", "I have a new job"),
    "other": Label("Noget andet", "Something else"),
}

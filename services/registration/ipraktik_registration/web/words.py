"""What is said to people who are refused, in English for programs and in both languages on pages."""

from dataclasses import dataclass
from typing import Final

from ipraktik_chassis.problem import Problem
from ipraktik_registration.domain.refusals import Reason, Refused


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a sentence that says what to do."""

    title: str
    detail: str


_REFUSALS: Final[dict[Reason, tuple[int, Words, Words]]] = {
    "already_answered": (
        409,
        Words("You have answered already", "Your first answer stands. Write to the organiser to change it."),
        Words("Du har allerede svaret", "Dit første svar gælder. Skriv til os, hvis det skal ændres."),
    ),
    "asked_just_now": (
        409,
        Words("The question was sent just now", "Give it ten minutes before you send it once more."),
        Words("Spørgsmålet er lige sendt", "Vent ti minutter, før du sender det igen."),
    ),
    "changed_since": (
        409,
        Words("Something has happened since", "Look at it again before you go on. Nothing was changed."),
        Words("Der er sket noget siden", "Se siden igen, før du går videre. Der er ikke ændret noget endnu."),
    ),
    "confirm_first": (
        409,
        Words("Confirm your address first", "Open the link in the first mail, confirm, and try again."),
        Words("Bekræft først din tilmelding", "Åbn linket i den første mail, bekræft, og prøv igen."),
    ),
    "edition_unknown": (
        404,
        Words("No such edition", "Take the edition's id from the list of editions."),
        Words("Runden findes ikke", "Vælg en runde på listen."),
    ),
    "editions_ambiguous": (
        422,
        Words("Several editions are open", "Say which by edition_id."),
        Words("Flere runder er åbne", "Vælg en af dem."),
    ),
    "ended": (
        409,
        Words("The sign-up has ended", "Sign up anew if you want to take part."),
        Words("Tilmeldingen er afsluttet", "Tilmeld dig igen, hvis du vil være med."),
    ),
    "erased": (
        410,
        Words("The sign-up has been deleted", "Sign up anew if you want to take part."),
        Words("Tilmeldingen er slettet", "Tilmeld dig igen, hvis du vil være med."),
    ),
    "expired": (
        409,
        Words("The time has run out", "Sign up anew if you want to take part."),
        Words("Fristen er overskredet", "Tilmeld dig igen, hvis du vil være med."),
    ),
    "has_pair_already": (
        409,
        Words("You have named somebody else", "Change whom you name in your sign-up first."),
        Words("Du har angivet en anden", "Ret først i din tilmelding, hvem du har aftalt det med."),
    ),
    "has_companion_already": (
        409,
        Words("You have named another companion", "Change your companion in your sign-up first."),
        Words("Du har angivet en anden rejsefælle", "Ret først rejsefællen i din tilmelding."),
    ),
    "host_in_mind_unknown": (
        422,
        Words("No such host", "Choose a host of the same edition from the host registry."),
        Words("Værten findes ikke", "Vælg en vært fra værtskartoteket i samme runde."),
    ),
    "key_used_otherwise": (
        409,
        Words("The key was used before", "Send something new with a new Idempotency-Key."),
        Words("Det er allerede sendt", "Begynd forfra for at sende noget nyt."),
    ),
    "no_edition_open": (
        409,
        Words("No edition is open", "See the front page for when sign-ups are taken next."),
        Words("Der er ikke åbent for tilmelding", "Se på forsiden, hvornår der åbner igen."),
    ),
    "nobody_asked": (
        409,
        Words("Nobody has asked", "There is nothing to answer; the question may have been taken back."),
        Words("Der er ikke noget at svare på", "Spørgsmålet er måske trukket tilbage."),
    ),
    "nobody_there": (
        409,
        Words("The sign-up has no such contact", "Open the sign-up again and see who is in it."),
        Words("Tilmeldingen har ikke den kontakt", "Åbn tilmeldingen igen, og se, hvem der står i den."),
    ),
    "not_registered": (
        409,
        Words("Your sign-up is not valid yet", "Try again when it is."),
        Words("Din tilmelding gælder ikke", "Prøv igen, når den er på plads."),
    ),
    "other_has_ended": (
        409,
        Words("The other sign-up has ended", "There is nothing to answer any more."),
        Words("Den anden er ikke længere tilmeldt", "Der er ikke mere at svare på."),
    ),
    "sign_up_first": (
        409,
        Words("Sign up first", "You can answer once you have signed up with this address."),
        Words("Tilmeld dig først", "Du kan svare, når du har tilmeldt dig med denne e-mail."),
    ),
    "unknown_edition_id": (
        422,
        Words("No such edition", "Take edition_id from the list of editions."),
        Words("Runden findes ikke", "Vælg en runde på listen."),
    ),
    "unknown_sign_up": (
        404,
        Words("No such sign-up", "Open the newest link you have got by mail."),
        Words("Tilmeldingen findes ikke", "Åbn det nyeste link, du har fået på mail."),
    ),
    "window_closed": (
        409,
        Words("The edition takes no sign-ups now", "See the front page for when sign-ups are taken."),
        Words("Der er lukket for tilmelding", "Se på forsiden, hvornår der er åbent."),
    ),
}


def refused(refusal: Refused) -> Problem:
    """The problem that programs get, with the words that people read."""
    status, english, danish = _REFUSALS[refusal.reason]
    return Problem(status, english.title, english.detail, danish=(danish.title, danish.detail))

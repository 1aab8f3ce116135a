"""Why an act is not possible, as a code with a sentence that says what to do, in Danish and in English."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sentence:
    """A refusal in one language: what is so, and what to do."""

    title: str
    detail: str


class Refused(Exception):
    """The act does not fit the state of things; nothing was changed. `code` is a key of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code]["en"].title)
        self.code = code

    def sentence(self, language: str) -> Sentence:
        """The refusal in that language, Danish unless it is English."""
        return SENTENCES[self.code]["en" if language == "en" else "da"]


def _both(da: tuple[str, str], en: tuple[str, str]) -> dict[str, Sentence]:
    return {"da": Sentence(*da), "en": Sentence(*en)}


SENTENCES: Final[dict[str, dict[str, Sentence]]] = {
    "ended": _both(
        ("Sagen er slut", "Der kan ikke gøres mere i denne sag. Skriv til os, hvis det er en fejl."),
        ("The case has ended", "Nothing more can be done in this case. Write to us if that is a mistake."),
    ),
    "answered_otherwise": _both(
        ("Du har allerede svaret", "Dit første svar gælder. Skriv til os, hvis du vil ændre det."),
        ("You have answered already", "Your first answer stands. Write to us if you want to change it."),
    ),
    "not_asked": _both(
        (
            "Du er ikke spurgt her",
            "Praktikanten og værten svarer på forslaget. Den nærmeste leder godkender aftalen.",
        ),
        (
            "You are not asked here",
            "The intern and the host answer the proposal. The manager approves the agreement.",
        ),
    ),
    "no_agreement_yet": _both(
        ("Der er ingen aftale endnu", "Svar på forslaget først. Aftalen kommer, når I begge har sagt ja."),
        ("There is no agreement yet", "Answer the proposal first. The agreement follows when both say yes."),
    ),
    "newer_version": _both(
        ("Der er en nyere version", "Aftalen er ændret. Læs den nyeste version, og svar på den."),
        ("A newer version exists", "The agreement was changed. Read the newest version and answer that."),
    ),
    "other_fingerprint": _both(
        ("Teksten er en anden", "Det, du svarede på, er ikke den version, vi har. Hent siden igen."),
        ("The text is another", "What you answered is not the version we hold. Load the page again."),
    ),
    "no_open_version": _both(
        ("Der er intet at godkende", "Den gældende aftale er godkendt af alle tre."),
        ("There is nothing to approve", "The agreement in force is approved by all three."),
    ),
    "version_refused": _both(
        ("Versionen er afvist", "En af jer har sagt nej til den. Lav en ny version, eller aflys aftalen."),
        (
            "The version was refused",
            "One of you said no to it. Put up a new version or call the agreement off.",
        ),
    ),
    "approved_otherwise": _both(
        ("Du har godkendt versionen", "Vil du noget andet, så lav en ny version, eller aflys aftalen."),
        ("You have approved the version", "If you want something else, put up a new version or call it off."),
    ),
    "nothing_changed": _both(
        ("Der er ingen ændring", "Den nye version siger det samme som den gamle. Ret noget, og send igen."),
        (
            "Nothing was changed",
            "The new version says the same as the old one. Change something and send again.",
        ),
    ),
    "too_many_versions": _both(
        ("Der er for mange versioner", "Skriv til os, så hjælper vi jer videre."),
        ("There are too many versions", "Write to us and we will help you on."),
    ),
    "days_outside": _both(
        ("Dagene passer ikke", "Vælg kommende dage, der ligger inden for rundens datoer."),
        ("The days do not fit", "Choose days ahead within the dates of the edition."),
    ),
    "stay_length": _both(
        ("Praktikken er for kort eller for lang", "En praktik varer 2 til 5 hverdage. Vælg andre dage."),
        ("The stay is too short or too long", "A stay lasts 2 to 5 weekdays. Choose other days."),
    ),
    "same_person": _both(
        ("Reserven er den samme som kontaktpersonen", "Vælg en anden reserve, eller vælg ingen."),
        ("The reserve is the contact person too", "Choose another reserve, or none."),
    ),
    "contact_outside": _both(
        ("Kontakten hører ikke til værten", "Vælg værtens kontaktperson eller reserve."),
        ("The contact is not the host's", "Choose the host's contact person or reserve."),
    ),
    "stay_begun": _both(
        ("Praktikken er begyndt", "Aftalen kan ikke ændres nu. Sig i stedet, om praktikken blev gennemført."),
        ("The stay has begun", "The agreement cannot be changed now. Say whether the stay was held instead."),
    ),
    "stay_not_begun": _both(
        ("Praktikken er ikke begyndt", "Kan den ikke holdes, så aflys aftalen. Ellers vent til første dag."),
        (
            "The stay has not begun",
            "If it cannot be held, call the agreement off. Otherwise wait for the first day.",
        ),
    ),
    "not_signed": _both(
        (
            "Aftalen er ikke godkendt af alle tre",
            "Der er ingen praktik at svare på, før alle tre har godkendt.",
        ),
        (
            "The agreement is not approved by all three",
            "There is no stay to speak of before all three have approved.",
        ),
    ),
    "disputed": _both(
        ("I har sagt hver jeres", "En koordinator spørger jer begge og afgør det. Du skal ikke gøre mere."),
        ("You say different things", "A coordinator will ask you both and decide. You need do nothing more."),
    ),
    "not_disputed": _both(
        ("Der er intet at afgøre", "Parterne har ikke sagt noget forskelligt."),
        ("There is nothing to decide", "The parties have not contradicted each other."),
    ),
    "stay_not_over": _both(
        ("Praktikken er ikke slut", "At den blev gennemført, kan først afgøres på sidste dag."),
        ("The stay is not over", "That it was held can be decided from its last day on."),
    ),
    "decided_otherwise": _both(
        (
            "Det er afgjort",
            "Det er allerede afgjort, hvordan praktikken gik. Skriv til os, hvis det er en fejl.",
        ),
        ("It has been decided", "How the stay went is decided already. Write to us if that is a mistake."),
    ),
    "needs_too_late": _both(
        ("Praktikken er begyndt", "Sig det, du har brug for, direkte til din kontaktperson hos værten."),
        ("The stay has begun", "Tell your contact person at the host directly what you need."),
    ),
    "needs_of_another": _both(
        ("Det er praktikantens note", "Kun praktikanten kan skrive eller slette den."),
        ("The note is the intern's", "Only the intern can write or delete it."),
    ),
    "edition_unknown": _both(
        ("Runden kendes ikke endnu", "Prøv igen om lidt."),
        ("The edition is not known yet", "Try again in a moment."),
    ),
    "edition_over": _both(
        ("Rundens datoer er forbi", "Der kan ikke lægges flere forslag i denne runde."),
        ("The edition's dates have passed", "No more proposals can be made in this edition."),
    ),
    "run_under_way": _both(
        ("En beregning er i gang", "Vent, til den er færdig. Så kan du starte en ny."),
        ("A run is under way", "Wait until it has ended. Then you can start a new one."),
    ),
    "policy_out_of_range": _both(
        ("Vægtene passer ikke", "Hver vægt er et helt tal fra 0 til 1000."),
        ("The weights do not fit", "Each weight is a whole number from 0 to 1000."),
    ),
    "run_not_solved": _both(
        ("Beregningen er ikke færdig", "Vent, til den er færdig, eller start en ny."),
        ("The run is not solved", "Wait until it is solved, or start a new one."),
    ),
    "run_superseded": _both(
        ("Beregningen er forældet", "En anden beregning er sendt ud siden. Start en ny beregning."),
        ("The run is superseded", "Another run was released since. Start a new run."),
    ),
    "released_otherwise": _both(
        ("Beregningen er sendt ud", "Den blev sendt ud med et andet svar på, om den er den sidste."),
        ("The run was released", "It was released with another answer to whether it is the last."),
    ),
    "moved_on": _both(
        ("Sagen har ændret sig", "Der er sket noget, mens du havde siden åben. Se sagen, som den er nu."),
        (
            "The case has changed",
            "Something happened while you had the page open. See the case as it is now.",
        ),
    ),
    "rule_not_intern": _both(
        ("Det er ikke en praktikant", "Vælg en praktikant, der er tilmeldt runden."),
        ("This is no intern", "Choose an intern who takes part in the edition."),
    ),
    "rule_not_host": _both(
        ("Det er ikke en vært", "Vælg en vært, der er tilmeldt runden."),
        ("This is no host", "Choose a host that takes part in the edition."),
    ),
    "rule_same_unit": _both(
        (
            "De er fra samme enhed",
            "En praktikant kan ikke komme i praktik i sin egen enhed. Vælg en anden vært.",
        ),
        ("They are of the same unit", "Nobody can have a stay in their own unit. Choose another host."),
    ),
    "rule_own_organisation": _both(
        (
            "De er fra samme organisation",
            "Praktikanten har ikke bedt om at blive i sin egen organisation. Vælg en anden vært.",
        ),
        (
            "They are of the same organisation",
            "The intern has not asked to stay in the own organisation. Choose another host.",
        ),
    ),
    "rule_no_common_days": _both(
        (
            "De har ingen dage til fælles",
            "Spørg dem, om en af dem kan på andre dage, eller vælg en anden vært.",
        ),
        ("They have no days in common", "Ask whether one of them can on other days, or choose another host."),
    ),
    "rule_intern_seated": _both(
        (
            "Praktikanten har et forslag eller en aftale",
            "Skal praktikanten flyttes, så træk først forslaget tilbage, eller aflys aftalen.",
        ),
        ("The intern has a proposal or an agreement", "Take that case back first if the intern is to move."),
    ),
    "rule_tried": _both(
        ("De to er prøvet før", "Forslaget mellem dem er slut og sendes ikke igen. Vælg en anden vært."),
        ("The two were tried before", "Their proposal has ended and is not sent again. Choose another host."),
    ),
    "rule_host_full": _both(
        ("Værten har ikke plads", "Alle pladser er givet væk eller fastlåst. Vælg en anden vært."),
        ("The host has no room", "All its places are given away or pinned. Choose another host."),
    ),
    "rule_companion_elsewhere": _both(
        (
            "Rejsefællen skal et andet sted hen",
            "De to rejser sammen. Fjern låsen på rejsefællen først, eller vælg den samme vært.",
        ),
        (
            "The travel companion goes elsewhere",
            "The two travel together. Undo the companion's pin first, or choose the same host.",
        ),
    ),
    "rule_pinned_elsewhere": _both(
        ("Praktikanten er fastlåst til en anden vært", "Fjern den lås først."),
        ("The intern is pinned to another host", "Undo that pin first."),
    ),
    "rule_contradicts": _both(
        ("Parret har allerede den modsatte regel", "Fjern den regel først."),
        ("The pair has the opposite rule already", "Undo that rule first."),
    ),
}

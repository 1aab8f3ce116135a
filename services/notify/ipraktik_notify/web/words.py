"""What coordinators read of mails: kinds, recipients, states and reasons by name, and what to do where something went wrong."""

from collections.abc import Mapping
from typing import Final

from ipraktik_chassis.texts import N_

KINDS: Final[Mapping[str, str]] = {
    "confirm_address": N_("Bekræft tilmeldingen"),
    "draft_saved": N_("Fortsæt tilmeldingen"),
    "sign_up_expired": N_("Tilmeldingen er udløbet"),
    "consent_wanted": N_("Lederen spørges"),
    "consent_reminder": N_("Påmindelse til lederen"),
    "consent_refused": N_("Lederen har sagt nej"),
    "companion_invited": N_("Invitation til rejsefælle"),
    "pair_confirmation": N_("Har I fundet hinanden?"),
    "host_asked": N_("Vil I være vært?"),
    "new_link": N_("Nyt link"),
    "sign_in": N_("Log ind"),
    "registered": N_("Kvittering for tilmelding"),
    "withdrawn": N_("Tilmeldingen er trukket tilbage"),
    "proposal": N_("Forslag"),
    "answer_reminder": N_("Påmindelse om svar"),
    "accepted_wait": N_("Den anden har sagt ja"),
    "declined": N_("Den anden har sagt nej"),
    "expired": N_("Forslaget er udløbet"),
    "proposal_withdrawn": N_("Forslaget er trukket tilbage"),
    "not_found": N_("Ingen plads"),
    "still_looking": N_("Vi leder stadig"),
    "agreement_draft": N_("Udkast til aftale"),
    "agreement_changed": N_("Ændret aftale"),
    "sign_reminder": N_("Påmindelse om at godkende"),
    "agreement_refused": N_("Nej til aftalen"),
    "agreement_signed": N_("Aftalen er klar"),
    "agreement_lapsed": N_("Aftalen bortfaldt"),
    "agreement_cancelled": N_("Praktikken er aflyst"),
    "prepare_before": N_("Liste til tiden før"),
    "prepare_during": N_("Liste til dagene"),
    "prepare_after": N_("Liste til tiden efter"),
    "last_day": N_("Blev besøget gennemført?"),
    "not_held": N_("Besøget blev ikke gennemført"),
    "evaluation_wanted": N_("Evaluering"),
    "evaluation_reminder": N_("Påmindelse om evaluering"),
    "report_published": N_("Rapporten er udgivet"),
    "webhook_paused": N_("Webhook på pause"),
}

PARTIES: Final[Mapping[str, str]] = {
    "intern": N_("praktikant"),
    "manager": N_("leder"),
    "host": N_("vært"),
    "reserve": N_("reserve"),
    "self": N_("den tilmeldte"),
    "asked": N_("den, der spørges"),
    "coordinator": N_("koordinator"),
    "owner": N_("ejer af webhook"),
}

STATES: Final[Mapping[str, str]] = {
    "scheduled": N_("planlagt"),
    "waiting": N_("venter"),
    "held": N_("holdt tilbage"),
    "pending": N_("på vej"),
    "sending": N_("på vej"),
    "sent": N_("sendt"),
    "failed": N_("fejlet"),
    "dropped": N_("sendes ikke"),
}

BADGES: Final[Mapping[str, str]] = {
    "sent": "success",
    "failed": "error",
    "dropped": "warning",
    "held": "info",
    "pending": "info",
    "sending": "info",
}

DROP_REASONS: Final[Mapping[str, str]] = {
    "not_needed": N_("Mailen er ikke nødvendig længere"),
    "told_otherwise": N_("Modtageren har fået det at vide på en anden måde"),
    "wrong": N_("Der står noget forkert i mailen"),
}
"""Why a coordinator drops a mail that is held."""

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "refused": (
        N_("Modtagerens mailserver sagde nej"),
        N_("Tjek e-mailen på tilmeldingen. Ret den, hvis den er forkert, og send mailen igen."),
    ),
    "bad_address": (
        N_("E-mailen kan ikke bruges"),
        N_("Ret e-mailen på tilmeldingen, og send mailen igen."),
    ),
    "unwritable": (
        N_("Mailen kunne ikke skrives"),
        N_("Sig det til dem, der driver systemet. Send mailen igen, når de har rettet fejlen."),
    ),
    "gave_up": (
        N_("Vi prøvede mange gange uden at komme igennem"),
        N_("Vent lidt, og send mailen igen. Ring, hvis det haster."),
    ),
    "deferred": (N_("Mailserveren bad os vente"), N_("Gør ingenting. Vi prøver igen af os selv.")),
    "server_away": (N_("Vores egen mailserver svarer ikke"), N_("Gør ingenting. Vi prøver igen af os selv.")),
    "cut_off": (N_("Forbindelsen blev brudt"), N_("Gør ingenting. Vi prøver igen af os selv.")),
    "in_doubt": (
        N_("Forbindelsen blev brudt, da mailen var afleveret"),
        N_("Gør ingenting. Vi sender den samme mail igen, og modtagerens program viser den kun én gang."),
    ),
    "erased": (N_("Modtageren er slettet"), N_("Gør ingenting. Vi må ikke skrive til modtageren mere.")),
    "too_late": (
        N_("Fristen var gået, før mailen kunne sendes"),
        N_("Skriv selv til modtageren, hvis det stadig er vigtigt."),
    ),
    "incomplete": (
        N_("Vi fik aldrig det at vide, som skulle stå i mailen"),
        N_("Tjek tilmeldingen. Send mailen igen, når oplysningerne er der."),
    ),
    "not_needed": (N_("En koordinator stoppede den: ikke nødvendig længere"), N_("Gør ingenting.")),
    "told_otherwise": (N_("En koordinator stoppede den: fortalt på en anden måde"), N_("Gør ingenting.")),
    "wrong": (
        N_("En koordinator stoppede den: noget var forkert"),
        N_("Ret det, der var forkert. Send mailen igen, hvis modtageren stadig mangler den."),
    ),
}
"""Each code that a mail may carry: what happened, and what to do."""

TOPICS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "consent": (N_("Lederens ja"), ("consent_wanted",)),
    "answer": (N_("Svar på forslag"), ("proposal",)),
    "signature": (N_("Godkendelse af aftalen"), ("agreement_draft", "agreement_changed")),
    "evaluation": (N_("Evaluering"), ("evaluation_wanted",)),
}
"""What people may be reminded of, by the kinds that ask for it."""

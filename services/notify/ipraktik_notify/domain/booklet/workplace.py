"""The sending workplace's check lists, written to the nearest manager, who stands for it."""

from collections.abc import Mapping
from typing import Final

from ipraktik_notify.domain.booklet.item import List, Phase, item

WORKPLACE: Final[Mapping[Phase, List]] = {
    "before": List(
        advice=(
            item(
                "workplace-before-time",
                da=(
                    "Giv medarbejderen tid til at forberede sig.",
                    "Et par timer er nok til at læse, ringe til værten og skrive mål.",
                ),
                en=(
                    "Give your employee time to prepare.",
                    "A few hours are enough to read, call the host and write goals.",
                ),
            ),
            item(
                "workplace-before-back",
                da=(
                    "Bak praktikken op, så alle kan se det.",
                    "Fortæl om den på et møde. Sig, hvorfor den er vigtig for jer alle.",
                ),
                en=(
                    "Back the internship so that everybody sees it.",
                    "Tell about it at a meeting. Say why it matters to all of you.",
                ),
            ),
            item(
                "workplace-before-goals",
                da=(
                    "Sig, hvad I som enhed vil have ud af det.",
                    "Læg jeres mål ved siden af medarbejderens egne, og vælg de vigtigste.",
                ),
                en=(
                    "Say what you as a unit want from it.",
                    "Lay your goals beside your employee's own, and choose the most important ones.",
                ),
            ),
            item(
                "workplace-before-cover",
                da=(
                    "Find ud af, hvem der tager opgaverne imens.",
                    "Medarbejderen skal kunne rejse uden dårlig samvittighed. I betaler løn, rejse og ophold. Spørg HR om "
                    "forsikringen.",
                ),
                en=(
                    "Find out who takes the tasks meanwhile.",
                    "Your employee should be able to leave with a good conscience. You pay wage, travel and lodging. Ask HR "
                    "about the insurance.",
                ),
            ),
            item(
                "workplace-before-use",
                da=(
                    "Planlæg, hvordan I bruger det, der kommer hjem.",
                    "Sæt et møde i kalenderen nu, få dage efter besøget.",
                ),
                en=(
                    "Plan how to use what comes home.",
                    "Put a meeting into the calendar now, a few days after the visit.",
                ),
            ),
        ),
        questions=(
            item(
                "workplace-before-answer",
                da=(
                    "Hvilket spørgsmål skal medarbejderen have svar på?",
                    "Vælg noget, I selv er gået i stå med.",
                ),
                en=(
                    "Which question should your employee find an answer to?",
                    "Choose something that you are stuck with.",
                ),
            ),
            item(
                "workplace-before-need",
                da=(
                    "Hvad skal der til, for at medarbejderen kan undværes?",
                    "Spørg både medarbejderen og kollegerne.",
                ),
                en=(
                    "What does it take to spare your employee?",
                    "Ask both your employee and the colleagues.",
                ),
            ),
            item(
                "workplace-before-share",
                da=(
                    "Hvem skal høre om besøget bagefter, og hvornår?",
                    "Aftal det før rejsen, så bliver det til noget.",
                ),
                en=(
                    "Who should hear about the visit afterwards, and when?",
                    "Agree before the journey, and it will happen.",
                ),
            ),
        ),
    ),
    "during": List(
        advice=(
            item(
                "workplace-during-peace",
                da=(
                    "Lad medarbejderen være i fred.",
                    "Ingen mail, opkald eller beskeder, hvis de kan vente. Tag det, når I ses.",
                ),
                en=(
                    "Leave your employee in peace.",
                    "No mail, calls or messages if they can wait. Take it when you meet.",
                ),
            ),
        ),
        questions=(
            item(
                "workplace-during-ready",
                da=(
                    "Er vi klar til at lytte, når medarbejderen er hjemme?",
                    "Tjek, at mødet står i kalenderen.",
                ),
                en=(
                    "Are we ready to listen when your employee is home?",
                    "Check that the meeting is in the calendar.",
                ),
            ),
        ),
    ),
    "after": List(
        advice=(
            item(
                "workplace-after-talk",
                da=(
                    "Hold en snak om besøget inden for få dage.",
                    "Gå fire trin: en situation, hvad den fik medarbejderen til at tænke, hvordan den kan inspirere jer, og "
                    "én ting, I gør nu.",
                ),
                en=(
                    "Have a talk about the visit within a few days.",
                    "Go four steps: a situation, what it made your employee think, how it can inspire you, and one thing to "
                    "do now.",
                ),
            ),
            item(
                "workplace-after-time",
                da=(
                    "Giv tid og støtte til at arbejde videre med idéerne.",
                    "Vælg én idé, og giv den en dato og en, der har ansvaret.",
                ),
                en=(
                    "Give time and support to work on with the ideas.",
                    "Choose one idea, and give it a date and somebody in charge.",
                ),
            ),
        ),
        questions=(
            item(
                "workplace-after-keep",
                da=(
                    "Hvad gør vi godt og skal blive ved med?",
                    "Besøget kan også vise, hvad der virker hos jer selv.",
                ),
                en=(
                    "What do we do well and should keep doing?",
                    "The visit may also show what works at your own place.",
                ),
            ),
            item(
                "workplace-after-better",
                da=("Hvad kan vi gøre bedre?", "Se efter små ting, der er lette at rette."),
                en=("What can we do better?", "Look for small things that are easy to mend."),
            ),
            item(
                "workplace-after-differently",
                da=("Hvad kan vi gøre på en anden måde?", "Prøv det af i det små, før I beslutter jer."),
                en=("What can we do differently?", "Try it on a small scale before you decide."),
            ),
            item(
                "workplace-after-stop",
                da=("Hvad skal vi holde op med?", "Det giver plads til det nye."),
                en=("What should we stop doing?", "It makes room for the new."),
            ),
        ),
    ),
}

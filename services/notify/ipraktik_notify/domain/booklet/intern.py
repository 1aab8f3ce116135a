"""The intern's check lists."""

from collections.abc import Mapping
from typing import Final

from ipraktik_notify.domain.booklet.item import List, Phase, item

INTERN: Final[Mapping[Phase, List]] = {
    "before": List(
        advice=(
            item(
                "intern-before-goals",
                da=("Skriv dine egne mål ned.", "To-tre linjer er nok. Vis dem til din leder og til værten."),
                en=(
                    "Write down your own goals.",
                    "Two or three lines will do. Show them to your manager and the host.",
                ),
            ),
            item(
                "intern-before-talk",
                da=(
                    "Tal med værten om, hvad I hver især venter jer.",
                    "Ring sammen et kvarter. Aftal, hvad du skal se, og hvem du skal møde.",
                ),
                en=(
                    "Talk with the host about what each of you expects.",
                    "A quarter of an hour on the phone is enough. Agree what you will see and whom you will meet.",
                ),
            ),
            item(
                "intern-before-read",
                da=(
                    "Læs om arbejdspladsen, før du kommer.",
                    "Se på deres hjemmeside, og læs det, værten sender. Så kan du spørge om det, der ikke står.",
                ),
                en=(
                    "Read about the workplace before you come.",
                    "Look at their website and read what the host sends. Then you can ask about what is not there.",
                ),
            ),
            item(
                "intern-before-practical",
                da=(
                    "Få det praktiske på plads.",
                    "Hvor mødes I? Skal du have pc eller særligt tøj med? Sig til, hvis du har allergi, en aftale hos "
                    "lægen eller børn, der skal hentes.",
                ),
                en=(
                    "Settle the practical matters.",
                    "Where do you meet? Should you bring a computer or special clothes? Tell them of an allergy, a "
                    "doctor's appointment or children to fetch.",
                ),
            ),
            item(
                "intern-before-cover",
                da=(
                    "Aftal, hvem der passer dine opgaver imens.",
                    "Fortæl kollegerne, at du er væk, og sæt et autosvar på din mail.",
                ),
                en=(
                    "Agree who looks after your tasks meanwhile.",
                    "Tell your colleagues that you are away, and set an automatic reply on your mail.",
                ),
            ),
        ),
        questions=(
            item(
                "intern-before-learn",
                da=(
                    "Hvad vil jeg vide, når jeg tager hjem igen?",
                    "Vælg én ting, der skal lykkes, også hvis resten glipper.",
                ),
                en=(
                    "What do I want to know when I go home again?",
                    "Choose one thing that must succeed even if the rest slips.",
                ),
            ),
            item(
                "intern-before-give",
                da=(
                    "Hvad kan jeg give værten igen?",
                    "Du kommer med nye øjne og egne erfaringer. Tag et eksempel med.",
                ),
                en=(
                    "What can I give the host in return?",
                    "You bring fresh eyes and experience of your own. Bring an example.",
                ),
            ),
        ),
    ),
    "during": List(
        advice=(
            item(
                "intern-during-notes",
                da=(
                    "Skriv ned, hvad der undrer, glæder og overrasker dig.",
                    "Et stikord er nok. Skriv aldrig ned, hvad der er fortroligt om borgere eller ansatte.",
                ),
                en=(
                    "Write down what puzzles, pleases and surprises you.",
                    "A word or two will do. Never write down what is confidential about citizens or staff.",
                ),
            ),
            item(
                "intern-during-pictures",
                da=(
                    "Tag billeder, men spørg først.",
                    "Et billede eller en kort film husker godt. Spørg igen, hvis du vil dele det med andre.",
                ),
                en=(
                    "Take pictures, but ask first.",
                    "A picture or a short film remembers well. Ask again if you want to share it with others.",
                ),
            ),
            item(
                "intern-during-think",
                da=(
                    "Sæt 15 til 30 minutter af til at tænke hver dag.",
                    "Gør det sidst på dagen, mens du husker det. Læs dine mål igen.",
                ),
                en=(
                    "Set aside 15 to 30 minutes to think each day.",
                    "Do it at the end of the day, while you remember. Read your goals again.",
                ),
            ),
            item(
                "intern-during-talk",
                da=(
                    "Slut hver dag med en snak med værten.",
                    "Fortæl om dagens stærkeste oplevelse, og spørg, hvad der overraskede værten.",
                ),
                en=(
                    "End each day with a talk with the host.",
                    "Tell of the day's strongest experience, and ask what surprised the host.",
                ),
            ),
            item(
                "intern-during-three",
                da=(
                    "Giv værten tre gode råd den sidste dag.",
                    "Sig dem til alle, der har haft med besøget at gøre. Vær ærlig og venlig.",
                ),
                en=(
                    "Give the host three pieces of advice on the last day.",
                    "Say them to everybody who had to do with the visit. Be honest and kind.",
                ),
            ),
        ),
        questions=(
            item(
                "intern-during-differs",
                da=(
                    "Hvad gør de her, som vi gør på en anden måde?",
                    "Spørg, hvorfor de gør det sådan, før du dømmer.",
                ),
                en=(
                    "What do they do here that we do in another way?",
                    "Ask why they do it like that before you judge.",
                ),
            ),
            item(
                "intern-during-works",
                da=(
                    "Hvad virker, og hvad skal der til, for at det virker?",
                    "Det kan være folk, penge, regler eller vaner.",
                ),
                en=(
                    "What works, and what does it take to make it work?",
                    "It may be people, money, rules or habits.",
                ),
            ),
            item(
                "intern-during-missing",
                da=(
                    "Hvad mangler jeg at se, før jeg skal hjem?",
                    "Sig det i dag, så kan værten nå at ændre planen.",
                ),
                en=(
                    "What have I yet to see before I go home?",
                    "Say so today, and the host still has time to change the plan.",
                ),
            ),
        ),
    ),
    "after": List(
        advice=(
            item(
                "intern-after-tell",
                da=(
                    "Fortæl om besøget derhjemme inden for få dage.",
                    "Brug fire trin: en situation, hvad den fik dig til at tænke, hvordan den kan inspirere jer, og én ting, "
                    "I gør nu.",
                ),
                en=(
                    "Tell about the visit at home within a few days.",
                    "Use four steps: a situation, what it made you think, how it can inspire you all, and one thing to do now.",
                ),
            ),
            item(
                "intern-after-thank",
                da=(
                    "Tak værten, og hold kontakten.",
                    "Skriv, hvad du har brugt. Kontakten bagefter er også et resultat.",
                ),
                en=(
                    "Thank the host and keep in touch.",
                    "Write what you have used. The contact afterwards is a result too.",
                ),
            ),
            item(
                "intern-after-spread",
                da=(
                    "Tag en god løsning med hjem i seks trin.",
                    "Tjek, om den virker. Test den i det små. Tilpas den. Fjern det, den afløser. Brug den, og høst "
                    "erfaringerne.",
                ),
                en=(
                    "Take a good solution home in six steps.",
                    "Check that it works. Test it on a small scale. Adapt it. Remove what it replaces. Use it, and harvest "
                    "what you learn.",
                ),
            ),
        ),
        questions=(
            item(
                "intern-after-situation",
                da=(
                    "Hvilken situation bliver jeg ved med at tænke på?",
                    "Begynd der, når du fortæller om besøget.",
                ),
                en=("Which situation do I keep thinking of?", "Begin there when you tell about the visit."),
            ),
            item(
                "intern-after-try",
                da=("Hvad kan vi prøve allerede i næste uge?", "Vælg noget, du selv kan sætte i gang."),
                en=(
                    "What can we try as early as next week?",
                    "Choose something that you can start yourself.",
                ),
            ),
            item(
                "intern-after-who",
                da=("Hvem har brug for at høre om det?", "Tænk også på kolleger uden for din egen enhed."),
                en=("Who needs to hear about it?", "Think of colleagues outside your own unit too."),
            ),
        ),
    ),
}

"""The host's check lists."""

from collections.abc import Mapping
from typing import Final

from ipraktik_notify.domain.booklet.item import List, Phase, item

HOST: Final[Mapping[Phase, List]] = {
    "before": List(
        advice=(
            item(
                "host-before-programme",
                da=(
                    "Lav et program, og send det til praktikanten.",
                    "Skriv, hvad der sker hvornår. I behøver ikke finde på noget særligt: en almindelig dag er godt nok.",
                ),
                en=(
                    "Make a programme and send it to the intern.",
                    "Write what happens when. You need not invent anything special: an ordinary day is good enough.",
                ),
            ),
            item(
                "host-before-contact",
                da=(
                    "Vælg en fast kontaktperson og en reserve.",
                    "Begge skal være der i dagene. Skriv navn og telefon til praktikanten.",
                ),
                en=(
                    "Choose one contact person and a reserve.",
                    "Both should be there on the days. Send the intern their names and telephone numbers.",
                ),
            ),
            item(
                "host-before-colleagues",
                da=(
                    "Fortæl kollegerne, hvem der kommer og hvorfor.",
                    "Find et skrivebord, adgang og det udstyr, der skal bruges.",
                ),
                en=(
                    "Tell your colleagues who is coming and why.",
                    "Find a desk, a way in and the equipment that is needed.",
                ),
            ),
            item(
                "host-before-talk",
                da=(
                    "Tal med praktikanten om, hvad I hver især venter jer.",
                    "Send noget at læse om jer: hvad I laver, jeres mål og jeres hjemmeside.",
                ),
                en=(
                    "Talk with the intern about what each of you expects.",
                    "Send something to read about you: what you do, your goals and your website.",
                ),
            ),
        ),
        questions=(
            item(
                "host-before-want",
                da=("Hvad vil vi gerne lære af en gæst?", "Vælg et sted, hvor I har brug for nye øjne."),
                en=("What do we want to learn from a guest?", "Choose a place where you need fresh eyes."),
            ),
            item(
                "host-before-join",
                da=(
                    "Hvad kan praktikanten være med til?",
                    "Følge en kollega, være med i et team eller løse en lille opgave.",
                ),
                en=(
                    "What can the intern take part in?",
                    "Follow a colleague, join a team or solve a small task.",
                ),
            ),
            item(
                "host-before-meet",
                da=("Hvem skal praktikanten møde?", "Tænk også på brugere, borgere og samarbejdspartnere."),
                en=("Whom should the intern meet?", "Think of users, citizens and partners too."),
            ),
        ),
    ),
    "during": List(
        advice=(
            item(
                "host-during-active",
                da=(
                    "Lad praktikanten være med, ikke kun se på.",
                    "Giv en opgave, en plads i et team eller en kollega at følge.",
                ),
                en=(
                    "Let the intern join in, not only look on.",
                    "Give them a task, a place in a team or a colleague to follow.",
                ),
            ),
            item(
                "host-during-notes",
                da=(
                    "Skriv ned, hvad praktikanten studser over.",
                    "Det, en gæst undrer sig over, er I måske holdt op med at se.",
                ),
                en=(
                    "Write down what makes the intern stop and wonder.",
                    "What a guest wonders at, you may have stopped seeing.",
                ),
            ),
            item(
                "host-during-talk",
                da=(
                    "Slut hver dag med en snak, og bed om ærlig kritik.",
                    "Sig højt, at kritik er velkommen. Spørg til dagens stærkeste oplevelse.",
                ),
                en=(
                    "End each day with a talk, and ask for honest criticism.",
                    "Say out loud that criticism is welcome. Ask about the day's strongest experience.",
                ),
            ),
            item(
                "host-during-three",
                da=(
                    "Saml kollegerne om tre gode råd den sidste dag.",
                    "Praktikanten giver tre råd. Kaffe og kage gør det til en god afslutning.",
                ),
                en=(
                    "Gather your colleagues for three pieces of advice on the last day.",
                    "The intern gives three. Coffee and cake make it a good ending.",
                ),
            ),
        ),
        questions=(
            item(
                "host-during-surprised",
                da=("Hvad overraskede praktikanten i dag?", "Fortæl også, hvad der overraskede jer."),
                en=("What surprised the intern today?", "Tell what surprised you, too."),
            ),
            item(
                "host-during-seen",
                da=("Hvad har vi selv fået øje på?", "Skriv det ned, før hverdagen kommer igen."),
                en=("What have we noticed ourselves?", "Write it down before everyday life returns."),
            ),
            item(
                "host-during-plan",
                da=("Skal vi ændre noget i morgen?", "Programmet må gerne laves om undervejs."),
                en=("Should we change anything tomorrow?", "The programme may well change along the way."),
            ),
        ),
    ),
    "after": List(
        advice=(
            item(
                "host-after-close",
                da=(
                    "Saml op sammen, mens I husker det.",
                    "Tag de tre gode råd frem, og beslut, hvad I vil gøre ved dem.",
                ),
                en=(
                    "Sum up together while you remember.",
                    "Take out the three pieces of advice, and decide what to do about them.",
                ),
            ),
            item(
                "host-after-tell",
                da=(
                    "Fortæl praktikanten, hvad der kom ud af det.",
                    "Skriv især, hvis I har ændret noget. Det er den bedste tak.",
                ),
                en=(
                    "Tell the intern what came of it.",
                    "Write above all if you have changed something. It is the best thanks.",
                ),
            ),
            item(
                "host-after-return",
                da=(
                    "Tag på genbesøg hos praktikanten.",
                    "En halv dag er nok. Se, hvordan de gør det, I har talt om.",
                ),
                en=(
                    "Pay the intern a return visit.",
                    "Half a day is enough. See how they do what you have talked about.",
                ),
            ),
        ),
        questions=(
            item(
                "host-after-learned",
                da=("Hvad har vi lært om os selv?", "Spørg også dem, der kun mødte praktikanten kort."),
                en=(
                    "What have we learned about ourselves?",
                    "Ask those, too, who met the intern only briefly.",
                ),
            ),
            item(
                "host-after-change",
                da=("Hvad vil vi gøre på en anden måde?", "Vælg én ting, og sæt navn og dato på."),
                en=("What will we do in another way?", "Choose one thing, and put a name and a date to it."),
            ),
            item(
                "host-after-who",
                da=(
                    "Hvem kan ellers have glæde af det, vi har lært?",
                    "Fortæl det til naboen, ledelsen eller en anden enhed.",
                ),
                en=(
                    "Who else can use what we have learned?",
                    "Tell a neighbour, the management or another unit.",
                ),
            ),
            item(
                "host-after-again",
                da=(
                    "Vil vi være vært igen, og hvad gør vi så bedre?",
                    "Gem programmet. Det er halvt færdigt til næste gang.",
                ),
                en=(
                    "Will we host again, and what do we then do better?",
                    "Keep the programme. It is half done for next time.",
                ),
            ),
        ),
    ),
}

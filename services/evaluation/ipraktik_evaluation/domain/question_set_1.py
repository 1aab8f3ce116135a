"""Question set version 1. Never change it: write version 2 beside it. A test holds its fingerprint."""

from typing import Final

from ipraktik_contracts.codes import Label
from ipraktik_evaluation.domain.questions import Option, Question, QuestionSet

_USE: Final = (
    Option("yes_much", Label("Ja, i høj grad", "Yes, very much")),
    Option("yes_some", Label("Ja, i nogen grad", "Yes, to some extent")),
    Option("no", Label("Nej", "No")),
    Option("too_early", Label("For tidligt at sige", "Too early to say")),
)
_RECOMMEND: Final = (
    Option("yes", Label("Ja", "Yes")),
    Option("maybe", Label("Måske", "Maybe")),
    Option("no", Label("Nej", "No")),
)
_YES_NO: Final = (Option("yes", Label("Ja", "Yes")), Option("no", Label("Nej", "No")))
_SCALE: Final = (
    Option("very_good", Label("Meget godt", "Very well")),
    Option("good", Label("Godt", "Well")),
    Option("neither", Label("Hverken godt eller dårligt", "Neither well nor badly")),
    Option("bad", Label("Dårligt", "Badly")),
    Option("very_bad", Label("Meget dårligt", "Very badly")),
    Option("dont_know", Label("Ved ikke", "Don't know")),
)
_OUTCOMES: Final = (
    Option("keep_doing", Label("Blive ved med noget, vi gør i dag", "Keep doing something we do today")),
    Option("do_better", Label("Gøre noget bedre", "Do something better")),
    Option("do_differently", Label("Gøre noget på en anden måde", "Do something differently")),
    Option("stop_doing", Label("Holde op med noget", "Stop doing something")),
    Option("none", Label("Ikke noget af det", "None of these"), alone=True),
)
_EFFECTS: Final = (
    Option(
        "quality", Label("Bedre kvalitet for borgere eller brugere", "Better quality for citizens or users")
    ),
    Option("efficiency", Label("Bedre brug af tid og penge", "Better use of time and money")),
    Option("job_satisfaction", Label("Større arbejdsglæde", "More job satisfaction")),
    Option(
        "involvement",
        Label("Borgere eller brugere har fået mere at sige", "Citizens or users have more of a say"),
    ),
    Option("none", Label("Ikke nogen effekt endnu", "No effect yet"), alone=True),
)


def _use(da: str, en: str) -> Question:
    return Question("concrete_use", "one", Label(da, en), _USE)


def _text(code: str, da: str, en: str) -> Question:
    return Question(code, "text", Label(da, en), required=False)


_RECOMMENDS: Final = Question(
    "would_recommend",
    "one",
    Label("Vil du anbefale Innovationspraktik til andre?", "Would you recommend the programme to others?"),
    _RECOMMEND,
)
_LED_TO: Final = Question(
    "outcomes",
    "many",
    Label(
        "Hvad giver opholdet jer lyst til? Vælg alt, der passer.",
        "What does the stay make you want to do? Choose all that fit.",
    ),
    _OUTCOMES,
)
_HAS_LED_TO: Final = Question(
    "outcomes",
    "many",
    Label(
        "Hvad har opholdet ført til? Vælg alt, der passer.",
        "What has the stay led to? Choose all that fit.",
    ),
    _OUTCOMES,
)
_HAS_EFFECT: Final = Question(
    "effects",
    "many",
    Label(
        "Hvor mærker I en effekt hos jer? Vælg alt, der passer.",
        "Where do you notice an effect? Choose all that fit.",
    ),
    _EFFECTS,
)
_CONTACT: Final = Question(
    "in_contact_afterwards",
    "one",
    Label(
        "Har I haft kontakt med hinanden efter opholdet?",
        "Have you been in contact with each other since the stay?",
    ),
    _YES_NO,
)

QUESTION_SET_1: Final = QuestionSet(
    version=1,
    forms={
        ("intern", "after"): (
            _use("Har du haft konkret nytte af praktikken?", "Have you had concrete use of the internship?"),
            _RECOMMENDS,
            Question(
                "match",
                "one",
                Label(
                    "Hvor godt passede værten til det, du ville se?",
                    "How well did the host fit what you wanted to see?",
                ),
                _SCALE,
            ),
            Question(
                "preparation",
                "one",
                Label("Hvor godt var du forberedt?", "How well were you prepared?"),
                _SCALE,
            ),
            _LED_TO,
            _text("take_home", "Hvad tager du med hjem?", "What do you take home?"),
            _text("advice", "Hvad skal vi gøre bedre?", "What should we do better?"),
        ),
        ("manager", "after"): (
            _use(
                "Har I på arbejdspladsen haft konkret nytte af praktikken?",
                "Has your workplace had concrete use of the internship?",
            ),
            _RECOMMENDS,
            Question(
                "plan",
                "one",
                Label(
                    "Har I aftalt, hvordan I bruger det, din medarbejder kom hjem med?",
                    "Have you agreed how to use what your employee brought home?",
                ),
                _YES_NO,
            ),
            _LED_TO,
            _text("advice", "Hvad skal vi gøre bedre?", "What should we do better?"),
        ),
        ("host", "after"): (
            _use(
                "Har I haft konkret nytte af at have en praktikant?",
                "Have you had concrete use of having an intern?",
            ),
            _RECOMMENDS,
            Question(
                "match",
                "one",
                Label("Hvor godt passede praktikanten til jer?", "How well did the intern fit you?"),
                _SCALE,
            ),
            Question(
                "time",
                "one",
                Label(
                    "Hvor godt passede opholdet ind i jeres hverdag?",
                    "How well did the stay fit into your working days?",
                ),
                _SCALE,
            ),
            _LED_TO,
            _text("take_home", "Hvad lærte I af praktikanten?", "What did you learn from the intern?"),
            _text("advice", "Hvad skal vi gøre bedre?", "What should we do better?"),
        ),
        ("intern", "follow_up"): (
            _use("Har du haft konkret nytte af praktikken?", "Have you had concrete use of the internship?"),
            _CONTACT,
            _HAS_LED_TO,
            _HAS_EFFECT,
            _text("way", "Hvad har hjulpet, og hvad har bremset?", "What has helped, and what has hindered?"),
        ),
        ("manager", "follow_up"): (
            _use(
                "Har I på arbejdspladsen haft konkret nytte af praktikken?",
                "Has your workplace had concrete use of the internship?",
            ),
            _HAS_LED_TO,
            _HAS_EFFECT,
            _text("way", "Hvad har hjulpet, og hvad har bremset?", "What has helped, and what has hindered?"),
        ),
        ("host", "follow_up"): (
            _use(
                "Har I haft konkret nytte af at have en praktikant?",
                "Have you had concrete use of having an intern?",
            ),
            _CONTACT,
            _HAS_LED_TO,
            _HAS_EFFECT,
            _text("way", "Hvad har hjulpet, og hvad har bremset?", "What has helped, and what has hindered?"),
        ),
    },
)

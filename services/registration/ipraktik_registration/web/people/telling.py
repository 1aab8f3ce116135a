"""What a person's page says about tasks, waiting and history, in the reader's language. Codes in, sentences out; nothing is read here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ipraktik_chassis.texts import N_, Speech
from ipraktik_registration.domain.course import SELF_FOUND, STANDING, Entry, Party, Placement, Task, Wait
from ipraktik_registration.domain.history import Act as SignUpAct
from ipraktik_registration.domain.standing import Code, Standing
from ipraktik_registration.store.history import Noted

_TASKS: Final[dict[str, str]] = {
    "answer": N_("Svar på forslaget om praktik: {other}"),
    "approve": N_("Læs aftalen, skriv dine mål, og godkend: {other}"),
    "mend": N_("Ret aftalen. En af jer har sagt nej til den: {other}"),
    "needs": N_("Skriv eller læs, hvad der skal tages hensyn til: {other}"),
    "stay": N_("Fortæl, om praktikken bliver gennemført: {other}"),
    "evaluate": N_("Svar på evalueringen: {other}"),
}
_APPROVE_FOR: Final[dict[Party, str]] = {"manager": N_("Læs aftalen, og godkend den: {other}")}
"""Approving, where it is said otherwise than to those who make the agreement."""
_LATER: Final = N_("Fortæl, hvad praktikken har ført til: {other}")
_NOBODY: Final = N_("den anden part")
_PARTIES: Final[dict[Party, tuple[str, str]]] = {
    "intern": (N_("Praktikanten"), N_("praktikanten")),
    "manager": (N_("Praktikantens leder"), N_("praktikantens leder")),
    "host": (N_("Værten"), N_("værten")),
}
_OWN_MANAGER: Final = (N_("Din leder"), N_("din leder"))
_WAITS: Final[dict[str, str]] = {
    "answer": N_("Forslaget venter på svar fra {who}."),
    "approve": N_("Aftalen venter på godkendelse fra {who}."),
    "stay": N_("Praktikken begynder {day}."),
}
_AND: Final = N_("{some} og {last}")
_STANDS: Final[dict[Code, str]] = {
    "several": N_("{n} ting venter på dig"),
    "answer": N_("Der er et forslag. Svar ja eller nej"),
    "approve": N_("Aftalen er klar. Læs den, og godkend den"),
    "approve_change": N_("Aftalen er ændret. Læs den, og godkend den"),
    "mend": N_("En af jer har sagt nej til aftalen. Ret den"),
    "evaluate": N_("Praktikken er gennemført. Svar på evalueringen"),
    "searching": N_("Du er tilmeldt. Vi leder efter en vært"),
    "still_searching": N_("Du har ikke en plads endnu. Vi leder videre"),
    "no_place": N_("Vi fandt ikke en plads denne gang"),
    "over": N_("Runden er slut"),
    "proposed": N_("Du har sagt ja. Vi venter på svar fra {who}"),
    "accepted": N_("Der er sagt ja. Aftalen er på vej"),
    "approved": N_("Du har godkendt aftalen. Vi venter på {who}"),
    "late": N_("Fristen er overskredet"),
    "agreed": N_("Aftalen gælder. Praktikken begynder {day}"),
    "stay": N_("Praktikken er i gang"),
    "ended": N_("Praktikken er slut. Fortæl, om den blev gennemført"),
    "completed": N_("Praktikken er gennemført"),
    "thanks": N_("Praktikken er gennemført. Tak for din evaluering"),
}
"""Where a sign-up stands, as the page says first; to interns, and to everybody where it is not said otherwise below."""
_STANDS_FOR: Final[dict[Party, dict[Code, str]]] = {
    "intern": {},
    "manager": {
        "searching": N_("Praktikanten er tilmeldt. Vi leder efter en vært"),
        "still_searching": N_("Praktikanten har ikke en plads endnu. Vi leder videre"),
        "proposed": N_("Der er et forslag. Vi venter på svar fra {who}"),
    },
    "host": {
        "several": N_("{n} ting venter på jer"),
        "searching": N_("I er tilmeldt. Vi leder efter en praktikant"),
        "still_searching": N_("I har ikke en praktikant endnu. Vi leder videre"),
        "no_place": N_("Vi fandt ikke en praktikant denne gang"),
        "proposed": N_("I har sagt ja. Vi venter på svar fra {who}"),
        "approved": N_("I har godkendt aftalen. Vi venter på {who}"),
    },
}
SAID: Final[dict[str, str]] = {
    "MatchProposed": N_("Der kom et forslag om praktik {days}."),
    "MatchAccepted": N_("{who} sagde ja til forslaget."),
    "MatchDeclined": N_("{who} sagde nej til forslaget."),
    "MatchExpired": N_("Fristen for at svare på forslaget løb ud."),
    "MatchWithdrawn": N_("Forslaget blev trukket tilbage."),
    "MatchNotFound": N_("Vi fandt ikke en plads i denne omgang."),
    "AgreementDrafted": N_("Der kom et udkast til en aftale."),
    "AgreementApproved": N_("{who} godkendte aftalen."),
    "AgreementRefused": N_("{who} sagde nej til aftalen."),
    "AgreementSigned": N_("Alle tre har godkendt aftalen. Praktikken er {days}."),
    "AgreementAmended": N_("Der kom en ændring af aftalen."),
    "AgreementLapsed": N_("Aftalen blev ikke godkendt i tide."),
    "AgreementCancelled": N_("Aftalen blev aflyst."),
    "InternshipCompleted": N_("Praktikken blev gennemført."),
    "InternshipNotHeld": N_("Praktikken blev ikke gennemført."),
    "EvaluationRequested": N_("Vi bad dig svare på en evaluering."),
    "EvaluationSubmitted": N_("Du svarede på evalueringen. Tak."),
    "EvaluationExpired": N_("Fristen for at evaluere løb ud."),
}
_SELF_FOUND: Final = N_("I blev sat sammen, som I har aftalt. Praktikken er foreslået til {days}.")
_DRAFTED_ANEW: Final = N_("Aftalen blev rettet. Alle tre skal godkende den igen.")
_OLD_STANDS: Final = N_("Ændringen blev ikke godkendt i tide. Den gamle aftale gælder.")
_DONE: Final[dict[SignUpAct, str]] = {
    "registered_on_behalf": N_("En koordinator tilmeldte dig."),
    "imported": N_("En koordinator tilmeldte dig fra en liste."),
    "confirmed": N_("Tilmeldingen blev bekræftet."),
    "consented": N_("Din leder sagde ja til, at du er med."),
    "refused": N_("Din leder sagde nej til, at du er med."),
    "changed": N_("Tilmeldingen blev ændret."),
    "address_changed": N_("En e-mail blev ændret."),
    "deputy_named": N_("Der kom en stedfortræder."),
    "asked_again": N_("Spørgsmålet blev sendt igen."),
    "naming_agreed": N_("Der blev sagt ja til at være sammen."),
    "naming_declined": N_("Der blev sagt nej til at være sammen."),
    "withdrawn": N_("Tilmeldingen blev trukket tilbage."),
    "expired": N_("Fristen løb ud, og tilmeldingen er slut."),
}
_DONE_FOR_MANAGER: Final[dict[SignUpAct, str]] = {
    "consented": N_("Du sagde ja til, at din medarbejder er med."),
    "refused": N_("Du sagde nej til, at din medarbejder er med."),
}
_MAKE_VALID: Final[frozenset[SignUpAct]] = frozenset(
    {"registered_on_behalf", "imported", "confirmed", "consented"}
)
_SENT: Final = N_("Tilmeldingen kom ind.")
_VALID: Final = N_("Tilmeldingen gælder.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history. `about` names the other workplace where there are several stays."""

    at: datetime
    words: str
    about: str = ""


def task_words(say: Speech, task: Task, party: Party) -> str:
    """The act, as the link says it."""
    words = _LATER if task.act == "evaluate" and task.wave == "follow_up" else _TASKS[task.act]
    if task.act == "approve":
        words = _APPROVE_FOR.get(party, words)
    return say(words).format(other=task.other_organisation or say(_NOBODY))


def wait_words(say: Speech, wait: Wait, mine: Party) -> str:
    """Whom or what is waited for."""
    who = _together(say, [say(_called(party, mine)[1]) for party in wait.parties])
    return say(_WAITS[wait.act]).format(who=who, day="" if wait.day is None else say.day(wait.day))


def standing_words(say: Speech, standing: Standing, mine: Party) -> str:
    """Where it stands and what waits, short enough for a heading."""
    words = _STANDS_FOR[mine].get(standing.code, _STANDS[standing.code])
    who = _together(say, [say(_called(party, mine)[1]) for party in standing.parties])
    day = "" if standing.day is None else say.day(standing.day)
    return say(words).format(who=who, day=day, n=say.number(standing.n))


def history(
    say: Speech,
    *,
    party: Party,
    created_at: datetime,
    registered_at: datetime | None,
    noted: Sequence[Noted],
    placements: Sequence[Placement],
    heard: Sequence[Entry],
) -> list[Line]:
    """What has happened, newest first."""
    lines = [Line(created_at, say(_SENT))]
    told = [one for one in noted if one.act in _DONE]
    # it counts from the yes that made it count, and before whatever came after
    before = [
        one
        for one in told
        if registered_at is not None and (one.act in _MAKE_VALID or one.at < registered_at)
    ]
    lines += [Line(one.at, say(_done(one.act, party))) for one in before]
    if registered_at is not None:
        lines.append(Line(registered_at, say(_VALID)))
    lines += [Line(one.at, say(_done(one.act, party))) for one in told if one not in before]
    several = len(placements) > 1
    for placement in placements:
        about = placement.other_organisation if several else ""
        lines += _lines(say, placement.entries, party, about)
    lines += _lines(say, heard, party, "")
    # lines of the same moment keep the order they came in, so the reverse of a stable sort is right for them too
    return sorted(lines, key=lambda line: line.at)[::-1]


def _done(act: SignUpAct, party: Party) -> str:
    return _DONE_FOR_MANAGER.get(act, _DONE[act]) if party == "manager" else _DONE[act]


def _lines(say: Speech, entries: Sequence[Entry], party: Party, about: str) -> list[Line]:
    return [Line(one.at, _entry(say, one, party), about) for one in entries if one.kind in SAID]


def _entry(say: Speech, entry: Entry, mine: Party) -> str:
    words = SAID[entry.kind]
    if entry.kind == "MatchProposed" and entry.note == SELF_FOUND:
        words = _SELF_FOUND
    elif entry.kind == "AgreementDrafted" and entry.version not in (None, 1):
        words = _DRAFTED_ANEW
    elif entry.kind == "AgreementLapsed" and entry.note == STANDING:
        words = _OLD_STANDS
    who = "" if entry.party is None else _who(say, entry.party, mine)
    days = "" if not entry.first_day or not entry.last_day else say.days(entry.first_day, entry.last_day)
    return say(words).format(who=who, days=days)


def _who(say: Speech, party: Party, mine: Party) -> str:
    if party != mine:
        return say(_called(party, mine)[0])
    # a host has a reserve who may have answered
    return say(N_("I")) if party == "host" else say(N_("Du"))


def _called(party: Party, mine: Party) -> tuple[str, str]:
    return _OWN_MANAGER if (party, mine) == ("manager", "intern") else _PARTIES[party]


def _together(say: Speech, parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return say(_AND).format(some=", ".join(parts[:-1]), last=parts[-1])


Path = Callable[[UUID], str]
TASK_PATHS: Final[dict[str, Path]] = {
    "answer": lambda about: f"/matching/placements/{about}/answer",
    "approve": lambda about: f"/matching/placements/{about}/agreement",
    "mend": lambda about: f"/matching/placements/{about}/agreement",
    "needs": lambda about: f"/matching/placements/{about}/needs",
    "stay": lambda about: f"/matching/placements/{about}/stay",
    "evaluate": lambda about: f"/evaluation/evaluations/{about}",
}
"""Where each task is done. Other services' pages: addresses only."""

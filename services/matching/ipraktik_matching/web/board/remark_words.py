"""What the engine remarks on the sign-ups, in words for coordinators: the same sentences with names for ids.

The engine speaks English and names ids; each of its sentences has a form here (a test makes it say all of them). A sentence
without a form is shown as it is, and said to be English.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.texts import N_, Speech
from ipraktik_matching.store.board.people import Who
from ipraktik_matching.store.runs import Remark
from ipraktik_matching.web.board import codes

_LIST: Final = r"(?P<{}>\S+(?:, \S+)*(?: and \d+ more)?)"
_WHO: Final = _LIST.format("who")
_FORMS: Final[Sequence[tuple[str, str]]] = (
    (
        r"There are (?P<n>\d+) interns and (?P<hosts>\d+) hosts, too many for one puzzle, .*",
        N_(
            "Her er {n} praktikanter og {hosts} værter. Det er for mange til én beregning. Del runden i flere."
        ),
    ),
    (r"There are no interns: .*", N_("Der er ingen praktikanter. Planen er tom.")),
    (r"There are no hosts: .*", N_("Der er ingen værter. Ingen kan få en plads.")),
    (
        r"(?P<n>\d+) interns are to be placed and (?P<seats>\d+) seats are free: (?P<left>\d+) or more are left\.",
        N_("Praktikanter uden plads: {n}. Ledige pladser: {seats}. Mindst {left} får ikke en plads."),
    ),
    (
        r"Intern (?P<who>\S+) names the companion (?P<other>\S+), who is not in the puzzle, .*",
        N_("{who} vil rejse med en, der ikke er med, og rejser derfor alene."),
    ),
    (
        r"Intern (?P<who>\S+) names the companion (?P<other>\S+), who names nobody: .*",
        N_("{who} vil rejse med {other}, som ikke har sagt det samme. De rejser hver for sig."),
    ),
    (
        r"Intern (?P<who>\S+) names the companion (?P<other>\S+), who names (?P<third>\S+): .*",
        N_("{who} vil rejse med {other}, som vil rejse med {third}. {who} rejser alene."),
    ),
    (
        r"(?P<n>\d+) pairs want to travel together and no host .*",
        N_("Nogle vil rejse to sammen (antal par: {n}), men ingen vært tager imod mere end én."),
    ),
    (
        rf"Interns? {_WHO} ha(?:s|ve) in mind the host (?P<host>\S+), who is not in the puzzle\.",
        N_("{who} har en vært i tankerne, der ikke er med."),
    ),
    (
        rf"Interns? {_WHO} ha(?:s|ve) in mind the host (?P<host>\S+), who receives (?P<n>\d+)\.",
        N_("{host} tager imod {n}, men flere har værten i tankerne: {who}."),
    ),
    (
        r"Host (?P<host>\S+) receives (?P<n>\d+), but (?P<persons>\d+) are fixed or pinned there: .*",
        N_("{host} tager imod {n}, men {persons} har plads eller er fastlåst der. Nogen får ikke en plads."),
    ),
    (
        r"The companions (?P<who>\S+) and (?P<other>\S+) are pinned to different hosts: .*",
        N_("{who} og {other} rejser sammen, men er fastlåst til hver sin vært. Ingen af dem får en plads."),
    ),
    (
        rf"{_WHO}: no municipality; .*",
        N_("{who} har ingen kommune. Et ønske om en region passer aldrig på dem."),
    ),
    (
        rf"{_WHO}: the municipality (?P<code>\S+), which has no region here; .*",
        N_("{who} ligger i kommune {code}, som ikke har nogen region her."),
    ),
    (
        rf"{_WHO}: wishes for (?P<code>\S+), which is nowhere in this puzzle\.",
        N_("{who} ønsker stedet {code}, som ikke findes her."),
    ),
    (
        rf"{_WHO}: the field '(?P<code>[^']*)' is in no group, .*",
        N_("{who} har faget {code}, som intet andet fag ligger nær."),
    ),
)
_NAMES: Final = ("who", "other", "third", "host")
_MORE: Final = re.compile(r"(?P<ids>.*) and (?P<more>\d+) more")


def ids_in(remarks: Iterable[Remark]) -> set[UUID]:
    """Everybody whom the remarks name."""
    found = {one for remark in remarks for one in remark.ids}
    return found | {UUID(one) for remark in remarks for one in _ids(remark.text) if is_id(one)}


def told(say: Speech, remarks: Iterable[Remark], who: Mapping[UUID, Who]) -> list[tuple[str, bool]]:
    """Each remark as a sentence, and whether it is the engine's own English."""

    def named(one: str) -> str:
        return codes.named(say, who.get(UUID(one))) if is_id(one) else one

    found = []
    for remark in remarks:
        if remark.code in codes.REMARKS and len(remark.ids) == 2:
            intern, host = (named(str(one)) for one in remark.ids)
            found.append((say(codes.REMARKS[remark.code]).format(intern=intern, host=host), False))
        else:
            sentence = in_words(say, remark.text, named)
            found.append((sentence or remark.text, not sentence))
    return found


def is_id(text: str) -> bool:
    """Whether it is the id of a sign-up."""
    try:
        return len(text) == 36 and bool(UUID(text))
    except ValueError:
        return False


def in_words(say: Speech, remark: str, named: Callable[[str], str]) -> str:
    """The engine's remark as a sentence; empty where there is no form for it. `named`: id to name."""
    for pattern, form in _FORMS:
        if (found := re.fullmatch(pattern, remark)) is not None:
            return say(form).format(
                **{name: _said(say, name, text, named) for name, text in found.groupdict().items()}
            )
    return ""


def _said(say: Speech, name: str, text: str, named: Callable[[str], str]) -> str:
    if name not in _NAMES:
        return codes.field(say, text) if name == "code" else say.number(int(text))
    ids, more = _split(text)
    names = ", ".join(named(one) for one in ids)
    return say("{names} og {n} flere").format(names=names, n=say.number(more)) if more else names


def _split(text: str) -> tuple[list[str], int]:
    found: Any = _MORE.fullmatch(text)
    return (found["ids"] if found else text).split(", "), int(found["more"]) if found else 0


def _ids(remark: str) -> set[str]:
    for pattern, _ in _FORMS:
        if (found := re.fullmatch(pattern, remark)) is not None:
            return {
                one for name, text in found.groupdict().items() if name in _NAMES for one in _split(text)[0]
            }
    return set()

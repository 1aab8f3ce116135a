"""The four fields of outcome, and where an effect is noticed: a bar for each, those who chose it against those who did not."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ipraktik_chassis.drawing import Bar, Stack, bars, stacked
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import PARTIES
from ipraktik_evaluation.web.asked import share_text
from ipraktik_evaluation.web.report.classic import TOO_FEW, WAVES, question_of
from ipraktik_evaluation.web.report.sections import Figure, Section, Table

_HEADINGS: Final = {
    "outcomes": N_("Fire slags udbytte"),
    "effects": N_("Hvor det kan mærkes"),
}
_CAPTION: Final = N_("{party}. {when}. {question} ({n})")
_ABOUT: Final = {
    "outcomes": N_(
        "Vi spørger, hvad praktikken fører til: at blive ved, at gøre bedre, at gøre noget andet eller at holde op. Man kan "
        "vælge flere svar."
    ),
    "effects": N_("Nogle måneder efter spørger vi, hvor effekten kan mærkes. Man kan vælge flere svar."),
}
_CHOSE: Final = N_("Har valgt det")
_DID_NOT: Final = N_("Har ikke valgt det")
_ASKED: Final = N_("{party}, {when}")


def effect_sections(body: Mapping[str, Any], say: Speech) -> list[Section]:
    """Outcomes and effects; forms that nobody has answered are left out."""
    sections = []
    for code, heading in _HEADINGS.items():
        of_code = [one for one in body["distributions"] if one["question"] == code and one["n"]]
        paragraphs = [say(_ABOUT[code])]
        if not of_code:
            paragraphs.append(say(N_("Ingen har svaret endnu.")))
        figures = [_figure(one, say) for one in of_code]
        sections.append(Section(code, say(heading), paragraphs, figures=figures))
    return sections


def response_section(body: Mapping[str, Any], say: Speech) -> Section:
    """How many answered."""
    rows = []
    drawn = []
    for one in body["responses"]:
        who = say(_ASKED).format(party=say.label(PARTIES[one["party"]]), when=say(WAVES[one["wave"]]).lower())
        share = (
            share_text(part=one["submitted"], whole=one["requested"], say=say)
            if one["share"] is not None
            else say(TOO_FEW)
        )
        rows.append((who, say.number(one["requested"]), say.number(one["submitted"]), share))
        drawn.append(Bar(who, one["share"], share))
    title = say(N_("Svarprocent efter part"))
    table = Table(
        "table-responses",
        title,
        (say(N_("Part")), say(N_("Spurgt")), say(N_("Svaret")), say(N_("Andel"))),
        rows,
    )
    drawing = (
        bars(drawn, title=title, description=say(N_("Tallene står i tabellen nedenfor.")), most=1)
        if drawn
        else None
    )
    return Section("responses", say(N_("Hvor mange der svarede")), figures=[Figure(table, drawing)])


def option_name(party: str, wave: str, question: str, option: str, say: Speech) -> str:
    """What an option is called; its code where the question has it no longer."""
    options = question_of(party, wave, question).options
    return next((say.label(one.label) for one in options if one.code == option), option)


def _figure(one: Mapping[str, Any], say: Speech) -> Figure:
    party, wave, code = one["party"], one["wave"], one["question"]
    question = say.label(question_of(party, wave, code).label)
    title = say(_CAPTION).format(
        party=say.label(PARTIES[party]),
        when=say(WAVES[wave]),
        question=question,
        n=say.many("{n} svar", "{n} svar", one["n"]),
    )
    rows: list[Sequence[str]] = []
    drawn = []
    for cell in one["options"]:
        label = option_name(party, wave, code, cell["option"], say)
        words = share_text(part=cell["count"], whole=one["n"], say=say) or say(TOO_FEW)
        rows.append((label, words))
        parts: list[tuple[str, float | None, str]]
        if cell["share"] is None:
            parts = [("", None, words)]
        else:
            parts = [
                (say(_CHOSE), cell["share"], ""),
                (say(_DID_NOT), 1 - cell["share"], ""),
            ]
        drawn.append(Stack(label if cell["share"] is None else f"{label}: {words}", parts))
    table = Table(f"table-{code}-{party}-{wave}", title, (say(N_("Svar")), say(N_("Andel"))), rows)
    heading = say(_ASKED).format(party=say.label(PARTIES[party]), when=say(WAVES[wave]).lower())
    description = say(N_("Tallene står i tabellen nedenfor."))
    return Figure(table, stacked(drawn, title=title, description=description), heading)

"""The classic shares as sentences, each with its base, its definition, its question and the programme's own figure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ipraktik_chassis.drawing import Bar, bars
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import PARTIES
from ipraktik_evaluation.domain.indicators import INDICATORS, IndicatorDefinition
from ipraktik_evaluation.domain.question_sets import NEWEST, QUESTION_SETS
from ipraktik_evaluation.domain.questions import PARTIES as IN_ORDER
from ipraktik_evaluation.domain.questions import Question
from ipraktik_evaluation.web.asked import percent, share_text
from ipraktik_evaluation.web.report.sections import Figure, Section, Share, Table

WAVES: Final = {"after": N_("Lige efter praktikken"), "follow_up": N_("Nogle måneder efter")}
TOO_FEW: Final = N_("for få svar")
_SAY_YES: Final = N_("{share} svarer ja. Vi har fået {n} svar.")
_SILENT: Final = N_("Der er for få svar til at vise et tal.")
_TO: Final = N_("Til {party}: {question}")
_FROM: Final = N_("{who}. {when}.")
_QUOTED: Final = N_("»{answer}«")
_RATE: Final = N_("{submitted} ud af {requested} har svaret ({share})")
_PUBLISHED: Final = N_("{share} ({source}). Det er ikke oplyst, hvor mange svar det bygger på.")
_EARLIER: Final = N_("COI's tal, {year}")
_BAR: Final = N_("{label}: denne runde")


def classic_section(body: Mapping[str, Any], say: Speech) -> Section:
    """The first section: what the report is read for."""
    known = {one["code"]: one for one in body["indicators"]}
    worked_out = [(one, known[one.code]) for one in INDICATORS if one.code in known]
    return Section(
        name="shares",
        heading=say(N_("Det siger deltagerne")),
        shares=[_share(definition, one, body, say) for definition, one in worked_out],
        figures=[_figure(worked_out, say)],
    )


def definition_of(code: str) -> IndicatorDefinition:
    """How an indicator is worked out."""
    return next(one for one in INDICATORS if one.code == code)


def question_of(party: str, wave: str, code: str) -> Question:
    """A question as that party was asked it then."""
    forms = QUESTION_SETS[NEWEST].forms
    return next(
        question
        for (asked, when), questions in forms.items()
        if (asked, when) == (party, wave)
        for question in questions
        if question.code == code
    )


def _share(
    definition: IndicatorDefinition, one: Mapping[str, Any], body: Mapping[str, Any], say: Speech
) -> Share:
    parties = sorted(definition.parties, key=IN_ORDER.index)
    asked = {party: question_of(party, definition.wave, definition.question) for party in parties}
    options = next(iter(asked.values())).options
    texts = {say.label(question.label) for question in asked.values()}
    questions = (
        list(texts)
        if len(texts) == 1
        else [
            say(_TO).format(party=say.label(PARTIES[party]).lower(), question=say.label(question.label))
            for party, question in asked.items()
        ]
    )
    facts: list[tuple[str, Sequence[str]]] = [
        (say(N_("Spørgsmål")), questions),
        (
            say(N_("Det tæller som ja")),
            [
                say(_QUOTED).format(answer=say.label(option.label))
                for option in options
                if option.code in definition.yes
            ],
        ),
        (
            say(N_("Hvem og hvornår")),
            [say(_FROM).format(who=say(N_("Praktikanter og værter")), when=say(WAVES[definition.wave]))],
        ),
    ]
    rate = _rate(definition, body, say)
    if rate:
        facts.append((say(N_("Svarprocent")), [rate]))
    if definition.published is not None:
        published = definition.published
        facts.append(
            (
                say(N_("Tidligere år")),
                [
                    say(_PUBLISHED).format(
                        share=say.label(published.label), source=say.label(published.source)
                    )
                ],
            )
        )
    share = share_text(part=one["yes"], whole=one["n"], say=say)
    sentence = say(_SAY_YES).format(share=share, n=say.number(one["n"])) if share else say(_SILENT)
    return Share(say.label(definition.label), sentence, facts)


def _rate(definition: IndicatorDefinition, body: Mapping[str, Any], say: Speech) -> str:
    """How many of those asked have answered; empty where fewer than five were asked."""
    asked = [
        one
        for one in body["responses"]
        if one["wave"] == definition.wave and one["party"] in definition.parties
    ]
    requested, submitted = (
        sum(one["requested"] for one in asked),
        sum(one["submitted"] for one in asked),
    )
    if any(one["share"] is None for one in asked) or not requested:
        return ""
    return say(_RATE).format(
        submitted=say.number(submitted),
        requested=say.number(requested),
        share=percent(submitted / requested, say),
    )


def _figure(
    worked_out: Sequence[tuple[IndicatorDefinition, Mapping[str, Any]]],
    say: Speech,
) -> Figure:
    rows = []
    drawn = []
    for definition, one in worked_out:
        label = say.label(definition.label)
        told = share_text(part=one["yes"], whole=one["n"], say=say) or say(TOO_FEW)
        published = definition.published
        rows.append(
            (label, told, say.number(one["n"]), "" if published is None else say.label(published.label))
        )
        drawn.append(Bar(say(_BAR).format(label=label), one["share"], told))
        if published is not None:
            drawn.append(
                Bar(say(_EARLIER).format(year=published.year), published.share, say.label(published.label))
            )
    title = say(N_("Andel, der svarer ja, og programmets egne tal fra tidligere år"))
    table = Table(
        "table-shares",
        title,
        (say(N_("Udsagn")), say(N_("Andel")), say(N_("Antal svar")), say(N_("COI's tal, 2018"))),
        rows,
    )
    drawing = bars(drawn, title=title, description=say(N_("Tallene står i tabellen nedenfor.")), most=1)
    return Figure(table, drawing)
